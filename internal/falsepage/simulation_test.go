package falsepage

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// What follows is written from what Prometheus does, and shares nothing with the
// package but its input: counters that are scraped, windows that slide over the
// samples, a state machine.

// A drawer draws Poisson counts by a table of their distribution function.
type drawer struct {
	lo    int64
	below []float64
	guide []int32
}

func newDrawer(mean float64) *drawer {
	d := &drawer{lo: max(0, int64(mean-10*math.Sqrt(mean)-10))}
	law := distuv.Poisson{Lambda: max(mean, 1e-300)}
	sum := 0.0
	for k := d.lo; float64(k) <= mean+10*math.Sqrt(mean)+20; k++ {
		sum += law.Prob(float64(k))
		d.below = append(d.below, sum)
	}
	const cells = 1024
	k := int32(0)
	for i := range cells {
		for int(k) < len(d.below)-1 && d.below[k] < float64(i)/cells {
			k++
		}
		d.guide = append(d.guide, k)
	}
	return d
}

func (d *drawer) draw(r *rand.Rand) int64 {
	u := r.Float64()
	k := int(d.guide[int(u*float64(len(d.guide)))])
	for k < len(d.below)-1 && d.below[k] < u {
		k++
	}
	return d.lo + int64(k)
}

// A sampled counter: its values at scrapes, as a ring.
type sampled struct {
	failed, total []int64
	at            int // scrapes so far
}

func (s *sampled) scrape(failed, total int64) {
	n := len(s.failed)
	s.failed[(s.at+1)%n] = s.failed[s.at%n] + failed
	s.total[(s.at+1)%n] = s.total[s.at%n] + total
	s.at++
}

// increase between the newest sample and that of some scrapes before.
func (s *sampled) increase(scrapes int) (failed, total int64) {
	n := len(s.failed)
	a, b := s.at%n, (s.at-scrapes)%n
	return s.failed[a] - s.failed[b], s.total[a] - s.total[b]
}

// A simulated rule: windows in samples, the threshold as a fraction of small numbers.
type simulated struct {
	long, short []int // scrape intervals seen, of each pair
	num, den    []int64
	minTotal    []int64
	minFailed   []int64
	hold        int // evaluations before
	perEval     [2]int
}

func (m *simulated) holds(s *sampled) bool {
	for i := range m.long {
		f, n := s.increase(m.long[i])
		if f*m.den[i] <= m.num[i]*n || n < m.minTotal[i] || f < m.minFailed[i] {
			continue
		}
		if f, n = s.increase(m.short[i]); f*m.den[i] > m.num[i]*n {
			return true
		}
	}
	return false
}

// weeks plays that many weeks of evaluations and returns mean and standard error of entries into firing
// and of the share of evaluations at which it fires. Scrapes come perEval[0] and perEval[1] by turns
// between evaluations.
func (m *simulated) weeks(seed uint64, failed, good float64, evaluations, weeks int) (entries, entriesError, share, shareError float64) {
	r := rand.New(rand.NewPCG(seed, 99))
	df, dg := newDrawer(failed), newDrawer(good)
	longest := 0
	for _, l := range m.long {
		longest = max(longest, l)
	}
	s := &sampled{failed: make([]int64, longest+2), total: make([]int64, longest+2)}
	one := func() {
		f := df.draw(r)
		s.scrape(f, f+dg.draw(r))
	}
	for range longest + 1 {
		one()
	}
	var e1, e2, s1, s2 float64
	held := 0
	for w := -1; w < weeks; w++ { // the first is to forget the beginning
		var begun, firing float64
		for k := range evaluations {
			for range m.perEval[k%2] {
				one()
			}
			if !m.holds(s) {
				held = 0
				continue
			}
			if held++; held == m.hold+1 {
				begun++
			}
			if held > m.hold {
				firing++
			}
		}
		if w >= 0 {
			firing /= float64(evaluations)
			e1, e2, s1, s2 = e1+begun, e2+begun*begun, s1+firing, s2+firing*firing
		}
	}
	n := float64(weeks)
	entries, share = e1/n, s1/n
	return entries, math.Sqrt((e2/n - entries*entries) / (n - 1)), share, math.Sqrt((s2/n - share*share) / (n - 1))
}

// simulate finds what the test needs to know of a rule from its words.
func simulate(r Rule, ti Timing) *simulated {
	m := &simulated{hold: int(math.Ceil(r.For/ti.Evaluate - 1e-9))}
	perTwo := int(math.Round(2 * ti.Evaluate / ti.Scrape))
	m.perEval = [2]int{perTwo / 2, perTwo - perTwo/2}
	for _, p := range r.Pairs {
		x := new(big.Rat).Mul(p.Factor, new(big.Rat).Sub(big.NewRat(1, 1), r.Target))
		m.num, m.den = append(m.num, x.Num().Int64()), append(m.den, x.Denom().Int64())
		long := int(math.Round(p.Long/ti.Scrape)) - ti.Unseen
		m.long = append(m.long, long)
		m.short = append(m.short, int(math.Round(p.Short/ti.Scrape))-ti.Unseen)
		m.minTotal = append(m.minTotal, int64(math.Ceil(p.MinRate*float64(long)*ti.Scrape)))
		m.minFailed = append(m.minFailed, int64(p.MinFailed))
	}
	return m
}

