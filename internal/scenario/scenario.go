package scenario

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"

	"tightrope/internal/message"
	"tightrope/internal/model"
)

// A Scenario is a model with a set of safety nets standing.
type Scenario struct {
	Model *model.Model
	// nets are those of the model by name: what multiplies is taken in this order.
	// Where nets set a value or put an attempt in front, the order of the file
	// counts.
	nets     []*model.Net
	today    map[string]bool // nets that stand today: the numbers are with them
	Standing map[string]bool // nets that stand in the scenario
	With     []string
	Without  []string
	Params   *Params
	// Laws, where not nil, keeps what other scenarios may need too. To be set
	// before the catalogue is made.
	Laws     *Laws
	Warnings []Warning
}

// New takes nets away and adds others to those that stand today. What
// an added net requires is added too, what it replaces is taken away, and both
// are said; nets that exclude each other are an error.
func New(m *model.Model, with, without []string) (*Scenario, error) {
	sc := &Scenario{Model: m, nets: nets(m), today: map[string]bool{}, Standing: map[string]bool{}}
	for _, n := range m.Nets {
		if n.Status == model.InPlace {
			sc.today[n.Name] = true
			sc.Standing[n.Name] = true
		}
	}
	for _, name := range without {
		if err := sc.known("without", name); err != nil {
			return nil, err
		}
		if slices.Contains(with, name) {
			return nil, &OptionError{"without", fmt.Sprintf("%s is both added and taken away", name)}
		}
		if !sc.Standing[name] {
			sc.note("not-standing", m.Net(name), message.NotStanding(name))
		}
		delete(sc.Standing, name)
		sc.Without = append(sc.Without, name)
	}
	todo := append([]string(nil), with...)
	for i := 0; i < len(todo); i++ {
		name := todo[i]
		if err := sc.known("with", name); err != nil {
			return nil, err
		}
		n := m.Net(name)
		if i < len(with) && sc.Standing[name] {
			sc.note("stands-already", n, message.StandsAlready(name))
			continue
		}
		sc.Standing[name] = true
		sc.With = append(sc.With, name)
		for _, r := range n.Requires {
			if slices.Contains(without, r.Name) {
				return nil, &OptionError{"with", fmt.Sprintf("%s requires %s, which is taken away", name, r.Name)}
			}
			if !sc.Standing[r.Name] && !slices.Contains(todo, r.Name) {
				todo = append(todo, r.Name)
				sc.note("requires", n, message.RequiresToo(name, r.Name))
			}
		}
	}
	for _, name := range sc.With {
		for _, r := range m.Net(name).Replaces {
			if sc.Standing[r.Name] && !slices.Contains(sc.With, r.Name) {
				delete(sc.Standing, r.Name)
				sc.Without = append(sc.Without, r.Name)
				sc.note("replaces", m.Net(name), message.Replaced(name, r.Name))
			}
		}
	}
	for _, n := range m.Nets {
		if !sc.Standing[n.Name] {
			continue
		}
		for _, x := range n.Excludes {
			if sc.Standing[x.Name] && (len(with) > 0 || len(without) > 0) {
				return nil, &OptionError{"with", fmt.Sprintf("%s and %s exclude each other", n.Name, x.Name)}
			}
		}
		for _, r := range n.Requires {
			if !sc.Standing[r.Name] {
				sc.note("requires", n, message.Requires(n.Name, r.Name))
			}
		}
	}
	return sc, nil
}

// At is a model with just these nets standing, as another scenario of it found
// them. Names of no net are left out.
func At(m *model.Model, standing []string) *Scenario {
	sc := &Scenario{Model: m, nets: nets(m), today: map[string]bool{}, Standing: map[string]bool{}}
	for _, n := range m.Nets {
		sc.today[n.Name] = n.Status == model.InPlace
		if sc.Standing[n.Name] = slices.Contains(standing, n.Name); sc.Standing[n.Name] && !sc.today[n.Name] {
			sc.With = append(sc.With, n.Name)
		} else if !sc.Standing[n.Name] && sc.today[n.Name] {
			sc.Without = append(sc.Without, n.Name)
		}
	}
	return sc
}

func (sc *Scenario) known(option, name string) error {
	if sc.Model.Net(name) != nil {
		return nil
	}
	var names []string
	for _, n := range sc.Model.Nets {
		names = append(names, n.Name)
	}
	if len(names) == 0 {
		return &OptionError{option, fmt.Sprintf("there is no safety net %q: the model has none", name)}
	}
	sort.Strings(names)
	return &OptionError{option, fmt.Sprintf("there is no safety net %q; the model has %s", name, strings.Join(names, ", "))}
}

