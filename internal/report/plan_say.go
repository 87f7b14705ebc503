package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// namedNets is how many nets a sentence names; of more it says how many.
const namedNets = 6

// verdict is the plan as a CTO would repeat it, and what it does.
func (p *planReport) verdict() (first, more string) {
	switch {
	case len(p.Conflict) > 0:
		return "No set of safety nets does what is asked for: " + p.conflict(), ""
	case p.Best != nil && p.Mode == plan.Worth:
		return p.worthVerdict(), p.proof()
	case p.Best != nil && p.Mode == plan.Spend:
		return p.spendVerdict(), p.proof()
	case p.Best != nil:
		return p.cheapestVerdict(), strings.TrimSpace(p.effect() + " " + p.proof())
	case p.Gap != 0: // there may be one
		return p.subject() + "whether there is a plan is not known: " + p.ended() + " before one was found.", "Give it more --time."
	}
	if p.Reachable != nil && !p.idle(p.Reachable) {
		more = p.certainly(p.Reachable)
	}
	if p.Reached && p.choice() {
		more += " Proven, to within 0.01%: no set of nets has a better chance."
	}
	return p.impossible(), strings.TrimSpace(more + " " + p.instead())
}

// choice reports whether there is anything to choose among.
func (p *planReport) choice() bool {
	return slices.ContainsFunc(p.o.Model.Nets, func(n *model.Net) bool { return n.Status == model.Proposed || n.Status == model.Building })
}

// subject begins a sentence about the objectives: "booking: ", or nothing where
// there are several.
func (p *planReport) subject() string {
	if list := p.objectives(); len(list) == 1 {
		return keptLabel(&list[0]) + ": "
	}
	return ""
}

func (p *planReport) objectives() []plan.Kept {
	if p.Today == nil {
		return nil
	}
	return p.Today.Objectives
}

// target says what is to be met: "99.95% over 1y", "all 3 objectives".
func (p *planReport) target() string {
	list := p.objectives()
	if len(list) == 1 {
		return list[0].Target.Text + " over " + p.window(&list[0])
	}
	return "all " + counted(len(list), "objective", "objectives")
}

// demand says how often it is to be met: "9 years in 10".
func (p *planReport) demand() string {
	list := p.objectives()
	if len(list) == 0 {
		return ""
	}
	k := &list[0]
	for i := range list {
		if list[i].Confidence != k.Confidence || list[i].Window != k.Window {
			return "with the confidence asked for"
		}
	}
	c := cadenceOf(k.Window, p.window(k))
	if n := k.Confidence * float64(c.Of); math.Abs(n-math.Round(n)) < 1e-9 && c.Countable(k.Confidence) {
		return c.OutOf(c.Count(k.Confidence))
	}
	return "with " + percent(k.Confidence) + " confidence"
}

// doing says what a plan does: "build canary and config-check, and take
// manual-check away".
func (p *planReport) doing(x *plan.Plan) string {
	news, _ := p.news(x)
	build := "build " + listed(news)
	if len(news) > namedNets {
		build = fmt.Sprintf("build the %d safety nets below", len(news))
	}
	if !p.o.Asked.Review || len(x.Removed) == 0 {
		return build
	}
	remove := "take " + listed(x.Removed) + " away"
	if len(x.Removed) > namedNets {
		remove = fmt.Sprintf("take the %d below away", len(x.Removed))
	}
	if len(news) == 0 {
		return remove
	}
	return build + ", and " + remove
}

// idle reports whether a plan changes nothing.
func (p *planReport) idle(x *plan.Plan) bool {
	news, _ := p.news(x)
	return len(news) == 0 && len(x.Removed) == 0
}

// price says what a plan costs: "31,200,000 KRW a year, 48 person-days to build".
func (p *planReport) price(x *plan.Plan) string {
	said := p.money.aYear(x.AnnualCost)
	if x.AnnualCost == 0 && len(x.Nets) > 0 {
		said = "no cost that is written"
	}
	if p.money == "" && x.AnnualCost > 0 {
		said = "a cost of " + said
	}
	if w := buildWork(x); w != "" {
		said += ", " + w
	}
	return said
}

