package web

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// counts are what the server tells of itself.
type counts struct {
	listeners atomic.Int64
	requests  *prometheus.CounterVec   // by path, method and class of the status
	took      *prometheus.HistogramVec // seconds, by path
}

func newCounts() counts {
	return counts{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tightrope_http_requests_total", Help: "Requests that were answered, by path pattern, method and class of the status.",
		}, []string{"path", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tightrope_http_request_duration_seconds", Help: "How long answers took, by path pattern; those of /events last as long as somebody listens and are left out.",
			Buckets: []float64{.005, .025, .1, .25, .5, 1, 2.5, 5, 10, 20, 40},
		}, []string{"path"}),
	}
}

// A watched writer remembers what was answered.
type watched struct {
	http.ResponseWriter
	status int // 0: nothing yet
}

func (w *watched) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController find what it needs.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// counted counts the answers. What it counts them by has few values, whatever
// is asked: a request that no path is for counts as "none".
func (s *Server) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := &watched{ResponseWriter: w}
		defer func() {
			path, method, status := r.Pattern, r.Method, seen.status
			if path == "" || path == "/" {
				path = "none"
			}
			switch method {
			case http.MethodGet, http.MethodHead, http.MethodPost:
			default:
				method = "other"
			}
			if status == 0 {
				status = http.StatusOK
			}
			s.counts.requests.WithLabelValues(path, method, strconv.Itoa(status/100)+"xx").Inc()
			if path != eventsPath {
				s.counts.took.WithLabelValues(path).Observe(time.Since(began).Seconds())
			}
		}()
		next.ServeHTTP(seen, r)
	})
}

// healthz says whether answers come. It tells nothing of the model.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if why := s.queue.health(); why != "" {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(why + "\n"))
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}
