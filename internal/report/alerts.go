package report

import (
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"

	"tightrope/internal/alert"
	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
	"tightrope/internal/falsepage"
	"tightrope/internal/model"
)

// AlertsText writes what the alerts of a model's objectives see, for a terminal.
// It returns the error of w.
func AlertsText(w io.Writer, r *alert.Result, o Options) error {
	return text.Write(w, Alerts(r), o.text())
}

// AlertsMarkdown writes the same for a wiki or a pull request. It returns the error
// of w.
func AlertsMarkdown(w io.Writer, r *alert.Result) error {
	return markdown.Write(w, Alerts(r), markdown.Options{})
}

// Alerts says which risks no alert tells of, which are known last, and after how
// long each alert tells of each risk.
func Alerts(r *alert.Result) *document.Document {
	if len(r.Objectives) == 0 {
		return (&sheet{first: "No service has an objective, so no alert follows from one."}).document()
	}
	d := &document.Document{}
	for _, o := range r.Objectives {
		x := watched{o, r.Delays, r.FalsePages}
		d.Sections = append(d.Sections, x.sheet().document().Sections...)
	}
	var basis factList
	basis.say("counted with", joined(", ", "scrapes every "+precisely(r.Delays.Scrape), "evaluations every "+precisely(r.Delays.Evaluate),
		"firing after "+precisely(r.Delays.For), "a group waits "+precisely(r.Delays.Group), "a message takes "+precisely(r.Delays.Notify)))
	s := sheet{}
	s.tell(append(basis, warnings(r.Warnings)...))
	d.Sections = append(d.Sections, s.parts...)
	return d
}

// watched is an objective as it is told.
type watched struct {
	*alert.Objective
	delays alert.Delays
	most   float64 // false pages a week
}

func (x watched) name() string { return objectiveSaid(x.Service, x.Name) }

// objectiveSaid is what an objective of a service is called.
func objectiveSaid(service, objective string) string {
	if objective == "" || objective == "available" {
		return service
	}
	return fmt.Sprintf("%s (%s)", service, objective)
}

func (x watched) sheet() *sheet {
	s := &sheet{}
	s.first, s.rest = x.sentence()
	s.tell(x.facts())
	s.show(fmt.Sprintf("%s: %s over %s", x.name(), x.Target.Text, windowText(x.WindowText)), "median time until each alert tells of it", x.table())
	return s
}

// used lists the alerts that are not refused, by their place.
func (x watched) used() []int {
	var out []int
	for i := range x.Alerts {
		if x.Alerts[i].Refused == "" {
			out = append(out, i)
		}
	}
	return out
}

// sentence says which risks no alert tells of, or which is known last.
func (x watched) sentence() (first, rest string) {
	var never []string
	var slowest *alert.Risk
	for _, r := range x.Risks {
		switch {
		case r.Unseen():
			never = append(never, r.Risk.Name)
		case r.First >= 0 && (slowest == nil || *x.after(r) > *x.after(slowest)):
			slowest = r
		}
	}
	if slowest != nil {
		rest = fmt.Sprintf("Known last is %s, after %s: by then it has spent %s of the budget.", slowest.Risk.Name, about(*x.after(slowest)), share(*slowest.Seen[slowest.First].Spent))
	}
	switch {
	case len(never) > 0:
		return fmt.Sprintf("%s: no alert would ever tell of %s.", x.name(), listed(fewOf(never))), rest
	case slowest == nil:
		return x.name() + ": no risk of the model reaches its users by itself, so there is nothing for alerts to tell of.", ""
	}
	return x.name() + ": for each risk that its users feel there is an alert that tells of it.", rest
}

// fewOf is a list with its end counted, where it is long.
func fewOf(names []string) []string {
	const most = 5
	if len(names) <= most+1 {
		return names
	}
	return append(slices.Clone(names[:most]), fmt.Sprintf("%s more", grouped(float64(len(names)-most))))
}

// after is the median time until the first alert tells of a risk.
func (x watched) after(r *alert.Risk) *float64 { return r.Seen[r.First].Detect.P50 }

func (x watched) facts() []document.Fact {
	var l factList
	var set, fire, refused, hidden, missed []string
	for _, i := range x.Set {
		set = append(set, x.Alerts[i].Name)
	}
	for i := range x.Alerts {
		a := &x.Alerts[i]
		if a.Refused == "" {
			fire = append(fire, fmt.Sprintf("%s: above %s of errors in %s and in %s, %s× the pace of the budget", a.Name, ratio(a.Threshold), a.LongText, a.ShortText, pace(a.Factor)))
		} else {
			refused = append(refused, x.refusal(a))
		}
	}
	for _, r := range x.Risks {
		if !r.Alone {
			hidden = append(hidden, r.Risk.Name)
		}
		if r.Missed() {
			missed = append(missed, r.Risk.Name)
		}
	}
	if len(set) > 0 {
		l.say("enough", fmt.Sprintf("%s tells of all that any alert tells of", listed(set)))
	}
	if len(missed) > 0 {
		l.say("not always", fmt.Sprintf("of %s it is not exactly known how many users are hit; where they are few, no alert tells of it", listed(fewOf(missed))))
	}
	l.say("alerts", fire...)
	if noise := x.noise(); len(noise) > 0 {
		l.say("false pages", noise...)
	}
	if len(refused) > 0 {
		l.say("refused", refused...)
	}
	if len(hidden) > 0 {
		l.say("not felt", "by itself no user feels "+listed(fewOf(hidden)))
	}
	if x.SLI == nil {
		l.say("indicator", "none is written, so no rules can be: write sli: {errors: PROMQL, total: PROMQL} under the objective")
	}
	return l
}

