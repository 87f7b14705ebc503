package explain

import (
	"math"
	"slices"
	"strconv"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// A WhyStep on the way from what is written to a number.
type WhyStep struct {
	Code WhyCode
	// Value after the step, in Unit.
	Value float64
	Unit  Unit
	// By what the step multiplies, or how many things it counts; 0: neither.
	By    float64
	Names []string // of what it is about
	Text  string   // as written
	Pos   model.Pos
}

// Unit of a value.
type Unit string

// The units.
const (
	PerYear        Unit = "per-year"
	Seconds        Unit = "seconds"
	SecondsPerYear Unit = "seconds-per-year"
	Ratio          Unit = "ratio"
)

// WhyCode says what a step does.
type WhyCode string

// The steps.
const (
	// Written: a value as it is written, or the mean of what it may be where it is a
	// range.
	Written WhyCode = "written"
	// Seen: so many incidents in so long count as half an incident more (Jeffreys).
	Seen      WhyCode = "seen"
	Range     WhyCode = "range"      // of a range the mean is taken
	Changes   WhyCode = "changes"    // how often its change happens in a year
	TimesUnit WhyCode = "units"      // the rate is for one of By things
	TimesNets WhyCode = "nets"       // nets that were added or taken away
	TimesCopy WhyCode = "copies"     // By copies; what strikes all of them counts once
	Way       WhyCode = "way"        // one way to detect, or one attempt; By is the chance that it does
	Stretched WhyCode = "stretched"  // nets change how long it takes
	Combined  WhyCode = "combined"   // what the ways before it come to together
	Answered  WhyCode = "answered"   // a responder acknowledges
	Sum       WhyCode = "sum"        // of what stands before it
	TimesHit  WhyCode = "impact"     // × the share of users that are hit
	Fewer     WhyCode = "fewer"      // some users are back earlier, or were not reached yet
	Incidents WhyCode = "incidents"  // of the risk in a year, on all copies
	Each      WhyCode = "each"       // lost time of one, for the users of its own service
	Alone     WhyCode = "alone"      // lost time by itself
	Together  WhyCode = "together"   // the part of what takes several things down
	NotOver   WhyCode = "not-over"   // change-overs that failed
	Over      WhyCode = "over"       // waits for change-overs
	Cause     WhyCode = "cause"      // the share of one cause
	Twice     WhyCode = "twice"      // what of the causes is counted once, or does not fit into the window
	Whole     WhyCode = "whole"      // the mean lost time of the service, of all causes
	PartOf    WhyCode = "part"       // of the whole
	Without   WhyCode = "without"    // the mean of the model without the risk
	Less      WhyCode = "less"       // the difference
	Target    WhyCode = "target"     // of an objective
	Window    WhyCode = "window"     // that it is for
	Allowed   WhyCode = "allowed"    // (1 − target) × window
	Confident WhyCode = "confidence" // that is asked for
	Read      WhyCode = "read"       // P(lost time ≤ budget), of the distribution in a window
)

// often lists the steps from what is written to the incidents of a risk in a year.
func (x *explainer) often(r *model.Risk) []WhyStep {
	var out []WhyStep
	now := 1.0
	add := func(s WhyStep) {
		s.Value, s.Unit = now, PerYear
		out = append(out, s)
	}
	src := x.sourceOf(r)
	switch {
	case r.Rate != nil:
		now = worth.Rate(r.Rate) * model.Year
		add(WhyStep{Code: knownAs(r.Rate.Kind), By: r.Rate.Count, Text: r.Rate.Text, Pos: r.Rate.Pos})
		if r.Units != nil && r.Units.N != 1 {
			now *= float64(r.Units.N)
			add(WhyStep{Code: TimesUnit, By: float64(r.Units.N), Text: strconv.Itoa(r.Units.N), Pos: r.Units.Pos})
		}
	case r.Per != nil:
		ch := x.model.Change(r.Per.Name)
		if src != nil && src.Change != nil {
			now = src.Change.Every.Value(x.theta) * model.Year
		}
		add(WhyStep{Code: Changes, Names: []string{ch.Name}, Text: ch.Every.Text, Pos: ch.Every.Pos})
		mean, _, _ := worth.Share(r.Chance)
		now *= mean
		code := Written
		if r.Chance.Kind == model.Between {
			code = Range
		}
		add(WhyStep{Code: code, By: mean, Text: r.Chance.Text, Pos: r.Chance.Pos})
	default:
		return nil
	}
	total := worth.IncidentsPerYear(x.scenario, x.catalogue, r)
	copies := 1.0
	s := x.model.Service(r.Service.Name)
	v := x.scenario.Service(s)
	have := v.Copies.Is
	if slices.ContainsFunc(x.catalogue.Alone[s.Name], func(o *scenario.Source) bool { return o.Risk == r }) {
		beta, _, _ := commonCause(v)
		copies = beta + float64(have)*(1-beta)
	}
	if by := total / (now * copies); now > 0 && copies > 0 && math.Abs(by-1) > 1e-9 {
		now *= by
		// Every input of the risk is known since the catalogue was made.
		is, _ := x.scenario.Risk(r)
		add(WhyStep{Code: TimesNets, By: by, Names: is.Often.Nets})
	}
	if copies != 1 {
		now *= copies
		st := WhyStep{Code: TimesCopy, By: float64(have), Names: []string{s.Name}, Pos: s.Pos}
		if s.Copies != nil {
			st.Text, st.Pos = strconv.Itoa(s.Copies.N), s.Copies.Pos
		}
		add(st)
	}
	return out
}

func knownAs(k model.KnowledgeKind) WhyCode {
	switch k {
	case model.Counted:
		return Seen
	case model.Between:
		return Range
	}
	return Written
}

// parts lists the steps of how one incident goes: to detect it, to answer and to
// recover from it, each closed by its mean.
func (x *explainer) parts(r *model.Risk) (detect, answer, recover []WhyStep) {
	src := x.sourceOf(r)
	if src == nil {
		return nil, nil, nil
	}
	timed := func(list *[]WhyStep, code WhyCode, l scenario.Length, name string, by float64) {
		plain := (scenario.Length{Time: l.Time}).Law(nil).Mean()
		st := WhyStep{Code: code, Value: plain, Unit: Seconds, By: by, Text: l.Time.Text, Pos: l.Time.Pos}
		if name != "" {
			st.Names = []string{name}
		}
		*list = append(*list, st)
		if now := l.Law(x.theta).Mean(); !same(now, plain) {
			*list = append(*list, WhyStep{Code: Stretched, Value: now, Unit: Seconds, By: now / plain})
		}
	}
	in := &src.Incident
	for _, p := range in.Detect {
		name := ""
		if p.Of != nil {
			name = p.Of.Name
		}
		timed(&detect, Way, p.After, name, p.Catches.Value(x.theta))
	}
	for i, a := range in.Acknowledge {
		timed(&answer, Answered, a, in.Responders[i], 0)
	}
	for _, a := range in.Attempts {
		name := ""
		if a.Of != nil {
			name = a.Of.Name
		}
		timed(&recover, Way, a.Takes, name, a.Works.Value(x.theta)*a.Restores.Value(x.theta))
	}
	d, a, e := in.At(x.theta).Times()
	for _, z := range []struct {
		list *[]WhyStep
		mean float64
	}{{&detect, d}, {&answer, a}, {&recover, e}} {
		*z.list = append(*z.list, WhyStep{Code: Combined, Value: z.mean, Unit: Seconds})
	}
	return detect, answer, recover
}

// incident lists the steps to the lost time of one incident, for the users of its
// own service.
func (x *explainer) incident(r *model.Risk) []WhyStep {
	src := x.sourceOf(r)
	if src == nil {
		return nil
	}
	in := src.Incident.At(x.theta)
	hit, ok := r.Impact.For("available")
	if !ok {
		hit = &r.Impact.ByObjective[0].Share
	}
	detect, answer, recover := x.parts(r)
	out := slices.Concat(detect, answer, recover)
	d, a, e := in.Times()
	now := d + a + e
	out = append(out, WhyStep{Code: Sum, Value: now, Unit: Seconds})
	in.Impact = 1
	if all := in.Moments().M1; !same(all, now) && now > 0 {
		by := all / now
		now = all
		out = append(out, WhyStep{Code: Fewer, Value: now, Unit: Seconds, By: by})
	}
	written, _, _ := worth.Share(hit)
	share := min(1, written*src.ImpactBy.Value(x.theta))
	if share != 1 {
		now *= share
		st := WhyStep{Code: TimesHit, Value: now, Unit: Seconds, By: share}
		if hit != nil {
			st.Text, st.Pos = hit.Text, hit.Pos
		}
		out = append(out, st)
	}
	return out
}
