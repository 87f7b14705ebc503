package alert

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/structure"
	"tightrope/internal/work"
)

// Options say of what alerts are asked.
type Options struct {
	With, Without []string // nets
	Services      []string // empty: all that promise something
	Delays        Delays
	// FalsePages asks how often alerts ring for nothing, and for changes to pages that do more often than so many
	// times a week; 0: it is not asked.
	FalsePages float64
	Context    context.Context // optional
}

// A Result is what the alerts of all objectives see.
type Result struct {
	Objectives []*Objective
	Delays     Delays
	FalsePages float64 // pages a week that may be false; 0: it was not asked
	Warnings   []scenario.Warning
}

// An Objective and its alerts.
type Objective struct {
	Service, Name string
	Title         model.Texts // of the service
	Target        model.Share
	Window        float64 // seconds
	WindowText    string
	Budget        float64      // seconds of lost time
	Background    float64      // ratio of errors that is always there
	BackgroundIs  *model.Share // as it is written; nil: not known, and taken for 0
	SLI           *model.SLI
	Traffic       *model.Rate
	PerSecond     float64 // the mean of Traffic
	Worth         *model.Worth
	Alerts        []Alert // of all objectives alike the same ones: only to be read
	Noise         []Noise // by alert
	Risks         []*Risk
	// Set are the fewest alerts, by their place in Alerts, of which one fires for
	// each risk for which any does; of several such sets the one that is quicker.
	Set []int
}

// A Risk as the users of one service meet it.
type Risk struct {
	Risk  *model.Risk
	Ratio float64 // of errors, in the end
	// Often is how many incidents a year reach users of the service, on average.
	Often float64
	// Alone: false where an incident by itself reaches no user of the service.
	Alone bool
	Seen  []Seen // by alert
	// Runbook is what is written at the first recovery, of those that are tried,
	// that says where it is written down.
	Runbook string
	// First is the alert, by its place, that tells of it first; −1: none does.
	First int
}

// Seen is what one alert sees of a risk.
type Seen struct {
	// Fires is after how many seconds it could, of an incident that does not end;
	// nil: never. Detect has what scrapes, evaluations and messages add.
	Fires  *float64
	Detect Quantiles
	// Spent is the part of the budget that one incident has spent by the median
	// time to detect; nil: never.
	Spent *float64
}

// Of returns what the alerts of a model's objectives see of its risks. It returns
// what scenario.New and Catalogue return, and the error of the context.
func Of(m *model.Model, opts Options) (_ *Result, err error) {
	defer work.Recover(&err)
	ctx := opts.Context
	if ctx == nil {
		ctx = context.Background()
	}
	sc, err := scenario.New(m, opts.With, opts.Without)
	if err != nil {
		return nil, err
	}
	catalogue, err := sc.Catalogue()
	if err != nil {
		return nil, err
	}
	for _, name := range opts.Services {
		if m.Service(name) == nil {
			var names []string
			for _, s := range scenario.Services(m) {
				names = append(names, s.Name)
			}
			return nil, &scenario.OptionError{Option: "service", Message: fmt.Sprintf("there is no service %q; the model has %s", name, strings.Join(names, ", "))}
		}
	}
	out := &Result{Delays: opts.Delays, FalsePages: opts.FalsePages}
	asked := func(s *model.Service) bool {
		return len(opts.Services) == 0 || slices.Contains(opts.Services, s.Name)
	}
	listener := newListener(sc, scenario.Services(m), asked, opts.Delays, opts.FalsePages)
	system, diagram := sc.System(catalogue), structure.NewDiagram()
	known := map[[3]string][]Alert{} // most objectives are alike
	alerts := func(target, window, background *big.Rat) []Alert {
		key := [3]string{target.RatString(), window.RatString(), background.RatString()}
		if known[key] == nil {
			known[key] = For(target, window, background)
		}
		return known[key]
	}
	risks := map[string][]int{} // by service, their places in the model
	for i, r := range m.Risks {
		risks[r.Service.Name] = append(risks[r.Service.Name], i)
	}
	for _, s := range scenario.Services(m) {
		if !asked(s) {
			continue
		}
		for _, o := range s.Objectives {
			work.Poll(ctx)
			out.Objectives = append(out.Objectives, watch(ctx, listener, system, diagram, alerts, risks, s, o))
		}
	}
	out.Warnings = append(sc.Warnings, catalogue.Warnings...)
	return out, nil
}

