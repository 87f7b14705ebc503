package crosscheck

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"tightrope/internal/model"
)

// A program is one service of a model with all that it needs, made ready to be
// played and enumerated.
type program struct {
	window float64 // seconds
	budget float64 // seconds of lost time

	params   []param
	shares   map[*model.Share]int
	rates    map[*model.Rate]int
	parts    []*part // providers before those who need them; the service is the last
	edges    []int   // the parameter of each need that not all users are exposed to
	splits   [][]int // the shares of each split
	switches []*switcher
	rides    []law
	emitters []*emitter
	commons  []*common
	unsure   bool // something is drawn for each world
	vague    bool // a share of users is
	warm     float64
}

// A part is a service: it is down for a user who is hit by something of its
// own, too many of whose copies are, or one of whose needs is.
type part struct {
	name         string
	copies, need int
	change       *switcher
	background   int // parameter; none
	needs        []need
}

type need struct {
	members []int
	least   int // members that must stand
	edge    int // all, or the variable that says whether a user is exposed
	split   int // none, or the variable that says which member a user is on
	ride    int // none, or what is ridden out
	change  *switcher
}

type switcher struct {
	slot  int
	takes law
	works int
}

// A target of an incident is a part, or one copy of it.
type target struct{ part, copy int }

const (
	whole  = -1 // all copies of a part
	always = -1 // the parameter that is 1
	none   = -1
)

type emitterKind int

const (
	poisson     emitterKind = iota // may overlap itself
	alternating                    // nothing new while it lasts
	rhythm                         // at equal distances
)

// An emitter makes incidents on its targets, by one clock.
type emitter struct {
	kind    emitterKind
	targets []target
	causes  []cause
	every   float64 // rhythm
	stated  *stated // alternating, without causes: what is stated of a service
	common  *common // stated: the common cause that the part shares
	of      *common // this is a common cause
}

// A cause is something that may happen by the clock of an emitter: as often as
// its rate says, or with its chance at each occurrence of a change.
type cause struct {
	rate, chance int
	times        float64 // units
	beta         int     // none; otherwise the share that strikes all
	alone        bool    // 1 − beta, instead of beta
	make         maker
}

// part is the share of a cause that strikes its target.
func (x *cause) part(w world) float64 {
	switch {
	case x.beta == none:
		return 1
	case x.alone:
		return 1 - w[x.beta]
	}
	return w[x.beta]
}

type stated struct {
	availability, rate int // one of them is none
	make               maker
}

// common is the common cause of a group.
type common struct {
	beta    int
	members []*stated
	like    *stated // whose outages it has
}

// A maker makes incidents: how long which share of the users is hit.
type maker struct {
	impact   int
	stages   []stage
	detect   []detection
	attempts []attempt
	acks     []law    // by responder
	found    *float64 // mean time to detect, where it is the same in all worlds
}

type stage struct{ share, length float64 }

type detection struct {
	after   law
	catches int
}

type attempt struct {
	takes           law
	works, restores int
	by              int // responder; none
}

// A segment of an incident hits so many of the users for so long.
type segment struct{ length, level float64 }

// A world holds a value for each parameter.
type world []float64

func (w world) at(i int) float64 {
	if i == always {
		return 1
	}
	return w[i]
}

// world draws what is not exactly known.
func (p *program) world(rng *rand.Rand, w world) world {
	w = w[:0]
	for _, x := range p.params {
		w = append(w, x.draw(rng))
	}
	return w
}

// down is the share of time that what is stated is down, before common causes.
func (s *stated) down(w world) float64 {
	if s.availability != none {
		return 1 - w[s.availability]
	}
	x := w[s.rate] * s.make.meanLength(w)
	return x / (1 + x)
}

// strike returns the share of time that the common cause is on: a part of that of
// the most reliable member.
func (c *common) strike(w world) float64 {
	least := math.Inf(1)
	for _, m := range c.members {
		least = math.Min(least, m.down(w))
	}
	return w[c.beta] * least
}

