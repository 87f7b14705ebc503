package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/page"
	"tightrope/internal/plan"
)

// What one client does must not stop the others. Here the engines are ones that
// never come to an end by themselves where an attack asks for it: they cost
// nothing, and end when they are told to.

// until waits for something to come true.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("in vain: ", what)
		}
	}
}

// endless is an engine that does not end where isEndless says so.
func endless(s *Server, isEndless func(page.Options, *model.Model) bool) {
	real := s.engines.gather
	s.engines.gather = func(ctx context.Context, m *model.Model, o page.Options) (*page.Results, error) {
		if isEndless(o, m) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return real(ctx, m, o)
	}
}

// rateSet reports whether the attack has changed the rate of a risk.
func rateSet(_ page.Options, m *model.Model) bool { return m.Risk("crash").Rate.Text != "6/y" }

// sinceNow is a clock for work that uses no processor: it counts all of the time.
func sinceNow() func() time.Duration {
	began := time.Now()
	return func() time.Duration { return time.Since(began) }
}

func from(address string) tweak {
	return func(r *http.Request) { r.RemoteAddr = net.JoinHostPort(address, "1") }
}

// A client of an attack asks until it is told to leave.
func asks(h http.Handler, target string, tweaks ...tweak) (leave func()) {
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		r := httptest.NewRequest("GET", target, nil).WithContext(ctx)
		r.Host = "localhost"
		for _, w := range tweaks {
			w(r)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
	}()
	return func() { cancel(); <-gone }
}

func idle(s *Server) bool {
	l := s.queue.load()
	return l.running == [places]int{} && l.waiting == [places]int{}
}

func TestThreeLinksDoNotStopTheServer(t *testing.T) {
	s := newTestServer(t, smallFiles())
	endless(s, rateSet)
	h := s.Handler()
	var leave []func()
	for i := range 3 {
		leave = append(leave, asks(h, fmt.Sprintf("/workshop?set=risks/crash/rate=1/y..%d/y", i+2)))
	}
	until(t, "the attack begins", func() bool { return s.queue.load().running != [places]int{} })
	for _, l := range leave {
		l()
	}
	until(t, "nothing goes on after the clients have left", func() bool { return idle(s) })
	if r := get(t, h, "/workshop?with=canary", asBrowser); r.StatusCode != 200 {
		t.Errorf("the next is answered with %d", r.StatusCode)
	}
}

func TestThirtyHeavyClientsHoldUpNobodyElse(t *testing.T) {
	s := newTestServer(t, smallFiles())
	s.patience = time.Minute // the attack waits for as long as it likes
	s.queue.limit = time.Hour
	s.queue.slice, s.queue.cpu = 5*time.Millisecond, sinceNow()
	endless(s, rateSet)
	h := s.Handler()
	for i := range 30 {
		defer asks(h, fmt.Sprintf("/workshop?set=risks/crash/rate=1/y..%d/y", i+2), from(fmt.Sprintf("192.0.2.%d", 10+i)))()
	}
	until(t, "the attack has all that it can have", func() bool {
		l := s.queue.load()
		return l.running[heavy] > 0 && l.waiting[heavy] > 20
	})
	for _, target := range []string{
		"/", "/service/app", "/risks", "/workshop", "/model", "/healthz", "/metrics", "/api/v1/overview", "/api/v1/explain/crash", // what everybody reads
		"/workshop?with=canary", "/workshop?set=risks/bad-release/chance=3%25", "/api/v1/workshop?with=restart", // another's light links
		"/api/v1/plan?with=canary",
	} {
		if r := get(t, h, target, from("198.51.100.1")); r.StatusCode != 200 && r.StatusCode != 202 {
			t.Errorf("%s is answered with %d: %s", target, r.StatusCode, text(t, r))
		}
	}
	if r := send(t, h, "POST", "/api/v1/check", small, header("Content-Type", "text/plain"), from("198.51.100.1")); r.StatusCode != 200 {
		t.Errorf("a model that is sent is answered with %d", r.StatusCode)
	}
}

