package page

import (
	"slices"

	"tightrope/internal/document"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// actions is on how many risks to act first.
const actions = 3

// gaps are what is missing in front of a risk, the worst first.
var gaps = []explain.RemarkCode{explain.NoAngle, explain.LastResort, explain.UnnamedDetection, explain.UnnamedRecovery, explain.SingleAngle, explain.NoSource}

// actOn says on which risks of a promise to act first: those that lose most, each with
// what is missing in front of it and what is proposed. It is nil where no risk reaches
// the promise.
func (b *builder) actOn(e *forecast.Entry) *document.Headline {
	h := &document.Headline{}
	var names []string
	lost := 0.0
	for _, s := range together([]*forecast.Entry{e}) {
		r := b.Risks[s.Of.Name]
		if s.Of.Kind != scenario.RiskThing || r == nil || len(names) == actions || s.PerYear <= 0 {
			continue
		}
		name := b.causeName(s)
		names = append(names, b.Say("decide.quoted", "title", name))
		lost += s.PerWindow
		h.Facts = fact(h.Facts, name, b.Say("act.lost", "lost", b.Around(s.PerYear), "often", b.Number(s.IncidentsPerYear)), b.gap(r), b.against(r))
	}
	if len(names) == 0 {
		return nil
	}
	h.Text = b.Say("act.first", "names", b.Listed(names), "share", b.Part(lost/max(e.SumMean, lost)))
	return h
}

// gap says the worst of what is missing in front of a risk.
func (b *builder) gap(r *explain.Risk) string {
	for _, code := range gaps {
		if slices.ContainsFunc(r.Remarks, func(x explain.Remark) bool { return x.Code == code && x.Risk == r.Name }) {
			return b.Say("act." + string(code))
		}
	}
	return ""
}

// against says which nets are proposed against a risk.
func (b *builder) against(r *explain.Risk) string {
	var nets []string
	for _, y := range r.Layers {
		if n := b.Model.Net(y.Net); n != nil && !y.Stands && n.Status != model.Rejected {
			if said := b.quoted([]string{y.Net})[0]; !slices.Contains(nets, said) {
				nets = append(nets, said)
			}
		}
	}
	if len(nets) == 0 {
		return b.Say("act.nothing")
	}
	return b.Say("act.proposed", "nets", b.Listed(nets))
}
