package web

import (
	"net/http"
	"sync/atomic"
)

// counts are what the server tells of itself.
type counts struct {
	listeners atomic.Int64
	requests  atomic.Int64
}

func (s *Server) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.counts.requests.Add(1)
		next.ServeHTTP(w, r)
	})
}

// healthz says that the server answers. It tells nothing of the model.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}