// Of those who wait, whoever has used least comes first, however many another
// client has waiting.
func TestTheQueueIsFairToClients(t *testing.T) {
	q := newQueue([places]int{heavy: 1}, time.Hour, 0)
	as := func(client string) context.Context {
		return context.WithValue(context.Background(), ticketKey{}, &ticket{client: client})
	}
	begun, end := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = q.do(as("greedy"), heavy, "", func(context.Context) error { close(begun); <-end; return nil })
	})
	<-begun
	var mu sync.Mutex
	var order []string
	wait := func(client string, n int) {
		all.Go(func() {
			_ = q.do(as(client), heavy, "", func(context.Context) error {
				mu.Lock()
				defer mu.Unlock()
				order = append(order, client)
				return nil
			})
		})
		until(t, "it waits", func() bool { return q.load().waiting[heavy] == n })
	}
	for i := range 5 {
		wait("greedy", i+1)
	}
	wait("modest", 6)
	q.mu.Lock()
	q.account("greedy").used += 10
	q.mu.Unlock()
	close(end)
	all.Wait()
	if len(order) != 6 || order[0] != "modest" {
		t.Errorf("the order is %v", order)
	}
}

func TestAQueueIsBounded(t *testing.T) {
	q := newQueue([places]int{}, time.Hour, 0) // nothing goes through
	ctx, end := context.WithCancel(context.Background())
	client := func(name string) context.Context {
		return context.WithValue(ctx, ticketKey{}, &ticket{client: name})
	}
	var all sync.WaitGroup
	full := func(name string, n int) {
		for range n {
			all.Go(func() { _ = q.do(client(name), light, "", func(context.Context) error { return nil }) })
		}
	}
	full("one", mostWaitingOf)
	until(t, "they wait", func() bool { return q.load().waiting[light] == mostWaitingOf })
	if err := q.do(client("one"), light, "", nil); !errors.Is(err, errBusy) {
		t.Errorf("one client waits with all: %v", err)
	}
	for n := mostWaitingOf; n < mostWaiting; n += min(mostWaitingOf, mostWaiting-n) {
		full(fmt.Sprint(n), min(mostWaitingOf, mostWaiting-n))
	}
	until(t, "all wait", func() bool { return q.load().waiting[light] == mostWaiting })
	if err := q.do(client("another"), light, "", nil); !errors.Is(err, errBusy) {
		t.Errorf("one too many: %v", err)
	}
	end()
	all.Wait()
	if l := q.load(); l.waiting != [places]int{} || l.running != [places]int{} || l.refused != 2 {
		t.Errorf("%+v is left", l)
	}
}

// Work that took long in a light place begins anew in a heavy one, and what is
// like it begins there.
func TestWhatIsSlowGivesWay(t *testing.T) {
	// What is short takes far less than a slice, also on a busy machine.
	q := newQueue([places]int{light: 1, heavy: 1}, time.Hour, 20*time.Millisecond)
	clock := sinceNow()
	q.cpu = func() time.Duration { return 4 * clock() }
	ctx := context.Background()
	var runs atomic.Int32
	var all sync.WaitGroup
	long := func(kind string) (leave func()) {
		own, cancel := context.WithCancel(ctx)
		all.Go(func() {
			_ = q.do(own, light, kind, func(ctx context.Context) error { runs.Add(1); <-ctx.Done(); return ctx.Err() })
		})
		return cancel
	}
	short := func() {
		t.Helper()
		done := make(chan error, 1)
		go func() { done <- q.do(ctx, light, "short", func(context.Context) error { return nil }) }()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("what is light does not come through")
		}
	}
	one := long("a")
	until(t, "it has the light place", func() bool { return q.load().running[light] == 1 })
	short() // a moves on, as it is
	if l := q.load(); l.running[heavy] != 1 || runs.Load() != 1 {
		t.Errorf("%+v, begun %d times", l, runs.Load())
	}
	two := long("b")
	until(t, "another has the light place", func() bool { return q.load().running[light] == 1 })
	short() // b is ended, and waits to begin anew
	until(t, "it waits", func() bool { return q.load().waiting[heavy] == 1 })
	one()
	until(t, "it begins anew", func() bool { return runs.Load() == 3 })
	three := long("b")
	until(t, "what is like it waits for a heavy place", func() bool { return q.load().waiting[heavy] == 1 })
	two()
	three()
	all.Wait()
	q.now = func() time.Time { return time.Now().Add(slowFor + time.Second) }
	if q.isSlow("b") {
		t.Error("it is taken for heavy for ever")
	}
}

