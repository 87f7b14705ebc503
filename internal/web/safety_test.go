package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tightrope/internal/modelfile"
)

func TestOnlyNamesOfThisMachineAreAnsweredTo(t *testing.T) {
	_, h := bookingServer(t)
	for name, ok := range map[string]bool{
		"localhost": true, "LOCALHOST:8642": true, "127.0.0.1:8642": true, "127.9.9.9": true, "[::1]:8642": true, "::1": true, "app.localhost": true, "localhost.": true, "[::ffff:127.0.0.1]": true,
		"": false, "evil.example": false, "localhost.evil.example": false, "127.0.0.1.evil.example": false, "192.168.0.1": false, "0.0.0.0": false, "evillocalhost": false, "[::2]": false, "localhost@evil.example": false,
	} {
		r := get(t, h, "/healthz", host(name))
		if want := map[bool]int{true: 200, false: http.StatusMisdirectedRequest}[ok]; r.StatusCode != want {
			t.Errorf("Host: %q is answered with %d, expected %d", name, r.StatusCode, want)
		}
	}
}

const secret = "0123456789abcdef0123"

// entered shows the token in the form, and returns the session that it is given.
func entered(t *testing.T, h http.Handler, tweaks ...tweak) string {
	t.Helper()
	tweaks = append(tweaks, header("Content-Type", "application/x-www-form-urlencoded"))
	r := send(t, h, "POST", "/enter", url.Values{"token": {secret}}.Encode(), tweaks...)
	if r.StatusCode != 303 || len(r.Cookies()) != 1 {
		t.Fatalf("%d %v", r.StatusCode, r.Cookies())
	}
	return r.Cookies()[0].Value
}

func TestTheToken(t *testing.T) {
	s := newTestServer(t, smallFiles(), func(o *Options) { o.Token = secret })
	h := s.Handler()
	bearer := func(t string) tweak { return header("Authorization", "Bearer "+t) }
	cookie := func(t string) tweak { return header("Cookie", sessionCookie+"="+t) }
	session := entered(t, h)
	for _, tt := range []struct {
		name, target string
		tweaks       []tweak
		status       int
	}{
		{"nothing", "/api/v1/load", nil, 401},
		{"nothing, a page", "/", []tweak{asBrowser}, 401},
		{"nothing, of metrics", "/metrics", nil, 401},
		{"nothing, of news", "/events", nil, 401},
		{"nothing, of what is not there", "/nothing", nil, 401},
		{"health needs none", "/healthz", nil, 200},
		{"nor does the form", "/enter", nil, 200},
		{"another name is fine", "/api/v1/load", []tweak{bearer(secret), host("sre.example")}, 200},
		{"bearer", "/api/v1/load", []tweak{bearer(secret)}, 200},
		{"a wrong one", "/api/v1/load", []tweak{bearer(secret + "x")}, 401},
		{"an empty one", "/api/v1/load", []tweak{bearer("")}, 401},
		{"another scheme", "/api/v1/load", []tweak{header("Authorization", "Basic "+secret)}, 401},
		{"the cookie of a session", "/api/v1/load", []tweak{cookie(session)}, 200},
		{"the token as a cookie", "/api/v1/load", []tweak{cookie(secret)}, 401},
		{"a wrong cookie", "/api/v1/load", []tweak{cookie("x")}, 401},
		{"a wrong one beside a right cookie", "/api/v1/load", []tweak{bearer("x"), cookie(session)}, 401},
		{"a wrong link", "/api/v1/load?token=x", nil, 401},
		{"a path that begins like an open one", "/static/../api/v1/load", nil, 307},
		{"a doubled slash", "//api/v1/load", nil, 401},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := get(t, h, tt.target, tt.tweaks...)
			if r.StatusCode != tt.status {
				t.Fatalf("%d, expected %d", r.StatusCode, tt.status)
			}
			if tt.status == 401 {
				body := text(t, r)
				if r.Header.Get("WWW-Authenticate") == "" || len(r.Cookies()) > 0 {
					t.Errorf("%v", r.Header)
				}
				for _, leak := range []string{secret, "bad-release", "canary", "App"} {
					if strings.Contains(body, leak) {
						t.Errorf("it tells %q: %s", leak, body)
					}
				}
			}
		})
	}

	r := get(t, h, "/plan?service=app&token="+secret+"&with=canary", asBrowser)
	if to := r.Header.Get("Location"); r.StatusCode != 303 || to != "/plan?service=app&with=canary" {
		t.Errorf("a link with the token: %d to %q", r.StatusCode, to)
	}
	if c := r.Cookies(); len(c) != 1 || !c[0].HttpOnly || c[0].SameSite != http.SameSiteStrictMode || c[0].Value == session || strings.Contains(c[0].Value, secret) || c[0].MaxAge <= 0 {
		t.Errorf("%v", c)
	}
	r = get(t, h, "/plan?token=anything", asBrowser, cookie(session))
	if to := r.Header.Get("Location"); r.StatusCode != 303 || to != "/plan" {
		t.Errorf("a link with a token for somebody who has been admitted: %d to %q", r.StatusCode, to)
	}
}

