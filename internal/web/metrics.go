package web

import (
	"context"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// mostPromises is of how many promises the numbers are told to Prometheus.
const mostPromises = 2000

// registry holds what the server tells to Prometheus.
func (s *Server) registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(
		s.counts.requests, s.counts.took,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("tightrope_kept_answers", "Answers that are kept for whoever asks next.", func() float64 { n, _ := s.kept(); return float64(n) }),
		gauge("tightrope_kept_answers_bytes", "About how much memory kept answers take.", func() float64 { _, b := s.kept(); return float64(b) }),
		gauge("tightrope_listeners", "Pages that wait for news of the model.", func() float64 { return float64(s.counts.listeners.Load()) }),
		counter("tightrope_faults_total", "Errors of the program; each is in the log.", func() float64 { return float64(s.faults.Load()) }),
		gauge("tightrope_answers_overdue", "Answers that go on beyond their time: work that does not end when it is told to.", func() float64 { return float64(s.queue.load().overdue) }),
		counter("tightrope_refused_total", "Requests for work that were refused because too many others were before them.", func() float64 { return float64(s.queue.load().refused) }),
		counter("tightrope_wrong_tokens_total", "Wrong tokens that were shown.", func() float64 { return float64(s.wrongTokens.Load()) }),
		gauge("tightrope_sessions", "Browsers that have shown the token.", func() float64 { return float64(s.sessions.size()) }),
		gauge("tightrope_connections", "Connections that are open.", func() float64 { return float64(s.conns.size()) }),
		&modelMetrics{s},
	)
	return r
}

func gauge(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
}

func counter(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value)
}

// kept is how many answers are kept, and about how many bytes they take.
func (s *Server) kept() (answers, bytes int) {
	for _, m := range []*memory{s.memory, s.common} {
		n, b := m.size()
		answers, bytes = answers+n, bytes+b
	}
	return answers, bytes
}

// metrics answers Prometheus.
func (s *Server) metrics() http.HandlerFunc {
	h := promhttp.HandlerFor(s.registry(), promhttp.HandlerOpts{})
	return h.ServeHTTP
}

// modelMetrics tells of the model, and of what is promised in it.
type modelMetrics struct{ *Server }

var (
	descRuns   = prometheus.NewDesc("tightrope_answers_running", "Answers that are being worked out, by the kind of place that they have.", []string{"place"}, nil)
	descWaits  = prometheus.NewDesc("tightrope_answers_waiting", "Answers that wait for a place, by its kind.", []string{"place"}, nil)
	ofPromise  = []string{"service", "objective", "window"}
	descBuild  = prometheus.NewDesc("tightrope_build_info", "The program; always 1.", []string{"version", "goversion"}, nil)
	descModel  = prometheus.NewDesc("tightrope_model_info", "The model that is served, by the revision of its files; always 1.", []string{"revision"}, nil)
	descGood   = prometheus.NewDesc("tightrope_model_good", "1 where the files are a model; 0 where they are broken, and the last good state is served.", nil, nil)
	descWrong  = prometheus.NewDesc("tightrope_model_problems", "What is wrong with the files; 0 also where they cannot be read.", nil, nil)
	descRead   = prometheus.NewDesc("tightrope_model_read_timestamp_seconds", "When the model that is served was read.", nil, nil)
	descJobs   = prometheus.NewDesc("tightrope_jobs", "Plans and surveys that are known, by whether they are done.", []string{"kind", "state"}, nil)
	descSurvey = prometheus.NewDesc("tightrope_survey_done", "1 where the numbers of all promises are there; those not known yet are absent.", nil, nil)
	descMet    = prometheus.NewDesc("tightrope_met_probability", "The chance to meet the promise in any one window.", ofPromise, nil)
	descTarget = prometheus.NewDesc("tightrope_objective_target", "The target that is promised, as a ratio.", ofPromise, nil)
	descCould  = prometheus.NewDesc("tightrope_achievable_target", "The target that could be promised with the confidence, as a ratio.", ofPromise, nil)
	descSure   = prometheus.NewDesc("tightrope_confidence", "The chance with which the promise must be met in any one window.", ofPromise, nil)
	descBudget = prometheus.NewDesc("tightrope_budget_seconds", "Lost time that the promise leaves room for in a window.", ofPromise, nil)
	descBad    = prometheus.NewDesc("tightrope_bad_seconds_mean", "Mean lost time in a window.", ofPromise, nil)
	descWindow = prometheus.NewDesc("tightrope_window_seconds", "The window of the promise.", ofPromise, nil)
	descsOfAll = []*prometheus.Desc{
		descRuns, descWaits, descBuild, descModel, descGood, descWrong, descRead, descJobs, descSurvey, descMet, descTarget, descCould, descSure, descBudget, descBad, descWindow,
	}
)

func (c *modelMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range descsOfAll {
		to <- d
	}
}

func (c *modelMetrics) Collect(to chan<- prometheus.Metric) {
	tell := func(d *prometheus.Desc, value float64, labels ...string) {
		for i, l := range labels {
			labels[i] = strings.ToValidUTF8(l, "\uFFFD")
		}
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	tell(descBuild, 1, orElse(c.opts.Version, "dev"), runtime.Version())
	l := c.queue.load()
	for at, name := range placeNames {
		tell(descRuns, float64(l.running[at]), name)
		tell(descWaits, float64(l.waiting[at]), name)
	}
	for kind, q := range map[string]*jobs{"plan": c.plans, "survey": c.surveys} {
		done, open := q.size()
		tell(descJobs, float64(done), kind, "done")
		tell(descJobs, float64(open), kind, "open")
	}
	good, bad, _ := c.store.state()
	switch {
	case bad == nil:
		tell(descGood, 1)
		tell(descWrong, 0)
	default:
		tell(descGood, 0)
		tell(descWrong, float64(len(bad.Problems)))
	}
	if good == nil {
		return
	}
	tell(descModel, 1, good.Revision)
	tell(descRead, float64(good.Read.UnixNano())/1e9)
	found, done := c.surveyed(good)
	if !done {
		tell(descSurvey, 0)
	} else {
		tell(descSurvey, 1)
	}
	if found == nil {
		return
	}
	for _, e := range found.entries[:min(len(found.entries), mostPromises)] {
		if e.Objective == nil {
			continue
		}
		p := promiseJSON(e)
		of := func() []string { return slices.Clone([]string{p.Service, p.Objective, e.WindowSay}) }
		if p.MetProbability != nil {
			tell(descMet, *p.MetProbability, of()...)
		}
		tell(descTarget, p.Target, of()...)
		tell(descCould, p.AchievableTarget, of()...)
		tell(descSure, p.Confidence, of()...)
		tell(descBudget, p.BudgetSeconds, of()...)
		tell(descBad, p.BadSecondsMean, of()...)
		tell(descWindow, p.WindowSeconds, of()...)
	}
}

// surveyed is what is known of the model as it stands, without waiting for more;
// nil: nothing yet.
func (s *Server) surveyed(good *Snapshot) (found *survey, done bool) {
	ctx, cancel := context.WithTimeout(s.ctx, time.Second)
	defer cancel()
	v, err := s.variant(ctx, good, State{})
	if err != nil {
		return nil, false
	}
	j, err := s.survey(ctx, v, true)
	if err != nil {
		return nil, false
	}
	progress, value, err, done := j.far()
	if done {
		found, _ = value.(*survey)
		return found, err == nil
	}
	found, _ = progress.(*survey)
	return found, false
}
