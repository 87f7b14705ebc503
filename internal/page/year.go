package page

import (
	"fmt"

	"tightrope/internal/chart"
	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/say"
	"tightrope/internal/simulate"
)

const year = model.Year

// year draws one of the years that were played.
func (b *builder) year(id string, e *forecast.Entry) *document.Section {
	if b.Year == nil || say.Unknown(e) {
		return nil
	}
	s := &document.Section{ID: id + "-year", Title: b.Say("year.title"), Lead: b.Say("year.lead", "of", fmt.Sprint(b.YearOf))}
	outages := b.outagesOf(b.Year, e.Service)
	var events []chart.Event
	bad, count, planned := 0.0, 0, 0
	worst := chart.Event{}
	for _, o := range outages {
		v := chart.Event{At: o.at, Bad: o.bad, Name: o.name, Planned: o.planned}
		events = append(events, v)
		if o.planned {
			planned++
			continue
		}
		count++
		bad += o.bad
		if v.Bad > worst.Bad {
			worst = v
		}
	}
	c := b.CadenceOf(e)
	for _, m := range b.Year.Moments {
		if m.Kind == "window-missed" && m.Service == e.Service && m.Source == e.Objective.Name {
			events = append(events, chart.Event{At: m.At, Name: b.Promise(e, e.Objective.Target.Text), Missed: true})
		}
	}
	if len(events) == 0 {
		s.Blocks = append(s.Blocks, document.Block{Text: b.Say("year.nothing")})
	} else {
		f := b.frame(id+"-year-c", b.Say("year.picture", "name", b.label(e)),
			b.Say("year.desc", "incidents", fmt.Sprint(count), "bad", b.Around(bad), "worst", worst.Name, "most", b.Around(worst.Bad), "planned", fmt.Sprint(planned)))
		var steps []string
		for i := range 12 {
			steps = append(steps, fmt.Sprint(i+1))
		}
		s.Blocks = append(s.Blocks, document.Block{Figure: b.both(f, func(f chart.Frame) chart.Picture {
			return chart.Strip{
				Frame: f, Length: year, Steps: steps, Y: chart.Axis{Label: b.Say("year.y"), Say: b.Around, Time: true}, Events: events, Label: b.Say("year.month"),
				Incident: b.Say("year.incident"), Planned: b.Say("year.planned"), Missed: b.Say("year.missed"),
				When:  func(at float64) string { return b.Say("year.day", "day", dayOf(at)) },
				Heads: [3]string{b.Say("year.when"), b.Say("year.what"), b.Say("year.bad")},
			}.Draw()
		})})
	}
	for _, t := range b.Year.Totals {
		if t.Service == e.Service && t.Objective == e.Objective.Name {
			key := "year.total"
			if t.Windows == 1 {
				key = map[bool]string{true: "year.total.kept", false: "year.total.missed"}[t.Missed == 0]
			}
			s.Blocks = append(s.Blocks, document.Block{Text: b.Say(key, "name", b.label(e), "bad", b.Around(t.Bad), "outages", fmt.Sprint(t.Outages),
				"missed", fmt.Sprint(t.Missed), "windows", fmt.Sprint(t.Windows), "unit", c.Unit(t.Windows))})
		}
	}
	if x := b.played(e); x != nil && x.MissYear != nil {
		chance := b.Likely(x.MissYear.Value)
		switch x.MissYear.Value {
		case 0:
			chance = "0%"
		case 1:
			chance = "100%"
		}
		s.Blocks = append(s.Blocks, document.Block{Text: b.Say("year.seen", "years", say.Grouped(float64(b.Played.Years)), "chance", chance, "one", c.One(),
			"p50", b.Around(x.Longest.P50), "p95", b.Around(x.Longest.P95))})
	}
	return s
}

// played is what the simulation saw of a promise.
func (b *builder) played(e *forecast.Entry) *simulate.Entry {
	if b.Played == nil {
		return nil
	}
	for _, x := range b.Played.Entries {
		if x.Service == e.Service && x.Objective != nil && x.Objective.Name == e.Objective.Name {
			return x
		}
	}
	return nil
}

// An outage is a time in a row in which users of a service are hit.
type outage struct {
	at, bad float64
	name    string
	planned bool
}

// outagesOf follows who is hit through the moments of a year. How long planned
// work is felt it says itself: the log has no moment for its end.
func (b *builder) outagesOf(t *simulate.Timeline, service string) []outage {
	var out []outage
	var now *outage
	last, share := 0.0, 0.0
	for _, m := range t.Moments {
		if now != nil {
			now.bad += share * (m.At - last)
		}
		last = m.At
		hit := 0.0
		for _, h := range m.Services {
			if h.Service == service {
				hit = h.Share
			}
		}
		title := b.Titled(m.Title, m.Made)
		if title == "" {
			title = m.Source
		}
		switch {
		case m.Kind == "window-missed" || m.Kind == "clause":
			continue
		case m.Kind == "planned":
			if now == nil && hit > 0 {
				out = append(out, outage{at: m.At, bad: hit * m.Lasts, name: title, planned: true})
			}
			continue
		case hit > 0 && now == nil:
			now = &outage{at: m.At, name: title}
		}
		share = hit
		if hit == 0 && now != nil {
			out = append(out, *now)
			now = nil
		}
	}
	if now != nil {
		now.bad += share * (year - last)
		out = append(out, *now)
	}
	return out
}
