package plan

import (
	"slices"

	"tightrope/internal/message"
	"tightrope/internal/model"
)

// conflict returns the smallest set of constraints that no set of nets fulfils;
// nil where there is none.
func (p *problem) conflict() []Constraint {
	rules := p.rules()
	if p.possible(rules) {
		return nil
	}
	// What can be left out without making it possible plays no part.
	core := slices.Clone(rules)
	for i := len(core) - 1; i >= 0; i-- {
		if less := slices.Delete(slices.Clone(core), i, i+1); !p.possible(less) {
			core = less
		}
	}
	core = p.smaller(rules, core)
	var out []Constraint
	for _, r := range core {
		out = append(out, r.said)
	}
	return out
}

// A rule is a clause or a limit.
type rule struct {
	clause
	money, effort *float64
}

func (p *problem) rules() []rule {
	var out []rule
	for _, c := range p.clauses {
		out = append(out, rule{clause: c})
	}
	if m := p.opts.Money; m != nil {
		out = append(out, rule{clause: clause{said: Constraint{message.MoneyLimit(*m), model.Pos{}}}, money: m})
	}
	if e := p.opts.Effort; e != nil {
		out = append(out, rule{clause: clause{said: Constraint{message.EffortLimit(*e), model.Pos{}}}, effort: e})
	}
	return out
}

// mostCores bounds how many sets of constraints are tried for a smaller
// conflict.
const mostCores = 20000

// smaller looks for a conflict of fewer constraints.
func (p *problem) smaller(rules, core []rule) []rule {
	tried := 0
	for size := 1; size < len(core); size++ {
		var pick []rule
		var walk func(from int) []rule
		walk = func(from int) []rule {
			if len(pick) == size {
				if tried++; tried > mostCores {
					return nil
				}
				if !p.possible(pick) {
					return slices.Clone(pick)
				}
				return nil
			}
			for i := from; i < len(rules) && tried <= mostCores; i++ {
				pick = append(pick, rules[i])
				if found := walk(i + 1); found != nil {
					return found
				}
				pick = pick[:len(pick)-1]
			}
			return nil
		}
		if found := walk(0); found != nil {
			return found
		}
	}
	return core
}

// possible reports whether some set of nets fulfils all of some rules.
func (p *problem) possible(rules []rule) bool {
	u := &netRules{m: p.m, by: map[int][]int{}, cost: p.cost, effort: p.effort, vars: p.vars, are: p.are}
	var money, effort *float64
	var vars []int
	for _, r := range rules {
		switch {
		case r.money != nil:
			money = r.money
		case r.effort != nil:
			effort = r.effort
		default:
			for _, l := range r.any {
				u.by[l.net] = append(u.by[l.net], len(u.clauses))
				if !slices.Contains(vars, l.net) {
					vars = append(vars, l.net)
				}
			}
			u.clauses = append(u.clauses, r.clause)
		}
	}
	start, ok := u.start()
	if !ok {
		return false
	}
	var walk func(k int, c chosen) bool
	walk = func(k int, c chosen) bool {
		cost, days := u.costOf(c.in)
		if money != nil && cost > *money*(1+tie) || effort != nil && days > *effort*(1+tie) {
			return false
		}
		if k == len(vars) {
			return true
		}
		if c.decided(vars[k]) {
			return walk(k+1, c)
		}
		for _, in := range []bool{false, true} {
			if n, ok := u.set(c, vars[k], in); ok && walk(k+1, n) {
				return true
			}
		}
		return false
	}
	return walk(0, start)
}