// clock returns for the causes of an emitter how often each comes while the
// clock runs, and what makes its incidents.
func (e *emitter) clock(w world, rates []float64, makers []*maker) ([]float64, []*maker) {
	rates, makers = rates[:0], makers[:0]
	while := func(q float64, m *maker) {
		rates = append(rates, q/((1-q)*m.meanLength(w)))
		makers = append(makers, m)
	}
	switch {
	case e.of != nil:
		while(e.of.strike(w), &e.of.like.make)
	case e.stated != nil:
		q := e.stated.down(w)
		if e.common != nil {
			c := e.common.strike(w)
			q = (q - c) / (1 - c)
		}
		while(q, &e.stated.make)
	}
	for i := range e.causes {
		x := &e.causes[i]
		rates = append(rates, w.at(x.rate)*x.times*x.part(w))
		makers = append(makers, &x.make)
	}
	return rates, makers
}

// draw appends the segments of one incident.
func (m *maker) draw(w world, rng *rand.Rand, out []segment) []segment {
	level := w.at(m.impact)
	found := 0.0
	if len(m.detect) > 0 {
		found = math.Inf(1)
	}
	for _, d := range m.detect {
		if d.catches == always || rng.Float64() < w[d.catches] {
			found = math.Min(found, d.after.draw(rng))
		}
	}
	// Until it is found, a roll-out goes on from stage to stage.
	reached := 1.0
	left := found
	for _, s := range m.stages {
		reached = s.share
		if left <= s.length {
			break
		}
		out = append(out, segment{s.length, level * s.share})
		left -= s.length
	}
	level *= reached
	length := left
	var called uint64
	for i, a := range m.attempts {
		if a.by != none && called>>a.by&1 == 0 {
			called |= 1 << a.by
			length += m.acks[a.by].draw(rng)
		}
		length += a.takes.draw(rng)
		if a.works != always && rng.Float64() >= w[a.works] {
			continue
		}
		ended := w.at(a.restores)
		if ended == 1 || i == len(m.attempts)-1 {
			break
		}
		out = append(out, segment{length, level})
		level *= 1 - ended
		length = 0
	}
	return append(out, segment{length, level})
}

// meanArea is the mean of the integral of the level over an incident; stages
// are not known to it.
func (m *maker) meanArea(w world) float64 { return w.at(m.impact) * m.expect(w, true) }

func (m *maker) meanLength(w world) float64 { return m.expect(w, false) }

func (m *maker) expect(w world, weighted bool) float64 {
	if len(m.stages) > 0 {
		panic("stages have no closed form here")
	}
	total := m.meanFound(w)
	reached := 1.0 // chance, or mean share that is left, when an attempt begins
	var called uint64
	for _, a := range m.attempts {
		if a.by != none && called>>a.by&1 == 0 {
			called |= 1 << a.by
			total += reached * m.acks[a.by].mean()
		}
		total += reached * a.takes.mean()
		works, rest := w.at(a.works), 1-w.at(a.restores)
		if !weighted && rest > 0 {
			rest = 1
		}
		reached *= 1 - works + works*rest
	}
	return total
}

// meanFound integrates P(TTD > t) = Π(1 − c F(t)), between the jumps of fixed
// lengths, by Simpson's rule in many steps.
func (m *maker) meanFound(w world) float64 {
	switch {
	case m.found != nil:
		return *m.found
	case len(m.detect) == 0:
		return 0
	case len(m.detect) == 1:
		return m.detect[0].after.mean()
	}
	still := func(t float64) float64 {
		x := 1.0
		for _, d := range m.detect {
			x *= 1 - w.at(d.catches)*(1-d.after.survival(t))
		}
		return x
	}
	end, jumps := 0.0, []float64{0}
	for _, d := range m.detect {
		switch d.after.kind {
		case model.Fixed:
			jumps = append(jumps, d.after.fixed)
			end = math.Max(end, d.after.fixed)
		case model.Exponential:
			end = math.Max(end, 40*d.after.fixed)
		default:
			end = math.Max(end, math.Exp(d.after.mu+8*d.after.sigma))
		}
	}
	slices.Sort(jumps)
	jumps = append(slices.Compact(jumps), end)
	total := 0.0
	for i, from := range jumps[:len(jumps)-1] {
		to := math.Max(jumps[i+1], from)
		// In steps that grow, since lognormal lengths begin short.
		const n = 400
		for k := range n {
			a := from + (to-from)*math.Pow(float64(k)/n, 3)
			b := from + (to-from)*math.Pow(float64(k+1)/n, 3)
			eps := (b - a) * 1e-9
			total += (b - a) / 6 * (still(a+eps) + 4*still((a+b)/2) + still(b-eps))
		}
	}
	return total
}

func ones(x uint32) int { return bits.OnesCount32(x) }
