package page

import (
	"fmt"
	"math"
	"strings"

	"tightrope/internal/chart"
	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/say"
)

// drawnSources is how many sources a picture shows one by one.
const drawnSources = 12

// why ranks what spends the budget.
func (b *builder) why(id string, e *forecast.Entry) *document.Section {
	s := &document.Section{ID: id + "-why", Title: b.Say("why.title"), Lead: b.Losing(e, b.causeName)}
	causes := b.tables().Causes(e, drawnSources)
	if len(causes.Shown) == 0 || e.Unsolved { // what is lost to groups is missing
		return nil
	}
	// One base for sentence, picture and table: all lost time. Of a budget it would be
	// that of a promise which may not be the one to make.
	window := b.window(e)
	first := causes.Shown[0]
	share := b.Say("why.oflost", "share", b.Part(first.Source.PerWindow/math.Max(e.SumMean, math.SmallestNonzeroFloat64)))
	f := b.frame(id+"-why-c", b.Say("why.picture", "name", b.label(e)),
		b.Say("why.desc", "first", first.Name, "bad", b.Around(first.Source.PerWindow), "window", window, "share", share))
	figure := b.always(f, func(f chart.Frame) chart.Picture { return b.tables().CausesPicture(e, causes, f, window) })
	s.Blocks = append(s.Blocks, document.Block{Figure: figure}, document.Block{Text: b.Say("why.note", "window", window)})
	return s
}

// shared says whose lost time it is, and what removing each risk saves.
func (b *builder) shared(id string, e *forecast.Entry) *document.Section {
	if say.Open(e) {
		return nil
	}
	t := b.tables().Shares(b.Shares[e.Service])
	if t == nil {
		return nil
	}
	return &document.Section{ID: id + "-shares", Title: b.Say("shares.title"), Blocks: []document.Block{{Table: t}}}
}

// much is the distribution of lost time, and what could be promised.
func (b *builder) much(id string, e *forecast.Entry) *document.Section {
	if say.Open(e) || len(e.CDF) == 0 {
		return nil
	}
	s := &document.Section{ID: id + "-much", Title: b.Say("much.title")}
	budget, _ := e.Objective.Budget.Float64()
	c := b.CadenceOf(e)
	q := (1 - e.Achievable) * e.Window
	window := b.window(e)
	confidence := say.Percent(e.Confidence)
	met := b.Beside(e.Met.Value, e.Confidence)
	none := b.Likely(e.None)
	if e.None == 0 {
		none = "0%"
	}
	var points []chart.Point
	for _, p := range e.CDF {
		points = append(points, chart.Point{X: p.Bad, P: p.P})
	}
	f := b.frame(id+"-much-c", b.Say("much.picture", "name", b.label(e), "window", window),
		b.Say("much.desc", "none", none, "budget", b.Exact(budget), "met", met, "confidence", confidence, "many", c.Many(), "quantile", b.Around(q)))
	s.Blocks = append(s.Blocks, document.Block{Figure: b.always(f, func(f chart.Frame) chart.Picture {
		return chart.Distribution{
			Frame: f, X: chart.Axis{Label: b.Say("much.x", "window", window), Say: b.Around, Time: true},
			Y: chart.Axis{Label: b.Say("much.y", "many", c.Many()), Say: percent}, Points: points,
			Limit: budget, LimitSays: b.Say("much.limit", "budget", b.Exact(budget)), Met: e.Met.Value, MetSays: met,
			Quantile: q, Confidence: e.Confidence, QuantileSays: b.Say("much.quantile", "confidence", confidence, "many", c.Many(), "quantile", b.Around(q)),
			Kept: b.Say("much.kept"), Missed: b.Say("much.missed"), Heads: [2]string{b.Say("much.atmost"), b.Say("much.share", "many", c.Many())},
		}.Draw()
	})})
	var facts []document.Fact
	facts = fact(facts, b.Say("much.f.achievable"), b.Could(e))
	facts = fact(facts, b.Say("much.f.bad"), b.BadTime(e))
	facts = fact(facts, b.Say("much.f.room"), b.Room(e)...)
	facts = fact(facts, b.Say("much.f.error"), b.Precision(e)...)
	facts = fact(facts, b.Say("much.f.corrected"), b.Corrected(e))
	s.Add(document.Block{Facts: facts})
	s.Add(table(b.tables().Compare(e))...)
	return s
}

// percent writes a share on an axis.
func percent(p float64) string {
	if p > 0.9995 && p < 1 {
		return ">99.9%"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", 100*p), ".0") + "%"
}

// anatomy shows how the time of one incident passes.
func (b *builder) anatomy(id string, entries ...*forecast.Entry) *document.Section {
	var rows []chart.Bar
	first, whole := "", ""
	for _, x := range together(entries) {
		all := x.Detect + x.Acknowledge + x.Recover
		if x.Kind != forecast.RiskSource || all <= 0 || len(rows) == drawnSources {
			continue
		}
		if first == "" {
			first, whole = b.SourceName(x), b.Around(all)
		}
		rows = append(rows, chart.Bar{Name: b.SourceName(x), Note: "", Parts: []float64{x.Detect, x.Acknowledge, x.Recover}, Value: b.Say("anatomy.whole", "whole", b.Around(all))})
	}
	if len(rows) == 0 {
		return nil
	}
	s := &document.Section{ID: id + "-anatomy", Title: b.Say("anatomy.title"), Lead: b.Say("anatomy.lead")}
	f := b.frame(id+"-anatomy-c", b.Say("anatomy.picture"), b.Say("anatomy.desc", "first", first, "whole", whole))
	s.Blocks = append(s.Blocks, document.Block{Figure: b.both(f, func(f chart.Frame) chart.Picture {
		return chart.Bars{
			Frame: f, X: chart.Axis{Label: b.Say("anatomy.axis"), Say: b.Around, Time: true}, Whole: true, Rows: rows,
			Parts: []string{b.Say("why.detect"), b.Say("why.acknowledge"), b.Say("why.recover")}, Name: b.Say("anatomy.risk"), Value: b.Say("anatomy.length"),
		}.Draw()
	})})
	return s
}
