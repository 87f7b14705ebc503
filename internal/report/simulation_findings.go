package report

import (
	"fmt"
	"math"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/say"
	"tightrope/internal/simulate"
)

// countedTwice is the part of the lost time of a sum above which it matters that
// a sum counts what overlaps twice.
const countedTwice = 0.01

// simulatedLabel is what an entry is called: the service, and the objective
// where it is not the usual one.
func simulatedLabel(e *simulate.Entry) string {
	if e.Objective == nil || e.Objective.Name == "" || e.Objective.Name == "available" {
		return e.Service
	}
	return fmt.Sprintf("%s (%s)", e.Service, e.Objective.Name)
}

func cadenceOfEntry(e *simulate.Entry) say.Cadence { return cadenceOf(e.Window, e.WindowSay) }

func promiseOf(e *simulate.Entry) string {
	return e.Objective.TargetText + " over " + windowText(e.WindowSay)
}

// headline is the verdict as a person would repeat it, and what follows it.
func (s *simulation) headline(e *simulate.Entry) (verdict, more string) {
	name := simulatedLabel(e) + ": "
	switch {
	case s.unknown(e) && e.Objective == nil:
		return name + "nothing is listed that could go wrong, so how bad it gets is unknown.", ""
	case s.unknown(e):
		return fmt.Sprintf("%snothing is listed that could go wrong, so whether %s can be met is unknown.", name, promiseOf(e)), ""
	case e.Windows == 0:
		return fmt.Sprintf("%sno window of %s fits into %s; ask for more --years.", name, windowText(e.WindowSay), counted(s.Years, "simulated year", "simulated years")), ""
	case e.Worst == 0:
		verdict = "there was no lost time at all"
	case e.Objective == nil:
		return fmt.Sprintf("%s%s there was %s of lost time in %s on average.", name, s.years(), lasting(e.Bad), windowText(e.WindowSay)), ""
	default:
		verdict = promiseOf(e) + " was " + missed(e) + anyInYear(e)
		more = s.spentOf(e)
	}
	return name + s.years() + " " + verdict + ".", more
}

// missed says how often an objective was missed: "missed about 2 years in 10
// (17.8% to 18.3%)".
func missed(e *simulate.Entry) string {
	c, p := cadenceOfEntry(e), e.Miss.Value
	switch {
	case p <= 0:
		return "never missed" + bounded(e, "", e.Miss.High)
	case p >= 1:
		return "missed in every window" + bounded(e, "met ", 1-e.Miss.Low)
	case c.Countable(p):
		return fmt.Sprintf("missed about %s (%s)", c.OutOf(c.Count(p)), interval(*e.Miss))
	case p < 0.5:
		return fmt.Sprintf("missed %s (%s)", c.Once(p), interval(*e.Miss))
	}
	return fmt.Sprintf("hardly ever met: %s (missed %s)", c.Once(1-p), interval(*e.Miss))
}

// missedCell says missed in a table, which says the window elsewhere.
func missedCell(e *simulate.Entry) string {
	c, p := cadenceOfEntry(e), e.Miss.Value
	switch {
	case p <= 0:
		return "never seen"
	case p >= 1:
		return "always"
	case c.Countable(p) && !c.Named():
		return fmt.Sprintf("about %s in %d windows", c.Counted(c.Count(p)), c.Of)
	case c.Countable(p):
		return "about " + c.OutOf(c.Count(p))
	case p < 0.5:
		return c.Seldom(p)
	}
	return "met " + c.Seldom(1-p)
}

// bounded goes on where something was never seen that has at most the
// probability q.
func bounded(e *simulate.Entry, what string, q float64) string {
	if q > 0.5 {
		return fmt.Sprintf(", but %s are too few to say more", windows(e))
	}
	return ": " + what + seldom(cadenceOfEntry(e), q) + ", with 95% confidence"
}

// seldom bounds how often something is that has at most the probability q in a
// window.
func seldom(c say.Cadence, q float64) string {
	if c.ByYears(q) {
		return "less than once in " + floored(1/q/c.PerYear) + " years"
	}
	return fmt.Sprintf("less than 1 %s in %s", c.One(), floored(1/q))
}

