package plan

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// A literal says that a net is in the plan, or is not.
type literal struct {
	net int
	in  bool
}

// A clause wants one of its literals to be true.
type clause struct {
	any  []literal
	said Constraint
}

// netRules are the nets that are chosen among, and what rules their choice. Nets are
// known by their number in the model.
type netRules struct {
	m    *model.Model
	vars []int           // in file order
	are  forecast.NetSet // vars
	// Nets that stand today and are no vars: those in loose are taken away by
	// whoever replaces them.
	stands, loose forecast.NetSet
	replacers     map[int][]int
	clauses       []clause
	by            map[int][]int // clauses that mention a net

	cost   []float64 // a year, of each net
	saved  []float64 // to run, of each net that stands
	effort []float64 // person-days to build
}

func number(m *model.Model, name string) int {
	return slices.IndexFunc(m.Nets, func(n *model.Net) bool { return n.Name == name })
}

func newNetRules(m *model.Model, opts Options) (*netRules, []scenario.Warning, error) {
	if len(m.Nets) > forecast.MostNets {
		return nil, nil, &forecast.OptionError{Option: "plan", Message: fmt.Sprintf("the model has %d safety nets, more than the %d that a plan is made of", len(m.Nets), forecast.MostNets)}
	}
	u := &netRules{
		m: m, replacers: map[int][]int{}, by: map[int][]int{},
		cost: make([]float64, len(m.Nets)), saved: make([]float64, len(m.Nets)), effort: make([]float64, len(m.Nets)),
	}
	for i, n := range m.Nets {
		switch {
		case n.Status == model.Proposed || n.Status == model.Building || n.Status == model.InPlace && opts.Review:
			u.vars = append(u.vars, i)
			u.are = u.are.With(i)
		case n.Status == model.InPlace:
			u.stands = u.stands.With(i)
		}
	}
	for _, i := range u.vars {
		for _, r := range m.Nets[i].Replaces {
			k := number(m, r.Name)
			u.replacers[k] = append(u.replacers[k], i)
			if u.stands.Has(k) {
				u.loose = u.loose.With(k)
			}
		}
	}
	warnings, err := u.price()
	if err != nil {
		return nil, nil, err
	}
	u.relations()
	if err := u.wishes(opts); err != nil {
		return nil, nil, err
	}
	for k, c := range u.clauses {
		for _, l := range c.any {
			u.by[l.net] = append(u.by[l.net], k)
		}
	}
	return u, warnings, nil
}

// price finds what nets cost.
func (u *netRules) price() ([]scenario.Warning, error) {
	var out []scenario.Warning
	for i, n := range u.m.Nets {
		c := worth.CostOf(u.m, n)
		if n.Status == model.InPlace {
			u.saved[i] = c.RunPerYear
		}
		if !u.are.Has(i) {
			continue
		}
		if c.Unpriced {
			return nil, &model.ProblemError{Problem: model.Problem{Pos: c.Pos, Code: "unpriced",
				Message: "the cost of " + n.Name + " is not known: " + worth.Unpriced(n.Name, c)}}
		}
		if n.Status == model.InPlace {
			u.cost[i] = c.RunPerYear
			continue
		}
		u.cost[i], u.effort[i] = c.Annual, c.BuildDays
		if c.Free {
			out = append(out, scenario.Warning{Code: "free", Pos: n.Pos, Message: message.TakenAsFree(n.Name)})
		}
	}
	return out, nil
}

func (u *netRules) add(why message.Message, pos model.Pos, any ...literal) {
	u.clauses = append(u.clauses, clause{any, Constraint{why, pos}})
}

func (u *netRules) name(i int) string { return u.m.Nets[i].Name }

// gone are literals one of which is true where a net that stands is taken away.
func (u *netRules) gone(i int) []literal {
	var out []literal
	for _, r := range u.replacers[i] {
		out = append(out, literal{r, true})
	}
	return out
}

// relations turns what nets require, exclude and replace into clauses.
func (u *netRules) relations() {
	for i, n := range u.m.Nets {
		me := []literal{{i, false}} // true where n does not stand
		if u.stands.Has(i) {
			me = u.gone(i)
		} else if !u.are.Has(i) {
			continue
		}
		for _, ref := range n.Requires {
			k := number(u.m, ref.Name)
			switch {
			case u.are.Has(k):
				u.add(message.Needs(n.Name, ref.Name), ref.Pos, append(slices.Clone(me), literal{k, true})...)
			case u.stands.Has(k):
				for _, r := range u.replacers[k] {
					u.add(message.NeedsReplaced(n.Name, ref.Name, u.name(r)), ref.Pos, append(slices.Clone(me), literal{r, false})...)
				}
			default:
				u.add(message.NeedsStatus(n.Name, ref.Name, string(u.m.Nets[k].Status)), ref.Pos, me...)
			}
		}
		for _, ref := range n.Excludes {
			k := number(u.m, ref.Name)
			switch {
			case u.are.Has(k):
				u.add(message.Excludes(n.Name, ref.Name), ref.Pos, append(slices.Clone(me), literal{k, false})...)
			case u.stands.Has(k) && !(u.stands.Has(i) && len(u.gone(i))+len(u.gone(k)) == 0):
				if any := append(slices.Clone(me), u.gone(k)...); !tautology(any) {
					u.add(message.ExcludesStanding(n.Name, ref.Name), ref.Pos, any...)
				}
			}
		}
		for _, ref := range n.Replaces {
			if k := number(u.m, ref.Name); u.are.Has(k) && u.are.Has(i) {
				u.add(message.ReplacesToo(n.Name, ref.Name), ref.Pos, literal{i, false}, literal{k, false})
			}
		}
	}
}

