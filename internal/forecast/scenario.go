package forecast

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"

	"tightrope/internal/model"
)

// A scenario is a model with a set of safety nets standing.
type scenario struct {
	model    *model.Model
	today    map[string]bool // nets that stand today: the numbers are with them
	standing map[string]bool // nets that stand in the scenario
	with     []string
	without  []string
	params   *params
	warnings []Warning
}

// newScenario takes nets away and adds others to those that stand today. What
// an added net requires is added too, what it replaces is taken away, and both
// are said; nets that exclude each other are an error.
func newScenario(m *model.Model, with, without []string) (*scenario, error) {
	sc := &scenario{model: m, today: map[string]bool{}, standing: map[string]bool{}}
	for _, n := range m.Nets {
		if n.Status == model.InPlace {
			sc.today[n.Name] = true
			sc.standing[n.Name] = true
		}
	}
	for _, name := range without {
		if err := sc.known("without", name); err != nil {
			return nil, err
		}
		if slices.Contains(with, name) {
			return nil, &OptionError{"without", fmt.Sprintf("%s is both added and taken away", name)}
		}
		if !sc.standing[name] {
			sc.note("not-standing", m.Net(name), "%s does not stand today; taking it away changes nothing", name)
		}
		delete(sc.standing, name)
		sc.without = append(sc.without, name)
	}
	todo := append([]string(nil), with...)
	for i := 0; i < len(todo); i++ {
		name := todo[i]
		if err := sc.known("with", name); err != nil {
			return nil, err
		}
		n := m.Net(name)
		if i < len(with) && sc.standing[name] {
			sc.note("stands-already", n, "%s stands already; adding it changes nothing", name)
			continue
		}
		sc.standing[name] = true
		sc.with = append(sc.with, name)
		for _, r := range n.Requires {
			if slices.Contains(without, r.Name) {
				return nil, &OptionError{"with", fmt.Sprintf("%s requires %s, which is taken away", name, r.Name)}
			}
			if !sc.standing[r.Name] && !slices.Contains(todo, r.Name) {
				todo = append(todo, r.Name)
				sc.note("requires", n, "%s requires %s, which does not stand; it is taken as standing too", name, r.Name)
			}
		}
	}
	for _, name := range sc.with {
		for _, r := range m.Net(name).Replaces {
			if sc.standing[r.Name] && !slices.Contains(sc.with, r.Name) {
				delete(sc.standing, r.Name)
				sc.without = append(sc.without, r.Name)
				sc.note("replaces", m.Net(name), "%s replaces %s, which is taken away", name, r.Name)
			}
		}
	}
	for _, n := range m.Nets {
		if !sc.standing[n.Name] {
			continue
		}
		for _, x := range n.Excludes {
			if sc.standing[x.Name] && (len(with) > 0 || len(without) > 0) {
				return nil, &OptionError{"with", fmt.Sprintf("%s and %s exclude each other", n.Name, x.Name)}
			}
		}
		for _, r := range n.Requires {
			if !sc.standing[r.Name] {
				sc.note("requires", n, "%s stands but requires %s, which does not", n.Name, r.Name)
			}
		}
	}
	return sc, nil
}

func (sc *scenario) known(option, name string) error {
	if sc.model.Net(name) != nil {
		return nil
	}
	var names []string
	for _, n := range sc.model.Nets {
		names = append(names, n.Name)
	}
	if len(names) == 0 {
		return &OptionError{option, fmt.Sprintf("there is no safety net %q: the model has none", name)}
	}
	sort.Strings(names)
	return &OptionError{option, fmt.Sprintf("there is no safety net %q; the model has %s", name, strings.Join(names, ", "))}
}

func (sc *scenario) note(code string, n *model.Net, format string, args ...any) {
	sc.warnings = append(sc.warnings, Warning{Code: code, Message: fmt.Sprintf(format, args...), Pos: n.Pos})
}

// effects calls do with each effect on a risk of the nets in a set, in file
// order.
func (sc *scenario) effects(r *model.Risk, set map[string]bool, do func(*model.Net, *model.Effect)) {
	for _, n := range sc.model.Nets {
		if !set[n.Name] {
			continue
		}
		for _, e := range n.Effects {
			touches := e.RisksPer != nil && r.Per != nil && e.RisksPer.Name == r.Per.Name
			for _, ref := range e.Risks {
				touches = touches || ref.Name == r.Name
			}
			if touches {
				do(n, e)
			}
		}
	}
}

// prevention is what nets leave of a risk's frequency, against the nets that
// its numbers are with: of those with one angle the best counts, different
// angles multiply.
func (sc *scenario) prevention(r *model.Risk) factor {
	best := func(set map[string]bool) (angles []string, by map[string]*model.Share) {
		by = map[string]*model.Share{}
		sc.effects(r, set, func(n *model.Net, e *model.Effect) {
			if e.Prevents == nil {
				return
			}
			angle := "angle " + n.Angle
			if n.Angle == "" {
				angle = "net " + n.Name
			}
			old, there := by[angle]
			if !there {
				angles = append(angles, angle)
			}
			if !there || sc.params.meanOf(e.Prevents) > sc.params.meanOf(old) {
				by[angle] = e.Prevents
			}
		})
		return angles, by
	}
	angles, now := best(sc.standing)
	var had map[string]*model.Share
	var before []string
	if !r.BeforeNets {
		before, had = best(sc.today)
	}
	f := one
	left := func(p *model.Share) factor {
		return sc.params.complement(p, false, "share of "+r.Name+" that is prevented")
	}
	for _, a := range angles {
		if now[a] != had[a] {
			f = f.times(left(now[a]))
		}
	}
	for _, a := range before {
		if now[a] != had[a] {
			f = f.times(left(had[a]).inverse())
		}
	}
	return f
}

