package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/sensitivity"
)

// SensitivityOptions are the Options of a report on what matters.
type SensitivityOptions struct {
	Options
	Currency string // of the model; empty: none is written
}

// inputRows is how many inputs are shown to people.
const inputRows = 15

// SensitivityText writes what matters for a terminal. It returns the error of w.
func SensitivityText(w io.Writer, r *sensitivity.Result, o SensitivityOptions) error {
	return text.Write(w, Sensitivity(r, o), o.text())
}

// SensitivityMarkdown writes what matters for a wiki. It returns the error of w.
func SensitivityMarkdown(w io.Writer, r *sensitivity.Result, o SensitivityOptions) error {
	return markdown.Write(w, Sensitivity(r, o), markdown.Options{})
}

// Sensitivity says which unsure inputs matter, and which to measure next.
func Sensitivity(r *sensitivity.Result, o SensitivityOptions) *document.Document {
	s := &sheet{}
	s.first, s.rest = mattering(r, o.Currency)
	for i := range r.Objectives {
		t := movesTable(r, i)
		s.show(movesTitle(r.Objectives[i]), "", &t)
	}
	t := decidingTable(r, o.Currency)
	s.show(decidingTitle, "", &t)
	s.tell(sensitivityBasis(r))
	return s.document()
}

// mattering is what to measure next, in a sentence, and why.
func mattering(r *sensitivity.Result, currency string) (first, rest string) {
	if len(r.Inputs) == 0 {
		return "Every number of this model is exactly known.", "Nothing unsure can move the answer; write ranges where a number is a guess."
	}
	top := r.Inputs[0]
	deciding := top.Worth != nil && *top.Worth > 0
	switch {
	case deciding:
		first = fmt.Sprintf("Measure this next: %s.", english().Message(top.What))
		rest = fmt.Sprintf("Knowing it better than %s is worth up to %s a year, because the plan hangs on it.", top.Text, amount(*top.Worth, currency))
	case top.AtLow != nil || top.AtHigh != nil:
		first = fmt.Sprintf("Measure this next: %s.", english().Message(top.What))
		rest = fmt.Sprintf("It is given as %s, and another plan is best at one of its ends.", top.Text)
	}
	most := top
	for _, in := range r.Inputs {
		if in.Most > most.Most {
			most = in
		}
	}
	if most.Most < leastMove {
		if first == "" {
			return "No unsure input moves an answer by as much as half a percentage point.", ""
		}
		return first, rest
	}
	k := 0
	for i, m := range most.Moves {
		if m.Size() > most.Moves[k].Size() {
			k = i
		}
	}
	o, m := r.Objectives[k], most.Moves[k]
	said := fmt.Sprintf("%s (%s) moves %s over %s of %s the most: met %s to %s of the time at its ends.",
		english().Message(most.What), most.Text, o.Target, windowText(o.WindowSay), o.Service, chance(math.Min(m.AtLow, m.AtHigh)), chance(math.Max(m.AtLow, m.AtHigh)))
	if first == "" {
		rest = ""
		if r.Plan != nil {
			rest = "The plan hangs on none of the inputs."
		}
		return "The " + said, rest
	}
	return first, rest + " The " + said
}

// leastMove is by how much a chance must move to be told.
const leastMove = 0.005

func movesTitle(o sensitivity.Objective) string {
	name := o.Service
	if o.Name != "" && o.Name != "available" {
		name += " (" + o.Name + ")"
	}
	said := fmt.Sprintf("What moves the chance to meet %s over %s of %s, now %s", o.Target, windowText(o.WindowSay), name, chance(o.Met))
	if o.Instead != "" {
		said += fmt.Sprintf(" (nothing moves that of %s)", o.Instead)
	}
	return said
}