func TestTheTokenFormLeadsNowhereElse(t *testing.T) {
	s := newTestServer(t, smallFiles(), func(o *Options) { o.Token = secret })
	h := s.Handler()
	form := header("Content-Type", "application/x-www-form-urlencoded")
	for to, want := range map[string]string{
		"/plan?service=app": "/plan?service=app", "": "/", "plan": "/", "//evil.example/x": "", "/\\evil.example": "", "\\\\evil.example": "/",
		"https://evil.example": "/", "javascript:alert(1)": "/", "/%2F%2Fevil.example": "", "/\tevil": "", "///evil.example": "", "/a\r\nSet-Cookie: x=y": "", "/@evil.example": "",
	} {
		body := url.Values{"token": {secret}, "to": {to}}.Encode()
		r := send(t, h, "POST", "/enter", body, form)
		at := r.Header.Get("Location")
		if r.StatusCode != 303 || want != "" && at != want || !staysHere(at) || r.Header.Get("Set-Cookie") == "" {
			t.Errorf("to %q: %d to %q", to, r.StatusCode, at)
		}
	}
	if r := send(t, h, "POST", "/enter", url.Values{"token": {"wrong"}}.Encode(), form, asBrowser); r.StatusCode != 401 || len(r.Cookies()) > 0 {
		t.Errorf("a wrong token: %d", r.StatusCode)
	}
}

// staysHere reports whether a browser that follows a Location stays on the host.
func staysHere(location string) bool {
	// Browsers take \ for /.
	if strings.ContainsAny(location, "\r\n\t") || strings.HasPrefix(strings.ReplaceAll(location, "\\", "/"), "//") {
		return false
	}
	base, _ := url.Parse("http://localhost/a/b")
	u, err := base.Parse(location)
	return err == nil && u.Host == "localhost" && u.Scheme == "http"
}

var everywhere = []string{
	"/", "/service/booking", "/workshop", "/plan", "/risks", "/model", "/compare", "/why?path=services/booking/chance", "/why", "/healthz", "/metrics", "/enter", "/static/nothing", "/nothing",
	"/api/v1/model", "/api/v1/nothing", "/api/v1/load?x=1", "/workshop?set=x", "/service/nothing", "/?lang=ko", "//evil.example/..",
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	_, h := bookingServer(t)
	for _, target := range everywhere {
		for _, method := range []string{"GET", "HEAD", "DELETE"} {
			for _, as := range []tweak{asBrowser, header("Accept", "*/*"), host("evil.example")} {
				r := send(t, h, method, target, "", as)
				for name, want := range map[string]string{
					"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
					"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
				} {
					if r.Header.Get(name) != want {
						t.Errorf("%s %s: %s is %q", method, target, name, r.Header.Get(name))
					}
				}
				if r.Header.Get("Access-Control-Allow-Origin") != "" || r.Header.Get("Cache-Control") == "" {
					t.Errorf("%s %s: %v", method, target, r.Header)
				}
				if to := r.Header.Get("Location"); to != "" && !staysHere(to) {
					t.Errorf("%s %s leads to %s", method, target, to)
				}
				if kind := r.Header.Get("Content-Type"); strings.HasPrefix(kind, "text/html") && r.StatusCode < 300 && r.Header.Get("Vary") == "" {
					t.Errorf("%s %s: a page without Vary", method, target)
				}
			}
		}
	}
}

func TestProblemsArePagesToBrowsers(t *testing.T) {
	_, h := bookingServer(t)
	for _, tt := range []struct {
		method, target string
		status         int
	}{
		{"GET", "/nothing", 404}, {"GET", "/service/nothing", 404}, {"DELETE", "/plan", 405}, {"GET", "/workshop?set=x", 400}, {"GET", "/plan?service=nothing", 404},
		{"GET", "/model?with=" + strings.Repeat("x", mostURL), 414},
	} {
		r := send(t, h, tt.method, tt.target, "", asBrowser)
		body := text(t, r)
		if r.StatusCode != tt.status || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.Contains(body, "<h1>") {
			t.Errorf("%s %.60s: %d %s", tt.method, tt.target, r.StatusCode, r.Header.Get("Content-Type"))
		}
		if p := problemIn(t, send(t, h, tt.method, tt.target, "", header("Accept", "*/*"))); p.Status != tt.status {
			t.Errorf("%s %.60s: %+v", tt.method, tt.target, p)
		}
	}
	big := send(t, h, "POST", "/workshop", "state="+strings.Repeat("x", mostBody), asBrowser, header("Content-Type", "application/x-www-form-urlencoded"))
	if big.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a form that is too large: %d", big.StatusCode)
	}
}

