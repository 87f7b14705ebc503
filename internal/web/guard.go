package web

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// What a request may be at most.
const (
	mostBody   = 1 << 20  // bytes of a form or of a model that is sent
	mostURL    = 32 << 10 // bytes: links hold what was changed
	mostForm   = 16 << 10 // bytes of the form for the token, which anybody may send
	mostAtOnce = 400      // requests
	mostOf     = 100      // requests of one client
)

// policy allows what the server itself serves, and nothing else: no other host,
// no frame, no script or style within a page.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// headers that every answer has.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer") // links hold what somebody tried
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// recovered answers what panics as a fault, and goes on.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			what := recover()
			switch what {
			case nil:
				return
			case http.ErrAbortHandler:
				panic(what) // it asks for the connection to be cut off
			}
			s.faults.Add(1)
			s.log.Error("a request panicked", "path", r.URL.Path, "what", what, "stack", string(debug.Stack()))
			if seen, ok := w.(*watched); ok && seen.status != 0 {
				// Part of an answer has gone out: the client must not take it for all.
				panic(http.ErrAbortHandler)
			}
			w.Header().Del("Content-Length")
			w.Header().Del("ETag")
			w.Header().Set("Cache-Control", "no-store")
			s.problem(w, r, fault)
		}()
		next.ServeHTTP(w, r)
	})
}

// sized refuses links that are too long.
func (s *Server) sized(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.RequestURI()) > mostURL {
			s.problem(w, r, Problem{Status: http.StatusRequestURITooLong, Code: "link-too-long", Title: "The link is too long", Detail: "a link may have 32 KiB: change fewer numbers at once"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// received waits until all of a request has come, before it takes anybody's room.
// Requests that have not come whole are few, and few of one address.
func (s *Server) received(next http.Handler) http.Handler {
	unfinished := newCrowd(mostUnfinished, mostUnfinishedOf)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn := http.NewResponseController(w)
		if r.Body != nil && r.Body != http.NoBody && r.ContentLength != 0 {
			leave, ok := unfinished.enter(s.addressOf(r))
			if !ok {
				// What has not come yet is not waited for.
				_ = conn.SetReadDeadline(time.Now())
				w.Header().Set("Connection", "close")
				s.queue.refuse()
				s.problem(w, r, busy)
				return
			}
			_ = conn.SetReadDeadline(time.Now().Add(bodyTime))
			most := int64(mostBody)
			if r.URL.Path == enterPath {
				most = mostForm
			}
			data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
			leave()
			if err != nil {
				w.Header().Set("Connection", "close")
				s.problem(w, r, bodyProblem(err, most))
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(data))
		}
		// What follows may take longer than a request may take to come.
		_ = conn.SetReadDeadline(time.Time{})
		next.ServeHTTP(w, r)
	})
}

// bounded refuses more requests at once than there is room for, in all and of one
// client. Health, and news of which there is a limit of their own, need no room.
func (s *Server) bounded(next http.Handler) http.Handler {
	room := newCrowd(mostAtOnce, mostOf)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != healthPath && r.URL.Path != eventsPath {
			leave, ok := room.enter(ticketOf(r.Context()).client)
			if !ok {
				s.queue.refuse()
				s.problem(w, r, busy)
				return
			}
			defer leave()
		}
		next.ServeHTTP(w, r)
	})
}

// anew answers a request once more where the model was replaced while it was
// worked on.
func (s *Server) anew(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := ticketOf(r.Context())
		for {
			t.anew = false
			next.ServeHTTP(w, r)
			if !t.anew || r.Context().Err() != nil {
				return
			}
			w.Header().Del("Set-Cookie") // it is set again
		}
	})
}

