package worth

import (
	"fmt"
	"math/big"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// A Loss is what one service is expected to lose in a year: means, in the
// currency of the model. What is unknown is nil.
type Loss struct {
	Service   string
	Objective string // whose lost time it is; empty: the service has none
	Value     Value

	// BadPerYear is the mean lost time that users feel in a year, in seconds, with
	// what is not part of the promise; Revenue is what that loses. nil where the
	// revenue is not told.
	BadPerYear float64
	Revenue    *float64
	// Clauses of the contract, in its order. They look at what is part of the
	// promise. ClausesPay is nil where some of them is unknown; it is 0 where the
	// model tells what the service is worth and names no clause.
	Clauses    []*ClauseLoss
	ClausesPay *float64
	// Incidents lists the risks at or below the service each of whose incidents
	// loses money, whoever feels it. A risk below several services is in the
	// loss of each; Together counts it once.
	Incidents    []*IncidentLoss
	IncidentsPay float64

	// Total of what is known; nil where nothing is. Error is how far it may be off
	// for the numerical errors of the chances of clauses. Unknown says what is
	// missing in it.
	Total *float64
	Error float64
	// Low and High are the 5th and 95th percentiles of Total where prices are known as
	// ranges: what the revenue is, what of it never comes back, what incidents and
	// clauses take. How much time is lost, and how often a clause is due, is at its mean.
	// They are Total where no price is a range.
	Low, High float64
	Unknown   []message.Message
	Assumed   []message.Message
}

// A ClauseLoss is how often a clause is due, and what it costs.
type ClauseLoss struct {
	Clause  *model.Clause
	If      string
	PerYear float64  // how often it is due, mean
	InOne   *float64 // the chance that it is due in one period; nil for an outage in a row
	Error   float64  // numerical, of PerYear
	Each    *float64 // what it pays each time; nil is unknown
	Pay     *float64 // in a year
}

// An IncidentLoss is what incidents of one risk lose besides lost time.
type IncidentLoss struct {
	Risk, Service string
	Pos           model.Pos
	PerYear       float64 // incidents
	Each          float64 // money
	Pay           float64 // in a year
}

// LossOf returns what a service is expected to lose in a year. Of the options,
// With, Without, Context, Memory and Effort count. Errors are those of forecast.Run.
func LossOf(m *model.Model, s *model.Service, opts forecast.Options) (_ *Loss, err error) {
	defer work.Recover(&err)
	if m, err = forecast.Reconcile(opts.Context, m, opts.Memory); err != nil {
		return nil, err
	}
	r, err := forecast.Run(m, forecast.Options{
		Services: []string{s.Name}, With: opts.With, Without: opts.Without, Context: opts.Context, Memory: opts.Memory, Effort: opts.Effort, Plain: true,
	})
	if err != nil {
		return nil, err
	}
	return LossFrom(m, s, opts, r)
}

// LossFrom is LossOf where the forecast with these nets is known already, of
// any windows.
func LossFrom(m *model.Model, s *model.Service, opts forecast.Options, r *forecast.Result) (*Loss, error) {
	return lossFrom(m, s, opts, r, nil)
}

// LossKnowing is LossFrom where the chances to stay below the limits of clauses
// about a period are known too: those of what Asks asks. A clause without one
// is one whose pay is unknown.
func LossKnowing(m *model.Model, s *model.Service, opts forecast.Options, r *forecast.Result, below map[*model.Clause]forecast.Probability) (*Loss, error) {
	return lossFrom(m, s, opts, r, func(c *model.Clause) (forecast.Probability, bool) {
		p, ok := below[c]
		return p, ok
	})
}

func lossFrom(m *model.Model, s *model.Service, opts forecast.Options, r *forecast.Result, below func(*model.Clause) (forecast.Probability, bool)) (_ *Loss, err error) {
	defer work.Recover(&err)
	e := Entry(r, s.Name)
	if e == nil {
		return nil, &forecast.OptionError{Option: "service", Message: fmt.Sprintf("there is no forecast of %s", s.Name)}
	}
	if m, err = forecast.Reconcile(opts.Context, m, opts.Memory); err != nil {
		return nil, err
	}
	sc, err := scenario.New(m, opts.With, opts.Without)
	if err != nil {
		return nil, err
	}
	sc.Laws = opts.Memory.Laws()
	cat, err := sc.Catalogue()
	if err != nil {
		return nil, err
	}
	l := &losses{model: m, service: s, opts: opts, entry: e, scenario: sc, catalogue: cat, system: sc.System(cat)}
	l.out = &Loss{Service: s.Name, Value: ValueOf(m, s), BadPerYear: e.Felt.Mean * model.Year / e.Window}
	if e.Objective != nil {
		l.out.Objective = e.Objective.Name
	}
	l.out.Assumed = append(l.out.Assumed, l.out.Value.Assumed...)
	if len(s.Objectives) > 1 {
		l.out.Assumed = append(l.out.Assumed, message.LossFollows(s.Name, l.out.Objective))
	}
	if x := l.out.Value.PerBadSecond; x != nil {
		pay := *x * l.out.BadPerYear
		l.out.Revenue = &pay
	}
	if err := l.clauses(below); err != nil {
		return nil, err
	}
	l.incidents()
	l.total()
	return l.out, nil
}

// Entry returns the forecast of a service that its worth goes by: see
// scenario.WorthGoesBy.
func Entry(r *forecast.Result, service string) *forecast.Entry {
	var list []*forecast.Entry
	for _, e := range r.Entries {
		if e.Service == service {
			list = append(list, e)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list[scenario.Followed(len(list), func(i int) string {
		if o := list[i].Objective; o != nil {
			return o.Name
		}
		return ""
	})]
}

type losses struct {
	model     *model.Model
	service   *model.Service
	opts      forecast.Options
	entry     *forecast.Entry
	scenario  *scenario.Scenario
	catalogue *scenario.Catalogue
	system    *scenario.System
	laws      map[string]distribution.Law // of how long groups are down
	out       *Loss
}

// clauses computes how often each is due. below knows how likely the limits of
// clauses about a period are not reached; nil: a forecast is asked.
func (l *losses) clauses(below func(*model.Clause) (forecast.Probability, bool)) error {
	for _, c := range l.out.Value.Clauses {
		x := &ClauseLoss{Clause: c, If: c.If.S}
		if pay, known := ClausePay(l.out.Value, c); known {
			x.Each = &pay
		}
		l.out.Clauses = append(l.out.Clauses, x)
	}
	if below == nil {
		known, err := l.ask()
		if err != nil {
			return err
		}
		below = func(c *model.Clause) (forecast.Probability, bool) { return known[c], true }
	}
	for _, x := range l.out.Clauses {
		if x.Clause.Kind == model.ClauseOutage {
			l.inRow(x)
		} else if met, ok := below(x.Clause); ok {
			periods := model.Year / Period(x.Clause)
			due := max(0, 1-met.Value)
			if limit(x.Clause).Sign() == 0 && !x.Clause.Strict {
				due = 1
			}
			x.InOne = &due
			x.PerYear, x.Error = due*periods, met.Error*periods
		}
		if x.Each != nil {
			pay := x.PerYear * *x.Each
			x.Pay = &pay
		}
	}
	return nil
}

// Asks returns what a clause about all lost time in a period asks of a forecast: the
// clause is due in a window with more lost time than the budget, in seconds.
func Asks(c *model.Clause) (window, budget *big.Rat) {
	window, budget = periodOf(c).Rat(), new(big.Rat).Set(limit(c))
	if !c.Strict {
		// P(bad ≥ L) = 1 − P(bad ≤ L − ε): a forecast keeps what is equal.
		budget.Sub(budget, just(budget))
	}
	return window, budget
}

func periodOf(c *model.Clause) *model.Duration {
	p := scenario.Period(c)
	return &p
}

// ask asks a forecast for each period how likely all lost time in it does not reach,
// or does not exceed, the limits of the clauses about it.
func (l *losses) ask() (map[*model.Clause]forecast.Probability, error) {
	below := map[*model.Clause]forecast.Probability{}
	var periods []*model.Duration
	for _, x := range l.out.Clauses {
		over := periodOf(x.Clause)
		if x.Clause.Kind != model.ClauseOutage && !slices.ContainsFunc(periods, func(d *model.Duration) bool { return d.Rat().Cmp(over.Rat()) == 0 }) {
			periods = append(periods, over)
		}
	}
	for _, over := range periods {
		var list []*model.Clause
		var targets []forecast.Target
		for _, x := range l.out.Clauses {
			if x.Clause.Kind == model.ClauseOutage || periodOf(x.Clause).Rat().Cmp(over.Rat()) != 0 {
				continue
			}
			window, budget := Asks(x.Clause)
			share := new(big.Rat).Quo(budget, window)
			list = append(list, x.Clause)
			targets = append(targets, forecast.Target{Exact: share.Sub(scenario.RatOne, share), Text: x.If})
		}
		r, err := forecast.Run(l.model, forecast.Options{
			Services: []string{l.service.Name}, With: l.opts.With, Without: l.opts.Without, Context: l.opts.Context,
			Memory: l.opts.Memory, Effort: l.opts.Effort, Over: over, Targets: targets, Plain: true, Only: true,
		})
		if err != nil {
			return nil, err
		}
		for i, c := range list {
			below[c] = Entry(r, l.service.Name).Compare[i].Met
		}
	}
	return below, nil
}

// just is by how much less than a limit does not reach it: a millisecond, or
// half of the limit.
func just(limit *big.Rat) *big.Rat {
	ms := big.NewRat(1, 1000)
	if half := new(big.Rat).Quo(limit, big.NewRat(2, 1)); half.Cmp(ms) < 0 {
		return half
	}
	return ms
}

// incidents lists what incidents lose besides lost time.
func (l *losses) incidents() {
	v := l.system.View(l.system.Number(l.service.Name), true)
	theta := l.scenario.Params.Means()
	met := map[int]bool{}
	for _, p := range v.Order {
		k := l.system.Parts[p].Service
		if k < 0 || met[k] {
			continue
		}
		met[k] = true
		s := l.system.Services[k]
		var here []*IncidentLoss
		for _, x := range everything(l.scenario, l.catalogue, s) {
			if x.Risk == nil || x.Risk.Loses == nil {
				continue
			}
			i := slices.IndexFunc(here, func(o *IncidentLoss) bool { return o.Risk == x.Risk.Name })
			if i < 0 {
				i = len(here)
				here = append(here, &IncidentLoss{Risk: x.Risk.Name, Service: s.Name, Pos: x.Risk.Loses.Pos, Each: amountOf(*x.Risk.Loses).total()})
			}
			here[i].PerYear += perYear(l.scenario, x, theta)
		}
		for _, x := range here {
			x.Pay = x.PerYear * x.Each
			l.out.IncidentsPay += x.Pay
		}
		l.out.Incidents = append(l.out.Incidents, here...)
	}
}

func (l *losses) total() {
	o := l.out
	sum, known := o.IncidentsPay, len(o.Incidents) > 0
	if o.Revenue != nil {
		sum += *o.Revenue
		known = true
	} else {
		o.Unknown = append(o.Unknown, message.LostRevenue())
	}
	if o.Value.Known {
		pay, all := 0.0, true
		for _, c := range o.Clauses {
			if c.Pay == nil {
				all = false
				o.Unknown = append(o.Unknown, message.LostPay(c.said()))
				continue
			}
			pay += *c.Pay
			sum += *c.Pay
			o.Error += c.Error * *c.Each
			known = true
		}
		if all {
			o.ClausesPay = &pay
		}
	}
	if known {
		o.Total = &sum
		o.Low, o.High = l.priced(sum)
	}
}

// priced is between which ends a total lies by the prices in it, taken as independent
// but for the revenue, which is one number in the lost revenue and in all clauses that
// pay a part of it.
func (l *losses) priced(total float64) (low, high float64) {
	o, w := l.out, l.service.Worth
	one := number{sure: 1}
	var lost, rest number // of the revenue; of all else
	revenue := one
	if w != nil && w.Revenue != nil && o.Revenue != nil {
		revenue = amountOf(*w.Revenue)
		lost = shareOf(w.Lost).scale(o.BadPerYear / w.Revenue.Per)
	}
	for _, c := range o.Clauses {
		switch {
		case c.Pay == nil:
		case c.Clause.Pay != nil:
			rest = rest.plus(amountOf(*c.Clause.Pay).scale(c.PerYear))
		case w.Revenue != nil && o.Revenue != nil:
			lost = lost.plus(shareOf(c.Clause.PayOfRevenue).scale(c.PerYear * Period(c.Clause) / w.Revenue.Per))
		}
	}
	for _, x := range o.Incidents {
		rest = rest.plus(amountOf(*l.model.Risk(x.Risk).Loses).scale(x.PerYear))
	}
	all := lost.times(revenue).plus(rest)
	if all.variance <= 0 {
		return total, total
	}
	_, low, high = all.ends()
	return low, high
}

// Paid is what the clauses pay in a year whose pay is known.
func (l *Loss) Paid() (sum float64) {
	for _, c := range l.Clauses {
		if c.Pay != nil {
			sum += *c.Pay
		}
	}
	return sum
}

// Together is what several services lose: each risk's incidents are counted
// once. It is nil where nothing is known of any; unknown says of which services
// something is missing.
func Together(list []*Loss) (total *float64, unknown []string) {
	sum, known := 0.0, false
	seen := map[string]bool{}
	for _, l := range list {
		if len(l.Unknown) > 0 {
			unknown = append(unknown, l.Service)
		}
		if l.Total == nil {
			continue
		}
		known = true
		sum += *l.Total - l.IncidentsPay
		for _, x := range l.Incidents {
			if !seen[x.Risk] {
				seen[x.Risk] = true
				sum += x.Pay
			}
		}
	}
	if known {
		total = &sum
	}
	return total, unknown
}

// said is the condition of a clause.
func (c *ClauseLoss) said() message.Message {
	sign, below := ">=", "<="
	if c.Clause.Strict {
		sign, below = ">", "<"
	}
	window := ""
	if c.Clause.Over != nil {
		window = c.Clause.Over.Text
	}
	switch c.Clause.Kind {
	case model.ClauseDowntime:
		return message.DowntimeOver(sign, c.Clause.Length.Text, window)
	case model.ClauseAvailability:
		return message.AvailabilityOver(below, c.Clause.Below.Text, window)
	}
	return message.OutageFor(sign, c.Clause.Length.Text)
}

// Expected is the expected loss in a year, in the currency of the model: what
// services lose together and, where a person-day has a price, the time of people
// that recovery by hand and process take. Whatever the project calls an expected
// loss of a model is this.
func Expected(list []*Loss, load *Load) Expectation {
	var out Expectation
	if out.Total, out.Unknown = Together(list); out.Total == nil {
		return out
	}
	for _, l := range list {
		out.Error += l.Error
	}
	if load != nil && load.PeopleCostPerYear != nil {
		sum := *out.Total + *load.PeopleCostPerYear
		out.Total = &sum
	}
	return out
}

// An Expectation is what a model is expected to lose in a year.
type Expectation struct {
	Total   *float64 // nil where nothing is known of it
	Error   float64  // numerical
	Unknown []string // services of which something is missing
}
