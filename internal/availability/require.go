package availability

import (
	"math"
	"slices"

	"tightrope/internal/structure"
)

// A replacement is a network with one provider, and all below it, replaced by
// something that is down with one chance: the chance that a user is hit is
// linear in that one.
type replacement struct {
	Requirement
	part int
	down float64 // the chance that the provider is down as it stands
	// Where nothing else needs what is below the provider, it is replaced by
	// setting these variables, together, of the network itself.
	below []int
	// Else this is the network with the provider's own variables, one behind
	// each of the rides before it.
	user      *structure.Function
	size      int
	variables []int
	// past is the share of the provider's time down that is felt behind each
	// of the rides.
	past []float64
}

// without is the chance that a user is hit with a perfect provider, and how it
// grows with the chance that the provider is down.
type without struct{ perfect, slope float64 }

// mostProviders is up to how many providers of a service all are told what they
// must offer; of more, those that the service needs itself and outside ones.
const mostProviders = 40

// replacements lists the providers of which something is required. One whose
// structure is too large to be solved once more is left out.
func (b *question) replacements() []*replacement {
	y := b.engine.system
	root := b.view.Nodes[0].Part
	direct := map[int]bool{}
	own := &b.view.Nodes[0]
	if y.Parts[root].Front {
		own = &b.view.Nodes[own.Needs[0].Members[0]]
	}
	for _, e := range own.Needs {
		for _, m := range e.Members {
			direct[b.view.Nodes[m].Part] = true
		}
	}
	provider := func(part int) bool {
		p := &y.Parts[part]
		return p.Service >= 0 && p.Service != y.Parts[root].Service && p.Copy == 0
	}
	providers := 0
	for _, part := range b.view.Order {
		if provider(part) {
			providers++
		}
	}
	var out []*replacement
	for _, part := range b.view.Order {
		p := &y.Parts[part]
		if !provider(part) {
			continue
		}
		service := y.Services[p.Service]
		outside := service.Outside
		if !direct[part] && !outside && providers > mostProviders {
			continue
		}
		r := &replacement{Requirement: Requirement{Service: service, Direct: direct[part], Outside: outside}, part: part, size: b.size}
		if b.replace(r) {
			out = append(out, r)
		}
	}
	return out
}

// replace finds how to put something in the place of a provider.
func (b *question) replace(r *replacement) bool {
	of := b.view.Of[r.part]
	for range of {
		r.past = append(r.past, 1)
	}
	if len(of) == 1 {
		if r.below = b.module(of[0]); r.below != nil {
			r.user = b.user
			return true
		}
	}
	own := map[int][]int{}
	for _, i := range of {
		r.variables = append(r.variables, r.size)
		r.size++
		own[i] = slices.Clone(r.variables)
	}
	var err error
	r.user, err = structure.Solve(b.graph(own), 0, 0)
	return err == nil
}

// module returns the variables at and below a node, which is down while all of
// them are true and up while none is; nil where something else needs one of
// them, or where they are not enough to take it down.
func (b *question) module(node int) []int {
	below, rest := make([]bool, len(b.view.Nodes)), make([]bool, len(b.view.Nodes))
	b.reach(node, -1, below)
	b.reach(0, node, rest)
	shared := map[int]bool{} // parts
	for i, x := range b.view.Nodes {
		if rest[i] {
			shared[x.Part] = true
		}
	}
	var out []int
	for i, in := range below {
		if !in {
			continue
		}
		x := &b.view.Nodes[i]
		if shared[x.Part] {
			return nil
		}
		for _, e := range x.Needs {
			if e.Need.Split != nil {
				return nil
			}
			if e.Need.Edge >= 0 {
				out = append(out, e.Need.Edge)
			}
			if w := b.switchOf(e.Need); w != nil {
				out = append(out, w.at...)
			}
		}
	}
	for _, s := range b.spots {
		if below[b.view.Of[s.part][0]] {
			out = append(out, s.at...)
		}
	}
	if !b.mayFail(node, map[int]bool{}) {
		return nil
	}
	return out
}

// reach marks the nodes at and below one, without passing another.
func (b *question) reach(from, without int, seen []bool) {
	if from == without || seen[from] {
		return
	}
	seen[from] = true
	for _, e := range b.view.Nodes[from].Needs {
		for _, m := range e.Members {
			b.reach(m, without, seen)
		}
	}
}

// mayFail returns whether a node is down while all that may fail is.
func (b *question) mayFail(node int, known map[int]bool) bool {
	if f, ok := known[node]; ok {
		return f
	}
	x := &b.view.Nodes[node]
	f := len(b.engine.units[x.Part]) > 0
	for _, e := range x.Needs {
		down := 0
		for _, m := range e.Members {
			if b.mayFail(m, known) {
				down++
			}
		}
		f = f || down >= e.Need.Down
	}
	known[node] = f
	return f
}

// ride works out how much of a provider's time down is felt behind rides, as
// things are on average.
func (b *question) ride(r *replacement, mean *state) {
	for k, i := range b.view.Of[r.part] {
		if len(b.view.Nodes[i].Rides) == 0 || r.down == 0 {
			continue
		}
		if f, err := structure.Solve(b.graph(nil), i, 0); err == nil {
			r.past[k] = math.Min(1, f.Probability(mean.p)/r.down)
		}
	}
}

// at returns what holds where the variables of the network have the
// probabilities p.
func (r *replacement) at(p []float64) without {
	if r.below != nil {
		p = slices.Clone(p)
		set := func(to float64) float64 {
			for _, v := range r.below {
				p[v] = to
			}
			return r.user.Probability(p)
		}
		perfect := set(0)
		return without{perfect, (set(1) - perfect) * r.past[0]}
	}
	p = append(slices.Clone(p), make([]float64, r.size-len(p))...)
	for k, v := range r.variables[1:] {
		if r.past[k] > 0 {
			p[v] = math.Min(1, r.past[k+1]/r.past[k])
		}
	}
	perfect, slope := r.user.Gradient(p)
	return without{perfect, slope[r.variables[0]] * r.past[0]}
}

// require returns what the provider must offer so that a user is hit with no
// more than a chance; nil where even a perfect one is not enough.
func (w without) require(chance float64) *float64 {
	if w.perfect > chance*(1+1e-12) {
		return nil
	}
	a := 0.0
	if left := chance - w.perfect; w.slope > 0 && left < w.slope {
		a = 1 - math.Max(0, left)/w.slope
	}
	return &a
}
