package simulate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// A logger writes down one year.
type logger struct {
	year    int   // of the chunk, from 0
	from    int64 // ticks
	moments []Moment
	open    int // moments from here on do not say yet who is hit after them
	hit     []Hit
	told    int // incidents
	groups  []bool
	totals  []YearTotal // by entry
	before  []int64     // outages of an entry before the year
	now     bool        // the year has begun
	over    bool
}

// mostMoments is how many lines the log of a year has at most; nobody reads as
// many.
const mostMoments = 100_000

// ErrTooBusy says that more happens in a year than can be told.
var ErrTooBusy = errors.New("so much happens in this model that no year of it can be told; what comes every few seconds is better said as background")

// logYear plays the chunk that a year lies in, up to the end of that year.
func logYear(ctx context.Context, m *model.Model, opts Options, year int) (*Timeline, error) {
	w, _, err := prepare(ctx, m, &opts, true)
	if err != nil {
		return nil, err
	}
	epochs, _ := w.epochs(opts.Years)
	if year < 1 || year > epochs*w.epochYears {
		return nil, &scenario.OptionError{Option: "year", Message: fmt.Sprintf("there is no year %d; %d are simulated, the first is 1", year, epochs*w.epochYears)}
	}
	chunk := (year - 1) / (w.chunk * w.epochYears)
	p := newPlayer(w)
	l := &logger{year: (year - 1) % (w.chunk * w.epochYears), groups: make([]bool, len(w.groups)), before: make([]int64, len(w.entries))}
	p.log = l
	if !p.play(ctx, chunk, w.epochsOf(chunk, epochs)) && !l.over {
		if p.cut {
			return nil, ErrTooBusy
		}
		return nil, ctx.Err()
	}
	slices.SortStableFunc(l.moments, func(a, b Moment) int { return cmp.Compare(a.At, b.At) })
	out := &Timeline{Seed: opts.Seed, Year: year, Moments: l.moments}
	for i, e := range w.entries {
		if e.objective != nil {
			out.Totals = append(out.Totals, l.totals[i])
		}
	}
	return out, nil
}

// begin begins the year that is logged.
func (l *logger) begin(p *player) {
	l.now, l.from = true, p.now
	l.totals = make([]YearTotal, len(p.entries))
	for i, e := range p.entries {
		l.totals[i].Service = e.model.Name
		if e.objective != nil {
			l.totals[i].Objective = e.objective.Name
		}
		l.before[i] = p.watches[i].seen.outages
	}
	var list []int32
	for _, part := range p.parts {
		list = append(list, part...)
	}
	slices.SortFunc(list, func(a, b int32) int {
		x, y := &p.live[a], &p.live[b]
		return cmp.Or(cmp.Compare(x.begin, y.begin), cmp.Compare(x.source, y.source), cmp.Compare(x.number, y.number))
	})
	for _, id := range list {
		x := &p.live[id]
		l.number(p, x)
		l.incident(p, x, "begins", message.OnSince(float64(p.now-x.begin)/p.perSecond))
	}
}

// end ends it.
func (l *logger) end(p *player) {
	for i := range p.watches {
		l.totals[i].Outages = int(p.watches[i].seen.outages - l.before[i])
	}
	l.over = true
}

// add writes down a moment that happens now.
func (l *logger) add(p *player, m Moment) {
	m.At = float64(p.now-l.from) / p.perSecond
	l.moments = append(l.moments, m)
}

// settle says of the moments that happened now who is hit after them.
func (l *logger) settle(p *player) {
	if !l.now {
		return
	}
	for k, g := range p.world.groups {
		s := &p.groups[k]
		n := 0
		for _, d := range s.down {
			if d {
				n++
			}
		}
		down := n >= g.need.Down
		if down == l.groups[k] {
			continue
		}
		l.groups[k] = down
		kind := "group-up"
		if down {
			kind = "group-down"
		}
		m := Moment{Kind: kind, Source: g.need.Title, Service: p.holder(g.need), Notes: list(message.MembersUp(len(s.down)-n, len(s.down)))}
		if !l.twice(m) {
			l.add(p, m)
		}
	}
	l.hit = l.hits(p)
	for i := l.open; i < len(l.moments); i++ {
		if l.moments[i].Services == nil {
			l.moments[i].Services = l.hit
		}
	}
	l.open = len(l.moments)
}

// twice reports whether the same was said of this moment already: a group may be
// seen by several objectives.
func (l *logger) twice(m Moment) bool {
	return slices.ContainsFunc(l.moments[l.open:], func(o Moment) bool {
		return o.Kind == m.Kind && o.Source == m.Source && o.Service == m.Service
	})
}

// hits lists the services with an objective of which some user is hit.
func (l *logger) hits(p *player) []Hit {
	var out []Hit
	for _, e := range p.entries {
		s := &p.serviceViews[e.serviceView]
		if e.objective == nil || !s.hit {
			continue
		}
		if k := slices.IndexFunc(out, func(h Hit) bool { return h.Service == e.model.Name }); k >= 0 {
			out[k].Share = math.Max(out[k].Share, s.share)
			continue
		}
		out = append(out, Hit{e.model.Name, s.share})
	}
	return out
}