// floored says a number with two digits, rounded down.
func floored(v float64) string {
	if v < 1 {
		return digits(v)
	}
	scale := math.Pow10(max(0, int(math.Floor(math.Log10(v)))-1))
	return grouped(math.Floor(v/scale) * scale)
}

// anyInYear says in how many years a window was missed, where a year has several.
func anyInYear(e *simulate.Entry) string {
	if e.MissYear == nil || e.Window > model.Year/2 || e.Miss.Value <= 0 || e.Miss.Value >= 1 {
		return ""
	}
	p := e.MissYear.Value
	switch {
	case p >= 1:
		return ", at least once in every year"
	case p > 0.95:
		return ", at least once in nearly every year"
	}
	if n := int(math.Round(10 * p)); n >= 1 {
		return fmt.Sprintf(", at least once in %s in 10", counted(n, "year", "years"))
	}
	return ", at least once in 1 year in " + digits(1/p)
}

// spentOf says what windows cost on average, held against the budget.
func (s *simulation) spentOf(e *simulate.Entry) string {
	if e.Objective.Budget <= 0 || e.Bad.Value <= 0 {
		return ""
	}
	spent := e.Bad.Value / e.Objective.Budget
	if spent > 1.05 {
		return fmt.Sprintf("On average the budget of %s was spent %s times over.", precisely(e.Objective.Budget), digits(spent))
	}
	return fmt.Sprintf("On average %s of the budget of %s was spent.", share(spent), precisely(e.Objective.Budget))
}

// sign says the standard in one character.
func (s *simulation) sign(e *simulate.Entry) (string, document.Tone) {
	switch s.standard(e) {
	case isKept:
		return "✓", document.Good
	case isBroken:
		return "✗", document.Bad
	}
	return "?", document.Warn
}

// verdict says whether a promise was kept as often as it asks for.
func (s *simulation) verdict(e *simulate.Entry) string {
	may := percent(1 - e.Objective.Confidence)
	if s.unknown(e) {
		return fmt.Sprintf("unknown: nothing is listed that could go wrong; %s of windows may be missed", may)
	}
	word := map[standard]string{isKept: "achievable", isBroken: "not achievable", isUndecided: "too close to tell", isUnknown: "unknown"}[s.standard(e)]
	said := fmt.Sprintf("%s: missed in %s of %s; %s may be", word, estimated(*e.Miss), windows(e), may)
	if s.standard(e) == isUndecided {
		said += "; more --years would tell"
	}
	return said
}

// windows says how many were seen: "120,000 windows of 30d".
func windows(e *simulate.Entry) string {
	return counted(int(e.Windows), "window", "windows") + " of " + windowText(e.WindowSay)
}

// findings are what was seen of an entry, in a few words each.
func (s *simulation) findings(e *simulate.Entry) []document.Fact {
	var facts []document.Fact
	say := func(key string, lines ...string) {
		if len(lines) > 0 && lines[0] != "" {
			facts = append(facts, document.Fact{Key: key, Lines: lines})
		}
	}
	say("service", who(&forecast.Entry{Service: e.Service, Title: e.Title, Owner: e.Owner, Outside: e.Outside}))
	if len(s.whole) == 1 {
		say("nets", s.nets())
	}
	if e.Windows == 0 {
		return facts
	}
	if e.Objective != nil {
		sign, st := s.sign(e)
		facts = append(facts, document.Fact{Key: "verdict", Lines: []string{s.verdict(e)}, Sign: sign, Tone: st})
		if e.MissYear != nil && e.Window < model.Year && e.Worst > 0 {
			say("in a year", "at least one window is missed in "+estimated(*e.MissYear)+" of years")
		}
	}
	if e.Worst == 0 {
		return facts
	}
	say("lost time", s.badTime(e))
	if differs(e.Felt, e.Bad) {
		say("users feel", fmt.Sprintf("%s of lost time in %s on average, with what the promise leaves out", lasting(e.Felt), windowText(e.WindowSay)))
	}
	say("down", downtime(e)...)
	say("outages", outages(e))
	say("overlap", overlap(e))
	return facts
}

