package plan

import (
	"math"
	"slices"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// A piece is a part of what can go wrong, with what nets can make of it.
type piece struct {
	part    int
	vars    forecast.NetSet // nets that decide what it is
	wide    bool            // there are too many options to list
	options []*option
	at      map[forecast.NetSet]*option // by what is in, of vars
}

// An option is one choice of the nets that decide a piece.
type option struct {
	in    forecast.NetSet
	share float64 // of the annual cost of its nets
	loss  float64 // of the expected loss in a year, at least
	specs [][]spectrum
	one   bool // never any lost time
	// least is the smallest share among options that are the same piece.
	o *forecast.Option
}

// mostOptions bounds how many options of a piece are listed.
const mostOptions = 1 << 11

// A layout is a problem prepared for search: questions whose chance matters, and
// pieces in the order in which they are decided.
type layout struct {
	*problem
	lattice *lattice
	asks    []int       // questions with a budget
	worlds  [][]float64 // of asks
	slack   []float64   // of asks: by how much a bound may be too low
	factor  []float64   // of asks: and how many times; see forecast.Choice.Slack
	pieces  []*piece
	start   chosen
	free    []int     // nets that decide no piece
	share   []float64 // of the cost of each net that one piece pays
	base    float64   // loss that no piece shows
	losing  bool
}

func (p *problem) layout(losing bool, asks []int) (*layout, bool) {
	l := &layout{problem: p, lattice: newLattice(), asks: asks, losing: losing, share: make([]float64, len(p.m.Nets))}
	var ok bool
	if l.start, ok = p.netRules.start(); !ok {
		return l, false
	}
	removable := p.loose
	for _, i := range p.vars {
		if p.m.Nets[i].Status == model.InPlace {
			removable = removable.With(i)
		}
	}
	for k := range p.choice.Parts() {
		t := p.choice.Touching(k)
		if !(p.choice.Reached(k) || losing && p.people || !t.And(removable).Empty()) {
			continue
		}
		c := &piece{part: k, at: map[forecast.NetSet]*option{}}
		c.vars = t.And(p.are)
		for _, i := range t.And(p.loose).List() {
			for _, r := range p.replacers[i] {
				c.vars = c.vars.With(r)
			}
		}
		n := len(c.vars.Minus(l.start.in).Minus(l.start.out).List())
		c.wide = n > 16 || 1<<n > mostOptions
		l.pieces = append(l.pieces, c)
	}
	l.order()
	l.list()
	if l.ended() {
		return l, false
	}
	for _, q := range asks {
		l.worlds = append(l.worlds, p.choice.Worlds(q))
	}
	l.spectra()
	return l, true
}

// ended reports whether the time is up.
func (p *problem) ended() bool { return p.opts.ctx != nil && p.opts.ctx.Err() != nil }

// order puts pieces that share nets beside one another, and first those that
// share the most.
func (l *layout) order() {
	var out []*piece
	left := slices.Clone(l.pieces)
	var seen forecast.NetSet
	weight := func(c *piece) (newer, old int) {
		for _, i := range c.vars.List() {
			switch {
			case l.start.decided(i):
			case seen.Has(i):
				old++
			default:
				newer++
			}
		}
		return newer, old
	}
	for len(left) > 0 {
		best := -1
		var bn, bo int
		for k, c := range left {
			n, o := weight(c)
			better := false
			switch {
			case best < 0:
				better = true
			case c.wide != left[best].wide:
				better = !c.wide
			case (n == 0) != (bn == 0):
				better = n == 0
			case o != bo:
				better = o > bo
			default:
				better = n > bn
			}
			if better {
				best, bn, bo = k, n, o
			}
		}
		c := left[best]
		left = slices.Delete(left, best, best+1)
		seen = seen.Or(c.vars)
		out = append(out, c)
	}
	l.pieces = out
	uses := make([]int, len(l.m.Nets))
	for _, c := range out {
		if !c.wide {
			for _, i := range c.vars.List() {
				uses[i]++
			}
		}
	}
	for _, i := range l.vars {
		if uses[i] > 0 {
			l.share[i] = l.cost[i] / float64(uses[i])
		}
		if !seen.Has(i) {
			l.free = append(l.free, i)
		}
	}
}

// list lists the options of each piece that is not wide.
func (l *layout) list() {
	var want []forecast.PartSet
	for _, c := range l.pieces {
		if c.wide {
			continue
		}
		var vars []int
		var fixed forecast.NetSet
		for _, i := range c.vars.List() {
			switch {
			case l.start.in.Has(i):
				fixed = fixed.With(i)
			case !l.start.out.Has(i):
				vars = append(vars, i)
			}
		}
		var walk func(k int, s chosen)
		walk = func(k int, s chosen) {
			if k == len(vars) {
				o := &option{in: s.in.And(c.vars)}
				c.options = append(c.options, o)
				c.at[o.in] = o
				want = append(want, forecast.PartSet{Part: c.part, Standing: l.standing(o.in)})
				return
			}
			for _, in := range []bool{false, true} {
				if n, ok := l.set(s, vars[k], in); ok {
					walk(k+1, n)
				}
			}
		}
		walk(0, l.start)
	}
	var means []int
	if l.losing {
		for _, s := range l.stakes {
			means = append(append(means, s.mean), s.longer...)
		}
	}
	l.choice.Prepare(want, means...)
	for _, c := range l.pieces {
		c.options = slices.DeleteFunc(c.options, func(o *option) bool {
			l.fill(c, o)
			if o.o.Impossible != nil {
				delete(c.at, o.in)
				return true
			}
			return false
		})
	}
}

// fill finds what an option is, but for its spectra.
func (l *layout) fill(c *piece, o *option) {
	o.o = l.choice.Option(c.part, l.standing(o.in))
	if o.o.Impossible != nil {
		return
	}
	if !c.wide {
		for _, i := range o.in.List() {
			o.share += l.share[i]
		}
	}
	if !l.losing {
		return
	}
	for _, s := range l.stakes {
		if s.value.PerBadSecond != nil {
			mean, _ := l.choice.MeanOf(c.part, l.standing(o.in), s.mean)
			o.loss += *s.value.PerBadSecond * mean * s.perYear
		}
		for k, q := range s.longer {
			_, often := l.choice.MeanOf(c.part, l.standing(o.in), q)
			o.loss += s.each[k] * often
		}
	}
	o.loss += l.toll(c, o)
}

// toll is what the incidents of a piece take besides, money that they lose and
// people's time, in a year; with unsure inputs at their means a little less.
func (l *layout) toll(c *piece, o *option) float64 {
	risks := l.choice.Risks(c.part)
	some := l.people
	for _, name := range risks {
		some = some || l.m.Risk(name).Loses != nil
	}
	if !some || len(risks) == 0 {
		return 0
	}
	sc, cat, err := l.choice.Scenario(l.standing(o.in))
	if err != nil {
		return 0
	}
	theta := sc.Params.Means()
	day := 0.0
	if l.people {
		day, _, _ = worth.Money(l.m.PersonDay)
	}
	sum := 0.0
	for _, s := range l.m.Services {
		copies, _, _ := sc.Copies(s)
		add := func(list []*scenario.Source, times int) {
			for _, src := range list {
				if src.Risk == nil || !slices.Contains(risks, src.Risk.Name) {
					continue
				}
				often := src.Often(theta)
				t := worth.IncidentCostOf(sc, src, theta)
				lost := t.ManualSeconds / (8 * model.Hour) * day
				if l.insured(src) {
					lost += t.Loses
				}
				sum += float64(times) * often * model.Year * lost
			}
		}
		add(cat.Whole[s.Name], 1)
		add(cat.Alone[s.Name], copies)
	}
	if len(sc.Params.List) > 0 {
		sum *= 0.97
	}
	return sum
}

// insured reports whether what a risk loses is somebody's loss: that of a
// service with a worth, at or above it.
func (l *layout) insured(src *scenario.Source) bool {
	for _, s := range l.stakes {
		if l.reaches(s.service.Name, src.Risk.Service.Name) {
			return true
		}
	}
	return false
}

func (l *layout) reaches(from, to string) bool {
	seen := map[string]bool{}
	var visit func(string) bool
	visit = func(name string) bool {
		if name == to {
			return true
		}
		if seen[name] {
			return false
		}
		seen[name] = true
		for _, n := range l.m.Service(name).Needs {
			for _, m := range n.Members {
				if visit(m.Name) {
					return true
				}
			}
		}
		return false
	}
	return visit(from)
}

// spectra computes those of all options.
func (l *layout) spectra() {
	l.slack, l.factor = make([]float64, len(l.asks)), make([]float64, len(l.asks))
	for k, q := range l.asks {
		l.slack[k] = l.choice.Tolerance(q)
	}
	for _, c := range l.pieces {
		worst := make([]float64, len(l.asks))
		for _, o := range c.options {
			l.transform(o)
			for k, q := range l.asks {
				worst[k] = math.Max(worst[k], l.choice.Slack(o.o, q))
			}
		}
		for k := range l.asks {
			l.factor[k] += worst[k]
		}
	}
	for k, x := range l.factor {
		l.factor[k] = math.Exp(x)
	}
}

// atMost is the chance that a question may have at most where curves say that much.
func (l *layout) atMost(k int, chance float64) float64 {
	return math.Min(1, chance*l.factor[k]+l.slack[k])
}

func (l *layout) transform(o *option) {
	o.one = true
	for k, q := range l.asks {
		var list []spectrum
		for w := range l.worlds[k] {
			if c := o.o.Curve(q, w); c != nil {
				list = append(list, l.lattice.of(c))
				o.one = false
			}
		}
		o.specs = append(o.specs, list)
	}
}

// option returns that of a piece whose nets are all decided; nil where it is
// impossible.
func (l *layout) option(c *piece, in forecast.NetSet) *option {
	in = in.And(c.vars)
	if o, ok := c.at[in]; ok {
		return o
	}
	if !c.wide {
		return nil
	}
	o := &option{in: in}
	l.fill(c, o)
	if o.o.Impossible != nil {
		o = nil
	} else {
		l.transform(o)
	}
	c.at[in] = o
	return o
}