func TestWhoWaitsTooLongIsToldWhenToAskAgain(t *testing.T) {
	s := newTestServer(t, smallFiles())
	s.patience = time.Millisecond
	shut(s.queue)
	h := s.Handler()
	r := get(t, h, "/workshop?with=canary", header("Accept", "*/*"))
	if p := problemIn(t, r); p.Code != "busy" || r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
		t.Errorf("%+v %v", p, r.Header)
	}
	if body := text(t, get(t, h, "/workshop?with=canary", asBrowser)); !strings.Contains(body, `data-refresh="3"`) {
		t.Error("the page does not ask again by itself")
	}
	if usualPatience >= 5*time.Second {
		t.Errorf("waits %v before it refuses", usualPatience)
	}
	if l := s.queue.load(); l.refused < 2 {
		t.Errorf("%d are counted as refused", l.refused)
	}
}

func TestAbandonedRequestsLeaveNoWork(t *testing.T) {
	s := newTestServer(t, smallFiles(), func(o *Options) { o.Planning = time.Hour })
	endless(s, func(page.Options, *model.Model) bool { return true })
	var searches atomic.Int32
	s.engines.plan = func(ctx context.Context, _ *model.Model, _ plan.Options) (*plan.Result, error) {
		searches.Add(1)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	s.engines.forecast = func(_ *model.Model, o forecast.Options) (*forecast.Result, error) {
		searches.Add(1)
		<-o.Context.Done()
		return nil, o.Context.Err()
	}
	h := s.Handler()
	for range 4 {
		var leave []func()
		for i, target := range []string{"/api/v1/plan?with=canary", "/api/v1/plan?set=risks/crash/rate=%d/y", "/api/v1/overview?with=restart", "/api/v1/forecast?set=risks/crash/rate=%d/y", "/service/app?with=canary", "/risks?set=risks/crash/rate=%d/y", "/api/v1/explain/crash?with=canary"} {
			if strings.Contains(target, "%d") {
				target = fmt.Sprintf(target, len(leave)+10)
			}
			leave = append(leave, asks(h, target, from(fmt.Sprintf("192.0.2.%d", i))))
		}
		before := searches.Load()
		until(t, "a search begins", func() bool { return searches.Load() > before })
		for _, l := range leave {
			l()
		}
		until(t, "nothing goes on", func() bool {
			_, plans := s.plans.size()
			_, surveys := s.surveys.size()
			return idle(s) && plans+surveys == 0
		})
	}
}

// Thirty other plans do not drive out the one that everybody reads.
func TestThePlanThatEverybodyReadsStays(t *testing.T) {
	s := newTestServer(t, smallFiles())
	s.queue.limit = time.Hour
	real := s.engines.plan
	var plain atomic.Int32
	var first *plan.Result
	s.engines.plan = func(ctx context.Context, m *model.Model, o plan.Options) (*plan.Result, error) {
		if m.Risk("crash").Rate.Text != "6/y" {
			return first, nil
		}
		plain.Add(1)
		r, err := real(ctx, m, o)
		first = r
		return r, err
	}
	h := s.Handler()
	read := func(target string) {
		t.Helper()
		until(t, target+" is answered", func() bool { return get(t, h, target).StatusCode == 200 })
	}
	read("/api/v1/plan")
	for i := range 30 {
		read(fmt.Sprintf("/api/v1/plan?set=risks/crash/rate=%d/y", i+7))
	}
	read("/api/v1/plan")
	if plain.Load() != 1 {
		t.Errorf("it was searched for %d times", plain.Load())
	}
}

func TestWorkOnAModelThatWasReplacedEnds(t *testing.T) {
	s := newTestServer(t, smallFiles())
	s.grace = time.Millisecond
	s.queue.limit = time.Hour
	endless(s, rateSet)
	heavyFiles := []modelfile.File{{Name: "small.yaml", Data: []byte(strings.Replace(small, "rate: 6/y", "rate: 9/y", 1))}}
	takes := func(files []modelfile.File) {
		t.Helper()
		s.store.read = func() ([]modelfile.File, error) { return files, nil }
		s.store.load()
	}
	takes(heavyFiles)
	h := s.Handler()
	got := make(chan *http.Response, 1)
	go func() { got <- get(t, h, "/service/app") }()
	until(t, "it is worked on", func() bool { return s.queue.load().running[common] == 1 })
	takes(smallFiles())
	select {
	case r := <-got:
		if r.StatusCode != 200 {
			t.Errorf("the request is answered with %d", r.StatusCode)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the request is not answered about the new model")
	}
	until(t, "nothing goes on", func() bool { return idle(s) })

	takes(heavyFiles)
	good, _, _ := s.store.state()
	v, err := s.variant(t.Context(), good, State{})
	if err != nil {
		t.Fatal(err)
	}
	s.engines.plan = func(ctx context.Context, _ *model.Model, _ plan.Options) (*plan.Result, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	j, err := s.planned(t.Context(), v, "app", true)
	if err != nil {
		t.Fatal(err)
	}
	takes(smallFiles())
	good, _, _ = s.store.state()
	s.plans.replaced(good)
	if !over(j) {
		t.Error("the plan of a model that was replaced goes on")
	}
}

func TestAFaultIsOfThatAnswerAlone(t *testing.T) {
	var log bytes.Buffer
	s := newTestServer(t, smallFiles(), func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	real := s.engines.gather
	s.engines.gather = func(ctx context.Context, m *model.Model, o page.Options) (*page.Results, error) {
		if rateSet(o, m) {
			panic("oh")
		}
		return real(ctx, m, o)
	}
	s.engines.forecast = func(m *model.Model, o forecast.Options) (*forecast.Result, error) {
		if rateSet(page.Options{}, m) {
			panic("oh")
		}
		return forecast.Run(m, o)
	}
	h := s.Handler()
	for _, target := range []string{"/workshop?set=risks/crash/rate=7/y", "/?set=risks/crash/rate=8/y", "/api/v1/forecast?set=risks/crash/rate=9/y"} {
		before := s.faults.Load()
		if r := get(t, h, target); r.StatusCode != 500 {
			t.Errorf("%s is answered with %d", target, r.StatusCode)
		}
		if n := s.faults.Load() - before; n != 1 {
			t.Errorf("%s: %d faults are counted", target, n)
		}
		for _, target := range []string{"/workshop?with=canary", "/service/app", "/"} {
			if r := get(t, h, target); r.StatusCode != 200 {
				t.Errorf("%s is answered with %d after it", target, r.StatusCode)
			}
		}
	}
	if !idle(s) {
		t.Errorf("a place is not given back: %+v", s.queue.load())
	}
	if body := text(t, get(t, h, "/metrics")); !strings.Contains(body, "tightrope_faults_total 3") {
		t.Error("they are not in the metrics")
	}
	if !strings.Contains(log.String(), "oh") || !strings.Contains(log.String(), "attack_test.go") {
		t.Errorf("the log does not say where: %s", log.String())
	}
}

// A model on which the program itself fails is served as one with errors is: the
// last good one stays.
func TestAModelThatTheProgramFailsOnIsNotServed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "m.yaml")
	at := noon
	write := func(text string) {
		t.Helper()
		at = at.Add(time.Second)
		if err := errors.Join(os.WriteFile(file+"~", []byte(text), 0o600), os.Chtimes(file+"~", at, at), os.Rename(file+"~", file)); err != nil {
			t.Fatal(err)
		}
	}
	write(small)
	s := newTestServer(t, nil, func(o *Options) { o.Paths, o.Every = []string{file}, time.Millisecond })
	s.engines.forecast = func(m *model.Model, o forecast.Options) (*forecast.Result, error) {
		if rateSet(page.Options{}, m) {
			panic("oh")
		}
		return forecast.Run(m, o)
	}
	parse := s.store.parse
	s.store.parse = func(files []modelfile.File) (*model.Model, []model.Problem) {
		if strings.Contains(string(files[0].Data), "rate: 13/y") {
			panic("oh no")
		}
		return parse(files)
	}
	first, _, _ := s.store.state()
	address, _ := started(t, s)
	until(t, "the first model is answered for", func() bool {
		s.store.mu.Lock()
		defer s.store.mu.Unlock()
		return first.proved
	})
	for _, rate := range []string{"rate: 9/y", "rate: 13/y"} {
		write(strings.Replace(small, "rate: 6/y", rate, 1))
		until(t, rate+" is found out", func() bool { _, bad, _ := s.store.state(); return bad != nil })
		good, bad, _ := s.store.state()
		if good.Revision != first.Revision || bad.Revision == first.Revision || len(bad.Problems) != 1 || bad.Problems[0].Code != "internal" {
			t.Fatalf("%s: %+v %+v", rate, good, bad)
		}
		for _, path := range []string{"/api/v1/forecast", "/service/app"} {
			r, err := http.Get(address + path)
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
			if r.StatusCode != 200 {
				t.Errorf("%s: %s is answered with %d", rate, path, r.StatusCode)
			}
		}
		write(small)
		until(t, "it is mended", func() bool { _, bad, _ := s.store.state(); return bad == nil })
	}
	if s.faults.Load() != 2 {
		t.Errorf("%d faults are counted", s.faults.Load())
	}
}

func TestHealthSaysWhenAnswersDoNotCome(t *testing.T) {
	s := newTestServer(t, smallFiles())
	h := s.Handler()
	var later atomic.Int64
	s.queue.now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	well := func(want int, when string) {
		t.Helper()
		if r := get(t, h, "/healthz"); r.StatusCode != want {
			t.Errorf("%s: %d, expected %d", when, r.StatusCode, want)
		}
	}
	well(200, "at the start")
	open := shut(s.queue)
	s.patience = time.Millisecond
	if r := get(t, h, "/workshop"); r.StatusCode != 503 {
		t.Errorf("answered with %d", r.StatusCode)
	}
	well(200, "after one that was refused")
	later.Store(int64(unwell + time.Second))
	well(503, "a while after it")
	open()
	s.patience = time.Minute
	if r := get(t, h, "/workshop"); r.StatusCode != 200 {
		t.Errorf("answered with %d", r.StatusCode)
	}
	well(200, "as answers come again")

	// One that neither ends nor obeys.
	hold, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		_ = s.queue.do(context.Background(), common, "", func(context.Context) error { <-hold; return nil })
	}()
	until(t, "it begins", func() bool { return s.queue.load().running[common] == 1 })
	well(200, "while it is within its time")
	later.Add(int64(s.queue.limit + unwell + time.Second))
	well(503, "when it is long over")
	if body := text(t, get(t, h, "/metrics")); !strings.Contains(body, "tightrope_answers_overdue 1") {
		t.Error("the metrics do not tell of it")
	}
	close(hold)
	<-gone
	well(200, "at the end")
}

// What comes half must not shut anybody out.
func TestUnfinishedRequestsShutNobodyOut(t *testing.T) {
	s := newTestServer(t, smallFiles(), func(o *Options) { o.Token = secret })
	address, _ := started(t, s)
	var conns []net.Conn
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	for range 410 {
		c, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
		if _, err := io.WriteString(c, "POST /enter HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ntoken="); err != nil {
			t.Fatal(err)
		}
	}
	refused := func() int { return s.queue.load().refused }
	until(t, "they have come", func() bool { return refused() >= 410-mostUnfinishedOf })
	for path, want := range map[string]int{"/healthz": 200, "/enter": 200, "/api/v1/load": 401} {
		r, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("%s is answered with %d", path, r.StatusCode)
		}
	}
	r, err := http.NewRequest("GET", address+"/api/v1/load", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	got.Body.Close()
	if got.StatusCode != 200 {
		t.Errorf("who holds the token is answered with %d", got.StatusCode)
	}
}

// A fakeConn is a connection that only knows where it comes from.
type fakeConn struct {
	net.Conn
	from   string
	closed bool
}

func (c *fakeConn) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(c.from))
}
func (c *fakeConn) Close() error { c.closed = true; return nil }