func (s *simulation) badTime(e *simulate.Entry) string {
	said := fmt.Sprintf("%s in %s on average", lasting(e.Bad), windowText(e.WindowSay))
	if e.Objective == nil {
		return said + fmt.Sprintf("; %s a year", about(e.Bad.Value*model.Year/e.Window))
	}
	return said + "; the budget is " + precisely(e.Objective.Budget)
}

// downtime says for which part of the time any user was hit, and the same weighed
// by users.
func downtime(e *simulate.Entry) []string {
	year := func(x simulate.Estimate) string {
		return fmt.Sprintf("%s of the time, %s a year", part(x), about(x.Value*model.Year))
	}
	if !differs(e.Down, e.BadShare) {
		return []string{year(e.Down)}
	}
	return []string{"for any user " + year(e.Down), "weighed by users " + year(e.BadShare)}
}

// differs reports whether two estimates are of different things rather than the
// same one but for rounding.
func differs(a, b simulate.Estimate) bool {
	return math.Abs(a.Value-b.Value) > 1e-9*math.Max(a.Value, b.Value)
}

// outages says how many there were and how long they lasted.
func outages(e *simulate.Entry) string {
	if e.OutagesPerYear.Value == 0 {
		return "none"
	}
	return fmt.Sprintf("%s a year that hit any user, %s each on average", often(e.OutagesPerYear), about(e.OutageMean))
}

// overlap says what a sum of incidents counts twice, where that matters.
func overlap(e *simulate.Entry) string {
	twice := e.Sum.Overlap.Value
	if !(twice > countedTwice*e.Sum.Bad.Value) {
		return ""
	}
	said := fmt.Sprintf("added up one by one, incidents come to %s in %s: %s of that is counted more than once", lasting(e.Sum.Bad), windowText(e.WindowSay), share(twice/e.Sum.Bad.Value))
	if e.Sum.Miss != nil && e.Miss != nil {
		said += fmt.Sprintf(", and %s of windows would be missed", estimated(*e.Sum.Miss))
	}
	return said
}

// tables are what is shown of an entry as tables.
func (s *simulation) tables(e *simulate.Entry) []document.Table {
	var all []document.Table
	if e.Worst > 0 {
		t := howBad(e)
		t.Title, t.About = "How bad it gets", "no more than this in half of them, in 9 of 10, …"
		all = append(all, t)
	}
	if len(e.Clauses) > 0 && e.Windows > 0 {
		t := s.clauseTable(e)
		t.Title, t.About = "What the contract costs in a year", "on average"
		all = append(all, t)
	}
	return all
}

func howBad(e *simulate.Entry) document.Table {
	t := document.Table{Columns: []document.Column{{}, {Head: "half", Right: true}, {Head: "9 in 10", Right: true}, {Head: "95 in 100", Right: true}, {Head: "99 in 100", Right: true}, {Head: "worst", Right: true}}}
	q := e.Quantiles
	t.Add("lost time in "+windowText(e.WindowSay), about(q.P50), about(q.P90), about(q.P95), about(q.P99), about(e.Worst))
	if e.OutagesPerYear.Value > 0 {
		t.Add("longest outage of a year", about(e.Longest.P50), "", about(e.Longest.P95), "", "")
	}
	return t
}

// clauseTable says for each clause how often it is due and what it costs.
func (s *simulation) clauseTable(e *simulate.Entry) document.Table {
	pay := "paid"
	if s.currency != "" {
		pay = s.currency
	}
	t := document.Table{Columns: []document.Column{{Head: "if"}, {Head: "is due", Right: true}, {Head: "times", Right: true, Tight: true}, {Head: pay, Right: true}}}
	for _, c := range e.Clauses {
		paid := "unknown"
		if c.Pay != nil {
			paid = often(*c.Pay)
		}
		t.Add(c.Clause.If.S, part(c.InYear), often(c.PerYear), paid)
	}
	return t
}