// noise says how often alerts ring for nothing, where traffic is written.
func (x watched) noise() []string {
	if x.Traffic == nil {
		return nil
	}
	if x.BackgroundIs == nil {
		return []string{"none is known: no background is written, so that nothing rings for nothing; write background: SHARE under the service"}
	}
	mean := ""
	if x.Traffic.Kind != model.Exactly || x.BackgroundIs.Kind != model.Exactly {
		mean = ", the mean of what is not exactly known"
	}
	out := []string{fmt.Sprintf("with %s events a second of which %s always fail%s", digits(x.PerSecond), percent(x.Background), mean)}
	for i := range x.Alerts {
		a, n := &x.Alerts[i], &x.Noise[i]
		switch n.Unknown {
		case "":
			out = append(out, a.Name+": "+x.rings(n))
		case alert.Windows:
			out = append(out, a.Name+": not worked out, as its windows are no whole numbers of scrapes, or hold too many events")
		case alert.TooMany:
			out = append(out, a.Name+": not worked out, as too many alerts are asked about; ask with --service about fewer")
		}
	}
	return out
}

// rings says how often an alert rings for nothing, and what to do where that is too often.
func (x watched) rings(n *alert.Noise) string {
	if x.Background == 0 {
		return "never (exact)"
	}
	said := aWeek(n.PerWeek)
	if !n.TooOften {
		return said
	}
	said += ", more than " + digits(x.most)
	var instead []string
	for _, c := range n.Changes {
		p := c.Rule.Pairs[0]
		does := ""
		switch c.Kind {
		case falsepage.LongerWindows:
			does = fmt.Sprintf("with windows of %s and %s", about(p.Long), about(p.Short))
		case falsepage.AtLeastFailed:
			does = fmt.Sprintf("from %s failed events on", grouped(float64(p.MinFailed)))
		case falsepage.LowerTarget:
			does = "for a target of " + ratio(c.Rule.Target)
		}
		instead = append(instead, fmt.Sprintf("%s %s", does, aWeek(c.PerWeek)))
	}
	if len(instead) > 0 {
		return said + "; " + joined(", ", instead...)
	}
	if n.Cut {
		return said + "; no change was found in the work that one alert has"
	}
	return said + "; neither longer windows, nor a count of failed events, nor a lower target helps"
}

// aWeek says how often a week, with its error and how it was found.
func aWeek(f falsepage.Figure) string {
	const few = 0.001 // are none, to people
	most := f.Value + f.Error
	switch {
	case most < few:
		return fmt.Sprintf("below %v a week (%s)", few, foundAs(f.How))
	case f.Value <= f.Error:
		return fmt.Sprintf("at most %s a week (%s)", digits(most), foundAs(f.How))
	case digits(f.Value-f.Error) == digits(most):
		return fmt.Sprintf("%s a week (%s)", digits(f.Value), foundAs(f.How))
	}
	return fmt.Sprintf("%s ± %s a week (%s)", digits(f.Value), fewer(f.Error), foundAs(f.How))
}

// fewer says an error, which may be smaller than people ask for.
func fewer(v float64) string {
	if v < 0.01 {
		return strconv.FormatFloat(v, 'g', 1, 64)
	}
	return digits(v)
}

func (x watched) refusal(a *alert.Alert) string {
	switch a.Refused {
	case alert.Unreachable:
		return fmt.Sprintf("%s can never fire: %s%% of the budget in %s are %s of errors; it could with a window of more than %s, or with a target above %s",
			a.Name, alert.Text(new(big.Rat).Mul(a.Share, big.NewRat(100, 1))), a.LongText, ratio(a.Threshold), about(float(a.InsteadLong)), ratio(a.InsteadTarget))
	case alert.TooLong:
		return fmt.Sprintf("%s looks at more time than the objective, %s", a.Name, windowText(x.WindowText))
	}
	return fmt.Sprintf("%s would fire all the time: it does above %s of errors, and %s are always there", a.Name, ratio(a.Threshold), percent(x.Background))
}

// table has a row for each risk, and a column for each alert.
func (x watched) table() *document.Table {
	t := &document.Table{Columns: document.Columns("risk", ">errors")}
	used := x.used()
	for _, i := range used {
		t.Columns = append(t.Columns, document.Column{Head: x.Alerts[i].Name, Right: true})
	}
	t.Columns = append(t.Columns, document.Column{Head: "budget", Right: true})
	for _, r := range x.Risks {
		cells := []string{r.Risk.Name, share(r.Ratio)}
		for _, i := range used {
			cell := "never"
			if p := r.Seen[i].Detect.P50; p != nil {
				cell = about(*p)
			}
			cells = append(cells, cell)
		}
		spent, sign, tone := "–", "✓", document.Good
		switch {
		case r.Missed():
			spent, sign, tone = share(*r.Seen[r.First].Spent), "!", document.Warn
		case r.First >= 0:
			spent = share(*r.Seen[r.First].Spent)
		case r.Unseen():
			sign, tone = "✗", document.Bad
		default:
			sign, tone = "·", document.Faint
		}
		marked(t.Add(append(cells, spent)...), sign, tone)
	}
	t.Foot = "budget: what one incident has spent when the first alert tells of it"
	return t
}

// ratio says a share that follows from the model exactly, in percent.
func ratio(r *big.Rat) string {
	p := new(big.Rat).Mul(r, big.NewRat(100, 1))
	if n, exact := p.FloatPrec(); exact && n <= 4 {
		return p.FloatString(n) + "%"
	}
	return trimZeros(100*float(r), 4) + "%"
}

// pace says how many times faster than evenly the budget is spent.
func pace(r *big.Rat) string {
	if n, exact := r.FloatPrec(); exact && n <= 4 {
		return r.FloatString(n)
	}
	return digits(float(r))
}

func float(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}