// What a model or a link holds must stay text.
func TestNothingOfAModelIsMarkup(t *testing.T) {
	evil := `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`
	model := strings.ReplaceAll(small, `"App <b>&\""`, `'`+strings.ReplaceAll(evil, "'", "''")+`'`)
	model = strings.Replace(model, "canary: {kind", `canary: {title: '`+strings.ReplaceAll(evil, "'", "''")+`', kind`, 1)
	s := newTestServer(t, []modelfile.File{{Name: "<script>.yaml", Data: []byte(model)}}, func(o *Options) { o.Name = evil; o.Version = evil })
	if b := s.Problems(); b != nil {
		t.Fatal(b.Problems)
	}
	h := s.Handler()
	surveyDone(t, s)
	q := "?with=" + url.QueryEscape(evil) + "&set=" + url.QueryEscape(evil+"="+evil) + "&set=" + url.QueryEscape("risks/crash/rate="+evil)
	for _, target := range []string{
		"/", "/service/app", "/workshop", "/plan", "/risks", "/model", "/compare", "/why?path=risks/crash/rate", "/why?path=" + url.QueryEscape(evil), "/workshop" + q, "/" + q, "/model" + q, "/nothing/" + url.PathEscape(evil),
		"/service/" + url.PathEscape(evil), "/plan?service=" + url.QueryEscape(evil), "/compare?a=" + url.QueryEscape(evil) + "&b=" + url.QueryEscape("set=risks/crash/rate="+url.QueryEscape(evil)),
	} {
		for _, lang := range []string{"en", "ko"} {
			body := text(t, get(t, h, target, asBrowser, header("Accept-Language", lang)))
			for _, bad := range []string{"<script>alert", "<img src=x", `"'><`} {
				if strings.Contains(body, bad) {
					i := strings.Index(body, bad)
					t.Errorf("%s holds %s: …%s…", target, bad, body[max(0, i-100):min(len(body), i+60)])
				}
			}
		}
	}
}

func TestAPanicIsAnsweredAndTheServerGoesOn(t *testing.T) {
	s := newTestServer(t, smallFiles())
	var at atomic.Value // a client that was cut off may ask once more
	at.Store("")
	h := s.guarded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch at.Load() {
		case "before":
			w.Header().Set("ETag", `"x"`)
			panic("oh")
		case "within":
			_, _ = io.WriteString(w, "half of it")
			panic("oh")
		}
		_, _ = io.WriteString(w, "fine")
	}))
	srv := httptest.NewServer(h)
	defer srv.Close()
	ask := func() (*http.Response, error) {
		r, err := http.Get(srv.URL + "/api/v1/x")
		if err == nil {
			t.Cleanup(func() { r.Body.Close() })
		}
		return r, err
	}
	at.Store("before")
	r, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	if p := problemIn(t, r); p.Code != "internal" || r.Header.Get("ETag") != "" {
		t.Errorf("%+v %v", p, r.Header)
	}
	at.Store("within")
	if r, err := ask(); err == nil {
		if body, err := io.ReadAll(r.Body); err == nil {
			t.Errorf("half an answer is taken for a whole one: %s", body)
		}
	}
	at.Store("")
	if r, err := ask(); err != nil || text(t, r) != "fine" {
		t.Errorf("it does not go on: %v", err)
	}
	if s.faults.Load() < 2 { // a client may ask again after the second
		t.Errorf("%d faults are counted", s.faults.Load())
	}
}

func TestAClientThatLeavesEndsItsWork(t *testing.T) {
	s := newTestServer(t, smallFiles())
	shut(s.queue) // nothing goes through
	h := s.Handler()
	ctx, leave := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r := httptest.NewRequest("GET", "/api/v1/workshop", nil).WithContext(ctx)
		r.Host = "localhost"
		h.ServeHTTP(httptest.NewRecorder(), r)
	}()
	for !waits(s.queue) {
		time.Sleep(time.Millisecond)
	}
	leave()
	<-done
	for range 1000 {
		if !waits(s.queue) {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("it still waits")
}

// shut lets nothing through any more, until it is opened.
func shut(q *queue) (open func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	room := q.room
	q.room = [places]int{}
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.room = room
		q.admit()
	}
}