// number gives an incident its number.
func (l *logger) number(p *player, x *incident) {
	if p.world.sources[x.source].Kind != scenario.ChangeSource {
		l.told++
		x.told = l.told
	}
}

func (l *logger) incident(p *player, x *incident, kind string, notes ...message.Message) {
	s := p.world.sources[x.source]
	m := Moment{Kind: kind, Source: s.Name, Title: s.Title, Made: s.Made, Service: s.Service, Incident: x.told, Notes: list(notes...)}
	if s.Kind == scenario.ChangeSource {
		m.Lasts = float64(x.steps[len(x.steps)-1].end-x.begin) / p.perSecond
	}
	l.add(p, m)
}

// list leaves out what says nothing.
func list(notes ...message.Message) []message.Message {
	return slices.DeleteFunc(notes, func(m message.Message) bool { return !m.Is() })
}

// begins writes down that an incident begins.
func (l *logger) begins(p *player, id int32) {
	x := &p.live[id]
	s := p.world.sources[x.source]
	switch {
	case !l.now:
	case s.Kind == scenario.ChangeSource:
		l.incident(p, x, "planned", message.Takes(float64(x.steps[len(x.steps)-1].end-x.begin)/p.perSecond))
	default:
		l.number(p, x)
		l.incident(p, x, "begins", message.Hits(x.steps[0].share*l.impact(p, x), p.system.Parts[s.part].Name))
	}
}

// impact is the largest share of users that any objective sees hit.
func (l *logger) impact(p *player, x *incident) float64 {
	return slices.Max(p.sources[x.source].impact)
}

// step writes down that a step of an incident ends.
func (l *logger) step(p *player, id int32) {
	x := &p.live[id]
	s := p.world.sources[x.source]
	if !l.now || x.told == 0 {
		return
	}
	at := x.steps[x.at]
	var left message.Message
	if x.at+1 < len(x.steps) && x.steps[x.at+1].share != at.share {
		left = message.HitsNow(x.steps[x.at+1].share * l.impact(p, x))
	}
	switch at.what {
	case stageStep:
		l.incident(p, x, "begins", message.NextStage(), left)
	case detectStep:
		if len(s.Incident.Detect) > 0 {
			l.incident(p, x, "detected", by(s.detection(at.which)), left)
		}
	case acknowledgeStep:
		l.incident(p, x, "acknowledged", by(s.Incident.Responders[at.which]))
	case failedStep:
		l.incident(p, x, "attempt-failed", tried(s.attempt(at.which)))
	case partStep:
		l.incident(p, x, "partly-restored", tried(s.attempt(at.which)), left)
	case endStep:
		bad, from := 0.0, x.begin
		for _, step := range x.steps {
			bad += float64(step.end-from) / p.perSecond * step.share
			from = step.end
		}
		note := message.BadTimeFor(bad*l.impact(p, x), p.system.Parts[s.part].Name)
		l.incident(p, x, "over", by(s.attempt(at.which)), note)
	}
}

// switched writes down that a wait for a switch is over.
func (l *logger) switched(p *player, need *scenario.Need, began int64) {
	m := Moment{Kind: "switched", Source: need.Title, Service: p.holder(need), Notes: list(message.Took(float64(p.now-began) / p.perSecond))}
	if l.now && !l.twice(m) {
		l.add(p, m)
	}
}

// failed writes down that a switch does not work, when an incident, −1 for none,
// took a member down.
func (l *logger) failed(p *player, need *scenario.Need, cause int32) {
	m := Moment{Kind: "switch-failed", Source: need.Title, Service: p.holder(need)}
	note := message.WaitForFailed()
	if cause >= 0 {
		x := &p.live[cause]
		name := p.world.sources[x.source].Name
		note = message.WaitFor(name)
		if x.told > 0 {
			note = message.WaitForIncident(name, x.told)
		}
	}
	m.Notes = list(note)
	if l.now && !l.twice(m) {
		l.add(p, m)
	}
}

// window writes down that a window ends.
func (l *logger) window(p *player, w *watch, missed bool) {
	e := w.of
	if !l.now || e.objective == nil {
		return
	}
	t := &l.totals[slices.Index(p.entries, e)]
	t.Windows++
	if !missed {
		return
	}
	t.Missed++
	l.add(p, Moment{
		Kind: "window-missed", Source: e.objective.Name, Title: e.result.Title, Service: e.model.Name,
		Notes:    list(message.MissedBudget(e.objective.Target.Text, e.result.WindowSay, w.bad, e.budget)),
		Services: l.was(),
	})
}

// was is who was hit before now.
func (l *logger) was() []Hit { return append([]Hit{}, l.hit...) }

// clause writes down that a clause is due, since a time that may be past.
func (l *logger) clause(p *player, w *watch, k int, at int64) {
	if !l.now || at < l.from {
		return
	}
	c := &w.of.clauses[k]
	m := Moment{
		At: float64(at-l.from) / p.perSecond, Kind: "clause", Source: w.of.model.Name, Title: model.One(c.If.S), Service: w.of.model.Name,
		Services: l.was(),
	}
	if c.known {
		m.Notes = list(message.Pays(c.pay, p.scenario.Model.Currency.S))
	}
	l.moments = append(l.moments, m)
}
