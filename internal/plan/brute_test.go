package plan_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// A brute lists every set of nets that may be, straight from the words of the
// model, and asks the forecast about each.
type brute struct {
	t      *testing.T
	m      *model.Model
	vars   []int
	review bool
	choice *forecast.Choice
	conf   []float64
	asks   []forecast.Question
	memory *forecast.Memory // shared with the plans: what it keeps does not change what is said
	sets   []*bruteSet
	exact  int
}

// bruteModels is a short form; 500 take a quarter of an hour.
var bruteModels = flag.Int("brute.models", 40, "random models whose plans are held against all sets of nets")

type bruteSet struct {
	in, standing forecast.NetSet
	names        []string
	cost         float64
	low, high    float64   // of the weakest promise
	lows, highs  []float64 // of each
	finer        bool
	met          *float64
	mets         []float64
	loss         *float64
	lossError    float64
}

func newBrute(t *testing.T, m *model.Model, review bool) *brute {
	b := &brute{t: t, m: m, review: review, memory: forecast.NewMemory(192 << 20)}
	for _, s := range m.Services {
		for _, o := range s.Objectives {
			w := big.NewRat(30*model.Day, 1)
			if o.Over != nil {
				w = o.Over.Rat()
			}
			budget := new(big.Rat).Sub(big.NewRat(1, 1), o.Target.Exact)
			b.asks = append(b.asks, forecast.Question{Service: s.Name, Objective: o.Name, Window: w, Budget: budget.Mul(budget, w)})
			c := 0.9
			if o.Confidence != nil {
				c, _ = o.Confidence.Exact.Float64()
			}
			b.conf = append(b.conf, c)
		}
	}
	var all forecast.NetSet
	for i, n := range m.Nets {
		all = all.With(i)
		if n.Status == model.Proposed || n.Status == model.Building || n.Status == model.InPlace && review {
			b.vars = append(b.vars, i)
		}
	}
	var err error
	if b.choice, err = forecast.NewChoice(context.Background(), m, all, b.asks, b.memory); err != nil {
		t.Fatal(err)
	}
	for mask := range 1 << len(b.vars) {
		x := &bruteSet{}
		for k, i := range b.vars {
			if mask>>k&1 == 1 {
				x.in = x.in.With(i)
				x.names = append(x.names, m.Nets[i].Name)
				c := worth.CostOf(m, m.Nets[i])
				if m.Nets[i].Status == model.InPlace {
					x.cost += c.RunPerYear
				} else {
					x.cost += c.Annual
				}
			}
		}
		slices.Sort(x.names)
		if b.stands(x) {
			b.sets = append(b.sets, x)
		}
	}
	var parts []forecast.PartSet
	for k := range b.choice.Parts() {
		for _, x := range b.sets {
			parts = append(parts, forecast.PartSet{Part: k, Standing: x.standing})
		}
	}
	b.choice.Prepare(parts)
	b.sets = slices.DeleteFunc(b.sets, func(x *bruteSet) bool { return !b.asked(x) })
	return b
}

// stands works out what stands, and whether it may.
func (b *brute) stands(x *bruteSet) bool {
	on := map[string]bool{}
	for i, n := range b.m.Nets {
		on[n.Name] = x.in.Has(i) || n.Status == model.InPlace && !b.review
	}
	for i, n := range b.m.Nets {
		if !x.in.Has(i) || n.Status == model.InPlace && !b.review {
			continue
		}
		for _, r := range n.Replaces {
			k := slices.IndexFunc(b.m.Nets, func(n *model.Net) bool { return n.Name == r.Name })
			if x.in.Has(k) {
				return false
			}
			on[r.Name] = false
		}
	}
	for i, n := range b.m.Nets {
		if !on[n.Name] {
			continue
		}
		x.standing = x.standing.With(i)
		for _, r := range n.Requires {
			if !on[r.Name] {
				return false
			}
		}
		for _, e := range n.Excludes {
			if on[e.Name] {
				return false
			}
		}
	}
	// A scenario must mean the same.
	var with, without []string
	for i, n := range b.m.Nets {
		switch {
		case x.standing.Has(i) && n.Status != model.InPlace:
			with = append(with, n.Name)
		case !x.standing.Has(i) && n.Status == model.InPlace:
			without = append(without, n.Name)
		}
	}
	sc, err := scenario.New(b.m, with, without)
	if err != nil {
		b.t.Fatalf("%v: %v", x.names, err)
	}
	for i, n := range b.m.Nets {
		if sc.Standing[n.Name] != x.standing.Has(i) {
			b.t.Fatalf("%v: the scenario disagrees about %s", x.names, n.Name)
		}
	}
	return true
}