func watch(ctx context.Context, l *listener, y *scenario.System, diagram *structure.Diagram, alerts func(target, window, background *big.Rat) []Alert, risks map[string][]int, s *model.Service, o *model.Objective) *Objective {
	sc, d := l.sc, l.delays
	window, text, _ := scenario.Window(o)
	target := scenario.RatOr0(o.Target.Exact)
	background, written := l.background(s)
	budget := new(big.Rat).Sub(one, target)
	budget.Mul(budget, window)
	out := &Objective{
		Service: s.Name, Name: o.Name, Title: scenario.Title(s.Title, s.Name), Target: o.Target,
		Window: float(window), WindowText: text, Budget: float(budget), Background: float(background),
		SLI: o.SLI, Traffic: o.Traffic, Worth: s.Worth,
		Alerts: alerts(target, window, background), BackgroundIs: sc.Service(s).Background.Is,
	}
	if o.Traffic != nil {
		out.PerSecond = sc.Params.MeanOfRate(o.Traffic)
	}
	for i := range out.Alerts {
		out.Noise = append(out.Noise, l.of(ctx, &out.Alerts[i], o, target, background, written))
	}
	w := &watcher{y.View(y.Number(s.Name), false), diagram}
	ways := w.ways(scenario.ObjectiveName(o), sc)
	var below []int // the risks of services that concern this one
	for _, k := range w.Order {
		if i := y.Parts[k].Service; i >= 0 {
			below = append(below, risks[y.Services[i].Name]...)
		}
	}
	slices.Sort(below) // of copies, each has them
	for _, i := range slices.Compact(below) {
		r := sc.Model.Risks[i]
		if _, hit := r.Impact.For(scenario.ObjectiveName(o)); !hit {
			continue
		}
		work.Poll(ctx)
		out.Risks = append(out.Risks, out.risk(r, ways[r], sc, background, budget, d))
	}
	out.choose()
	return out
}

// samples is over how many values of unsure inputs a time to detect is averaged.
const samples = 256

// risk is what the alerts see of a risk: of the way in which it reaches the most
// users.
func (o *Objective) risk(r *model.Risk, ways []way, sc *scenario.Scenario, background, budget *big.Rat, d Delays) *Risk {
	out := &Risk{Risk: r, First: -1, Alone: len(ways) > 0}
	theta := sc.Params.Means()
	var worst *way
	var p Profile
	for i := range ways {
		for _, x := range ways[i].source.Incident.Attempts {
			if out.Runbook == "" && x.Of != nil {
				out.Runbook = x.Of.Runbook.S
			}
		}
		out.Often += model.Year * ways[i].source.Often(theta)
		q := ways[i].profile(theta)
		if worst == nil || q.most().Cmp(p.most()) > 0 {
			worst, p = &ways[i], q
		}
	}
	out.Ratio = float(p.most())
	profiles := []Profile{p}
	if worst != nil && len(worst.params) > 0 {
		profiles = nil
		for _, at := range spread(sc.Params, worst.params, theta) {
			profiles = append(profiles, worst.profile(at))
		}
	}
	for i := range o.Alerts {
		a := &o.Alerts[i]
		var x Seen
		if t := a.Fires(p, background); t != nil {
			f := float(t)
			x.Fires = &f
		}
		var times []*float64
		for _, q := range profiles {
			var at *float64
			if t := a.Fires(q, background); t != nil {
				f := float(t)
				at = &f
			}
			times = append(times, at)
		}
		x.Detect = d.after(times)
		if t := x.Detect.P50; t != nil {
			at := new(big.Rat)
			at.SetFloat64(*t)
			spent := float(at.Quo(p.lost(at), budget))
			x.Spent = &spent
		}
		if t := x.Detect.P50; t != nil && (out.First < 0 || *t < *out.Seen[out.First].Detect.P50) {
			out.First = i
		}
		out.Seen = append(out.Seen, x)
	}
	return out
}

// spread returns points that fill the space of some unsure inputs evenly, by their
// chance (Halton's sequence); the others are as in theta.
func spread(ps *scenario.Params, params []int, theta []float64) [][]float64 {
	primes := []int{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37}
	n := samples
	var out [][]float64
	for k := range n {
		at := slices.Clone(theta)
		for i, p := range params {
			if i == 0 {
				at[p] = ps.List[p].Law.Quantile((float64(k) + 0.5) / float64(n))
			} else if i <= len(primes) {
				at[p] = ps.List[p].Law.Quantile(radical(k+1, primes[i-1]))
			}
		}
		out = append(out, at)
	}
	return out
}

// radical mirrors the digits of k at the point.
func radical(k, base int) float64 {
	x, f := 0.0, 1/float64(base)
	for ; k > 0; k /= base {
		x += float64(k%base) * f
		f /= float64(base)
	}
	return x
}

// choose finds the fewest alerts that tell of all that any of them tells of.
func (o *Objective) choose() {
	best, took := -1, math.Inf(1)
	for set := range 1 << len(o.Alerts) {
		n, sum, all := 0, 0.0, true
		for i := range o.Alerts {
			n += set >> i & 1
		}
		for _, r := range o.Risks {
			if r.First < 0 {
				continue
			}
			first := math.Inf(1)
			for i := range o.Alerts {
				if t := r.Seen[i].Detect.P50; set>>i&1 == 1 && t != nil {
					first = min(first, *t)
				}
			}
			all = all && !math.IsInf(first, 1)
			sum += first
		}
		size := 0
		for i := range o.Alerts {
			size += best >> i & 1
		}
		if all && (best < 0 || n < size || n == size && sum < took) {
			best, took = set, sum
		}
	}
	for i := range o.Alerts {
		if best >= 0 && best>>i&1 == 1 {
			o.Set = append(o.Set, i)
		}
	}
}

// Unseen reports whether a risk reaches users and no alert tells of it.
func (r *Risk) Unseen() bool { return r.Alone && r.First < 0 && r.Ratio > 0 }

// Missed reports whether some of its incidents, of those that hit few users, are
// never told by any alert, though others are.
func (r *Risk) Missed() bool {
	if r.First < 0 {
		return false
	}
	return !slices.ContainsFunc(r.Seen, func(s Seen) bool { return s.Detect.P95 != nil })
}

func float(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}
