package web

import (
	"fmt"
	"net/http"
	"time"
)

// eventsPath is where news of the model is told.
const eventsPath = "/events"

// Limits of those who wait for news of the model.
const (
	mostListeners = 200
	mostListensOf = 30 // of one client
	heartbeat     = 20 * time.Second
)

// events tells of changes of the model, as server-sent events, until the client
// leaves. An event is called model and holds the revision of what is in the
// files, and whether that is a model.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	leave, ok := s.listeners.enter(ticketOf(r.Context()).client)
	if !ok {
		s.queue.refuse()
		s.problem(w, r, busy)
		return
	}
	defer leave()
	s.counts.listeners.Add(1)
	defer s.counts.listeners.Add(-1)
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	// A listener says nothing more: the time in which a request has to be read
	// would end it.
	_ = out.SetReadDeadline(time.Time{})
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	said := ""
	for {
		good, broken, changed := s.store.state()
		now := mark(good, broken)
		if now != said {
			said = now
			fmt.Fprintf(w, "event: model\ndata: %s\n\n", now)
		} else {
			fmt.Fprint(w, ": \n\n")
		}
		// It is not over after the time that an answer may take to write.
		if out.SetWriteDeadline(time.Now().Add(2*heartbeat)) != nil || out.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-tick.C:
		case <-r.Context().Done():
			return
		case <-s.hung:
			return
		}
	}
}

// mark is what a page compares to know whether it is out of date.
func mark(good *Snapshot, broken *Broken) string {
	out := "none"
	if good != nil {
		out = good.Revision
	}
	if broken != nil {
		out += " broken " + broken.Revision
	}
	return out
}