func (b *brute) asked(x *bruteSet) bool {
	x.low, x.high = 1, 1
	for k := range b.asks {
		q, ok := b.choice.Quick(k, x.standing)
		if !ok {
			return false
		}
		x.lows, x.highs = append(x.lows, q.Met-q.Error), append(x.highs, q.Met+q.Error)
		x.low, x.high = math.Min(x.low, q.Met-q.Error), math.Min(x.high, q.Met+q.Error)
	}
	return true
}

func (b *brute) chance(x *bruteSet) float64 {
	if x.met == nil {
		b.exact++
		list, err := b.choice.Exact(x.standing)
		if err != nil {
			b.t.Fatal(err)
		}
		least := 1.0
		for k, e := range list {
			if e.Met < x.lows[k]-e.Error-1e-9 || e.Met > x.highs[k]+e.Error+1e-9 {
				b.t.Errorf("%v: quick %v…%v, exact %v ± %v", x.names, x.lows[k], x.highs[k], e.Met, e.Error)
			}
			x.mets = append(x.mets, e.Met)
			least = math.Min(least, e.Met)
		}
		x.met = &least
	}
	return *x.met
}

func (b *brute) feasible(x *bruteSet) bool {
	sure := true
	for k, c := range b.conf {
		if x.highs[k] < c {
			return false
		}
		sure = sure && x.lows[k] >= c
	}
	if sure {
		return true
	}
	if !x.finer {
		b.refine(x)
		return b.feasible(x)
	}
	b.chance(x)
	for k, c := range b.conf {
		if x.mets[k] < c-1e-12 {
			return false
		}
	}
	return true
}

func money(a, b float64) int {
	if math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) {
		return 0
	}
	return cmp.Compare(a, b)
}

// refine knows a set on a finer lattice, and then exactly.
func (b *brute) refine(x *bruteSet) {
	if x.finer {
		m := b.chance(x)
		x.low, x.high = m, m
		return
	}
	x.finer = true
	x.low, x.high = 1, 1
	for k := range b.asks {
		q, _ := b.choice.Finer(k, x.standing)
		x.lows[k], x.highs[k] = q.Met-q.Error, q.Met+q.Error
		x.low, x.high = math.Min(x.low, x.lows[k]), math.Min(x.high, x.highs[k])
	}
}

// better orders by chance, cost, how many and names.
func (b *brute) better(x, y *bruteSet) int {
	for {
		switch {
		case x.low > y.high+1e-9:
			return -1
		case y.low > x.high+1e-9:
			return 1
		case x.met != nil && y.met != nil:
			return b.plainer(x, y)
		}
		for _, z := range []*bruteSet{x, y} {
			if z.met == nil {
				b.refine(z)
			}
		}
	}
}

func (b *brute) plainer(x, y *bruteSet) int {
	return cmp.Or(money(x.cost, y.cost), cmp.Compare(len(x.names), len(y.names)), cmp.Compare(strings.Join(x.names, "\x00"), strings.Join(y.names, "\x00")))
}

func (b *brute) cheapest() []*bruteSet {
	list := slices.Clone(b.sets)
	slices.SortStableFunc(list, func(x, y *bruteSet) int { return money(x.cost, y.cost) })
	var out []*bruteSet
	for _, x := range list {
		if len(out) >= 2 && money(x.cost, out[1].cost) > 0 {
			break
		}
		if b.feasible(x) {
			out = append(out, x)
			slices.SortStableFunc(out, func(x, y *bruteSet) int {
				return cmp.Or(money(x.cost, y.cost), b.better(x, y))
			})
		}
	}
	return out
}