type simulationCase struct {
	name    string
	rule    Rule
	timing  Timing
	traffic Traffic
	weeks   int
}

func with(r Rule, change func(*Rule)) Rule {
	change(&r)
	return r
}

func simulationCases() []simulationCase {
	fast, slow := single("0.999", "14.4", 3600, 300), single("0.999", "6", 21600, 1800)
	page := Rule{Target: fast.Target, Pairs: []Pair{fast.Pairs[0], slow.Pairs[0]}}
	minutes := Timing{Scrape: 60, Evaluate: 60, Unseen: 1}
	return []simulationCase{
		{"half a request a second", fast, minutes, Traffic{0.5, 0.0070}, 120},
		{"half a request a second, slow", slow, minutes, Traffic{0.5, 0.0044}, 120},
		{"five a second", fast, minutes, Traffic{5, 0.0120}, 120},
		{"five a second, slow", slow, minutes, Traffic{5, 0.0054}, 120},
		{"fifty a second", fast, minutes, Traffic{50, 0.01368}, 120},
		{"fifty a second, slow", slow, minutes, Traffic{50, 0.0058}, 120},
		{"one window", single("0.999", "14.4", 3600, 3600), minutes, Traffic{0.5, 0.0075}, 120},
		{"evaluated at every other scrape", fast, Timing{Scrape: 30, Evaluate: 60, Unseen: 1}, Traffic{0.5, 0.0072}, 60},
		{"evaluated at one and two scrapes by turns", fast, Timing{Scrape: 30, Evaluate: 45}, Traffic{0.5, 0.0070}, 60},
		{"evaluated twice a scrape", fast, Timing{Scrape: 60, Evaluate: 30}, Traffic{0.5, 0.0070}, 60},
		{"with for", with(fast, func(r *Rule) { r.For = 120 }), minutes, Traffic{0.5, 0.0075}, 120},
		{"with a long for", with(fast, func(r *Rule) { r.For = 600 }), minutes, Traffic{0.5, 0.0085}, 120},
		{"two pairs", page, minutes, Traffic{0.5, 0.0043}, 120},
		{"two pairs with for", with(page, func(r *Rule) { r.For = 300 }), minutes, Traffic{0.5, 0.0045}, 120},
		{"at least so many failed", Rule{Target: fast.Target, Pairs: []Pair{{Long: 3600, Short: 300, Factor: rat("14.4"), MinFailed: 30}}}, minutes, Traffic{0.5, 0.0080}, 120},
		{"at least so many requests", Rule{Target: fast.Target, Pairs: []Pair{{Long: 3600, Short: 300, Factor: rat("14.4"), MinRate: 0.5}}}, minutes, Traffic{0.5, 0.0080}, 120},
		{"windows that do not overlap", single("0.999", "100", 600, 60), Timing{Scrape: 30, Evaluate: 90}, Traffic{0.5, 0.055}, 60},
	}
}

// TestBackgroundAgreesWithASimulation plays few weeks in CI; FALSEPAGE_WEEKS=n plays n
// times as many (make falsepages).
func TestBackgroundAgreesWithASimulation(t *testing.T) {
	times := 1
	if n, err := strconv.Atoi(os.Getenv("FALSEPAGE_WEEKS")); err == nil && n > 0 {
		times = n
	}
	for i, c := range simulationCases() {
		t.Run(c.name, func(t *testing.T) {
			a, err := Background(context.Background(), c.rule, c.timing, c.traffic, Options{Work: 20_000_000 * min(times, 10), Seed: uint64(i)})
			if err != nil {
				t.Fatal(err)
			}
			evaluations := int(Week / c.timing.Evaluate)
			entries, se, share, shareError := simulate(c.rule, c.timing).weeks(uint64(1000+i), c.traffic.PerSecond*c.timing.Scrape*c.traffic.Errors,
				c.traffic.PerSecond*c.timing.Scrape*(1-c.traffic.Errors), evaluations, c.weeks*times)
			// Errors of draws are three standard errors, others bounds or estimates of them.
			within := func(f Figure, se float64) float64 {
				if f.How == Drawn {
					return 4.5 * math.Hypot(se, f.Error/3)
				}
				return 4.5*se + f.Error
			}
			told := fmt.Sprintf("%.5g ± %.2g a week (%d), played %.5g ± %.2g; %.4g ± %.2g of the time, played %.4g ± %.2g",
				a.PerWeek.Value, a.PerWeek.Error, a.PerWeek.How, entries, se, a.Firing.Value, a.Firing.Error, share, shareError)
			t.Log(told)
			if !(math.Abs(a.PerWeek.Value-entries) <= within(a.PerWeek, se)) || !(math.Abs(a.Firing.Value-share) <= within(a.Firing, shareError)) {
				t.Error(told)
			}
			if guarded := c.rule.Pairs[0].guarded(); !guarded && a.PerWeek.Value > a.AtMost.Value+a.AtMost.Error+a.PerWeek.Error {
				t.Errorf("more than the bound %+v", a.AtMost)
			}
		})
	}
}
