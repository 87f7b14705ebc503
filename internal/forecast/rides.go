package forecast

import (
	"math/big"
	"sync"

	"tightrope/internal/distribution"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// rideOut cuts off what users do not feel of each incident: of its length L,
// users behind rides of r feel (L − r)⁺. The use becomes one of incidents that
// are felt: less often, and of the law of what is felt given that something
// is. It returns false where nothing is ever felt.
//
// Lengths are of lost time. For an incident that hits all of its users from
// beginning to end that is the time that it lasts; with stages, or partial
// restores, the rides are held against the lost time instead.
func (u *use) rideOut() bool {
	x := u.reach
	if x.rides == nil || u.Even {
		return true
	}
	whole := u.Source.Incident
	u.whole = &whole
	src := *u.Source
	u.Source = &src
	if felt, ok := x.exactlyFelt(&whole); ok {
		src.Incident = lasting(scenario.Length{Time: model.Time{Kind: model.Fixed, Exact: felt}})
		return felt.Sign() > 0
	}
	f := &feltLength{incident: &whole, reach: x}
	whole.Visit(func(p int) { f.params = appendNew(f.params, p) })
	for _, p := range x.deps {
		f.params = appendNew(f.params, p)
	}
	src.Incident = lasting(scenario.Length{Of: f.law, Params: f.params})
	chance := scenario.Computed(f.chance, f.params)
	if len(f.params) == 0 {
		p := f.chance(nil)
		if p == 0 {
			return false
		}
		chance = scenario.Number(p)
	}
	u.feltPart = &chance
	if src.Change != nil {
		src.Chance = src.Chance.Times(chance)
	} else {
		src.Rate = src.Rate.Times(chance)
	}
	return true
}

// lasting is an incident of one length, known at once.
func lasting(l scenario.Length) scenario.Incident {
	return scenario.Incident{Attempts: []scenario.Attempt{{Takes: l, Works: scenario.One, Restores: scenario.One, Responder: -1}}}
}

// exactlyFelt is the lost time that is felt of an incident that is the same
// every time, Σ share × (L − r)⁺ over the rides.
func (x *reach) exactlyFelt(in *scenario.Incident) (*big.Rat, bool) {
	length, ok := in.Exactly()
	if !ok || x.exact == nil || x.exact.Sign() == 0 {
		return nil, false
	}
	felt := new(big.Rat)
	for _, r := range x.rides {
		after, ok := r.after.Exactly()
		if !ok {
			return nil, false
		}
		if rest := new(big.Rat).Sub(length, after); rest.Sign() > 0 {
			share := x.graph.diagram.ExactProbability(r.node, x.graph.exact)
			felt.Add(felt, rest.Mul(rest, share))
		}
	}
	return felt.Quo(felt, x.exact), true
}

// feltLength is the law of what is felt of each incident.
type feltLength struct {
	incident *scenario.Incident
	reach    *reach
	params   []int
	known    memo[felt]
}

type felt struct {
	chance float64
	law    distribution.Law
}

func (f *feltLength) at(theta []float64) felt {
	return f.known.get(theta, f.params, func() felt {
		length := f.reach.graph.length(f.incident.At(theta))
		var groups []distribution.Felt
		for i, share := range f.reach.given(theta) {
			groups = append(groups, distribution.Felt{Share: share, After: f.reach.rides[i].after.Law()})
		}
		return f.reach.graph.feltOf(length, groups)
	})
}

func (f *feltLength) law(theta []float64) distribution.Law { return f.at(theta).law }
func (f *feltLength) chance(theta []float64) float64       { return f.at(theta).chance }

// length is the law of the lost time of an incident that hits all users.
func (w *graph) length(in *distribution.Incident) distribution.Law { return w.memory.Length(in) }

// feltOf is distribution.FeltOf, kept.
func (w *graph) feltOf(l distribution.Law, groups []distribution.Felt) felt {
	var t fingerprint
	t.begin('f').law(l)
	for _, g := range groups {
		t.number(g.Share)
		t.law(g.After)
	}
	key := t.key()
	if x, ok := w.memory.get(key); ok {
		return x.(felt)
	}
	p, law := distribution.FeltOf(l, groups)
	out := felt{p, law}
	w.memory.put(key, out, distribution.LawBytes(law))
	return out
}

// A memo keeps what was computed for the values of some params.
type memo[T any] struct {
	mu sync.Mutex
	at map[string]T
}

// memoSize is how many values a memo keeps.
const memoSize = 1 << 12

func (m *memo[T]) get(theta []float64, params []int, compute func() T) T {
	var room [16 * 8]byte
	b := room[:0]
	for _, p := range params {
		b = appendFloat(b, theta[p])
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if x, ok := m.at[string(b)]; ok {
		return x
	}
	key := string(b)
	if m.at == nil || len(m.at) >= memoSize {
		m.at = map[string]T{}
	}
	x := compute()
	m.at[key] = x
	return x
}
