package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/safetext"
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
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	t := &text{newPage(o.Options)}
	first, rest := mattering(r, o.Currency)
	t.emphasised(first, rest)
	for i := range r.Objectives {
		if rows := movesTable(r, i); len(rows.rows) > 0 {
			t.line()
			t.paragraph(bold, margin, movesTitle(r.Objectives[i]))
			rows.write(t.page, margin)
		}
	}
	if rows := decidingTable(r, o.Currency); len(rows.rows) > 0 {
		t.line()
		t.line(margin, t.paint(bold, decidingTitle))
		rows.write(t.page, margin)
	}
	if facts := sensitivityBasis(r); len(facts) > 0 {
		t.line()
		t.facts(margin, facts)
	}
	return t.to(w)
}

// SensitivityMarkdown writes what matters for a wiki. It returns the error of w.
func SensitivityMarkdown(w io.Writer, r *sensitivity.Result, o SensitivityOptions) error {
	var m markdown
	first, rest := mattering(r, o.Currency)
	m.block(strings.TrimSpace("**" + escape(first) + "** " + escape(rest)))
	for i := range r.Objectives {
		if rows := movesTable(r, i); len(rows.rows) > 0 {
			m.block(escape(movesTitle(r.Objectives[i])) + ":")
			m.table(rows)
		}
	}
	if rows := decidingTable(r, o.Currency); len(rows.rows) > 0 {
		m.block(decidingTitle + ":")
		m.table(rows)
	}
	if facts := sensitivityBasis(r); len(facts) > 0 {
		m.facts(facts)
	}
	_, err := w.Write(m.Bytes())
	return err
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
	said := fmt.Sprintf("%s (%s) moves %s over %s of %s the most: kept %s to %s of the time at its ends.",
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
	said := fmt.Sprintf("What moves the chance to keep %s over %s of %s, now %s", o.Target, windowText(o.WindowSay), name, chance(o.Met))
	if o.Instead != "" {
		said += fmt.Sprintf(" (nothing moves that of %s)", o.Instead)
	}
	return said
}

// movesTable is a tornado: what the chance is with each input at its ends.
func movesTable(r *sensitivity.Result, objective int) table {
	t := table{columns: []column{{head: "input"}, {head: "as written"}, {head: "at 5%", right: true}, {head: "at 95%", right: true}, {}}}
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
		t.add(english().Message(in.What), in.Text, tenths(m.AtLow), tenths(m.AtHigh), span(m, inputs[0].Moves[objective].Size()))
	}
	if left > 0 && len(t.rows) > 0 {
		t.foot = fmt.Sprintf("and %s that move it less; --format json has all", counted(left, "input", "inputs"))
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

// span draws how far a chance moves, of the farthest.
func span(m sensitivity.Move, most float64) string {
	return strings.Repeat("█", max(1, int(math.Round(12*m.Size()/most))))
}

const decidingTitle = "What the plan hangs on"

// decidingTable has the inputs at one of whose ends another plan is best.
func decidingTable(r *sensitivity.Result, currency string) table {
	t := table{columns: []column{{head: "input"}, {head: "as written"}, {head: "knowing it is worth", right: true}}}
	for _, in := range r.Inputs {
		if in.AtLow == nil && in.AtHigh == nil || len(t.rows) >= inputRows {
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
		t.add(english().Message(in.What), in.Text, worth).note = strings.Join(notes, "; ")
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

// amount is money with the digits that are meant.
func amount(v float64, currency string) string {
	said := digits(math.Abs(v))
	if v < 0 && said != "0" {
		said = "-" + said
	}
	if currency == "" {
		return said
	}
	return said + " " + currency
}

func sensitivityBasis(r *sensitivity.Result) []fact {
	var facts []fact
	if r.Plan != nil {
		nets := "no net"
		if len(r.Plan.Nets) > 0 {
			nets = listed(r.Plan.Nets)
		}
		facts = append(facts, fact{key: "plan", lines: []string{planMode(r.Mode) + ", as things are known today: " + nets}})
	}
	if r.Unplanned.Is() {
		facts = append(facts, fact{key: "plan", lines: []string{english().Message(r.Unplanned)}})
	}
	if len(r.Inputs) > 0 {
		facts = append(facts, fact{key: "how", lines: []string{
			"each input at its 5th and 95th percentile, all others as unsure as they are; what knowing it is worth is the mean saving of the plan that would be best then over the one of today",
		}})
	}
	facts = append(facts, warnings(r.Warnings)...)
	if !r.Complete {
		facts = append(facts, fact{key: "stopped", lines: []string{"before all inputs were looked at"}, sign: "!", style: amber})
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
	return "the cheapest that keeps every objective"
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
	}
	sensitivityInput struct {
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
		AtLow  float64 `json:"at_low"`
		AtHigh float64 `json:"at_high"`
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
		doc.Objectives = append(doc.Objectives, sensitivityObjective{o.Service, o.Name, o.Target, o.Met})
	}
	change := func(c *sensitivity.Changed) *sensitivityChange {
		if c == nil {
			return nil
		}
		return &sensitivityChange{c.Feasible, list(c.Add), list(c.Drop), c.AnnualChange}
	}
	for _, in := range r.Inputs {
		j := sensitivityInput{What: english().Message(in.What), Text: in.Text, Low: in.Low, High: in.High, Moves: make([]sensitivityMove, 0, len(in.Moves)),
			AtLow: change(in.AtLow), AtHigh: change(in.AtHigh), Worth: in.Worth}
		j.File, j.Line, j.Column = place(in.Pos)
		for _, m := range in.Moves {
			j.Moves = append(j.Moves, sensitivityMove(m))
		}
		doc.Inputs = append(doc.Inputs, j)
	}
	enc := json.NewEncoder(safetext.JSON(w))
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("writing the sensitivity as JSON: %w", err)
	}
	return nil
}