// movesTable is a tornado: what the chance is with each input at its ends.
func movesTable(r *sensitivity.Result, objective int) document.Table {
	t := document.Table{Columns: []document.Column{{Head: "input"}, {Head: "as written"}, {Head: "at 5%", Right: true}, {Head: "at 95%", Right: true}, {Bars: true}}}
	inputs := slices.Clone(r.Inputs)
	slices.SortStableFunc(inputs, func(a, b sensitivity.Input) int {
		return -cmp.Compare(a.Moves[objective].Size(), b.Moves[objective].Size())
	})
	left := 0
	for i, in := range inputs {
		m := in.Moves[objective]
		if m.Size() < leastMove || i >= inputRows {
			left++
			continue
		}
		row := t.Add(english().Message(in.What), in.Text, tenths(m.AtLow), tenths(m.AtHigh), "")
		row.Cells[4].Bar = &document.Bar{Parts: []float64{m.Size() / inputs[0].Moves[objective].Size()}}
	}
	if left > 0 && len(t.Rows) > 0 {
		t.Foot = fmt.Sprintf("and %s that move it less; --format json has all", counted(left, "input", "inputs"))
	}
	return t
}

// tenths says a chance with one decimal where that means something, so that
// small moves are seen.
func tenths(p float64) string {
	if p < 0.001 || p > 0.999 {
		return chance(p)
	}
	return fmt.Sprintf("%.1f%%", 100*p)
}

const decidingTitle = "What the plan hangs on"

// decidingTable has the inputs at one of whose ends another plan is best.
func decidingTable(r *sensitivity.Result, currency string) document.Table {
	t := document.Table{Columns: []document.Column{{Head: "input"}, {Head: "as written"}, {Head: "knowing it is worth", Right: true}}}
	for _, in := range r.Inputs {
		if in.AtLow == nil && in.AtHigh == nil || len(t.Rows) >= inputRows {
			continue
		}
		worth := "–"
		if in.Worth != nil {
			worth = amount(*in.Worth, currency) + " a year"
		}
		var notes []string
		for _, c := range []struct {
			end string
			*sensitivity.Changed
		}{{"5%", in.AtLow}, {"95%", in.AtHigh}} {
			if c.Changed != nil {
				notes = append(notes, fmt.Sprintf("at its %s point (%s) %s", c.end, inputValue(in, c.Value), changedPlan(c.Changed, currency)))
			}
		}
		t.Add(english().Message(in.What), in.Text, worth).Note = strings.Join(notes, "; ")
	}
	return t
}

// changedPlan says what is done then and not today.
func changedPlan(c *sensitivity.Changed, currency string) string {
	if !c.Feasible {
		return "no plan does what is asked for"
	}
	var parts []string
	if len(c.Add) > 0 {
		parts = append(parts, "the plan adds "+listed(c.Add))
	}
	if len(c.Drop) > 0 {
		drops := "drops " + listed(c.Drop)
		if len(parts) == 0 {
			drops = "the plan " + drops
		}
		parts = append(parts, drops)
	}
	said := strings.Join(parts, " and ")
	switch {
	case c.AnnualChange > 0:
		said += ", " + amount(c.AnnualChange, currency) + " a year more"
	case c.AnnualChange < 0:
		said += ", " + amount(-c.AnnualChange, currency) + " a year less"
	}
	return said
}

// inputValue says the value of an input in the unit that it is written in.
func inputValue(in sensitivity.Input, x float64) string {
	switch in.Kind {
	case model.UnsureShare:
		return chance(x)
	case model.UnsureSigned:
		return fmt.Sprintf("%+.0f%%", 100*x)
	case model.UnsureRate:
		if x <= 0 {
			return "never"
		}
		return "every " + about(1/x)
	}
	return digits(x)
}

func sensitivityBasis(r *sensitivity.Result) []document.Fact {
	var facts []document.Fact
	if r.Plan != nil {
		nets := "no net"
		if len(r.Plan.Nets) > 0 {
			nets = listed(r.Plan.Nets)
		}
		facts = append(facts, document.Fact{Key: "plan", Lines: []string{planMode(r.Mode) + ", as things are known today: " + nets}})
	}
	if r.Unplanned.Is() {
		facts = append(facts, document.Fact{Key: "plan", Lines: []string{english().Message(r.Unplanned)}})
	}
	if len(r.Inputs) > 0 {
		facts = append(facts, document.Fact{Key: "how", Lines: []string{
			"each input at its 5th and 95th percentile, all others as unsure as they are; what knowing it is worth is the mean saving of the plan that would be best then over the one of today",
		}})
	}
	facts = append(facts, warnings(r.Warnings)...)
	if !r.Complete {
		facts = append(facts, document.Fact{Key: "stopped", Lines: []string{"before all inputs were looked at"}, Sign: "!", Tone: document.Warn})
	}
	return facts
}

