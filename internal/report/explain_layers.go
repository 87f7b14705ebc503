package report

import (
	"fmt"
	"math"
	"slices"

	"tightrope/internal/document"
	"tightrope/internal/explain"
	"tightrope/internal/model"
)

// layerSteps are in the order in which an incident meets them.
var layerSteps = []explain.Step{explain.Prevent, explain.Detect, explain.Contain, explain.Recover}

// layerTable lists layers in the order in which an incident meets them.
func layerTable(layers []explain.Layer) document.Table {
	t := document.Table{Columns: []document.Column{{Head: "layer"}, {Head: "status"}, {Head: "angle"}, {Head: "what it does"}}}
	if len(layers) == 0 {
		return t
	}
	told := map[string]bool{}
	for _, step := range layerSteps {
		t.Add(string(step), "", "", "").Cells[0].Tone = document.Strong
		if !slices.ContainsFunc(layers, func(l explain.Layer) bool { return l.Step == step && l.Stands }) {
			t.Add("– nothing stands", "", "", "").Cells[0].Tone = document.Faint
		}
		for i := range layers {
			if l := &layers[i]; l.Step == step {
				status, sign, st := layerStatus(l)
				row := t.Add(layerName(l), status, layerAngle(l), doesWhat(l, layers))
				marked(row, sign, st).Note = layerNote(l, told)
			}
		}
	}
	return t
}

// layerName is what a layer is called: its own name, or that of its net.
func layerName(l *explain.Layer) string {
	switch {
	case l.Unnamed && l.Step == explain.Detect:
		return "by some way"
	case l.Unnamed:
		return "by somebody"
	case l.Kind == explain.Detection || l.Kind == explain.Attempt:
		if l.Name != "" {
			return l.Name
		}
	}
	switch {
	case l.Net != "":
		return l.Net
	case l.Kind == explain.Impact:
		return "impact"
	case l.Kind == explain.Copies:
		return "copies of " + l.Name
	case l.Kind == explain.Stages:
		return "stages of " + l.Name
	}
	return l.Name
}

// layerStatus says in a word and a sign whether a layer stands.
func layerStatus(l *explain.Layer) (word, sign string, st document.Tone) {
	switch {
	case l.Stands && l.Net != "" && l.Status != model.InPlace:
		return "added", "✓", document.Good
	case l.Stands:
		return "stands", "✓", document.Good
	case l.Status == model.InPlace:
		return "taken away", "✗", document.Bad
	case l.Status == model.Building:
		return "building", "○", document.Faint
	case l.Status == model.Rejected:
		return "rejected", "✗", document.Faint
	}
	return string(l.Status), "○", document.Faint
}

// layerAngle is the angle of a net that prevents or contains.
func layerAngle(l *explain.Layer) string {
	switch {
	case l.Kind != explain.Prevents && l.Kind != explain.Copies && l.Kind != explain.Stages:
		return ""
	case l.Angle == "" || l.Angle == l.Net:
		return "its own"
	}
	return l.Angle
}

// better is the net that stands and sees all that a layer of its angle sees.
func better(l *explain.Layer, layers []explain.Layer) string {
	for i := range layers {
		k := &layers[i]
		if k.Kind == explain.Prevents && k.Stands && k.Counts && k.Angle == l.Angle && k.Net != l.Net {
			return k.Net
		}
	}
	return ""
}

