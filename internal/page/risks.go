package page

import (
	"fmt"
	"math"
	"slices"

	"tightrope/internal/chart"
	"tightrope/internal/document"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// drawnRisks is how many risks a picture shows.
const drawnRisks = 24

// together are the sources of some entries, each once, most lost time first.
func together(entries []*forecast.Entry) []*forecast.Source {
	most := map[scenario.ID]*forecast.Source{}
	var out []*forecast.Source
	for _, e := range entries {
		for _, x := range e.Sources {
			if x.Kind != forecast.RiskSource {
				continue
			}
			old := most[x.Of]
			switch {
			case old == nil:
				out = append(out, x)
				most[x.Of] = x
			case x.PerYear > old.PerYear:
				out[slices.Index(out, old)] = x
				most[x.Of] = x
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *forecast.Source) int {
		switch {
		case a.PerYear > b.PerYear:
			return -1
		case a.PerYear < b.PerYear:
			return 1
		}
		return 0
	})
	return out
}

// stepOrder is in which order an incident meets the steps.
var stepOrder = []explain.Step{explain.Prevent, explain.Detect, explain.Contain, explain.Recover}

// risks draws what stands in front of the risks that reach some services.
func (b *builder) risks(id, name string, entries ...*forecast.Entry) *document.Section {
	s := &document.Section{ID: id + "-risks", Title: b.Say("risks.title"), Lead: b.Say("risks.lead")}
	rows, met := []chart.LayerRow(nil), []*explain.Risk(nil)
	for _, x := range together(entries) {
		if x.Of.Kind != scenario.RiskThing || len(rows) == drawnRisks {
			continue
		}
		r := b.Risks[x.Of.Name]
		if r == nil || slices.Contains(met, r) {
			continue
		}
		met = append(met, r)
		rows = append(rows, b.row(r))
	}
	if len(rows) == 0 {
		return nil
	}
	gap := b.Say("risks.nogap")
	var bare []string
	for _, r := range met {
		if !slices.ContainsFunc(r.Layers, func(y explain.Layer) bool { return y.Step == explain.Prevent && y.Stands }) {
			bare = append(bare, b.Called(r.Title, r.Name))
		}
	}
	if len(bare) > 0 {
		gap = b.Say("risks.gap", "names", b.Listed(bare))
	}
	f := b.frame(id+"-risks-c", b.Say("risks.picture", "name", name), b.Say("risks.desc", "gaps", gap))
	var steps []string
	for _, step := range stepOrder {
		steps = append(steps, b.Say("risks."+string(step)))
	}
	draw := func(f chart.Frame) chart.Picture {
		return chart.Layers{
			Frame: f, Steps: steps, Rows: rows, End: b.Say("risks.end"), Stands: b.Say("risks.stands"), Could: b.Say("risks.could"), Missing: b.Say("risks.missing"),
			Name: b.Say("risks.risk"), Layer: b.Say("risks.layer"), Stops: b.Say("risks.stops"), Status: b.Say("risks.status"), Step: b.Say("risks.step"),
		}.Draw()
	}
	s.Blocks = append(s.Blocks, document.Block{Figure: b.both(f, draw)})
	var remarks, accepted []string
	for _, r := range met {
		for _, x := range r.Remarks {
			remarks = append(remarks, b.Say("remark."+string(x.Code), "risk", b.RiskName(x.Risk), "names", b.Listed(b.concerns(r, x)), "date", b.Date(x.Date)))
		}
		if a := r.Accepted; a != nil {
			since, until, because := "", "", ""
			if a.Since != nil {
				since = b.Say("risks.since", "date", b.Date(a.Since))
			}
			if a.Until != nil {
				until = b.Say("risks.until", "date", b.Date(a.Until))
			}
			if a.Because.Is() {
				because = b.Say("risks.because", "why", a.Because.In(b.Code))
			}
			accepted = append(accepted, b.Say("risks.by", "risk", b.Called(r.Title, r.Name), "by", a.By.In(b.Code), "since", since, "until", until, "because", because))
		}
	}
	if len(remarks) > 0 {
		s.Sections = append(s.Sections, document.Section{Title: b.Say("risks.remarks"), Blocks: []document.Block{{List: remarks}}})
	}
	if len(accepted) > 0 {
		s.Sections = append(s.Sections, document.Section{Title: b.Say("risks.accepted"), Blocks: []document.Block{{List: accepted}}})
	}
	return s
}

func (b *builder) row(r *explain.Risk) chart.LayerRow {
	end := b.Say("risks.often", "count", b.Number(r.IncidentsPerYear))
	if r.IncidentsPerYear > 0 && r.IncidentsPerYear < 0.7 {
		end = b.Say("risks.oncein", "years", b.Around(year/r.IncidentsPerYear))
	}
	row := chart.LayerRow{Name: b.Called(r.Title, r.Name), End: end}
	if title := r.Title.In(b.Code); title != row.Name {
		row.Note = title
	}
	for _, y := range r.Layers {
		slat := chart.Slat{Step: slices.Index(stepOrder, y.Step), Name: b.layerName(y), Stands: y.Stands, Stops: math.NaN(), Says: b.Say("risks.unknown"), Status: b.Say("risks.in")}
		if y.Status != "" {
			slat.Status = b.Say("net." + string(y.Status))
		}
		if y.Stops != nil {
			slat.Stops = *y.Stops
			slat.Says = b.Say("risks.stop", "share", b.Part(math.Abs(*y.Stops)), "what", b.Say("of."+string(y.Of)))
			if *y.Stops < 0 {
				slat.Says = b.Say("risks.worse", "share", b.Part(-*y.Stops))
			}
		}
		row.Layers = append(row.Layers, slat)
	}
	return row
}

func (b *builder) layerName(y explain.Layer) string {
	time := ""
	if y.Time != nil {
		time = b.Around(*y.Time)
	}
	name := y.Name
	if y.Title.Is() {
		name = y.Title.In(b.Code)
	}
	if y.To != "" && b.Code != "en" {
		name = b.ServiceName(y.From) + " → " + b.ServiceName(y.To)
	}
	key := "layer." + string(y.Kind)
	switch {
	case y.Unnamed && y.Kind == explain.Detection:
		key = "layer.unnamed"
	case y.Unnamed && y.Kind == explain.Attempt:
		key = "layer.ended"
	}
	said := b.Say(key, "name", name, "time", time)
	if (y.Kind == explain.Detection || y.Kind == explain.Attempt) && y.Name != "" {
		said = b.Say("net.for", "net", name, "what", said)
	}
	if y.Net != "" {
		said = b.Say("net.for", "net", y.NetTitle.In(b.Code), "what", said)
	}
	switch {
	case y.Counts:
	case y.Kind == explain.Prevents:
		said = b.Say("risks.same", "name", said)
	default:
		said = b.Say("risks.overruled", "name", said)
	}
	return said
}

// concerns names what a remark of a risk is about: a detection, nets, or angles.
// Where no net names an angle it is copies or stages that stand.
func (b *builder) concerns(r *explain.Risk, x explain.Remark) []string {
	var out []string
	for _, name := range x.Names {
		own := slices.ContainsFunc(b.Model.Nets, func(n *model.Net) bool { return n.Name == name || n.Angle == name })
		switch {
		case x.Code == explain.LastResort:
			name = b.DetectionName(name)
		case own && b.Model.Net(name) != nil:
			name = b.NetName(name)
		case own && b.Code != "en": // an angle has no title; what is at it has
			for _, y := range r.Layers {
				if y.Step == explain.Prevent && y.Stands && y.Angle == name && y.Net != "" {
					out = append(out, b.Called(y.NetTitle, y.Net))
				}
			}
			continue
		case own:
		case name == string(explain.Copies):
			name = b.Say("angle.copies")
		case name == string(explain.Stages):
			name = b.Say("angle.stages")
		}
		out = append(out, name)
	}
	return out
}

func dayOf(seconds float64) string { return fmt.Sprint(1 + int(seconds/86400)) }