// spend lists the best two for no more than an amount: those that tie with the
// highest chance are told apart by cost, how many and names.
func (b *brute) spend(most float64) []*bruteSet {
	var list, out []*bruteSet
	for _, x := range b.sets {
		if x.cost <= most*(1+1e-9) {
			list = append(list, x)
		}
	}
	for len(out) < 2 && len(list) > 0 {
		low, top := 0.0, 0.0
		for _, x := range list {
			low = math.Max(low, x.low)
		}
		for _, x := range list {
			if !x.finer && x.high >= low-1e-9 {
				b.refine(x)
			}
		}
		low = 0
		for _, x := range list {
			low = math.Max(low, x.low)
		}
		for _, x := range list {
			if x.high >= low-1e-9 {
				top = math.Max(top, b.chance(x))
			}
		}
		best := -1
		for i, x := range list {
			if x.high >= low-1e-9 && b.chance(x) >= top-1e-9 && (best < 0 || b.plainer(x, list[best]) < 0) {
				best = i
			}
		}
		out = append(out, list[best])
		list = slices.Delete(list, best, best+1)
	}
	return out
}

// front holds a frontier against every set: none that it has is beaten, and none
// that nothing beats is missing.
func (b *brute) front(r *plan.Result) {
	list := slices.Clone(b.sets)
	slices.SortStableFunc(list, func(x, y *bruteSet) int {
		return cmp.Or(money(x.cost, y.cost), b.better(x, y))
	})
	var want []*bruteSet
	for _, x := range list {
		if len(want) > 0 {
			last := want[len(want)-1]
			for _, z := range []*bruteSet{x, last} {
				if !z.finer && x.high > last.low && x.low <= last.high {
					b.refine(z)
				}
			}
			if x.high <= last.low+1e-9 || x.low <= last.high && b.chance(x) <= b.chance(last)+1e-9 {
				continue
			}
		}
		want = append(want, x)
	}
	if !r.FrontierComplete {
		b.t.Error("the frontier is not complete")
	}
	if len(want) != len(r.Frontier) {
		b.t.Errorf("the frontier has %d plans, expected %d", len(r.Frontier), len(want))
		for _, x := range want {
			b.t.Log("want", x.names, x.cost, x.low, x.high)
		}
		for _, x := range r.Frontier {
			b.t.Log("have", x.Nets, x.AnnualCost, x.Met)
		}
		return
	}
	for k, x := range r.Frontier {
		same(b.t, fmt.Sprint("frontier ", k), x, want, k)
	}
}

// near is how far apart chances may be that count as the same: in a frontier
// where inputs are unsure, and of the best that can be reached.
const near = 1e-4

// roughly is front where inputs are unsure.
func (b *brute) roughly(r *plan.Result) {
	for _, x := range b.sets {
		if !slices.ContainsFunc(r.Frontier, func(p *plan.Plan) bool {
			return money(p.AnnualCost, x.cost) <= 0 && p.Met >= x.low-near-p.MetError
		}) {
			b.t.Errorf("no plan of the frontier is as good as %v (cost %v chance %v)", x.names, x.cost, x.low)
		}
	}
	for i, p := range r.Frontier {
		if i > 0 && (p.Met <= r.Frontier[i-1].Met || p.AnnualCost < r.Frontier[i-1].AnnualCost) {
			b.t.Errorf("plan %d of the frontier is no better than the one before", i)
		}
	}
}

// reaches holds the best that is said to be possible against every set.
func (b *brute) reaches(got *plan.Plan) {
	best := b.spend(math.Inf(1))[0]
	if got == nil || got.Met < b.chance(best)-near {
		b.t.Errorf("reachable: %+v, expected %v with a chance of %v", got, best.names, *best.met)
	}
}

// proves holds the cheapest plan against every set.
func (b *brute) proves(r *plan.Result) {
	want := b.cheapest()
	same(b.t, "cheapest", r.Best, want, 0)
	if len(want) > 0 {
		same(b.t, "runner-up", r.RunnerUp, want, 1)
		if !r.Optimal || r.Gap != 0 {
			b.t.Errorf("not proven: %v", r.Gap)
		}
	} else if len(b.sets) > 0 {
		b.reaches(r.Reachable)
	}
}

