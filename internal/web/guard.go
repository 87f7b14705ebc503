package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
)

// What a request may be at most.
const (
	mostBody   = 1 << 20  // bytes of a form or of a model that is sent
	mostURL    = 32 << 10 // bytes: links hold what was changed
	mostAtOnce = 400      // requests
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

// bounded refuses what is too large, and more at once than there is room for.
func (s *Server) bounded(next http.Handler) http.Handler {
	room := make(chan struct{}, mostAtOnce)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.RequestURI()) > mostURL {
			s.problem(w, r, Problem{Status: http.StatusRequestURITooLong, Code: "link-too-long", Title: "The link is too long", Detail: "a link may have 32 KiB: change fewer numbers at once"})
			return
		}
		select {
		case room <- struct{}{}:
			defer func() { <-room }()
		default:
			s.problem(w, r, busy)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, mostBody)
		next.ServeHTTP(w, r)
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

// The cookie that holds the token, the field of a link or form in which it is
// handed over, and where that form goes.
const (
	tokenCookie = "tightrope_token"
	tokenField  = "token"
	enterPath   = "/enter"
)

// open are the paths that need no token: they tell nothing of the model.
func open(path string) bool {
	return path == "/healthz" || path == enterPath || strings.HasPrefix(path, "/static/")
}

// entered asks for the token, where there is one.
func (s *Server) entered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.token == "" || open(r.URL.Path) || s.holdsToken(r) {
			// A token in a link is taken out of it, so that it is not passed on.
			if s.token != "" && r.Method == http.MethodGet && r.URL.Query().Has(tokenField) {
				q := r.URL.Query()
				q.Del(tokenField)
				http.Redirect(w, r, local(r.URL.Path, q), http.StatusSeeOther)
				return
			}
			next.ServeHTTP(w, r)
			return
		}
		if q := r.URL.Query(); r.Method == http.MethodGet && s.isToken(q.Get(tokenField)) {
			s.admit(w, r)
			q.Del(tokenField)
			http.Redirect(w, r, local(r.URL.Path, q), http.StatusSeeOther)
			return
		}
		s.refuseEntry(w, r)
	})
}

// local is a path of this server, as a link that leads nowhere else.
func local(path string, q url.Values) string {
	u := url.URL{Path: "/" + strings.TrimLeft(path, "/\\"), RawQuery: q.Encode()}
	return u.String()
}

func (s *Server) holdsToken(r *http.Request) bool {
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return s.isToken(t)
	}
	c, err := r.Cookie(tokenCookie)
	return err == nil && s.isToken(c.Value)
}

// isToken compares in a time that does not tell how much of it is right.
func (s *Server) isToken(t string) bool {
	a, b := sha256.Sum256([]byte(t)), sha256.Sum256([]byte(s.token))
	return s.token != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

func (s *Server) admit(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{
		Name: tokenCookie, Value: s.token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil, MaxAge: 30 * 24 * 3600,
	})
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
	if s.token != "" && !s.isToken(r.PostForm.Get(tokenField)) {
		s.refuseEntry(w, r)
		return
	}
	if s.token != "" {
		s.admit(w, r)
	}
	u, err := url.Parse(to)
	if err != nil {
		u = &url.URL{Path: "/"}
	}
	http.Redirect(w, r, local(u.Path, u.Query()), http.StatusSeeOther)
}

// formProblem says what is wrong with the body of a request.
func formProblem(err error) Problem {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return Problem{Status: http.StatusRequestEntityTooLarge, Code: "too-large", Title: "Too much was sent", Detail: "expected at most 1 MiB"}
	}
	return Problem{Status: http.StatusBadRequest, Code: "bad-form", Title: "The form cannot be read", Detail: "expected the fields of a form, as a browser sends them"}
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