// local refuses requests under another name than those of this machine: a page
// of another site that a name of its own leads here must not read the model.
func (s *Server) local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.token == "" && !isLocal(r.Host) {
			s.problem(w, r, Problem{
				Status: http.StatusMisdirectedRequest, Code: "wrong-host", Title: "Not under this name",
				Detail: "without a token this server answers to localhost, 127.0.0.1 and [::1] only",
			})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// own refuses what the page of another site sends or loads: it may not see the
// answer, but it must not cost anything either. Links that a person follows, and
// programs, which say nothing of a site, are let through. A browser says "null" for its own pages, because of the
// Referrer-Policy; what keeps others out then is that the cookie is SameSite.
func (s *Server) own(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		followed := r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
		if fromElsewhere(r) && !followed {
			s.problem(w, r, Problem{Status: http.StatusForbidden, Code: "cross-site", Title: "Asked by another site", Detail: "expected a page of this server, a link that is followed, or a program"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func fromElsewhere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
	default:
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" || origin == "null" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || !strings.EqualFold(u.Host, r.Host)
}

// isLocal reports whether a host, perhaps with a port, is this machine itself.
func isLocal(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// The field of a link or form in which the token is handed over, and where that
// form goes.
const (
	tokenField = "token"
	enterPath  = "/enter"
	healthPath = "/healthz"
)

// open are the paths that need no token: they tell nothing of the model.
func open(path string) bool {
	return path == healthPath || path == enterPath || strings.HasPrefix(path, "/static/")
}

// entered asks for the token, where there is one.
func (s *Server) entered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.token == "" || open(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		inLink := r.Method == http.MethodGet && r.URL.Query().Has(tokenField)
		how, ok := s.holdsToken(r)
		switch {
		case ok && !inLink:
			next.ServeHTTP(w, r)
			return
		case how == wrongToken, how == tooManyWrong:
			s.refuseEntry(w, r, how)
			return
		}
		if inLink {
			q := r.URL.Query()
			if !ok {
				if how = s.shown(r, q.Get(tokenField)); how != rightToken {
					s.refuseEntry(w, r, how)
					return
				}
				s.admit(w, r)
			}
			// A token in a link is taken out of it, so that it is not passed on.
			q.Del(tokenField)
			http.Redirect(w, r, local(r.URL.Path, q), http.StatusSeeOther)
			return
		}
		s.refuseEntry(w, r, how)
	})
}

// A verdict says what came of the token of a request.
type verdict int

const (
	noToken verdict = iota
	rightToken
	wrongToken
	tooManyWrong // the address has shown too many wrong ones: this one was not looked at
)

// local is a path of this server, as a link that leads nowhere else.
func local(path string, q url.Values) string {
	u := url.URL{Path: "/" + strings.TrimLeft(path, "/\\"), RawQuery: q.Encode()}
	return u.String()
}

// holdsToken reports whether a request is of somebody who has shown the token, or
// shows it.
func (s *Server) holdsToken(r *http.Request) (how verdict, ok bool) {
	if t, shows := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); shows {
		how = s.shown(r, t)
		return how, how == rightToken
	}
	if _, ok := s.sessionOf(r); ok {
		return rightToken, true
	}
	return noToken, false
}

// shown looks at a token that somebody shows. Wrong ones are written to the log,
// without what was shown, and whoever shows many has to wait.
func (s *Server) shown(r *http.Request, t string) verdict {
	from := s.addressOf(r)
	if _, closed := s.throttle.closed(from); closed {
		return tooManyWrong
	}
	if s.isToken(t) {
		return rightToken
	}
	s.wrongTokens.Add(1)
	if n := s.throttle.wrong(from); n > 0 {
		s.log.Error("wrong tokens were shown", "address", from, "count", n, "path", r.URL.Path)
	}
	return wrongToken
}

// isToken compares in a time that does not tell how much of it is right.
func (s *Server) isToken(t string) bool {
	a, b := sha256.Sum256([]byte(t)), sha256.Sum256([]byte(s.token))
	return s.token != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// enter takes the token from the form.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.problem(w, r, formProblem(err))
		return
	}
	to := r.PostForm.Get("to")
	if !strings.HasPrefix(to, "/") {
		to = "/"
	}
	if s.token != "" {
		if how := s.shown(r, r.PostForm.Get(tokenField)); how != rightToken {
			s.refuseEntry(w, r, how)
			return
		}
		s.admit(w, r)
	}
	u, err := url.Parse(to)
	if err != nil {
		u = &url.URL{Path: "/"}
	}
	http.Redirect(w, r, local(u.Path, u.Query()), http.StatusSeeOther)
}

// formProblem says what is wrong with the form of a request.
func formProblem(error) Problem {
	return Problem{Status: http.StatusBadRequest, Code: "bad-form", Title: "The form cannot be read", Detail: "expected the fields of a form, as a browser sends them"}
}

// bodyProblem says why what is sent does not come.
func bodyProblem(err error, most int64) Problem {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return Problem{Status: http.StatusRequestEntityTooLarge, Code: "too-large", Title: "Too much was sent", Detail: fmt.Sprintf("expected at most %d KiB", most>>10)}
	}
	return Problem{Status: http.StatusBadRequest, Code: "bad-body", Title: "The body cannot be read", Detail: fmt.Sprintf("expected as much as Content-Length says, within %.0f seconds", bodyTime.Seconds())}
}

// methods refuses all but these, and says which there are.
func (s *Server) methods(list ...string) func(http.HandlerFunc) http.HandlerFunc {
	return func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if !slices.Contains(list, r.Method) {
				w.Header().Set("Allow", strings.Join(list, ", "))
				s.problem(w, r, Problem{Status: http.StatusMethodNotAllowed, Code: "bad-method", Title: "Not this way", Detail: "expected " + strings.Join(list, " or ")})
				return
			}
			next(w, r)
		}
	}
}
