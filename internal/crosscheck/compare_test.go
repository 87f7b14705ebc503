package crosscheck

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// sigmas is how many combined standard errors a forecast may be off.
const sigmas = 4.5

// modelError is the error of the model in a probability, as the forecast states
// it: what the treatment of groups, renewals and overlaps as a sum may be off
// by.
func modelError(e *forecast.Entry) float64 { return e.Met.Model }

// latticeStep is by how much a quantile may be off, in seconds: what the forecast
// states, and what a reader would not notice.
func latticeStep(e *forecast.Entry, x float64) float64 {
	q, stated := e.Quantiles, 0.0
	for _, y := range [][2]float64{{q.P50, q.Error.P50}, {q.P80, q.Error.P80}, {q.P90, q.Error.P90}, {q.P95, q.Error.P95}, {q.P99, q.Error.P99}} {
		if y[0] == x {
			stated = max(stated, y[1])
		}
	}
	return math.Max(1, 0.002*x) + stated
}

// overlap is by how much the mean of a sum may be above the share of time that
// somebody is hit because single points are down at once: with shares q of the
// time in sum S, Σq − (1 − Π(1 − q)) ≤ S²/2. It is what the design leaves a sum.
func overlap(e *forecast.Entry) float64 {
	s := math.Min(e.Mean/e.Window, 1)
	return e.Window * s * s / 2
}

// A finding is one number of the forecast that is not what the player saw.
type finding struct {
	what       string
	got        float64
	cut, begun estimate
	off        float64 // in what is allowed; above 1 it is wrong
}

func (f finding) String() string {
	return fmt.Sprintf("%s: forecast %.6g, played %v (cut) and %v (begun): %.2f times what is allowed", f.what, f.got, f.cut, f.begun, f.off)
}

// against compares a number with an interval between two estimates. allowed are
// errors that the forecast states: how much too low and how much too high.
func against(what string, got float64, cut, begun estimate, low, high float64) finding {
	se := math.Max(cut.se, begun.se)
	f := finding{what: what, got: got, cut: cut, begun: begun}
	if d := math.Min(cut.value, begun.value) - got; d > 0 {
		f.off = d / (sigmas*se + low)
	}
	if d := got - math.Max(cut.value, begun.value); d > 0 {
		f.off = d / (sigmas*se + high)
	}
	if math.IsNaN(got) {
		f.off = math.Inf(1)
	}
	return f
}

// compare holds all numbers of an entry against what was played so far.
func compare(e *forecast.Entry, p *program, o *outcome, exact *estimate) []finding {
	chance := e.Met.Error + modelError(e)
	out := []finding{against("chance", e.Met.Value, o.cut.within(p.budget), o.begun.within(p.budget), chance, chance)}
	mean := 1e-9 * e.Mean
	out = append(out, against("mean", e.Mean, o.cut.mean(), o.begun.mean(), mean, mean+overlap(e)))
	q := e.Quantiles
	for _, x := range []struct {
		what string
		p, x float64
	}{{"p50", 0.5, q.P50}, {"p80", 0.8, q.P80}, {"p90", 0.9, q.P90}, {"p95", 0.95, q.P95}, {"p99", 0.99, q.P99}} {
		// q is a quantile where F(q) ≥ p, and F before it is not: F is held against
		// p, a step above q and a step below.
		step := latticeStep(e, x.x)
		above, below := x.x+step, x.x-step
		cut, begun := o.cut.within(above), o.begun.within(above)
		se := math.Sqrt(x.p * (1 - x.p) / float64(o.len()))
		f := finding{what: x.what, got: x.x, cut: estimate{o.cut.quantile(x.p), 0}, begun: estimate{o.begun.quantile(x.p), 0}}
		if d := x.p - math.Max(cut.value, begun.value); d > 0 {
			f.off = d / (sigmas*se + modelError(e))
		}
		cut, begun = o.cut.within(below), o.begun.within(below)
		if d := math.Min(cut.value, begun.value) - x.p; below >= 0 && d > 0 {
			f.off = d / (sigmas*se + modelError(e))
		}
		out = append(out, f)
	}
	if a := e.Availability; a != nil {
		u := estimate{o.cut.mean().value / p.window, o.cut.mean().se / p.window}
		if exact != nil {
			u = *exact
		}
		out = append(out, against("unavailability", 1-a.Expected, u, u, a.Error+1e-12, a.Error+1e-12))
	}
	return out
}

// worst is the finding that is furthest off.
func worst(fs []finding) finding {
	w := fs[0]
	for _, f := range fs {
		if f.off > w.off {
			w = f
		}
	}
	return w
}

// run forecasts the service top. A forecast may take a minute here; how long it
// should take is another test's to say.
func run(m *model.Model) (entry *forecast.Entry, took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("panic: %v", x)
		}
	}()
	began := time.Now()
	r, err := forecast.Run(m, forecast.Options{Services: []string{"top"}, Context: ctx})
	took = time.Since(began)
	if err != nil {
		return nil, took, err
	}
	return r.Entries[0], took, nil
}

// effort says how many windows are played.
type effort struct{ first, most int }

// judge plays windows until it is clear whether the forecast is right: more of
// them while a number is near to what is allowed.
func judge(e *forecast.Entry, p *program, seed uint64, work effort) ([]finding, *outcome) {
	var exact *estimate
	if x, err := enumerate(p); err == nil {
		m := x.mean(2000, seed)
		exact = &m
	}
	pl := newPlayer(p, seed+1)
	o := &outcome{}
	for n := work.first; ; n = o.len() {
		o.play(pl, n)
		fs := compare(e, p, o, exact)
		// Nothing near the border, or far beyond it: more windows would not say
		// anything else.
		if w := worst(fs).off; w < 0.6 || w > 2 || 2*o.len() > work.most {
			return fs, o
		}
	}
}

// failures tells what is wrong, if anything is.
func failures(fs []finding) string {
	var out strings.Builder
	for _, f := range fs {
		if f.off > 1 {
			fmt.Fprintf(&out, "\n  %v", f)
		}
	}
	return out.String()
}
