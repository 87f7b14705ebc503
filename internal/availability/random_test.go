package availability_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A plot is a small random model, written down twice: as YAML, and as dice that
// are thrown for each part, exposure and split. All outages take 60 minutes.
type plot struct {
	services []service
	dice     []die
}

type service struct {
	down         float64 // its own, of all time
	copies, need int
	beta         float64
	needs        []need

	whole, common int   // its dice; −1: none
	alone         []int // of its copies
}

type need struct {
	kind    string // one, any, least, split
	members []int
	least   int
	impact  float64
	shares  []float64
	ride    int // minutes
	common  float64
	ignored bool
	die     int // of exposure or split; −1: none
}

// A die has outcomes with probabilities. Of a part: up, down for up to 10
// minutes, down for 10 to 20, and so on.
type die []float64

func (p *plot) throw(d die) int {
	p.dice = append(p.dice, d)
	return len(p.dice) - 1
}

func (p *plot) outage(q float64, rides bool) int {
	if q == 0 {
		return -1
	}
	if !rides {
		return p.throw(die{1 - q, q})
	}
	d := die{1 - q}
	for range 6 {
		d = append(d, q/6)
	}
	return p.throw(d)
}

// lot limits which features a random model has.
type lot struct{ rides, common, tree bool }

func newPlot(r *rand.Rand, with lot) *plot {
	p := &plot{}
	n := 3 + r.IntN(5)
	rides := with.rides
	if rides {
		n = 3 + r.IntN(2)
	}
	used := map[int]bool{}
	p.services = make([]service, n)
	for i := n - 1; i >= 0; i-- {
		s := service{copies: 1, need: 1, whole: -1, common: -1}
		if i == n-1 || r.IntN(4) > 0 {
			s.down = float64(1+r.IntN(30)) / 100
		}
		if s.down > 0 && r.IntN(5) == 0 {
			s.copies = 2 + r.IntN(2)
			s.need = 1 + r.IntN(s.copies)
			s.beta = float64(r.IntN(3)) / 10
		}
		left := func() []int {
			var out []int
			for k := i + 1; k < n; k++ {
				if !with.tree || !used[k] {
					out = append(out, k)
				}
			}
			r.Shuffle(len(out), func(a, b int) { out[a], out[b] = out[b], out[a] })
			return out
		}
		for range r.IntN(3) {
			x := need{kind: []string{"one", "any", "least", "split"}[r.IntN(4)], impact: 1, die: -1}
			x.members = left()
			want := 2 + r.IntN(2)
			if x.kind == "one" {
				want = 1
			}
			if len(x.members) < want {
				continue
			}
			x.members = x.members[:want]
			for _, m := range x.members {
				used[m] = true
			}
			x.least = 1 + r.IntN(want)
			if x.kind == "split" {
				for range x.members {
					x.shares = append(x.shares, float64(r.IntN(4))/10)
				}
			}
			if x.kind != "split" && r.IntN(4) == 0 {
				x.impact = float64(1+r.IntN(9)) / 10
			}
			if rides && r.IntN(2) == 0 {
				x.ride = 10 * (1 + r.IntN(2))
			}
			x.ignored = r.IntN(12) == 0
			s.needs = append(s.needs, x)
		}
		p.services[i] = s
	}
	if with.common && r.IntN(2) == 0 {
		p.addCommon(r)
	}
	for i := range p.services {
		p.cast(&p.services[i], rides)
	}
	return p
}

// addCommon gives one group of single services that are all down by themselves
// a cause in common.
func (p *plot) addCommon(r *rand.Rand) {
	for i := range p.services {
		for k := range p.services[i].needs {
			x := &p.services[i].needs[k]
			ok := x.kind == "any"
			for _, m := range x.members {
				ok = ok && p.services[m].down > 0 && p.services[m].copies == 1
			}
			if !ok {
				continue
			}
			x.common = float64(1+r.IntN(5)) / 10
			least := 1.0
			for _, m := range x.members {
				least = min(least, p.services[m].down)
			}
			d := p.throw(die{1 - x.common*least, x.common * least})
			for _, m := range x.members {
				// What is its own and what is in common may be at once.
				p.services[m].down = (p.services[m].down - x.common*least) / (1 - x.common*least)
				p.services[m].common = d
			}
			return
		}
	}
}