func tautology(any []literal) bool {
	for _, a := range any {
		if slices.Contains(any, literal{a.net, !a.in}) {
			return true
		}
	}
	return false
}

// wishes turns Keep and Forbid into clauses.
func (u *netRules) wishes(opts Options) error {
	find := func(option, name string) (int, error) {
		if k := number(u.m, name); k >= 0 {
			return k, nil
		}
		_, err := scenario.New(u.m, []string{name}, nil)
		if o, ok := err.(*scenario.OptionError); ok {
			o.Option = option
		}
		return 0, err
	}
	for _, name := range opts.Keep {
		k, err := find("keep", name)
		if err != nil {
			return err
		}
		switch {
		case u.are.Has(k):
			u.add(message.Keep(name), model.Pos{}, literal{k, true})
		case u.stands.Has(k):
			for _, r := range u.replacers[k] {
				u.add(message.KeepReplaced(name, u.name(r)), model.Pos{}, literal{r, false})
			}
		default:
			return &forecast.OptionError{Option: "keep", Message: fmt.Sprintf("%s is %s: no plan holds it", name, u.m.Nets[k].Status)}
		}
	}
	for _, name := range opts.Forbid {
		k, err := find("forbid", name)
		if err != nil {
			return err
		}
		switch {
		case u.are.Has(k):
			u.add(message.Forbid(name), model.Pos{}, literal{k, false})
		case u.stands.Has(k):
			return &forecast.OptionError{Option: "forbid", Message: fmt.Sprintf("%s stands; a plan takes nets away only with --review", name)}
		}
	}
	return nil
}

// standing returns what stands where in is chosen.
func (u *netRules) standing(in forecast.NetSet) forecast.NetSet {
	s := u.stands.Or(in)
	for _, k := range u.loose.List() {
		for _, r := range u.replacers[k] {
			if in.Has(r) {
				s = s.Without(k)
			}
		}
	}
	return s
}

// allowed reports whether a set fulfils every clause.
func (u *netRules) allowed(in forecast.NetSet) bool {
	for _, c := range u.clauses {
		if !slices.ContainsFunc(c.any, func(l literal) bool { return in.Has(l.net) == l.in }) {
			return false
		}
	}
	return true
}

func (u *netRules) costOf(in forecast.NetSet) (cost, effort float64) {
	for w, x := range in.And(u.are) {
		for ; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			cost += u.cost[i]
			effort += u.effort[i]
		}
	}
	return cost, effort
}

// chosen is what is decided so far.
type chosen struct{ in, out forecast.NetSet }

func (c chosen) decided(i int) bool { return c.in.Has(i) || c.out.Has(i) }

// set decides one net and what follows from it; ok is false where that breaks
// a clause.
func (u *netRules) set(c chosen, net int, in bool) (chosen, bool) {
	if c.decided(net) {
		return c, c.in.Has(net) == in
	}
	todo := []literal{{net, in}}
	for len(todo) > 0 {
		l := todo[0]
		todo = todo[1:]
		if c.decided(l.net) {
			if c.in.Has(l.net) != l.in {
				return c, false
			}
			continue
		}
		if l.in {
			c.in = c.in.With(l.net)
		} else {
			c.out = c.out.With(l.net)
		}
		for _, k := range u.by[l.net] {
			if f, state := u.unit(c, k); state == broken {
				return c, false
			} else if state == forced {
				todo = append(todo, f)
			}
		}
	}
	return c, true
}

type clauseState int

const (
	open clauseState = iota
	forced
	broken
)

// unit looks whether a clause has one literal left that must be true.
func (u *netRules) unit(c chosen, k int) (literal, clauseState) {
	var last literal
	left := 0
	for _, l := range u.clauses[k].any {
		switch {
		case c.in.Has(l.net) && l.in || c.out.Has(l.net) && !l.in:
			return literal{}, open
		case !c.decided(l.net):
			left++
			last = l
		}
	}
	switch left {
	case 0:
		return literal{}, broken
	case 1:
		return last, forced
	}
	return literal{}, open
}

// start is what follows from the clauses alone.
func (u *netRules) start() (chosen, bool) {
	var c chosen
	for k := range u.clauses {
		l, state := u.unit(c, k)
		if state == broken {
			return c, false
		}
		if state == forced {
			var ok bool
			if c, ok = u.set(c, l.net, l.in); !ok {
				return c, false
			}
		}
	}
	return c, true
}

func (u *netRules) names(in forecast.NetSet) []string {
	out := []string{}
	for _, i := range u.vars {
		if in.Has(i) {
			out = append(out, u.name(i))
		}
	}
	return out
}

// sortedNames is what ties are broken by.
func (u *netRules) sortedNames(in forecast.NetSet) string {
	list := u.names(in)
	slices.Sort(list)
	return strings.Join(list, "\x00")
}