func TestConnectionsAreBounded(t *testing.T) {
	c := newConns(func(at netip.Addr) bool { return at == netip.MustParseAddr("10.0.0.1") })
	open := func(address string, n int, state http.ConnState) (list []*fakeConn) {
		for i := range n {
			x := &fakeConn{from: fmt.Sprintf("%s:%d", address, i+1)}
			c.changed(x, http.StateNew)
			if state != http.StateNew {
				c.changed(x, state)
			}
			list = append(list, x)
		}
		return list
	}
	answered := open("192.0.2.1", 1, http.StateActive)
	list := open("192.0.2.1", mostConnectionsOf, http.StateNew)
	if answered[0].closed || !list[0].closed || list[len(list)-1].closed || c.size() != mostConnectionsOf {
		t.Errorf("%d are open; expected the one that said nothing for longest to be closed", c.size())
	}
	if proxy := open("10.0.0.1", mostConnectionsOf, http.StateIdle); proxy[0].closed || c.size() != mostConnections {
		t.Errorf("%d are open: a trusted proxy has as many as there are", c.size())
	}
	other := open("198.51.100.1", 1, http.StateNew)
	if other[0].closed || c.size() != mostConnections {
		t.Errorf("%d are open: the next takes the place of one of those who have most", c.size())
	}
	for _, x := range append(list, other...) {
		c.changed(x, http.StateClosed)
	}
	if _, ok := c.of["198.51.100.1"]; ok {
		t.Error("an address without connections is remembered")
	}
}