func (p *planReport) cheapestVerdict() string {
	x := p.Best
	if p.idle(x) {
		verb := "is"
		if len(p.objectives()) > 1 {
			verb = "are"
		}
		return fmt.Sprintf("%s%s %s met %s as things stand: nothing needs to be built.", p.subject(), capitalised(p.subject(), p.target()), verb, p.demand())
	}
	to := "to meet "
	if p.subject() == "" {
		to = "To meet "
	}
	return fmt.Sprintf("%s%s%s %s, %s: %s.", p.subject(), to, p.target(), p.demand(), p.doing(x), p.price(x))
}

// capitalised begins a sentence with s where nothing stands before it.
func capitalised(before, s string) string {
	if before != "" || s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// effect says what the plan does to the chance and to the loss.
func (p *planReport) effect() string {
	x, now := p.Best, p.Today
	if now == nil || p.idle(x) {
		return ""
	}
	of := "the chance"
	if len(p.objectives()) > 1 {
		of = "the chance of the objective met least"
	}
	from, to := chances(now.Met, x.Met)
	said := fmt.Sprintf("It %s %s from %s to %s", raises(now.Met, x.Met), of, from, to)
	if x.Loss != nil && now.Loss != nil {
		said += fmt.Sprintf(" and %s the expected loss from %s to %s", raises(*now.Loss, *x.Loss), figure(*now.Loss), p.money.aYear(*x.Loss))
	}
	return said + "."
}

func raises(now, then float64) string {
	if then < now {
		return "lowers"
	}
	return "raises"
}

func (p *planReport) spendVerdict() string {
	x := p.Best
	with := "with " + p.limits()
	if p.subject() == "" {
		with = "With " + p.limits()
	}
	build := p.doing(x)
	if p.idle(x) {
		build = "nothing is worth building"
		if p.o.Asked.ForLoss {
			return fmt.Sprintf("%s%s %s: the expected loss stays at %s.", p.subject(), with, build, p.loss(x))
		}
		return fmt.Sprintf("%s%s %s: %s as before.", p.subject(), with, build, p.keeping(x))
	}
	if p.o.Asked.ForLoss {
		return fmt.Sprintf("%s%s, %s: the expected loss %s from %s to %s, for %s.", p.subject(), with, build, p.falls(x), figureOr(p.Today.Loss), p.loss(x), p.price(x))
	}
	k := tightest(x)
	if now := tightest(p.Today); p.before() == briefly(k, p.window(k)) {
		// Counted in years the two are the same.
		from, to := chances(now.Met, k.Met)
		return fmt.Sprintf("%s%s, %s: the chance rises from %s to %s, for %s.", p.subject(), with, build, from, to, p.price(x))
	}
	return fmt.Sprintf("%s%s, %s: %s instead of %s, for %s.", p.subject(), with, build, p.keeping(x), p.before(), p.price(x))
}

// chances says two chances with as many digits, within reason, as set them apart.
func chances(a, b float64) (string, string) {
	x, y := chance(a), chance(b)
	for decimals := 1; decimals <= 2 && x == y && a != b; decimals++ {
		x, y = fmt.Sprintf("%.*f%%", decimals, 100*a), fmt.Sprintf("%.*f%%", decimals, 100*b)
	}
	return x, y
}

// briefly says how often an objective is kept.
func briefly(k *plan.Kept, window string) string {
	return cadenceOf(k.Window, window).Against(k.Confidence).Briefly(math.Min(k.Met, math.Nextafter(1, 0)))
}

// falls says where the loss goes with a plan.
func (p *planReport) falls(x *plan.Plan) string {
	if x.Loss != nil && p.Today.Loss != nil && *x.Loss > *p.Today.Loss {
		return "rises"
	}
	return "falls"
}

func (p *planReport) loss(x *plan.Plan) string {
	if x.Loss == nil {
		return "unknown"
	}
	return p.money.aYear(*x.Loss)
}

// keeping says how often the objective that is kept least would be kept.
func (p *planReport) keeping(x *plan.Plan) string {
	k := tightest(x)
	said := k.Target.Text + " over " + p.window(k)
	if len(x.Objectives) > 1 {
		said = keptLabel(k) + ", met least, meets " + said
		return said + " " + briefly(k, p.window(k))
	}
	return said + " would " + cadenceOf(k.Window, p.window(k)).Against(k.Confidence).Kept(math.Min(k.Met, math.Nextafter(1, 0)))
}

func (p *planReport) before() string {
	k := tightest(p.Today)
	return briefly(k, p.window(k))
}

// limits says what may be spent: "60,000,000 KRW a year and 40 person-days".
func (p *planReport) limits() string {
	var parts []string
	if m := p.o.Asked.Money; m != nil {
		parts = append(parts, p.money.aYear(*m))
	}
	if e := p.o.Asked.Effort; e != nil {
		parts = append(parts, personDays(*e)+" person-days")
	}
	if len(parts) == 0 {
		return "no limit"
	}
	return "at most " + listed(parts)
}

func (p *planReport) worthVerdict() string {
	x := p.Best
	if p.idle(x) {
		return fmt.Sprintf("%sno safety net is worth its price: they cost more than the loss that they avoid, and %s stay to be lost.", p.subject(), p.loss(x))
	}
	said := p.subject() + capitalised(p.subject(), "it pays to ") + p.doing(x)
	if x.AnnualCost > 0 {
		said += ", for " + p.price(x)
	}
	return fmt.Sprintf("%s: the expected loss %s from %s to %s; %s.", said, p.falls(x), figureOr(p.Today.Loss), p.loss(x), p.keeping(x))
}

// proof says whether something better may exist.
func (p *planReport) proof() string {
	proven, best := "It is proven to be the cheapest.", "the cheapest"
	switch {
	case p.Mode == plan.Worth:
		proven, best = "Proven: no other set of nets costs less together with what is lost.", "the least together"
	case p.Mode == plan.Spend && p.o.Asked.ForLoss:
		proven, best = "Proven: no other set of nets within these limits loses less.", "the least loss"
	case p.Mode == plan.Spend:
		proven, best = "Proven: no other set of nets within these limits has a better chance.", "the best chance"
	}
	switch {
	case p.Moved:
		return fmt.Sprintf("Not proven to be %s: a search goes by the sum of all sources; corrected for what a sum leaves out, this is the best of %s.", best, p.compared())
	case p.Optimal && p.Mode == plan.Cheapest && p.idle(p.Best):
		return ""
	case p.Optimal && p.Corrected:
		return fmt.Sprintf("By the sum of all sources it is proven to be %s; corrected for what a sum leaves out, it is the best of %s.", best, p.compared())
	case p.Optimal:
		return proven
	case math.IsInf(p.Gap, 0) || math.IsNaN(p.Gap):
		return fmt.Sprintf("Whether it is %s is not proven: %s.", best, p.ended())
	case p.Mode == plan.Spend && !p.o.Asked.ForLoss:
		return fmt.Sprintf("Not proven to be %s: %s, and up to %s percentage points more may be possible.", best, p.ended(), digits(100*p.Gap))
	}
	return fmt.Sprintf("Not proven to be %s: %s, and something up to %s better may exist.", best, p.ended(), p.money.aYear(p.Gap))
}

// compared is how many sets were compared by corrected answers.
func (p *planReport) compared() string {
	if p.Beside == 1 {
		return "the one set looked at"
	}
	return counted(p.Beside, "set", "sets") + " compared"
}

// ended says why a search ended early.
func (p *planReport) ended() string {
	if p.o.Ended == Stopped {
		return "the search was stopped"
	}
	return "the time was up"
}

// impossible says that no net keeps the objectives, how close one comes, and
// what is in the way.
func (p *planReport) impossible() string {
	x := p.Reachable
	if x == nil {
		if m := p.o.Asked.MaxPages; m != nil {
			return p.subject() + capitalised(p.subject(), "there is no plan: with any set of safety nets somebody is called more than "+digits(*m)+" times a week.")
		}
		return p.subject() + capitalised(p.subject(), "there is no plan: no set of safety nets does what is asked for.")
	}
	k := tightest(x)
	if k.Contradicts {
		return fmt.Sprintf("%s: whether %s over %s can be met is not known: parts of the forecast contradict each other.", keptLabel(k), k.Target.Text, p.window(k))
	}
	said := fmt.Sprintf("%s: %s over %s cannot be met %s with any safety nets known", keptLabel(k), k.Target.Text, p.window(k), p.demandOf(k))
	best := "with the best of them"
	switch {
	case !p.Reached:
		best = "with the best that was found"
	case p.idle(x):
		best = "none helps, and"
	}
	c := cadenceOf(k.Window, p.window(k)).Against(k.Confidence)
	said += fmt.Sprintf("; %s it would %s", best, c.Kept(math.Min(k.Met, math.Nextafter(1, 0))))
	if e := entryOf(p.o.Short, k); e != nil {
		if why := english().Reason(e); why != "" {
			said += ", as " + why
		}
	}
	return said + "."
}

// entryOf returns the forecast of an objective, or nil.
func entryOf(list []*forecast.Entry, k *plan.Kept) *forecast.Entry {
	for _, e := range list {
		if e.Service == k.Service && e.Objective != nil && e.Objective.Name == k.Objective {
			return e
		}
	}
	return nil
}

// certainly says what spends more than the budget for certain as things stand,
// although it need not, and what it costs to end that.
func (p *planReport) certainly(x *plan.Plan) string {
	k := tightest(x)
	e := entryOf(p.o.Now, k)
	if e == nil {
		return ""
	}
	budget, _ := e.Objective.Budget.Float64()
	for _, s := range e.Sources {
		if s.Kind != forecast.ChangeSource || s.Certain <= budget {
			continue
		}
		who, verb := subject(e, s)
		said := fmt.Sprintf("As things stand, %s alone %s %s of a budget of %s", who, verb, english().AtLeast(s), precisely(budget))
		for _, name := range x.Nets {
			alone := scenario.At(p.o.Model, []string{name}).Change(p.o.Model.Change(s.Name))
			if down := alone.Downtime; down.From == scenario.ByNet {
				cost := worth.CostOf(p.o.Model, p.net(name))
				return fmt.Sprintf("%s; %s makes that %s each, for %s.", said, name, down.Is.Text, p.money.aYear(cost.Annual))
			}
		}
		return said + "."
	}
	return ""
}

// leftSources is how many sources are named that stand in the way.
const leftSources = 3

// left names what spends most of the budget with the nets that come closest.
func (p *planReport) left(k *plan.Kept) string {
	e := entryOf(p.o.Short, k)
	if e == nil || k.Budget <= 0 {
		return ""
	}
	var parts []string
	for _, s := range e.Sources[:min(len(e.Sources), leftSources)] {
		part := share(s.PerWindow/k.Budget) + " of the budget"
		if times, large := strings.CutSuffix(share(s.PerWindow/k.Budget), "×"); large {
			part = times + " times the budget"
		}
		parts = append(parts, s.Name+" ("+part+")")
	}
	if len(parts) == 0 {
		return ""
	}
	return "even then " + listed(parts)
}

func (p *planReport) demandOf(k *plan.Kept) string {
	one := &planReport{Result: &plan.Result{Today: &plan.Plan{Objectives: []plan.Kept{*k}}}, o: p.o}
	return one.demand()
}

// instead says what could be promised, and for how much.
func (p *planReport) instead() string {
	var best *plan.Nine
	for i := range p.Nines {
		if n := &p.Nines[i]; n.Feasible && (best == nil || n.Target.Exact.Cmp(best.Target.Exact) > 0) {
			best = n
		}
	}
	switch {
	case !p.settled():
		return ""
	case best == nil && len(p.Nines) > 0:
		return "No usual target can be met either."
	case best == nil:
		return ""
	case best.Plan.AnnualCost == 0:
		return fmt.Sprintf("The highest usual target that can be met is %s, and it is as things stand.", best.Target.Text)
	}
	return fmt.Sprintf("The highest usual target that can be met is %s, for %s.", best.Target.Text, p.price(best.Plan))
}

// settled reports whether what every target costs is known for certain.
func (p *planReport) settled() bool {
	return !slices.ContainsFunc(p.Nines, func(n plan.Nine) bool { return n.Gap != 0 })
}

// conflict says how many conditions cannot be fulfilled together; facts lists
// them.
func (p *planReport) conflict() string {
	switch n := len(p.Conflict); n {
	case 1:
		return "one condition can never be fulfilled."
	case 2:
		return "two conditions contradict each other."
	default:
		return fmt.Sprintf("%d conditions contradict one another; any one of them less would do.", n)
	}
}