func (p *plot) cast(s *service, rides bool) {
	if s.copies == 1 {
		s.whole = p.outage(s.down, rides)
	} else {
		s.whole = p.outage(s.down*s.beta, rides)
		for range s.copies {
			s.alone = append(s.alone, p.outage(s.down*(1-s.beta), rides))
		}
	}
	for k := range s.needs {
		x := &s.needs[k]
		switch {
		case x.kind == "split":
			d := die{1}
			for _, share := range x.shares {
				d = append(d, share)
				d[0] -= share
			}
			x.least = p.throw(d)
			fallthrough
		default:
			if x.impact < 1 {
				x.die = p.throw(die{1 - x.impact, x.impact})
			}
		}
	}
}

func (p *plot) String() string {
	var b strings.Builder
	b.WriteString("services:\n")
	for i, s := range p.services {
		fmt.Fprintf(&b, "  s%d:\n    title: service %d\n", i, i)
		down := s.down
		if s.common >= 0 {
			c := p.dice[s.common][1]
			down = 1 - (1-down)*(1-c)
		}
		if down > 0 {
			fmt.Fprintf(&b, "    availability: %.14f%%\n    outage: 60m\n", 100*(1-down))
		}
		if s.copies > 1 {
			fmt.Fprintf(&b, "    copies: %d\n    need: %d\n    common_cause: %.14f%%\n", s.copies, s.need, 100*s.beta)
		}
		if len(s.needs) > 0 {
			b.WriteString("    needs:\n")
		}
		for _, x := range s.needs {
			var names []string
			for k, m := range x.members {
				name := fmt.Sprint("s", m)
				if x.kind == "split" {
					name += fmt.Sprintf(": %.14f%%", 100*x.shares[k])
				}
				names = append(names, name)
			}
			list := strings.Join(names, ", ")
			var say string
			switch x.kind {
			case "one":
				say = "service: " + list
			case "any":
				say = "any: [" + list + "]"
			case "least":
				say = fmt.Sprintf("at_least: %d, of: [%s]", x.least, list)
			case "split":
				say = "split: {" + list + "}"
			}
			if x.impact < 1 {
				say += fmt.Sprintf(", impact: %.14f%%", 100*x.impact)
			}
			if x.ride > 0 {
				say += fmt.Sprintf(", rides_out: %dm", x.ride)
			}
			if x.common > 0 {
				say += fmt.Sprintf(", common_cause: %.14f%%", 100*x.common)
			}
			if x.ignored {
				say += ", counts: false"
			}
			fmt.Fprintf(&b, "      - {%s}\n", say)
		}
	}
	return b.String()
}

// size is how many throws of all dice there are.
func (p *plot) size() int {
	n := 1
	for _, d := range p.dice {
		n *= len(d)
		if n > 1<<20 {
			break
		}
	}
	return n
}

// throws calls do with every throw and its probability.
func (p *plot) throws(do func(thrown []int, probability float64)) {
	thrown := make([]int, len(p.dice))
	var next func(k int, probability float64)
	next = func(k int, probability float64) {
		if k == len(p.dice) {
			do(thrown, probability)
			return
		}
		for i, q := range p.dice[k] {
			if q > 0 {
				thrown[k] = i
				next(k+1, probability*q)
			}
		}
	}
	next(0, 1)
}

// hit says whether the user of a throw is hit at a service behind rides.
func (p *plot) hit(thrown []int, service, ride int) bool {
	s := &p.services[service]
	down := func(die int) bool { return die >= 0 && thrown[die] > ride/10 }
	if down(s.whole) || down(s.common) {
		return true
	}
	failed := 0
	for _, d := range s.alone {
		if down(d) {
			failed++
		}
	}
	if failed > s.copies-s.need {
		return true
	}
	for _, x := range s.needs {
		if x.ignored || x.die >= 0 && thrown[x.die] == 0 {
			continue
		}
		if x.kind == "split" {
			if on := thrown[x.least]; on > 0 && p.hit(thrown, x.members[on-1], ride+x.ride) {
				return true
			}
			continue
		}
		up := 0
		for _, m := range x.members {
			if !p.hit(thrown, m, ride+x.ride) {
				up++
			}
		}
		least := x.least
		switch x.kind {
		case "any":
			least = 1
		case "one":
			least = 1
		}
		if up < least {
			return true
		}
	}
	return false
}

const mostThrows = 6000

// plots calls do with random models that are small enough to be told by all
// throws.
func plots(n int, with lot, do func(*plot)) {
	r := rand.New(rand.NewPCG(1, 2))
	for done := 0; done < n; {
		if p := newPlot(r, with); p.size() <= mostThrows {
			done++
			do(p)
		}
	}
}

