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
	user *structure.Function
	size int
	down float64 // the chance that it is down as it stands
	// variables of it behind each of the rides before it.
	variables []int
	// past is the share of the provider's time down that is felt behind each
	// of them.
	past []float64
}

// without is the chance that a user is hit with a perfect provider, and how it
// grows with the chance that the provider is down.
type without struct{ perfect, slope float64 }

// replacements lists the providers of which something is required: those that
// the root needs directly, and outside ones. One whose structure is too large
// to be solved once more is left out.
func (b *question) replacements() []*replacement {
	y := b.engine.system
	root := b.view.Nodes[0].Part
	direct := map[int]bool{}
	for _, e := range b.view.Nodes[0].Needs {
		for _, m := range e.Members {
			direct[b.view.Nodes[m].Part] = true
		}
	}
	var out []*replacement
	for _, part := range b.view.Order {
		p := &y.Parts[part]
		if part == root || p.Service < 0 || p.Copy > 0 {
			continue
		}
		outside := y.Scenario.Model.Services[p.Service].Outside
		if !direct[part] && !outside {
			continue
		}
		r := &replacement{Requirement: Requirement{Service: p.Service, Direct: direct[part], Outside: outside}, part: part, size: b.size}
		if b.replace(r) {
			out = append(out, r)
		}
	}
	return out
}

// replace solves the network of a replacement.
func (b *question) replace(r *replacement) bool {
	own := map[int][]int{}
	for _, i := range b.view.Of[r.part] {
		r.variables = append(r.variables, r.size)
		r.past = append(r.past, 1)
		r.size++
		own[i] = slices.Clone(r.variables)
	}
	var err error
	r.user, err = structure.Solve(b.graph(own), 0, 0)
	return err == nil
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
	if left := chance - w.perfect; left < w.slope {
		a = 1 - math.Max(0, left)/w.slope
	}
	return &a
}