func waits(q *queue) bool { return q.load().waiting != [places]int{} }

func TestTooManyAtOnce(t *testing.T) {
	s := newTestServer(t, smallFiles())
	in, out := make(chan struct{}), make(chan struct{})
	h := s.guarded(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { in <- struct{}{}; <-out }))
	from := func(address string) tweak {
		return func(r *http.Request) { r.RemoteAddr = address + ":1" }
	}
	fill := func(n int, address string) {
		for range n {
			go send(t, h, "GET", "/x", "", from(address))
			<-in
		}
	}
	fill(mostOf, "192.0.2.7")
	if r := send(t, h, "GET", "/x", "", from("192.0.2.7")); r.StatusCode != 503 {
		t.Errorf("one client has all the room: %d", r.StatusCode)
	}
	for i := range mostAtOnce/mostOf - 1 {
		fill(mostOf, fmt.Sprintf("192.0.2.%d", 10+i))
	}
	r := send(t, h, "GET", "/x", "")
	if p := problemIn(t, r); p.Status != 503 || r.Header.Get("Retry-After") == "" {
		t.Errorf("%+v", p)
	}
	close(out)
}

// started serves on a port of its own.
func started(t *testing.T, s *Server) (address string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	var once atomic.Bool
	stop = func() error {
		cancel()
		if once.Swap(true) {
			return nil
		}
		select {
		case err := <-ended:
			return err
		case <-time.After(graceful + 5*time.Second):
			return fmt.Errorf("it does not end")
		}
	}
	t.Cleanup(func() { _ = stop() })
	return "http://" + l.Addr().String(), stop
}

func TestALinkOfAnotherSiteIsFollowed(t *testing.T) {
	_, h := bookingServer(t)
	r := get(t, h, "/model", asBrowser, header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "navigate"), header("Sec-Fetch-Dest", "document"))
	if r.StatusCode != 200 {
		t.Errorf("%d", r.StatusCode)
	}
}

func TestNewsEndWithTheServer(t *testing.T) {
	at, stop := started(t, newTestServer(t, smallFiles()))
	r, err := http.Get(at + eventsPath)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	lines := bufio.NewScanner(r.Body)
	if !lines.Scan() || lines.Text() != "event: model" {
		t.Fatalf("%q %v", lines.Text(), lines.Err())
	}
	began := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
	for lines.Scan() {
	}
}

func TestARequestIsAnsweredBeforeTheEnd(t *testing.T) {
	s := newTestServer(t, smallFiles())
	at, stop := started(t, s)
	// The survey of the start goes through; then nothing does.
	surveyDone(t, s)
	open := shut(s.queue)
	type answer struct {
		status int
		err    error
	}
	got := make(chan answer, 1)
	go func() {
		r, err := http.Get(at + "/api/v1/workshop?with=canary")
		if err != nil {
			got <- answer{err: err}
			return
		}
		defer r.Body.Close()
		_, err = io.Copy(io.Discard, r.Body)
		got <- answer{r.StatusCode, err}
	}()
	for !waits(s.queue) {
		time.Sleep(time.Millisecond)
	}
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	time.Sleep(50 * time.Millisecond)
	open()
	if a := <-got; a.err != nil || a.status != 200 {
		t.Errorf("%d %v", a.status, a.err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Headers that never end, and bodies that never come, are given up.
func TestSlowClientsAreGivenUp(t *testing.T) {
	h := newTestServer(t, smallFiles()).listener()
	if h.ReadHeaderTimeout <= 0 || h.ReadTimeout <= 0 || h.WriteTimeout <= 0 || h.IdleTimeout <= 0 || h.MaxHeaderBytes <= 0 || h.MaxHeaderBytes > 1<<20 {
		t.Errorf("%+v", h)
	}
}

func TestTheLanguageIsThatOfTheCookie(t *testing.T) {
	_, h := bookingServer(t)
	r := get(t, h, "/model?lang=ko", asBrowser)
	if c := r.Cookies(); len(c) != 1 || c[0].Value != "ko" {
		t.Errorf("%v", c)
	}
	for cookie, want := range map[string]string{"ko": `lang="ko"`, "en": `lang="en"`, "<script>": `lang="en"`, "xx": `lang="en"`} {
		body := text(t, get(t, h, "/model", asBrowser, header("Cookie", languageCookie+"="+cookie)))
		if !strings.Contains(body, "<html "+want) {
			t.Errorf("%s: %.80s", cookie, body)
		}
	}
	if r := get(t, h, "/model?lang=xx%0d%0aSet-Cookie:a=b", asBrowser); len(r.Cookies()) > 0 {
		t.Errorf("%v", r.Cookies())
	}
}