func TestNobodyHasAllTheNews(t *testing.T) {
	s := newTestServer(t, smallFiles())
	h := s.Handler()
	for range mostListensOf {
		if _, ok := s.listeners.enter("192.0.2.1"); !ok {
			t.Fatal("less than that is refused")
		}
	}
	if r := get(t, h, eventsPath, from("192.0.2.1")); r.StatusCode != 503 {
		t.Errorf("one client has all: %d", r.StatusCode)
	}
	if r := get(t, h, eventsPath, from("198.51.100.1")); r.StatusCode != 200 {
		t.Errorf("another has none: %d", r.StatusCode)
	}
}

// Who is who.

func TestWhereARequestComesFrom(t *testing.T) {
	s := newTestServer(t, smallFiles(), func(o *Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")} })
	for _, tt := range []struct{ remote, forwarded, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "198.51.100.1", "192.0.2.1"}, // nobody whose word holds
		{"10.0.0.7:5", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.7:5", "203.0.113.9, 198.51.100.1", "198.51.100.1"}, // the client wrote the first
		{"10.0.0.7:5", "198.51.100.1, 10.0.0.8", "198.51.100.1"},    // two proxies
		{"10.0.0.7:5", "rubbish", "10.0.0.7"},
		{"10.0.0.7:5", "", "10.0.0.7"},
		{"[2001:db8:1:2:3::4]:5", "", "2001:db8:1:2::/64"}, // a client has as many addresses as it likes
		{"[::ffff:192.0.2.1]:5", "", "192.0.2.1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.remote
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if got := s.addressOf(r); got != tt.want {
			t.Errorf("%s for %q is %s, expected %s", tt.remote, tt.forwarded, got, tt.want)
		}
	}
}

func TestTheCookieIsSecureBehindTLS(t *testing.T) {
	s := newTestServer(t, smallFiles(), func(o *Options) {
		o.Token, o.Proxies = secret, []netip.Prefix{netip.MustParsePrefix("10.0.0.7/32")}
	})
	h := s.Handler()
	https := header("X-Forwarded-Proto", "https")
	for name, tt := range map[string]struct {
		tweaks []tweak
		secure bool
	}{
		"plain":                           {nil, false},
		"the word of anybody":             {[]tweak{https}, false},
		"the word of the proxy":           {[]tweak{https, from("10.0.0.7")}, true},
		"the proxy, that was asked plain": {[]tweak{header("X-Forwarded-Proto", "http"), from("10.0.0.7")}, false},
		"TLS":                             {[]tweak{func(r *http.Request) { r.TLS = httptest.NewRequest("GET", "https://localhost/", nil).TLS }}, true},
	} {
		r := get(t, h, "/?token="+secret, tt.tweaks...)
		if c := r.Cookies(); len(c) != 1 || c[0].Secure != tt.secure || !c[0].HttpOnly || c[0].SameSite != http.SameSiteStrictMode {
			t.Errorf("%s: %v", name, c)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	at := noon
	s := newTestServer(t, smallFiles(), func(o *Options) { o.Token, o.Now = secret, func() time.Time { return at } })
	h := s.Handler()
	id := entered(t, h)
	if other := entered(t, h); other == id || len(id) < 26 {
		t.Errorf("%q and %q", id, other)
	}
	ask := func() int {
		return get(t, h, "/api/v1/load", header("Cookie", sessionCookie+"="+id)).StatusCode
	}
	for range 13 {
		at = at.Add(sessionIdle - time.Hour)
		if ask() != 200 {
			t.Fatal("it ended while it was used")
		}
	}
	for at.Sub(noon) <= sessionLife {
		at = at.Add(sessionIdle / 2)
		ask()
	}
	if ask() != 401 {
		t.Error("it lasts for ever")
	}
	id = entered(t, h)
	at = at.Add(sessionIdle + time.Minute)
	if ask() != 401 {
		t.Error("nobody used it for so long, and it still holds")
	}
	for range mostSessionOf + 10 {
		entered(t, h)
	}
	if n := s.sessions.size(); n > mostSessionOf {
		t.Errorf("one address has %d", n)
	}
}

func TestWrongTokensAreSlowedAndLogged(t *testing.T) {
	at := noon
	var log bytes.Buffer
	s := newTestServer(t, smallFiles(), func(o *Options) {
		o.Token, o.Now, o.Log = secret, func() time.Time { return at }, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError}))
	})
	h := s.Handler()
	id := entered(t, h)
	const guess = "another-guess-4711"
	form := header("Content-Type", "application/x-www-form-urlencoded")
	guesses := []func() *http.Response{
		func() *http.Response { return get(t, h, "/api/v1/load", header("Authorization", "Bearer "+guess)) },
		func() *http.Response { return get(t, h, "/?token="+guess, asBrowser) },
		func() *http.Response {
			return send(t, h, "POST", "/enter", url.Values{"token": {guess}}.Encode(), form, asBrowser)
		},
	}
	for i := range mostWrong {
		if r := guesses[i%3](); r.StatusCode != 401 {
			t.Fatalf("guess %d: %d", i, r.StatusCode)
		}
	}
	for i, g := range guesses {
		if r := g(); r.StatusCode != 429 || r.Header.Get("Retry-After") == "" {
			t.Errorf("one guess too many (%d): %d", i, r.StatusCode)
		}
	}
	right := header("Authorization", "Bearer "+secret)
	if r := get(t, h, "/api/v1/load", right); r.StatusCode != 429 {
		t.Errorf("the right one tells itself apart from guesses: %d", r.StatusCode)
	}
	if r := get(t, h, "/api/v1/load", header("Cookie", sessionCookie+"="+id)); r.StatusCode != 200 {
		t.Errorf("who was let in before is held up: %d", r.StatusCode)
	}
	if r := get(t, h, "/api/v1/load", right, from("198.51.100.1")); r.StatusCode != 200 {
		t.Errorf("another address is held up: %d", r.StatusCode)
	}
	at = at.Add(wrongEvery)
	if r := get(t, h, "/api/v1/load", right); r.StatusCode != 200 {
		t.Errorf("a while later: %d", r.StatusCode)
	}
	said := log.String()
	if !strings.Contains(said, "192.0.2.1") || strings.Contains(said, guess) || strings.Contains(said, secret) || strings.Count(said, "\n") != 1 {
		t.Errorf("the log says:\n%s", said)
	}
	if body := text(t, get(t, h, "/metrics", right)); !strings.Contains(body, fmt.Sprintf("tightrope_wrong_tokens_total %d", mostWrong)) {
		t.Error("they are not in the metrics")
	}
}

// A slow machine does not make work slow: what counts is what it uses of the
// processors.
func TestOnlyWhatUsesTheProcessorIsSlow(t *testing.T) {
	q := newQueue([places]int{light: 1}, time.Hour, time.Second)
	var used time.Duration
	q.cpu = func() time.Duration { return used }
	r, err := q.enter(context.Background(), light)
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() { defer close(gone); _, _ = q.enter(ctx, light) }()
	until(t, "another waits", func() bool { return q.load().waiting[light] == 1 })
	var why error
	end := func(err error) { why = err }
	used += 1900 * time.Millisecond
	if q.giveWay(r, "k", end) || why != nil {
		t.Errorf("all that it did is lost although it may be about to end: %v", why)
	}
	q.now = func() time.Time { return time.Now().Add(2100 * time.Millisecond) }
	if !q.giveWay(r, "k", end) || !errors.Is(why, errSlow) || q.isSlow("k") {
		t.Errorf("it is to give way, but not to be taken for slow: %v", why)
	}
	used += 200 * time.Millisecond
	if q.giveWay(r, "k", end); !q.isSlow("k") {
		t.Error("it is not taken for slow")
	}
	leave()
	<-gone
	q.leave(r, "k", true)
	if !q.isSlow("k") {
		t.Error("it is not taken for slow once it is done")
	}
	if r, err = q.enter(context.Background(), light); err != nil {
		t.Fatal(err)
	}
	if q.leave(r, "k", true); q.isSlow("k") {
		t.Error("what was quick this time is still taken for slow")
	}
}

// However many quick links with ranges there are, they hold no light place, go on
// only slowly beside what is in one, and are not ahead of it whoever asks.
func TestRangesHoldUpNothingLight(t *testing.T) {
	q := newQueue([places]int{light: 1, ranged: 1}, time.Hour, time.Hour)
	end := make(chan struct{})
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() { _ = q.do(context.Background(), ranged, "", func(context.Context) error { <-end; return nil }) })
	}
	until(t, "the others wait", func() bool { return q.load().waiting[ranged] == 4 })
	modest := context.WithValue(context.Background(), ticketKey{}, &ticket{client: "modest", until: time.Now().Add(time.Minute)})
	err := q.do(modest, light, "", func(context.Context) error {
		if q.urgent.Load() != 1 || ranged.urgent() {
			t.Error("what is light does not go first")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	close(end)
	all.Wait()
}

// What is moved out of a light place is no longer ahead of others.
func TestWhatGivesWayIsPoliteFromThenOn(t *testing.T) {
	q := newQueue([places]int{light: 1, heavy: 1}, time.Hour, time.Millisecond)
	moved, end := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = q.do(context.Background(), light, "a", func(ctx context.Context) error {
			p, _ := ctx.(polite)
			until(t, "it is no longer urgent", func() bool { return p.waits.Load() })
			close(moved)
			<-end
			return nil
		})
	})
	until(t, "it runs", func() bool { return q.load().running[light] == 1 })
	all.Go(func() {
		_ = q.do(context.Background(), light, "b", func(context.Context) error { <-moved; return nil })
	})
	<-moved
	close(end)
	all.Wait()
}

// What sets a number to a range has to show that it is light.
func TestARangeBeginsAmongTheSlow(t *testing.T) {
	q := newQueue([places]int{light: 1, heavy: 1}, time.Hour, time.Second)
	var used time.Duration
	q.cpu = func() time.Duration { return used }
	after := func(d time.Duration, done bool) {
		t.Helper()
		r, err := q.enter(context.Background(), heavy)
		if err != nil {
			t.Fatal(err)
		}
		used += d
		q.leave(r, "k", done)
	}
	if q.isQuick("k") {
		t.Error("what nobody knows is taken for quick")
	}
	if after(time.Second, false); q.isQuick("k") {
		t.Error("what was left is taken for quick")
	}
	at := func(query string) place {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		state, err := stateOf(values)
		if err != nil {
			t.Fatal(err)
		}
		return q.placeFor(state, "k")
	}
	const wide, narrow = "set=risks/crash/rate=1/y..5/y", "set=risks/crash/rate=5/y"
	if got := []place{at(""), at("with=canary"), at(narrow), at(wide)}; !slices.Equal(got, []place{common, light, light, heavy}) {
		t.Errorf("they begin in %v", got)
	}
	if after(time.Second, true); !q.isQuick("k") || at(wide) != ranged || at(narrow) != light {
		t.Errorf("it was quick, and begins in %v", at(wide))
	}
	if after(4*time.Second, false); q.isQuick("k") {
		t.Error("it was slow")
	}
	after(time.Second, true)
	q.now = func() time.Time { return time.Now().Add(quickFor + time.Second) }
	if q.isQuick("k") {
		t.Error("it is taken for quick for ever")
	}
}

// Slow work steps back while something light is at work, and goes on or ends as
// soon as it is told.
func TestSlowWorkIsPolite(t *testing.T) {
	q := testQueue(1)
	kinds := map[place]bool{common: false, light: false, ranged: true, heavy: true, sent: true, search: true}
	for at, want := range kinds {
		_ = q.do(context.Background(), at, placeNames[at], func(ctx context.Context) error {
			p, ok := ctx.(polite)
			if !ok || p.waits.Load() != want {
				t.Errorf("%s: %+v", placeNames[at], p)
			}
			if (q.urgent.Load() == 1) == want {
				t.Errorf("%s: who goes first is not known", placeNames[at])
			}
			return nil
		})
	}
	ctx, end := context.WithCancel(context.Background())
	p := last(ctx, q)
	q.urgent.Store(1)
	for range 10 {
		if p.Err() != nil {
			t.Fatal("it ends of itself")
		}
	}
	end()
	if p.Err() == nil {
		t.Error("it does not end")
	}
	limited, cancel := share(last(context.Background(), q), .5)
	defer cancel()
	if _, ok := limited.(polite); !ok {
		t.Error("a share of the time is not polite")
	}
}
