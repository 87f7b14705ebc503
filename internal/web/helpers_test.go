package web

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tightrope/examples"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// bookingFiles is the example that tests ask about.
func bookingFiles(t testing.TB) []modelfile.File {
	t.Helper()
	folder := examples.Booking()
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("the example is not there", err)
	}
	var out []modelfile.File
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, modelfile.File{Name: "booking/" + name, Data: data})
	}
	return out
}

// small is a model that is answered at once.
const small = `version: 1
services:
  app: {title: "App <b>&\"", objective: {target: 99.9%, over: 30d}}
changes:
  release: {service: app, every: 7d}
risks:
  crash: {service: app, rate: 6/y, detect: 5m, recover: 30m}
  bad-release: {service: app, per: release, chance: 2%..6%, detect: 10m, recover: 20m}
safety_nets:
  review: {kind: process, status: in-place, effects: [{risk: bad-release, prevents: 40%}]}
  canary: {kind: automation, status: proposed, cost: {run: 100/month}, effects: [{risk: bad-release, prevents: 60%}]}
  restart: {kind: automation, status: proposed, cost: {run: 50/month}, excludes: [twin], effects: [{risk: crash, recover: -50%}]}
  twin: {kind: redundancy, status: proposed, cost: {run: 500/month}, requires: [canary], effects: [{risk: crash, prevents: 50%}]}
`

func smallFiles() []modelfile.File {
	return []modelfile.File{{Name: "small.yaml", Data: []byte(small)}}
}

// noon is what the clock of tests says.
var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// Forecasts are what all servers of the tests have computed: they have models in
// common.
var Forecasts = forecast.NewMemory(256 << 20)

// newTestServer makes a server of files that do not change.
func newTestServer(t testing.TB, files []modelfile.File, change ...func(*Options)) *Server {
	t.Helper()
	o := Options{Files: files, Name: "test", Version: "test", Now: func() time.Time { return noon }, Years: 30, Planning: time.Second, Forecasts: Forecasts}
	for _, c := range change {
		c(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	return s
}

var booking struct {
	once sync.Once
	h    http.Handler
	s    *Server
}

// bookingServer is one server for all tests that only ask.
func bookingServer(t testing.TB) (*Server, http.Handler) {
	t.Helper()
	booking.once.Do(func() {
		s, err := New(Options{Files: bookingFiles(t), Name: "booking", Version: "test", Now: func() time.Time { return noon }, Years: 30, Planning: time.Second, Forecasts: Forecasts})
		if err != nil {
			t.Fatal(err)
		}
		booking.s, booking.h = s, s.Handler()
	})
	return booking.s, booking.h
}

// A tweak changes a request.
type tweak func(*http.Request)

func header(name, value string) tweak { return func(r *http.Request) { r.Header.Set(name, value) } }
func host(name string) tweak          { return func(r *http.Request) { r.Host = name } }

var asBrowser = header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")

// send asks a handler, as a client on this machine.
func send(t testing.TB, h http.Handler, method, target, body string, tweaks ...tweak) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "localhost"
	for _, w := range tweaks {
		w(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func get(t testing.TB, h http.Handler, target string, tweaks ...tweak) *http.Response {
	t.Helper()
	return send(t, h, http.MethodGet, target, "", tweaks...)
}

func text(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// HoldForecasts has all forecasts of other nets wait until something is closed.
func (s *Server) HoldForecasts(until <-chan struct{}) {
	run := s.engines.forecast
	s.engines.forecast = func(m *model.Model, o forecast.Options) (*forecast.Result, error) {
		if len(o.With) > 0 {
			select {
			case <-until:
			case <-o.Context.Done():
			}
		}
		return run(m, o)
	}
}
