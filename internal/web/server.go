package web

import (
	"context"
	"errors"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync/atomic"
	"time"

	"tightrope/internal/forecast"
	"tightrope/internal/modelfile"
)

// Options of a server.
type Options struct {
	Paths []string         // files and folders of the model, which are watched; or
	Files []modelfile.File // a model that never changes
	Name  string           // what the model is called
	// Token has to be shown by everybody who comes; empty: nobody needs one, and
	// the server answers to the names of its own machine only.
	Token    string
	Version  string // of the program
	Language string // "en" or "ko"; empty: what each browser asks for
	Log      *slog.Logger
	Now      func() time.Time

	// Proxies are believed what they say of a client: X-Forwarded-For and -Proto.
	Proxies []netip.Prefix

	// What answers may take; 0 is the usual.
	Every    time.Duration // between two looks at the files
	Answer   time.Duration // for one answer
	Planning time.Duration // for one plan
	Memory   int           // bytes of answers that are kept
	Years    int           // to simulate for the page of a service

	// Forecasts keeps what forecasts compute. Optional: servers may share one, as it is
	// known by its contents, not by a model or its names.
	Forecasts *forecast.Memory
}

// The usual limits.
const (
	usualEvery    = 500 * time.Millisecond
	usualAnswer   = 20 * time.Second
	usualPlanning = 30 * time.Second
	usualMemory   = 40 << 20
	usualYears    = 300
	usualPatience = 4500 * time.Millisecond // in which an answer has to be begun
	mostJobs      = 24                      // plans, and surveys, that are known at once, of the model as it stands and of other states
	mostJob       = 10 * time.Minute        // for one survey of a large model
)

// A Server answers requests about one model.
type Server struct {
	opts    Options
	token   string
	log     *slog.Logger
	store   *store
	engines asking
	common  *memory          // of answers about the model as it stands
	memory  *memory          // of answers about other states
	known   *forecast.Memory // what forecasts computed for what people wait for
	sought  *forecast.Memory // what they computed for plans
	queue   *queue
	plans   *jobs
	surveys *jobs
	warmed  *Snapshot // for which plans and surveys were begun

	patience    time.Duration // in which an answer has to be begun
	grace       time.Duration // for work on a model that was replaced, while somebody waits for it
	sessions    *sessions
	throttle    *throttle
	conns       *conns
	listeners   *crowd
	faults      atomic.Int64
	wrongTokens atomic.Int64
	counts      counts

	looks   map[string]*template.Template // by language
	tongues map[string]tongue
	hung    chan struct{} // closed at the end, for those who wait for news
	static  map[string]asset
	ctx     context.Context // ends with the server
	stop    context.CancelFunc
}

// New makes a server and reads the model. A model with errors is no error: the
// pages show what is wrong with it.
func New(o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	or := func(d *time.Duration, usual time.Duration) {
		if *d <= 0 {
			*d = usual
		}
	}
	or(&o.Every, usualEvery)
	or(&o.Answer, usualAnswer)
	or(&o.Planning, usualPlanning)
	if o.Memory <= 0 {
		o.Memory = usualMemory
	}
	if o.Years <= 0 {
		o.Years = usualYears
	}
	known, sought := o.Forecasts, o.Forecasts
	if known == nil {
		known, sought = forecast.NewMemory(o.Memory), forecast.NewMemory(o.Memory/2)
	}
	s := &Server{
		opts: o, token: o.Token, log: o.Log, engines: engines(), known: known, sought: sought, tongues: tongues(), hung: make(chan struct{}), counts: newCounts(),
		patience: usualPatience, grace: replacedGrace, sessions: newSessions(o.Now), throttle: newThrottle(o.Now), listeners: newCrowd(mostListeners, mostListensOf),
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.queue = newQueue(rooms(runtime.GOMAXPROCS(0)), o.Answer, lightSlice)
	s.queue.fault = s.fault
	s.memory, s.common = newMemory(o.Memory/2, s.queue.safely), newMemory(o.Memory/2, s.queue.safely)
	s.conns = newConns(s.trusts)
	s.plans = newJobs(s.ctx, s.queue, mostJobs, o.Now)
	s.surveys = newJobs(s.ctx, s.queue, mostJobs, o.Now)
	var err error
	if s.static, err = assets(); err != nil {
		return nil, err
	}
	if s.looks, err = s.templates(); err != nil {
		return nil, err
	}
	if o.Files != nil {
		s.store = fixedStore(o.Files, o.Now)
	} else {
		s.store = fileStore(o.Paths, o.Now)
	}
	s.store.fault = s.fault
	return s, nil
}

// Problems returns what is wrong with the model now; err where it cannot be
// read.
func (s *Server) Problems() (broken *Broken) {
	_, broken, _ = s.store.state()
	return broken
}

// Handler answers requests.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	get := s.methods(http.MethodGet, http.MethodHead)
	page := func(path string, h http.HandlerFunc) { mux.HandleFunc(path, get(h)) }
	page("/{$}", s.overviewPage)
	page("/service/{name}", s.servicePage)
	mux.HandleFunc("/workshop", s.methods(http.MethodGet, http.MethodHead, http.MethodPost)(s.workshopPage))
	page("/plan", s.planPage)
	page("/risks", s.risksPage)
	page("/model", s.modelPage)
	page("/compare", s.comparePage)
	page("/why", s.whyPage)
	page(eventsPath, s.events)
	page(healthPath, s.healthz)
	page("/metrics", s.metrics())
	page("/static/{name}", s.staticFile)
	mux.HandleFunc(enterPath, s.methods(http.MethodGet, http.MethodHead, http.MethodPost)(s.enterPage))
	s.api(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.problem(w, r, notFound) })
	return s.guarded(mux)
}

// guarded stands before all that is served.
func (s *Server) guarded(next http.Handler) http.Handler {
	return headers(s.ticketed(s.counted(s.recovered(s.sized(s.local(s.own(s.entered(s.received(s.bounded(s.anew(next)))))))))))
}

var notFound = Problem{Status: http.StatusNotFound, Code: "not-found", Title: "There is no such page", Detail: "the pages are /, /workshop, /plan, /risks, /model, /compare and /why; the API is described at /api/v1/openapi.json"}

// Serve answers requests on a listener until ctx ends; then it lets those that
// are being answered finish, for a while.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	defer s.stop()
	go s.steadily(func() { s.store.watch(s.ctx, s.opts.Every) })
	go s.steadily(s.warm)
	h := s.listener()
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	over, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceful)
	defer cancel()
	// What waits for news would wait for ever.
	close(s.hung)
	if err := h.Shutdown(over); err != nil {
		s.stop()
		return errors.Join(err, h.Close())
	}
	return nil
}

// listener is what listens: who sends or reads too slowly is given up.
func (s *Server) listener() *http.Server {
	return &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
		ConnState:         s.conns.changed,
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
	}
}

// graceful is how long requests that are being answered may take at the end.
const graceful = 10 * time.Second