func (sc *Scenario) note(code string, n *model.Net, what message.Message) {
	sc.Warnings = append(sc.Warnings, Warning{Code: code, Message: what, Pos: n.Pos})
}

// effects calls do with each effect on a risk of those of some nets that are in a
// set.
func effects(nets []*model.Net, set map[string]bool, r *model.Risk, do func(*model.Net, *model.Effect)) {
	for _, n := range nets {
		if !set[n.Name] {
			continue
		}
		for _, e := range n.Effects {
			if Covers(e, r) {
				do(n, e)
			}
		}
	}
}

// A Prevention is what makes a risk rarer, of one angle.
type Prevention struct {
	Net   *model.Net
	Share *model.Share
	Mean  float64
}

// Preventing lists what makes a risk rarer, of the nets that stand, in the order in
// which their angles come first by name: of those with one angle the best counts,
// and of equals the first.
func (sc *Scenario) Preventing(r *model.Risk) []Prevention {
	sc.prepare()
	return sc.preventing(r, sc.Standing)
}

func (sc *Scenario) preventing(r *model.Risk, set map[string]bool) []Prevention {
	var out []Prevention
	effects(sc.nets, set, r, func(n *model.Net, e *model.Effect) {
		if e.Prevents == nil {
			return
		}
		p := Prevention{n, e.Prevents, sc.Params.meanOf(e.Prevents)}
		i := slices.IndexFunc(out, func(o Prevention) bool { return SameAngle(o.Net, n) })
		if i < 0 {
			out = append(out, p)
		} else if p.Mean > out[i].Mean {
			out[i] = p
		}
	})
	return out
}

// prevention is what nets leave of a risk's frequency, against the nets that
// its numbers are with: of those with one angle the best counts, different
// angles multiply. It names the nets whose share is applied or divided out.
func (sc *Scenario) prevention(r *model.Risk) (Factor, []string) {
	now := sc.preventing(r, sc.Standing)
	var had []Prevention
	if !r.BeforeNets {
		had = sc.preventing(r, sc.today)
	}
	f := One
	var nets []string
	left := func(p Prevention) Factor {
		nets = append(nets, p.Net.Name)
		return sc.Params.complement(p.Share, false, message.Prevented(r.Name))
	}
	in := func(list []Prevention, p Prevention) bool {
		return slices.ContainsFunc(list, func(o Prevention) bool { return o.Share == p.Share })
	}
	for _, p := range now {
		if !in(had, p) {
			f = f.Times(left(p))
		}
	}
	for _, p := range had {
		if !in(now, p) {
			f = f.Times(left(p).inverse())
		}
	}
	return f, nets
}

// change is the product of the nets' signed changes of one number of a risk,
// against the nets that its numbers are with.
func (sc *Scenario) change(r *model.Risk, get func(*model.Effect) *model.Signed, what message.Message) (Factor, Origin) {
	f, origin := One, Origin{From: Written}
	visit := func(set, other map[string]bool, apply func(Factor) Factor) {
		effects(sc.nets, set, r, func(n *model.Net, e *model.Effect) {
			if s := get(e); s != nil && !other[n.Name] {
				f = f.Times(apply(sc.Params.signed(s, what)))
				origin.touched(n.Name)
			}
		})
	}
	had := sc.today
	if r.BeforeNets {
		had = nil
	}
	visit(sc.Standing, had, func(x Factor) Factor { return x })
	visit(had, sc.Standing, Factor.inverse)
	return f, origin
}

// commonCause is the share of what strikes one copy of a service that strikes
// all.
func (sc *Scenario) commonCause(c *Catalogue, s *model.Service, copies int) Factor {
	if common := sc.Service(s).CommonCause.Is; common != nil {
		return sc.Params.Share(common, false, message.CommonCauseOf(s.Name))
	}
	c.assume(s.Name, message.CommonCauseOfCopies(s.Name, copies))
	return Exactly(defaultCommonCause)
}

func (c *Catalogue) assume(service string, what message.Message) {
	if !slices.Contains(c.AssumedBy[service], what) {
		c.AssumedBy[service] = append(c.AssumedBy[service], what)
	}
}

func whole(n int) Factor { return Exactly(new(big.Rat).SetInt64(int64(n))) }
