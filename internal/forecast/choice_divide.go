package forecast

import (
	"cmp"
	"context"
	"slices"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// Atoms are what a model's lost time is made of: risks, the downtime of changes,
// and of each service what is stated of it, its background, what its history has
// besides, and its self: what it has in common with others of its groups.
func riskAtom(name string) string       { return "risk " + name }
func changeAtom(name string) string     { return "change " + name }
func statedAtom(name string) string     { return "stated " + name }
func backgroundAtom(name string) string { return "background " + name }
func selfAtom(name string) string       { return "self " + name }
func unlistedAtom(name string) string   { return "unlisted " + name }

// atom returns the atom that a use belongs to.
func (b *staged) atom(u *use) string {
	y := b.graph.system
	name := func(part int) string { return y.Services[y.Parts[part].Service].Name }
	switch {
	case u.hangs != nil:
		for _, part := range u.hangs {
			if y.Parts[part].Service >= 0 {
				return selfAtom(name(part))
			}
		}
	case u.part >= 0 && y.Parts[u.part].Service < 0:
		// A common cause: with those that have it in common.
		for i := range y.Parts {
			for _, n := range y.Parts[i].Needs {
				if slices.Contains(n.Members, u.part) && y.Parts[i].Service >= 0 {
					return selfAtom(name(i))
				}
			}
		}
	case u.Kind == RiskSource:
		return riskAtom(u.Risk.Name)
	case u.Kind == ChangeSource:
		return changeAtom(u.Name)
	case u.Kind == BackgroundSource:
		return backgroundAtom(u.Service)
	case u.Kind == UnlistedSource:
		return unlistedAtom(u.Service)
	}
	return statedAtom(u.Service)
}

// divider finds which atoms may depend on one another under any set of nets,
// and which nets may change each.
type divider struct {
	ctx     context.Context
	c       *Choice
	m       *model.Model
	atoms   []string
	number  map[string]int
	touch   []NetSet
	parent  []int
	below   map[string][]string // services at or below one
	unsure  map[any][]int       // atoms that may depend on an input that is not exactly known
	order   []any               // of unsure
	shared  map[string]bool     // services that are below a group
	changes map[string][]int    // atoms that share the occurrences of a change
	reached []map[int]bool      // by question: atoms that may hit its service
}

func (d *divider) find(i int) int {
	for d.parent[i] != i {
		d.parent[i] = d.parent[d.parent[i]]
		i = d.parent[i]
	}
	return i
}

func (d *divider) join(list ...int) {
	for _, i := range list[min(1, len(list)):] {
		a, b := d.find(list[0]), d.find(i)
		d.parent[max(a, b)] = min(a, b)
	}
}

func (d *divider) at(atom string) int {
	i, ok := d.number[atom]
	if !ok {
		i = len(d.atoms)
		d.number[atom] = i
		d.atoms = append(d.atoms, atom)
		d.touch = append(d.touch, NetSet{})
		d.parent = append(d.parent, i)
	}
	return i
}

func (d *divider) mention(place any, atoms ...int) {
	if _, ok := d.unsure[place]; !ok {
		d.order = append(d.order, place)
	}
	for _, a := range atoms {
		if !slices.Contains(d.unsure[place], a) {
			d.unsure[place] = append(d.unsure[place], a)
		}
	}
}

func (d *divider) share(s *model.Share, atoms ...int) {
	if s != nil && s.Kind != model.Exactly {
		d.mention(s, atoms...)
	}
}

func (d *divider) signed(s *model.Signed, atoms ...int) {
	if s != nil && s.Kind != model.Exactly {
		d.mention(s, atoms...)
	}
}

func (d *divider) impact(i model.Impact, atom int) {
	d.share(i.All, atom)
	for k := range i.ByObjective {
		d.share(&i.ByObjective[k].Share, atom)
	}
}

// could reports whether a net may stand in a set that is chosen.
func (d *divider) could(i int) bool { return d.c.today.Has(i) || d.c.vary.Has(i) }

// touches notes that a net changes atoms, if it is one that varies.
func (d *divider) touches(net int, atoms ...int) {
	if !d.c.vary.Has(net) {
		return
	}
	for _, a := range atoms {
		d.touch[a] = d.touch[a].With(net)
	}
}

// divide fills in the parts of a choice.
func (c *Choice) divide(ctx context.Context) error {
	d := &divider{
		ctx: ctx, c: c, m: c.m, number: map[string]int{}, below: map[string][]string{}, unsure: map[any][]int{},
		shared: map[string]bool{}, changes: map[string][]int{},
	}
	d.all()
	d.risks()
	d.services()
	d.netEffects()
	if err := d.worlds(); err != nil {
		return err
	}
	d.parts()
	return nil
}

// all lists the atoms.
func (d *divider) all() {
	for _, ch := range d.m.Changes {
		a := d.at(changeAtom(ch.Name))
		d.impact(ch.Impact, a)
		d.changes[ch.Name] = append(d.changes[ch.Name], a)
	}
	for _, r := range d.m.Risks {
		a := d.at(riskAtom(r.Name))
		if r.Per != nil {
			d.changes[r.Per.Name] = append(d.changes[r.Per.Name], a)
		}
	}
	for _, s := range d.m.Services {
		d.at(selfAtom(s.Name))
		d.at(statedAtom(s.Name))
		d.share(s.Background, d.at(backgroundAtom(s.Name)))
		d.at(unlistedAtom(s.Name)) // no net touches it
	}
	for _, s := range d.m.Services {
		work.Poll(d.ctx)
		seen := map[string]bool{}
		var visit func(string)
		visit = func(name string) {
			if seen[name] {
				return
			}
			seen[name] = true
			d.below[s.Name] = append(d.below[s.Name], name)
			for _, n := range d.m.Service(name).Needs {
				for _, m := range n.Members {
					visit(m.Name)
				}
			}
		}
		visit(s.Name)
	}
}

// own lists the atoms of what happens on a service; single leaves out what
// strikes all of its copies at once.
func (d *divider) own(service string, single bool) []int {
	work.Poll(d.ctx)
	out := []int{d.at(selfAtom(service)), d.at(statedAtom(service))}
	if !single {
		out = append(out, d.at(backgroundAtom(service)))
		for _, ch := range d.m.Changes {
			if ch.Service.Name == service {
				out = append(out, d.at(changeAtom(ch.Name)))
			}
		}
	}
	for _, r := range d.m.Risks {
		if r.Service.Name == service && !(single && scenario.StrikesAll(r)) {
			out = append(out, d.at(riskAtom(r.Name)))
		}
	}
	return out
}

// under lists the atoms of all that is at or below the members of a need.
func (d *divider) under(n *model.Need) []int {
	var out []int
	seen := map[string]bool{}
	for _, m := range n.Members {
		for _, s := range d.below[m.Name] {
			if !seen[s] {
				seen[s] = true
				out = append(out, d.own(s, false)...)
			}
		}
	}
	return out
}

func (d *divider) detection(x *model.Detection, atoms ...int) { d.share(x.Catches, atoms...) }

func (d *divider) recovery(x *model.Recovery, atoms ...int) {
	d.share(x.Works, atoms...)
	d.share(x.Restores, atoms...)
}

// risks finds what risks depend on by themselves.
func (d *divider) risks() {
	for _, r := range d.m.Risks {
		a := d.at(riskAtom(r.Name))
		d.share(r.Chance, a)
		d.impact(r.Impact, a)
		for _, ref := range r.Detect {
			d.detection(d.m.Detection(ref.Name), a)
		}
		for _, ref := range r.Recover {
			d.recovery(d.m.Recovery(ref.Name), a)
		}
	}
}

// services finds what services have in common through groups and needs.
func (d *divider) services() {
	for _, s := range d.m.Services {
		if s.Stated != nil {
			d.share(s.Stated.Availability, d.at(statedAtom(s.Name)))
		}
		copies := s.Copies != nil && s.Copies.N > 1
		for i, n := range d.m.Nets {
			for _, e := range n.Effects {
				copies = copies || d.could(i) && scenario.Copied(e, s)
			}
		}
		if copies {
			d.join(d.own(s.Name, true)...)
			d.shared[s.Name] = true
		}
		d.share(s.CommonCause, d.own(s.Name, true)...)
		for _, n := range s.Needs {
			under := d.under(n)
			d.share(n.Impact, under...)
			group := n.Kind == model.NeedAny || n.Kind == model.NeedAtLeast
			if group && len(n.Members) > 1 {
				// Down together, or by a cause in common.
				d.join(under...)
				for _, m := range n.Members {
					for _, b := range d.below[m.Name] {
						d.shared[b] = true
					}
				}
			}
		}
	}
}

// netEffects finds what nets change, and what that makes depend on one another.
func (d *divider) netEffects() {
	calls := d.callers()
	for i, n := range d.m.Nets {
		if !d.could(i) {
			continue
		}
		for _, e := range n.Effects {
			for _, v := range e.Values() {
				if v.Key.Combines == model.Recalls {
					continue // the number beside it touches the same
				}
				atoms := d.touched(e, v.Key, calls)
				d.unsureOf(v, atoms...)
				d.touches(i, atoms...)
			}
		}
	}
}

// touched lists the atoms that an effect changes by one of its keys.
func (d *divider) touched(e *model.Effect, k *model.EffectKey, calls map[string][]int) []int {
	work.Poll(d.ctx)
	t := scenario.TargetOf(d.m, e)
	var atoms []int
	for _, r := range t.Risks {
		atoms = append(atoms, d.at(riskAtom(r.Name)))
	}
	switch {
	case t.Change != nil:
		atoms = d.changes[t.Change.Name]
	case t.Responder != nil:
		atoms = calls[t.Responder.Name]
	case t.Service != nil && k.Part == model.Own:
		atoms = []int{d.at(statedAtom(t.Service.Name))}
	case t.Service != nil && k.Part == model.Background:
		atoms = []int{d.at(backgroundAtom(t.Service.Name))}
	case t.Service != nil:
		atoms = d.own(t.Service.Name, true)
	}
	for _, need := range t.Needs {
		atoms = append(atoms, d.under(need)...)
	}
	return atoms
}

// unsureOf notes what atoms depend on by a value of an effect.
func (d *divider) unsureOf(v model.EffectValue, atoms ...int) {
	switch x := v.Value.(type) {
	case *model.Share:
		d.share(x, atoms...)
	case *model.Signed:
		d.signed(x, atoms...)
	case *model.Detection:
		d.detection(x, atoms...)
	case *model.Recovery:
		d.recovery(x, atoms...)
	}
}

// callers lists, by responder, the risks that may call them.
func (d *divider) callers() map[string][]int {
	out := map[string][]int{}
	add := func(rec *model.Recovery, atom int) {
		if rec != nil && !rec.Automatic() && !slices.Contains(out[rec.By.Name], atom) {
			out[rec.By.Name] = append(out[rec.By.Name], atom)
		}
	}
	for _, r := range d.m.Risks {
		work.Poll(d.ctx)
		a := d.at(riskAtom(r.Name))
		for _, ref := range r.Recover {
			add(d.m.Recovery(ref.Name), a)
		}
		for i, n := range d.m.Nets {
			if !d.could(i) {
				continue
			}
			for _, e := range n.Effects {
				if scenario.Covers(e, r) {
					add(scenario.AddedRecovery(e), a)
				}
			}
		}
	}
	return out
}

// parts gathers the atoms that may depend on one another.
func (d *divider) parts() {
	c := d.c
	at := map[int]int{}
	for i, atom := range d.atoms {
		root := d.find(i)
		k, ok := at[root]
		if !ok {
			k = len(c.parts)
			at[root] = k
			c.parts = append(c.parts, &choicePart{options: map[NetSet]*Option{}})
		}
		p := c.parts[k]
		p.atoms = append(p.atoms, atom)
		p.nets = p.nets.Or(d.touch[i])
		for _, r := range d.reached {
			p.reached = p.reached || r[i]
		}
		c.of[atom] = k
	}
	for s := range d.shared {
		c.parts[c.of[selfAtom(s)]].shared = true
	}
	for _, s := range d.m.Services {
		for _, a := range d.own(s.Name, false) {
			c.nets[s.Name] = c.nets[s.Name].Or(d.touch[a])
		}
	}
	// Whatever no net touches is one part.
	rest := -1
	var list []*choicePart
	for _, p := range c.parts {
		if p.nets.Empty() && !p.shared {
			if rest < 0 {
				rest = len(list)
				list = append(list, p)
			} else {
				list[rest].atoms = append(list[rest].atoms, p.atoms...)
				list[rest].reached = list[rest].reached || p.reached
			}
			continue
		}
		list = append(list, p)
	}
	c.parts = list
	for k, p := range c.parts {
		for _, a := range p.atoms {
			c.of[a] = k
		}
	}
}

// mostWorlds bounds how many possible worlds a question is asked in.
const mostWorlds = 36

// A coupling makes atoms depend on one another: what they have in common is
// either told apart into worlds, in each of which they are independent, or else
// joins them into one part.
type coupling struct {
	change *model.Change
	place  any
	atoms  []int
}

// worlds decides which of the couplings are told apart.
func (d *divider) worlds() error {
	var list []coupling
	for _, ch := range d.m.Changes {
		list = append(list, coupling{change: ch, atoms: d.changes[ch.Name]})
	}
	for _, place := range d.order {
		list = append(list, coupling{place: place, atoms: d.unsure[place]})
	}
	slices.SortStableFunc(list, func(a, b coupling) int {
		if (a.change == nil) != (b.change == nil) {
			if a.change != nil {
				return -1
			}
			return 1
		}
		return -cmp.Compare(len(a.atoms), len(b.atoms))
	})
	d.reached = make([]map[int]bool, len(d.c.asked))
	reached := d.reached
	for i, q := range d.c.asked {
		reached[i] = map[int]bool{d.at(unlistedAtom(q.Service)): true}
		for _, s := range d.below[q.Service] {
			for _, a := range d.own(s, false) {
				reached[i][a] = true
			}
		}
		q.worlds = []outlook{{weight: 1}}
	}
	apart := func(atoms []int) bool {
		for _, a := range atoms {
			if d.find(a) != d.find(atoms[0]) {
				return true
			}
		}
		return false
	}
	for _, x := range list {
		work.Poll(d.ctx)
		if len(x.atoms) < 2 || !apart(x.atoms) {
			continue
		}
		axes := make([]axis, len(d.c.asked))
		fits := true
		for i, q := range d.c.asked {
			var here []int
			for _, a := range x.atoms {
				if reached[i][a] {
					here = append(here, a)
				}
			}
			if len(here) < 2 || !apart(here) || q.Budget == nil {
				continue
			}
			ok := true
			if axes[i], ok = d.c.axis(x, q); !ok || len(axes[i].weights)*len(q.worlds) > mostWorlds {
				fits = false
				break
			}
		}
		if !fits {
			d.join(x.atoms...)
			continue
		}
		for i, q := range d.c.asked {
			if axes[i].weights != nil {
				q.split(x, axes[i])
			}
		}
	}
	return nil
}