// doesWhat says what a layer does, in few words.
func doesWhat(l *explain.Layer, layers []explain.Layer) string {
	would := func(does, do string) string {
		if l.Stands {
			return does
		}
		return "would " + do
	}
	if l.Kind == explain.Spare {
		return "the others of it go on"
	}
	if l.Kind == explain.Prevents && !l.Counts {
		if name := better(l, layers); name != "" {
			return would("stops", "stop") + " nothing beyond " + name
		}
		return would("stops", "stop") + " nothing more"
	}
	if !l.Counts {
		return would("changes", "change") + " nothing: another net sets this"
	}
	if l.Stops == nil {
		if l.Kind == explain.RidesOut {
			return "the first " + seconds(l.Time) + " are not felt"
		}
		return ""
	}
	s, band := *l.Stops, layerBand(l)
	less, more := share(math.Abs(s))+band, s < 0
	of := func(what string) string { return share(math.Abs(s)) + what + band }
	switch l.Kind {
	case explain.Prevents:
		return would("stops ", "stop ") + less
	case explain.Rhythm:
		several, _ := plural(l.Name)
		if more {
			return less + " more " + several
		}
		return less + " fewer " + several
	case explain.Detection:
		return detects(l, would)
	case explain.Attempt:
		return attempts(l, would)
	case explain.Faster:
		verb, base := "ends ", "end "
		if l.Step == explain.Detect {
			verb, base = "sees it ", "see it "
		}
		return would(verb, base) + less + laterOr(more, "sooner")
	case explain.Acknowledging:
		return l.Who + " " + would("answers ", "answer ") + less + laterOr(more, "sooner")
	case explain.Copies:
		return would("stops ", "stop ") + less + ": others go on"
	case explain.RidesOut:
		return would("spares ", "spare ") + less + ", the first " + seconds(l.Time)
	case explain.Stages:
		return would("spares ", "spare ") + of(" of lost time")
	}
	if more {
		return would("hits ", "hit ") + of(" more users")
	}
	return would("spares ", "spare ") + of(" of users")
}

func laterOr(later bool, sooner string) string {
	if later {
		return " later"
	}
	return " " + sooner
}

func detects(l *explain.Layer, would func(string, string) string) string {
	return would("sees ", "see ") + allOr(*l.Stops) + layerBand(l) + " " + after(l.Time)
}

// allOr says a share of incidents.
func allOr(p float64) string {
	if p > 1-5e-5 {
		return "all"
	}
	return chance(p)
}

func attempts(l *explain.Layer, would func(string, string) string) string {
	in := " in " + seconds(l.Time)
	switch {
	case *l.Stops <= 0:
		return would("eases", "ease") + " it" + in
	case l.Reached == nil || *l.Reached > 1-5e-5:
		return would("ends ", "end ") + allOr(*l.Stops) + layerBand(l) + in
	case *l.Stops > *l.Reached-5e-5:
		return "ends the other " + chance(*l.Stops) + in
	}
	return "ends " + chance(*l.Stops) + " more" + in
}

// layerBand is in which range what a layer stops may lie: " (30% to 60%)".
func layerBand(l *explain.Layer) string {
	if l.Low == nil || l.High == nil || *l.Low == *l.High {
		return ""
	}
	low, high := *l.Low, *l.High
	if *l.Stops < 0 {
		low, high = -high, -low
	}
	if share(low) == share(high) || low < 0 {
		return ""
	}
	return fmt.Sprintf(" (%s to %s)", share(low), share(high))
}

// layerNote is what a row of a layer has no column for; each title is told once.
func layerNote(l *explain.Layer, told map[string]bool) string {
	name, title := layerName(l), l.Title.In("en")
	if l.Net != "" && (l.Name == "" || name == l.Net) {
		title = l.NetTitle.In("en")
	}
	key := name + "\x00" + title
	if told[key] || title == l.Name {
		title = ""
	}
	told[key] = true
	parts := []string{ownTitle(title, name)}
	switch {
	case l.Unnamed && l.Step == explain.Detect:
		parts = append(parts, "written as a time: nothing says by what")
	case l.Unnamed:
		parts = append(parts, "written as a time: nothing says by whom or how")
	case l.Automatic:
		parts = append(parts, "by itself")
	case l.Kind == explain.Acknowledging: // said by what it does
	case l.Who != "":
		parts = append(parts, "by "+l.Who)
	}
	if l.Kind == explain.Detection && l.First != nil && *l.First < 1-5e-5 {
		parts = append(parts, "first in "+chance(*l.First)+" of cases")
	}
	if l.Net != "" && l.Name != "" && name != l.Net {
		parts = append(parts, "from "+l.Net)
	}
	if l.Kind == explain.Attempt && !l.Automatic && !l.Unnamed {
		parts = append(parts, l.Runbook)
	}
	if l.Drilled != nil {
		parts = append(parts, "drilled "+l.Drilled.Text)
	}
	return joined(", ", parts...)
}
