package web

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// FuzzRequest asks anything: no answer is a fault of the server, what is wrong is
// told as a problem, and nothing leads to another host.
func FuzzRequest(f *testing.F) {
	yaml, form := "Content-Type: application/yaml", "Content-Type: application/x-www-form-urlencoded"
	for _, x := range []struct{ method, path, query, body, headers string }{
		{"GET", "/", "", "", "Accept: text/html"},
		{"GET", "/service/booking", "with=canary", "", "Accept: text/html\nAccept-Language: ko"},
		{"GET", "/workshop", "set=risks/bad-release/chance=2%25&without=code-review", "", "Accept: text/html"},
		{"POST", "/workshop", "", "state=with%3Dcanary&service=booking&net=canary&n.risks/bad-release/chance=3%25", form},
		{"POST", "/workshop", "", "net=canary&service=booking", form + "\nX-Live: 1"},
		{"GET", "/compare", "a=with%3Dcanary&b=/workshop?set=x", "", ""},
		{"POST", "/enter", "", "to=//evil.example&token=x", form},
		{"GET", "/model", "lang=ko", "", "Cookie: tightrope_lang=en"},
		{"GET", "/risks", "service=booking", "", ""},
		{"GET", "/api/v1/model", "text=1", "", "If-None-Match: *"},
		{"GET", "/api/v1/forecast", "service=booking&with=canary", "", ""},
		{"HEAD", "/api/v1/explain/risk:bad-release", "", "", ""},
		{"GET", "/api/v1/compare", "a=with%3Dcanary&b=set%3Dx", "", ""},
		{"POST", "/api/v1/check", "", small, yaml},
		{"POST", "/api/v1/forecast", "service=app", small, yaml + "\nOrigin: http://localhost"},
		{"GET", "/metrics", "", "", ""},
		{"OPTIONS", "*", "", "", ""},
		{"GET", "//evil.example/%2e%2e", "token=x", "", "Host: evil.example"},
	} {
		f.Add(x.method, x.path, x.query, x.body, x.headers)
	}
	s, err := New(Options{Files: bookingFiles(f), Name: "booking", Version: "test", Years: 3, Planning: 100 * time.Millisecond, Answer: 2 * time.Second, Forecasts: Forecasts})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(s.stop)
	h := s.Handler()
	f.Fuzz(func(t *testing.T, method, path, query, body, headers string) {
		if path == eventsPath || path == "*" || len(method) > 20 || !token(method) {
			return // news do not end; the rest is refused before it comes here
		}
		u, err := url.ParseRequestURI(path + "?" + query)
		if err != nil || !strings.HasPrefix(path, "/") {
			return
		}
		r := httptest.NewRequest("GET", "/", strings.NewReader(body))
		r.Method, r.URL, r.RequestURI, r.Host = method, u, path+"?"+query, "localhost"
		for line := range strings.SplitSeq(headers, "\n") {
			name, value, ok := strings.Cut(line, ": ")
			switch {
			case !ok || !token(name) || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' }):
			case name == "Host":
				r.Host = value
			default:
				r.Header.Add(name, value)
			}
		}
		w := httptest.NewRecorder()
		began := time.Now()
		h.ServeHTTP(w, r)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("it took %v", took)
		}
		got := w.Result()
		data, _ := io.ReadAll(got.Body)
		if n := s.faults.Load(); n > 0 || got.StatusCode >= 500 && got.StatusCode != 503 {
			s.faults.Store(0)
			t.Fatalf("%d, %d faults: %s", got.StatusCode, n, data)
		}
		if got.Header.Get("Content-Security-Policy") != policy || got.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Fatalf("headers: %v", got.Header)
		}
		for name, list := range got.Header {
			for _, v := range list {
				if strings.ContainsAny(v, "\r\n\x00") {
					t.Fatalf("%s: %q", name, v)
				}
			}
		}
		if to := got.Header.Get("Location"); to != "" && !staysHere(to) {
			t.Fatalf("it leads to %q", to)
		}
		kind := got.Header.Get("Content-Type")
		if got.StatusCode < 400 {
			if kind == "application/json" && method != http.MethodHead && !json.Valid(data) {
				t.Fatalf("no JSON: %s", data)
			}
			return
		}
		if strings.HasPrefix(kind, "text/html") && !isAPI(r) {
			return
		}
		if method != http.MethodHead {
			got.Body = io.NopCloser(strings.NewReader(string(data)))
			problemIn(t, got)
		}
	})
}

// token reports whether s is a token of HTTP.
func token(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
	})
}

// FuzzPostedModel sends anything as a model.
func FuzzPostedModel(f *testing.F) {
	f.Add([]byte(small), "")
	f.Add([]byte(small), "with=canary&service=app")
	for _, file := range bookingFiles(f) {
		f.Add(file.Data, "")
	}
	f.Add([]byte("version: 1\nservices: {a: {copies: 3, need: 2, objective: {target: 99.999%, over: 1y}, needs: [{any: [b, c], switch: {takes: 1m, works: 90%}}]}, b: {}, c: {availability: 99%, outage: 1m..2h}}\nrisks: {r: {service: b, every: 1d..900d, units: 9, impact: 1%..99%, detect: exp(3m), recover: ~1h}}\n"), "")
	f.Add([]byte("a: &a [*a]"), "")
	f.Add([]byte("\xff\xfe\x00"), "")
	s, err := New(Options{Files: smallFiles(), Answer: 2 * time.Second})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(s.stop)
	h := s.Handler()
	f.Fuzz(func(t *testing.T, model []byte, query string) {
		for _, path := range []string{"/api/v1/check", "/api/v1/forecast"} {
			began := time.Now()
			r := httptest.NewRequest("POST", path, strings.NewReader(string(model)))
			r.URL.RawQuery, r.Host = query, "localhost"
			r.Header.Set("Content-Type", "application/yaml")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			got := w.Result()
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("%s took %v", path, took)
			}
			if n := s.faults.Load(); n > 0 || got.StatusCode >= 500 && got.StatusCode != 503 {
				s.faults.Store(0)
				t.Fatalf("%s: %d, %d faults: %s", path, got.StatusCode, n, text(t, got))
			}
			if got.StatusCode >= 400 {
				problemIn(t, got)
			} else if !json.Valid([]byte(text(t, got))) {
				t.Fatal("no JSON")
			}
		}
	})
}