// change is the product of the nets' signed changes of one number of a risk,
// against the nets that its numbers are with.
func (sc *scenario) change(r *model.Risk, get func(*model.Effect) *model.Signed, what string) factor {
	f := one
	visit := func(set, other map[string]bool, apply func(factor) factor) {
		sc.effects(r, set, func(n *model.Net, e *model.Effect) {
			if s := get(e); s != nil && !other[n.Name] {
				f = f.times(apply(sc.params.signed(s, what)))
			}
		})
	}
	had := sc.today
	if r.BeforeNets {
		had = nil
	}
	visit(sc.standing, had, func(x factor) factor { return x })
	visit(had, sc.standing, factor.inverse)
	return f
}

// acknowledge returns how long a responder takes.
func (sc *scenario) acknowledge(name string) length {
	f := one
	for _, n := range sc.model.Nets {
		if sc.standing[n.Name] == sc.today[n.Name] {
			continue
		}
		for _, e := range n.Effects {
			if e.Responder == nil || e.Responder.Name != name || e.AcknowledgeBy == nil {
				continue
			}
			by := sc.params.signed(e.AcknowledgeBy, "time in which "+name+" acknowledges")
			if !sc.standing[n.Name] {
				by = by.inverse()
			}
			f = f.times(by)
		}
	}
	return length{sc.model.Responder(name).Acknowledges, f}
}

// onChange calls do with each effect of a standing net on a change.
func (sc *scenario) onChange(ch *model.Change, do func(*model.Effect)) {
	for _, n := range sc.model.Nets {
		if !sc.standing[n.Name] {
			continue
		}
		for _, e := range n.Effects {
			if e.Change != nil && e.Change.Name == ch.Name {
				do(e)
			}
		}
	}
}

// every, downtime and stages are those of the last standing net that sets
// them, else the change's own.
func (sc *scenario) every(ch *model.Change) *model.Rate {
	rate := &ch.Every
	sc.onChange(ch, func(e *model.Effect) {
		if e.Every != nil {
			rate = e.Every
		}
	})
	return rate
}

func (sc *scenario) downtime(ch *model.Change) *model.Time {
	down := ch.Downtime
	sc.onChange(ch, func(e *model.Effect) {
		if e.Downtime != nil {
			down = e.Downtime
		}
	})
	return down
}

func (sc *scenario) stages(ch *model.Change) []model.Stage {
	stages := ch.Stages
	sc.onChange(ch, func(e *model.Effect) {
		if e.Stages != nil {
			stages = e.Stages
		}
	})
	return stages
}

// copies returns how many copies of a service there are, how many must stand,
// and its common cause; nil is left out.
func (sc *scenario) copies(s *model.Service) (copies, need int, common *model.Share) {
	copies, need, common = 1, 1, s.CommonCause
	if s.Copies != nil {
		copies = s.Copies.N
	}
	if s.Need != nil {
		need = s.Need.N
	}
	for _, n := range sc.model.Nets {
		if !sc.standing[n.Name] {
			continue
		}
		for _, e := range n.Effects {
			if e.Service == nil || e.Service.Name != s.Name {
				continue
			}
			if e.Copies != nil {
				copies = max(copies, e.Copies.N)
			}
			if e.NeedCopies != nil {
				need = e.NeedCopies.N
			}
			if e.CommonCause != nil {
				common = e.CommonCause
			}
		}
	}
	return copies, need, common
}

// assumedCommonCause is the beta factor where none is written.
var assumedCommonCause = big.NewRat(5, 100)

// strikesCopies returns by what the rate of one copy's risk is multiplied to
// get the rate at which it takes the service down by itself: 1 where it
// strikes all; else βλ strikes the whole set at once, and (1−β)λ each copy
// alone, which only matters where none can be spared.
func (sc *scenario) strikesCopies(c *catalogue, s *model.Service, all bool) factor {
	copies, need, _ := sc.copies(s)
	if copies <= 1 || all {
		return one
	}
	beta := sc.commonCause(c, s, copies)
	if copies > need {
		return beta
	}
	// β + n(1−β) = n − (n−1)β
	if beta.sure() {
		n := new(big.Rat).SetInt64(int64(copies))
		less := new(big.Rat).Mul(new(big.Rat).SetInt64(int64(copies-1)), beta.rat())
		return exactly(n.Sub(n, less))
	}
	return factor{terms: []term{{param: beta.terms[0].param, base: float64(copies), slope: -float64(copies - 1)}}}
}

// commonCause is the share of what strikes one copy of a service that strikes
// all.
func (sc *scenario) commonCause(c *catalogue, s *model.Service, copies int) factor {
	if _, _, common := sc.copies(s); common != nil {
		return sc.params.share(common, false, "common cause of "+s.Name)
	}
	c.assume(s.Name, fmt.Sprintf("%s: 5%% of what strikes one of its %d copies strikes all (common_cause is left out)", s.Name, copies))
	return exactly(assumedCommonCause)
}

func (c *catalogue) assume(service, what string) {
	if !slices.Contains(c.assumedBy[service], what) {
		c.assumedBy[service] = append(c.assumedBy[service], what)
	}
}

func whole(n int) factor { return exactly(new(big.Rat).SetInt64(int64(n))) }
