package worth

import (
	"context"
	"math"
	"slices"

	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// workDay is the length of a person-day in seconds.
const workDay = 8 * model.Hour

// night is the share of a week's hours that people sleep in: 8 of 24.
const night = 8.0 / 24

// A Load is what the incidents and the nets of a scenario ask of people.
type Load struct {
	Responders []*ResponderLoad // in the order of the files
	// PagesPerWeek of all responders together.
	PagesPerWeek float64
	// UnnamedPerWeek is how many incidents a week end by somebody whom the model
	// does not name: they are no page of anybody's.
	UnnamedPerWeek float64

	ManualHoursPerYear  float64 // of recovery by hand, by all
	UnnamedHoursPerYear float64 // of those, by people without a name
	ProcessHoursPerYear float64 // what standing nets slow changes by
	Process             []ProcessLoad
	// RunDaysPerYear is the effort to run the nets that stand, in person-days. It
	// is part of their cost.
	RunDaysPerYear float64

	// PeopleCostPerYear is what manual recovery and process take, at the price
	// of a person-day; nil where that is not known.
	PeopleCostPerYear *float64
	Assumed           []message.Message
}

// A ResponderLoad is the load on one responder: a rota or a role.
type ResponderLoad struct {
	Name   string
	Title  model.Texts
	Pos    model.Pos
	People *int // who share it, with the nets that stand; nil: not told

	IncidentPagesPerWeek float64
	FalsePagesPerWeek    float64
	False                []FalseAlarms

	PagesPerWeek      float64
	NightPagesPerWeek float64 // of them
	// For one person; nil where it is not told how many there are.
	PagesPerPersonWeek, NightPagesPerPersonWeek *float64

	HoursPerYear float64 // of recovery by hand
}

// FalseAlarms of one detection that call a responder.
type FalseAlarms struct {
	Detection string // empty: one that a net adds
	Net       string // that adds it; empty: none
	PerWeek   float64
}

// A ProcessLoad is what the nets slow a change by.
type ProcessLoad struct {
	Change       string
	Net          string
	TimesPerYear float64
	HoursEach    float64 // of work
	HoursPerYear float64
}

// LoadWith is LoadOf of a model with nets added and taken away, until the context is
// done; nil: it never is. Laws, where not nil, keeps what other scenarios may need
// too. Errors are those of scenario.New and its catalogue, and of the context.
func LoadWith(ctx context.Context, m *model.Model, with, without []string, laws *scenario.Laws) (_ *Load, err error) {
	defer work.Recover(&err)
	sc, err := scenario.New(m, with, without)
	if err != nil {
		return nil, err
	}
	sc.Laws = laws
	cat, err := sc.Catalogue()
	if err != nil {
		return nil, err
	}
	l := loadOf(ctx, sc, cat)
	return &l, nil
}

// LoadOf returns the load of a scenario, whose catalogue that is.
func LoadOf(sc *scenario.Scenario, cat *scenario.Catalogue) Load { return loadOf(nobody, sc, cat) }

// nobody is the context of who gives none.
var nobody context.Context

func loadOf(ctx context.Context, sc *scenario.Scenario, cat *scenario.Catalogue) Load {
	l := &loader{ctx: ctx, sc: sc, cat: cat, theta: sc.Params.Means(), by: map[string]*ResponderLoad{}}
	for _, r := range sc.Model.Responders {
		x := &ResponderLoad{Name: r.Name, Title: scenario.Title(r.Title, r.Name), Pos: r.Pos, People: sc.Responder(r).People.Is}
		l.by[r.Name] = x
		l.out.Responders = append(l.out.Responders, x)
	}
	for _, s := range scenario.Services(sc.Model) {
		for _, x := range everything(sc, cat, s) {
			l.incidents(x)
		}
	}
	l.falseAlarms()
	l.process()
	for _, n := range sc.Model.Nets {
		if sc.Standing[n.Name] {
			l.out.RunDaysPerYear += CostOf(sc.Model, n).RunDaysPerYear
		}
	}
	l.finish()
	return l.out
}

// loader adds up a load.
type loader struct {
	ctx   context.Context
	sc    *scenario.Scenario
	cat   *scenario.Catalogue
	theta []float64
	by    map[string]*ResponderLoad
	out   Load
}

// incidents adds what those of one source ask.
func (l *loader) incidents(x reached) {
	work.Poll(l.ctx)
	if x.Risk == nil {
		return
	}
	b := newNonlinear()
	frequencyNonlinear(b, x.Source)
	for _, a := range x.Incident.Attempts {
		b.linear(a.Takes.Scale)
		b.linear(a.Works)
		b.linear(a.Restores)
		for _, p := range a.Takes.Params {
			b.bent(p)
		}
		// What restores all or less decides whether the next is reached.
		a.Restores.Visit(b.bent)
	}
	average(l.sc.Params, b.list, l.theta, func(w float64) {
		work.Poll(l.ctx)
		often := w * perSecond(x.Source, l.theta) * float64(x.times)
		t := IncidentCostOf(l.sc, x.Source, l.theta)
		for _, r := range l.out.Responders {
			r.IncidentPagesPerWeek += often * model.Week * t.Pages[r.Name]
			r.HoursPerYear += often * model.Year / model.Hour * t.By[r.Name]
		}
		l.out.ManualHoursPerYear += often * model.Year / model.Hour * t.ManualSeconds
		l.out.UnnamedHoursPerYear += often * model.Year / model.Hour * t.By[Unnamed]
		if t.By[Unnamed] > 0 {
			l.out.UnnamedPerWeek += often * model.Week
		}
	})
}

// falseAlarms calls, for each detection in use, once everybody who is the first
// to be called by some risk that it watches.
func (l *loader) falseAlarms() {
	called := map[*model.Detection][]string{}
	for _, s := range scenario.Services(l.sc.Model) {
		work.Poll(l.ctx)
		for _, x := range everything(l.sc, l.cat, s) {
			who, some := firstCalled(&x.Incident)
			if x.Risk == nil || !some {
				continue
			}
			for _, d := range x.Incident.Detect {
				if d.Of == nil || d.Of.FalseAlarms == nil || slices.Contains(called[d.Of], who) {
					continue
				}
				called[d.Of] = append(called[d.Of], who)
				f := FalseAlarms{Detection: d.Of.Name, PerWeek: meanRate(d.Of.FalseAlarms) * model.Week}
				if d.Net != nil {
					f.Net = d.Net.Name
				}
				r := l.by[who]
				r.False = append(r.False, f)
				r.FalsePagesPerWeek += f.PerWeek
			}
		}
	}
}

// firstCalled is the first responder whom an incident may call.
func firstCalled(in *scenario.Incident) (name string, ok bool) {
	for _, a := range in.Attempts {
		if a.Responder >= 0 {
			return in.Responders[a.Responder], true
		}
	}
	return "", false
}

// process adds what standing nets slow changes by.
func (l *loader) process() {
	for _, ch := range l.sc.Model.Changes {
		v := l.sc.Change(ch)
		times := meanRate(v.Every.Is) * model.Year
		for _, s := range v.Slows {
			p := ProcessLoad{Change: ch.Name, Net: s.Net, TimesPerYear: times}
			p.HoursEach = workIn(scenario.Length{Time: *s.By}.Law(nil).Mean()) / model.Hour
			p.HoursPerYear = p.HoursEach * times
			l.out.Process = append(l.out.Process, p)
			l.out.ProcessHoursPerYear += p.HoursPerYear
		}
	}
}

// workIn is how much of a time that passes somebody works: of each day at most
// a working day.
func workIn(passes float64) float64 {
	days := math.Floor(passes / model.Day)
	return days*workDay + math.Min(workDay, passes-days*model.Day)
}

func (l *loader) finish() {
	assume := func(yes bool, what message.Message) {
		if yes {
			l.out.Assumed = append(l.out.Assumed, what)
		}
	}
	alarms := false
	for _, r := range l.out.Responders {
		r.PagesPerWeek = r.IncidentPagesPerWeek + r.FalsePagesPerWeek
		r.NightPagesPerWeek = night * r.PagesPerWeek
		l.out.PagesPerWeek += r.PagesPerWeek
		alarms = alarms || r.FalsePagesPerWeek > 0
		if r.People != nil && *r.People > 0 {
			each, dark := r.PagesPerWeek/float64(*r.People), r.NightPagesPerWeek/float64(*r.People)
			r.PagesPerPersonWeek, r.NightPagesPerPersonWeek = &each, &dark
		}
		assume(r.People == nil && r.PagesPerWeek > 0, message.PeopleUnknown(r.Name))
	}
	assume(l.out.PagesPerWeek > 0, message.NightShare())
	assume(alarms, message.FalseAlarms())
	assume(l.out.UnnamedPerWeek > 0, message.UnnamedHands())
	slow := false
	for _, p := range l.out.Process {
		slow = slow || p.HoursPerYear > 0
	}
	assume(slow, message.SlowsOne())
	if d := l.sc.Model.PersonDay; d != nil {
		x := (l.out.ManualHoursPerYear + l.out.ProcessHoursPerYear) * model.Hour / workDay * amountOf(*d).total()
		l.out.PeopleCostPerYear = &x
	}
}