func TestAgainstEveryStateOfRandomModels(t *testing.T) {
	for _, with := range []lot{{}, {common: true}, {rides: true}, {tree: true}} {
		hit := 0
		plots(250, with, func(p *plot) {
			q := 0.0
			p.throws(func(thrown []int, probability float64) {
				if p.hit(thrown, 0, 0) {
					q += probability
				}
			})
			if q > 0 {
				hit++
			}
			r := ask1(t, p.String(), "s0")
			within(t, "hit", 1-r.Expected, q, 1e-12)
			if with.tree {
				within(t, "napkin of a tree", r.Napkin, r.Expected, 1e-12)
				if r.Shared != "" {
					t.Errorf("%q is shared in a tree", r.Shared)
				}
			}
			if t.Failed() {
				t.Fatal(p)
			}
		})
		if hit < 150 {
			t.Fatalf("only %d models say anything", hit)
		}
	}
}

func TestImportanceAgainstEveryStateOfRandomModels(t *testing.T) {
	for _, with := range []lot{{}, {rides: true}} {
		told := 0
		plots(200, with, func(p *plot) {
			q := 0.0
			work, both := make([]float64, len(p.services)), make([]float64, len(p.services))
			p.throws(func(thrown []int, probability float64) {
				hit := p.hit(thrown, 0, 0)
				if hit {
					q += probability
				}
				for i := range p.services {
					if p.atWork(thrown, i) {
						work[i] += probability
						if hit {
							both[i] += probability
						}
					}
				}
			})
			r := ask1(t, p.String(), "s0")
			for _, x := range r.Sources {
				var i int
				fmt.Sscanf(x.Source.Name, "s%d", &i)
				if p.leastRide(0, i) > 0 {
					continue // at work is meant as felt behind a ride
				}
				told++
				without := (q - both[i]) / (1 - work[i])
				within(t, x.Source.Name+" Birnbaum", x.Birnbaum, both[i]/work[i]-without, 1e-10)
				within(t, x.Source.Name+" Fussell-Vesely", x.FussellVesely, 1-without/q, 1e-10)
				within(t, x.Source.Name+" broke", x.Broke, both[i]/q, 1e-10)
			}
			if t.Failed() {
				t.Fatal(p)
			}
		})
		if told < 200 {
			t.Fatalf("only %d sources", told)
		}
	}
}

// atWork says whether a source of a service is at work, on all of it or on one
// of its copies.
func (p *plot) atWork(thrown []int, service int) bool {
	s := &p.services[service]
	work := s.whole >= 0 && thrown[s.whole] > 0
	for _, d := range s.alone {
		work = work || d >= 0 && thrown[d] > 0
	}
	return work
}

// leastRide is the least that lies between two services, in minutes.
func (p *plot) leastRide(from, to int) int {
	if from == to {
		return 0
	}
	least := 1000
	for _, x := range p.services[from].needs {
		for _, m := range x.members {
			if !x.ignored {
				least = min(least, x.ride+p.leastRide(m, to))
			}
		}
	}
	return least
}

// What is required of a provider is what makes the model meet its target, when
// it is put in the place of the provider.
func TestRequirementsByPuttingThemInPlace(t *testing.T) {
	possible, impossible := 0, 0
	plots(120, lot{}, func(p *plot) {
		w := build(t, p.String())
		now := w.ask(t, "s0", 0).Expected
		for _, target := range []float64{0.9, now, 0.5 + now/2} {
			if !(target < 1) {
				continue
			}
			for _, x := range w.ask(t, "s0", target).Requirements {
				number := slices.Index(w.system.Scenario.Model.Services, x.Service)
				within(t, "offers", x.Offers, w.ask(t, x.Service.Name, 0).Expected, 1e-14)
				with := func(availability float64) float64 {
					o := *p
					o.services = append([]service(nil), p.services...)
					o.services[number] = service{down: 1 - availability, copies: 1, need: 1, whole: -1, common: -1}
					return ask1(t, o.String(), "s0").Expected
				}
				switch {
				case x.Required == nil:
					impossible++
					if with(1) >= target {
						t.Errorf("a perfect %s is enough", x.Service.Name)
					}
				case *x.Required > 0 && *x.Required < 1:
					possible++
					within(t, fmt.Sprint("with ", x.Service.Name, " at ", *x.Required), with(*x.Required), target, 1e-12)
				case *x.Required == 0 && with(1e-6) < target-1e-5:
					t.Errorf("%s may not be down", x.Service.Name)
				}
			}
		}
		if t.Failed() {
			t.Fatal(p)
		}
	})
	if possible < 50 || impossible < 20 {
		t.Fatalf("%d possible, %d impossible", possible, impossible)
	}
}
