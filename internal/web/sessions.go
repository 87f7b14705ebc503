package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"sync"
	"time"
)

// The cookie that holds a session. The token itself is in no cookie: whoever
// finds one on a disk has it for a day, not for ever.
const sessionCookie = "tightrope_session"

// How long a session lasts, and how many there are.
const (
	sessionIdle   = 24 * time.Hour      // since it was used last
	sessionLife   = 14 * 24 * time.Hour // since the token was shown
	mostSessions  = 10_000
	mostSessionOf = 100 // of one address; the oldest go
)

// A session is a browser that has shown the token.
type session struct {
	address     string
	begun, used time.Time
}

// sessions are known by the hash of their id: how long it takes to find one tells
// nothing of the ids that there are.
type sessions struct {
	now func() time.Time

	mu    sync.Mutex
	known map[[sha256.Size]byte]*session
}

func newSessions(now func() time.Time) *sessions {
	return &sessions{now: now, known: map[[sha256.Size]byte]*session{}}
}

// begin begins a session and returns its id, which nobody can guess.
func (s *sessions) begin(address string) string {
	id := rand.Text() + rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	of := 0
	for key, x := range s.known {
		switch {
		case x.over(now):
			delete(s.known, key)
		case x.address == address:
			of++
		}
	}
	if of >= mostSessionOf {
		s.dropOldest(func(x *session) bool { return x.address == address })
	}
	if len(s.known) >= mostSessions {
		s.dropOldest(func(*session) bool { return true })
	}
	s.known[sha256.Sum256([]byte(id))] = &session{address, now, now}
	return id
}

func (s *sessions) dropOldest(of func(*session) bool) {
	var oldest *session
	var at [sha256.Size]byte
	for key, x := range s.known {
		if of(x) && (oldest == nil || x.used.Before(oldest.used)) {
			oldest, at = x, key
		}
	}
	delete(s.known, at)
}

func (x *session) over(now time.Time) bool {
	return now.Sub(x.used) > sessionIdle || now.Sub(x.begun) > sessionLife
}

// find returns a name for the session with that id, which does not tell the id.
func (s *sessions) find(id string) (name string, ok bool) {
	key := sha256.Sum256([]byte(id))
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.known[key]
	now := s.now()
	if x == nil || x.over(now) {
		delete(s.known, key)
		return "", false
	}
	x.used = now
	return hex.EncodeToString(key[:8]), true
}

func (s *sessions) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.known)
}

// sessionOf names the session of a request, if it has one.
func (s *Server) sessionOf(r *http.Request) (name string, ok bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil || c.Value == "" {
		return "", false
	}
	return s.sessions.find(c.Value)
}

// admit begins a session for whoever has shown the token.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: s.sessions.begin(s.addressOf(r)), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: s.private(r), MaxAge: int(sessionLife / time.Second),
	})
}

// How many wrong tokens an address may show: some at once, and then one now and
// then.
const (
	mostWrong  = 10
	wrongEvery = 10 * time.Second
	mostGuards = 10_000 // addresses that are remembered
	saidEvery  = time.Minute
)

// A guess is what is remembered of an address that has shown a wrong token.
type guess struct {
	wrong float64 // of late
	at    time.Time
	said  time.Time // when it was written to the log
	since int       // wrong ones since then
}

// throttle slows those who try tokens.
type throttle struct {
	now func() time.Time

	mu    sync.Mutex
	known map[string]*guess
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, known: map[string]*guess{}}
}

func (t *throttle) of(address string) *guess {
	now := t.now()
	g := t.known[address]
	if g == nil {
		if len(t.known) >= mostGuards {
			for name, x := range t.known {
				if now.Sub(x.at) > mostWrong*wrongEvery {
					delete(t.known, name)
				}
			}
		}
		if len(t.known) >= mostGuards { // more addresses than that are no accident
			t.known = map[string]*guess{}
		}
		g = &guess{at: now}
		t.known[address] = g
	}
	g.wrong = max(0, g.wrong-now.Sub(g.at).Seconds()/wrongEvery.Seconds())
	g.at = now
	return g
}

// closed reports whether an address has to wait, and for how long, before it may
// show another token.
func (t *throttle) closed(address string) (wait time.Duration, closed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known[address] == nil {
		return 0, false
	}
	g := t.of(address)
	if g.wrong <= mostWrong-1 {
		return 0, false
	}
	return time.Duration((g.wrong - (mostWrong - 1)) * float64(wrongEvery)), true
}

// wrong notes a wrong token. say is how many there were since the log was last
// told of this address; 0: it need not be told again yet.
func (t *throttle) wrong(address string) (say int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.of(address)
	g.wrong++
	g.since++
	if now := t.now(); g.said.IsZero() || now.Sub(g.said) >= saidEvery {
		say, g.since, g.said = g.since, 0, now
	}
	return say
}