func planMode(m plan.Mode) string {
	switch m {
	case plan.Spend:
		return "the best for what may be spent"
	case plan.Worth:
		return "the least total of cost and expected loss"
	}
	return "the cheapest that meets every objective"
}

// SensitivityFormat is the name and version of the JSON document.
const SensitivityFormat = "tightrope.sensitivity/1"

type (
	sensitivityDocument struct {
		Format     string                 `json:"format"`
		Objectives []sensitivityObjective `json:"objectives"`
		Plan       *[]string              `json:"plan"`
		Mode       plan.Mode              `json:"mode"`
		Inputs     []sensitivityInput     `json:"inputs"`
		Complete   bool                   `json:"complete"`
		Warnings   []jsonWarning          `json:"warnings"`
	}
	sensitivityObjective struct {
		Service        string  `json:"service"`
		Name           string  `json:"name"`
		Target         string  `json:"target"`
		MetProbability float64 `json:"met_probability"`
		MetError       float64 `json:"met_probability_error"`
	}
	sensitivityInput struct {
		Kind   string             `json:"kind"`
		Owner  *string            `json:"owner"`
		Name   string             `json:"name"`
		Key    string             `json:"key"`
		What   string             `json:"what"`
		Text   string             `json:"text"`
		File   *string            `json:"file"`
		Line   *int               `json:"line"`
		Column *int               `json:"column"`
		Low    float64            `json:"low"`
		High   float64            `json:"high"`
		Moves  []sensitivityMove  `json:"met_probability"`
		AtLow  *sensitivityChange `json:"plan_at_low"`
		AtHigh *sensitivityChange `json:"plan_at_high"`
		Worth  *float64           `json:"worth_per_year"`
	}
	sensitivityMove struct {
		AtLow     float64 `json:"at_low"`
		AtHigh    float64 `json:"at_high"`
		LowError  float64 `json:"at_low_error"`
		HighError float64 `json:"at_high_error"`
	}
	sensitivityChange struct {
		Feasible     bool     `json:"feasible"`
		Add          []string `json:"add"`
		Drop         []string `json:"drop"`
		AnnualChange float64  `json:"annual_cost_change"`
	}
)

// SensitivityJSON writes what matters for machines. It returns the error of w.
func SensitivityJSON(w io.Writer, r *sensitivity.Result) error {
	doc := sensitivityDocument{
		Format: SensitivityFormat, Mode: r.Mode, Complete: r.Complete, Warnings: jsonWarnings(r.Warnings),
		Objectives: make([]sensitivityObjective, 0, len(r.Objectives)), Inputs: make([]sensitivityInput, 0, len(r.Inputs)),
	}
	if r.Plan != nil {
		nets := list(r.Plan.Nets)
		doc.Plan = &nets
	}
	for _, o := range r.Objectives {
		doc.Objectives = append(doc.Objectives, sensitivityObjective{o.Service, o.Name, o.Target, o.Met, o.Error})
	}
	change := func(c *sensitivity.Changed) *sensitivityChange {
		if c == nil {
			return nil
		}
		return &sensitivityChange{c.Feasible, list(c.Add), list(c.Drop), c.AnnualChange}
	}
	for _, in := range r.Inputs {
		j := sensitivityInput{Kind: in.ID.Kind, Owner: known(in.ID.Owner), Name: in.ID.Name, Key: in.ID.Key, What: english().Message(in.What), Text: in.Text, Low: in.Low, High: in.High, Moves: make([]sensitivityMove, 0, len(in.Moves)),
			AtLow: change(in.AtLow), AtHigh: change(in.AtHigh), Worth: in.Worth}
		j.File, j.Line, j.Column = place(in.Pos)
		for _, m := range in.Moves {
			j.Moves = append(j.Moves, sensitivityMove(m))
		}
		doc.Inputs = append(doc.Inputs, j)
	}
	return encode(w, "sensitivity", doc)
}