// scoreline is the verdict on several objectives.
func (s *simulation) scoreline() string {
	n := map[standard]int{}
	for _, e := range s.promised {
		n[s.standard(e)]++
	}
	all := grouped(float64(len(s.promised)))
	said := fmt.Sprintf("%s of %s", grouped(float64(n[isKept])), all)
	switch n[isKept] {
	case len(s.promised):
		said = "all " + all
	case 0:
		said = "none of " + all
	}
	said = fmt.Sprintf("%s %s objectives were met with the confidence asked for", s.years(), said)
	var rest []string
	if k := n[isUndecided]; k > 0 {
		rest = append(rest, fmt.Sprintf("of %s it is too close to tell", grouped(float64(k))))
	}
	if k := n[isUnknown]; k > 0 {
		rest = append(rest, fmt.Sprintf("of %s it is unknown", grouped(float64(k))))
	}
	if len(rest) > 0 {
		said += "; " + listed(rest)
	}
	return strings.ToUpper(said[:1]) + said[1:] + "."
}

// scoreTable has one row for each objective, worst first, up to a limit.
func (s *simulation) scoreTable() document.Table {
	t := document.Table{Columns: []document.Column{{Head: "service"}, {Head: "objective"}, {Head: "missed"}, {Head: "of windows", Right: true}}}
	for _, e := range s.scores[:min(len(s.scores), scoreLines)] {
		sign, st := s.sign(e)
		often, of := "unknown", "unknown"
		if s.standard(e) != isUnknown {
			often, of = missedCell(e), interval(*e.Miss)
			if e.Miss.Value == 0 {
				of = "below " + upper(e.Miss.High)
			}
		}
		marked(t.Add(simulatedLabel(e), promiseOf(e), often, of), sign, st)
	}
	if rest := len(s.scores) - scoreLines; rest > 0 {
		t.Foot = fmt.Sprintf("and %s more that were met more easily; --format json has all", grouped(float64(rest)))
	}
	return t
}

func (s *simulation) compactTitle() string {
	if len(s.promised) == 0 {
		return "No service has an objective"
	}
	return "Services without an objective"
}

// compactTable has one row for each service without an objective, up to a limit.
func (s *simulation) compactTable() document.Table {
	t := document.Table{Columns: []document.Column{{}, {Head: "lost time", Right: true}, {Head: "over"}, {Head: "worst", Right: true}, {Head: "outages a year", Right: true}, {Head: "each", Right: true}}}
	for _, e := range s.compact[:min(len(s.compact), sourceRows)] {
		bad, worst, many, each := lasting(e.Bad), about(e.Worst), often(e.OutagesPerYear), about(e.OutageMean)
		if e.OutagesPerYear.Value == 0 {
			each = "–"
		}
		if s.unknown(e) || e.Windows == 0 {
			bad, worst, many, each = "unknown", "unknown", "unknown", "–"
		}
		t.Add(simulatedLabel(e), bad, windowText(e.WindowSay), worst, many, each)
	}
	if rest := len(s.compact) - sourceRows; rest > 0 {
		t.Foot = fmt.Sprintf("and %s more with less lost time; --format json has all", grouped(float64(rest)))
	}
	return t
}

// basis is what the numbers stand on.
func (s *simulation) basis() []document.Fact {
	years := counted(s.Years, "year", "years")
	again := "run again, it is the same to the byte"
	if s.Years < s.Asked {
		years = fmt.Sprintf("%s of %s", grouped(float64(s.Years)), counted(s.Asked, "year", "years"))
		again = "only a whole run is the same again"
	}
	unsure := "what is unsure is drawn once a year"
	if s.Epoch > 1 {
		unsure = fmt.Sprintf("what is unsure is drawn once in %d years, for the longest window", s.Epoch)
	}
	return append([]document.Fact{{Key: "simulated", Lines: []string{
		fmt.Sprintf("%s with seed %d; %s", years, s.Seed, again),
		"± and ranges are 95% intervals; four times the years halve them",
		unsure,
	}}}, warnings(s.Warnings)...)
}