func same(t *testing.T, what string, got *plan.Plan, want []*bruteSet, place int) {
	t.Helper()
	switch {
	case got == nil && len(want) <= place:
	case got == nil:
		t.Errorf("%s: no plan, expected %v", what, want[place].names)
	case len(want) <= place:
		t.Errorf("%s: %v, expected none", what, got.Nets)
	default:
		names := slices.Clone(got.Nets)
		slices.Sort(names)
		if !slices.Equal(names, want[place].names) {
			t.Errorf("%s: %v (cost %v chance %v), expected %v (cost %v chance %v–%v)", what, names, got.AnnualCost, got.Met, want[place].names, want[place].cost, want[place].low, want[place].high)
		}
	}
}

func recipes(i int) recipe {
	c := recipe{nets: 3 + i%4, risks: 3 + i%3, rules: i%2 == 0}
	switch i % 7 {
	case 1:
		c.plain = true
	case 2:
		c.changes = true
	case 3:
		c.people = true
	case 4:
		c.copies = true
	case 5:
		c.unsure = true
	case 6:
		c.two = true
		c.changes, c.people = i%3 == 0, i%9 == 0
	}
	switch {
	case i == 28 || i == 428:
		c.nets, c.risks = 14, 8
	case i%25 == 3:
		c.nets, c.risks = 9, 6
	}
	return c
}

func TestPlansAreThoseOfBruteForce(t *testing.T) {
	for i := range *bruteModels {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			c := recipes(i)
			m := read(t, generate(c, uint64(i)))
			review := i%9 == 4
			b := newBrute(t, m, review)
			r := run(t, m, plan.Options{Review: review, Memory: b.memory})
			b.proves(r)
			if i%3 == 0 {
				r = run(t, m, plan.Options{Frontier: true, Review: review, Memory: b.memory})
				if i%7 == 5 {
					b.roughly(r)
				} else {
					b.front(r)
				}
			}
			if i%2 == 1 {
				return
			}
			cap := float64(30 + 10*(i%9))
			r = run(t, m, plan.Options{Mode: plan.Spend, Money: &cap, Review: review, Memory: b.memory})
			want := b.spend(cap)
			same(t, "spend", r.Best, want, 0)
			same(t, "spend: runner-up", r.RunnerUp, want, 1)
		})
	}
}

// Nets on what a service states are bounded as all others are.
func TestPlansWithVendorsAreThoseOfBruteForce(t *testing.T) {
	best := 0
	for i := range 8 {
		m := read(t, generate(recipe{nets: 4 + i%3, risks: 3, vendor: true, rules: i%2 == 0, loose: true}, uint64(7000+i)))
		b := newBrute(t, m, i%4 == 0)
		r := run(t, m, plan.Options{Review: i%4 == 0, Memory: b.memory})
		b.proves(r)
		if r.Best != nil && len(r.Best.Nets) > 0 {
			best++
		}
		cap := float64(40 + 10*i)
		r = run(t, m, plan.Options{Mode: plan.Spend, Money: &cap, Review: i%4 == 0, Memory: b.memory})
		same(t, fmt.Sprintf("spend in model %d", i), r.Best, b.spend(cap), 0)
	}
	if best < 3 {
		t.Errorf("only %d models have a plan", best)
	}
}

// Fixed lengths whose shares have no divisor that is of use are answered in ways of
// their own.
func TestPlansOfFixedLengthsAreThoseOfBruteForce(t *testing.T) {
	for i := range 6 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			m := read(t, generate(recipe{nets: 10 + i%2, risks: 8, plain: true, rules: i%3 == 2}, uint64(1000+i)))
			b := newBrute(t, m, false)
			r := run(t, m, plan.Options{Frontier: true, Memory: b.memory})
			b.proves(r)
			if r.FrontierApart > 0 {
				b.roughly(r)
			} else {
				b.front(r)
			}
			t.Logf("%d on the frontier, of %d; %v apart", len(r.Frontier), len(b.sets), r.FrontierApart)
		})
	}
}
