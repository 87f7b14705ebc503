package page

import (
	"fmt"
	"math"

	"tightrope/internal/decision"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
)

// turns says which inputs could change the decision, and to what.
func (b *builder) turns(e *forecast.Entry, p *decision.Promise) []string {
	if !p.Asked {
		if n := len(e.Unsure); n > 0 {
			return []string{b.Say("decide.unsure", "count", fmt.Sprint(n))}
		}
		return []string{b.Say("decide.exact")}
	}
	var lines []string
	for _, t := range p.Turns {
		if !t.Changes {
			break
		}
		would := b.Say("decide.nosuggestion")
		switch {
		case t.Suggested == nil:
		case b.beyond(e, p) && t.Suggested.Exact.Cmp(e.Objective.Target.Exact) >= 0: // it changes only what could be promised too
			would = b.Say("decide.would.still", "target", e.Objective.Target.Text, "most", t.Suggested.Text)
		default:
			would = b.Say("decide.would", "target", t.Suggested.Text)
		}
		lines = append(lines, b.Say("decide.turn", "what", b.input(&t), "known", b.Known(t.Text), "value", b.unsureValue(&t), "would", would))
		if len(lines) == 2 {
			break
		}
	}
	if len(lines) > 0 {
		return lines
	}
	if len(p.Turns) == 0 {
		return []string{b.Say("decide.exact")}
	}
	t := p.Turns[0]
	return []string{b.Say("decide.noturn", "what", b.input(&t), "known", b.Known(t.Text), "value", b.unsureValue(&t), "chance", b.Beside(t.Chance, p.Then.Confidence), "target", p.Target.Text)}
}

// measure says which input to measure next: the one that changes the promise, or else
// moves it, most; from what it is counted, and by whom.
func (b *builder) measure(e *forecast.Entry, p *decision.Promise) []string {
	if !p.Asked || len(p.Turns) == 0 {
		return nil
	}
	t := &p.Turns[0]
	key := "decide.measure"
	if t.Changes {
		key = "decide.measure.turns"
	}
	who := b.Say("decide.measure.nobody")
	if owner := b.ownerOf(t, e.Service); owner != "" {
		who = b.Say("decide.measure.who", "who", owner)
	}
	return []string{b.Say(key, "what", b.input(t)), b.how(t) + " " + who}
}

// ownerOf is who owns what an input is of, else the service that it is of, else the service
// whose promise it moves.
func (b *builder) ownerOf(t *decision.Turn, service string) string {
	var own model.Texts
	of := service
	switch t.Part {
	case "risk":
		if x := b.Model.Risk(t.Name); x != nil {
			own, of = x.Owner, x.Service.Name
		}
	case "change":
		if x := b.Model.Change(t.Name); x != nil {
			own, of = x.Owner, x.Service.Name
		}
	case "service":
		of = t.Name
	case "safety net":
		if x := b.Model.Net(t.Name); x != nil {
			own = x.Owner
		}
	}
	for _, name := range []string{of, service} {
		if s := b.Model.Service(name); !own.Is() && s != nil {
			own = s.Owner
		}
	}
	return own.In(b.Code)
}

// how says what settles an input that is not exactly known.
func (b *builder) how(t *decision.Turn) string {
	switch t.Field {
	case "chance":
		if r := b.Model.Risk(t.Name); t.Part == "risk" && r != nil && r.Per != nil {
			if c := b.Model.Change(r.Per.Name); c != nil {
				name := c.Name
				if c.Title.Is() {
					name = c.Title.In(b.Code)
				}
				return b.Say("settle.chance", "change", b.Say("decide.quoted", "title", name), "span", b.watched(c))
			}
		}
	case "rate", "stated every":
		return b.Say("settle.rate")
	case "impact", "needs impact":
		return b.Say("settle.impact")
	case "catches", "effects detects catches":
		return b.Say("settle.catches")
	case "works", "restores", "effects recovers works", "effects recovers restores":
		return b.Say("settle.works")
	case "switch works", "needs switch works":
		return b.Say("settle.switch")
	case "common cause", "needs common cause":
		return b.Say("settle.common")
	case "background", "stated availability":
		return b.Say("settle.availability")
	case "effects prevents":
		return b.Say("settle.prevents")
	}
	return b.Say("settle.other")
}

// watched is over how long a change is to be looked back at: as long as a hundred of it
// take, and no less than a month nor more than two years; and how many these are.
func (b *builder) watched(c *model.Change) string {
	const many, month = 100, model.Year / 12
	often := 0.0
	switch r := scenario.At(b.Model, b.Forecast.Standing).Change(c).Every.Is; r.Kind {
	case model.Exactly:
		often, _ = r.Exact.Float64()
	case model.Between:
		often = (r.Low + r.High) / 2
	default:
		often = r.Count / r.Span
	}
	months := math.Round(math.Min(math.Max(many/often, month), 2*model.Year) / month)
	said := say.Grouped(math.Round(months * month * often))
	if said == b.Number(months) {
		return b.Say("settle.span", "count", b.Number(months), "n", said)
	}
	return b.Say("settle.span.every", "every", b.Around(1/often), "count", b.Number(months), "n", say.Grouped(math.Round(months*month*often)))
}

// input says which number of what is not exactly known.
func (b *builder) input(t *decision.Turn) string {
	name := t.Name
	titled := func(s string) {
		if s != "" {
			name = s
		}
	}
	switch t.Part {
	case "risk":
		if x := b.Model.Risk(t.Name); x != nil {
			titled(x.Title.In(b.Code))
		}
	case "service":
		titled(b.title(t.Name))
	case "safety net":
		titled(b.netTitle(t.Name))
	case "change":
		if x := b.Model.Change(t.Name); x != nil {
			titled(x.Title.In(b.Code))
		}
	case "detection":
		if x := b.Model.Detection(t.Name); x != nil {
			titled(x.Title.In(b.Code))
		}
	case "recovery":
		if x := b.Model.Recovery(t.Name); x != nil {
			titled(x.Title.In(b.Code))
		}
	}
	field := t.Field
	if key := "field." + slug(t.Field); b.Has(key) {
		field = b.Say(key)
	}
	return b.Say("unsure.of", "field", field, "name", name)
}

// unsureValue says the end of a range, in its unit.
func (b *builder) unsureValue(t *decision.Turn) string {
	switch t.Kind {
	case model.UnsureShare:
		return b.Part(t.Value)
	case model.UnsureRate:
		return b.Say("decide.rate", "count", b.Number(t.Value*model.Year))
	case model.UnsureSigned:
		if t.Value < 0 {
			return "−" + b.Part(-t.Value)
		}
		return "+" + b.Part(t.Value)
	}
	return b.Number(t.Value)
}
