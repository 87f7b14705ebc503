package crosscheck

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"

	"tightrope/internal/model"
)

// A program is one service of a model with all that it needs, made ready to be
// played and enumerated.
type program struct {
	window float64 // seconds
	budget float64 // seconds of bad time

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

type stated struct {
	availability, rate int // one of them is none
	make               maker
}

// common is the common cause of a group.
type common struct {
	beta    int
	members []*stated
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

// compile makes a program of the first objective of a service.
func compile(m *model.Model, service string) (*program, error) {
	s := m.Service(service)
	if s == nil || len(s.Objectives) == 0 {
		return nil, fmt.Errorf("no service %q with an objective", service)
	}
	if len(m.Nets) > 0 {
		return nil, fmt.Errorf("safety nets are not played")
	}
	c := &compiler{
		p:  &program{shares: map[*model.Share]int{}, rates: map[*model.Rate]int{}},
		m:  m,
		at: map[string]int{},
	}
	o := s.Objectives[0]
	c.p.window = 30 * 86400
	if o.Over != nil {
		c.p.window = o.Over.Seconds()
	}
	share, _ := new(big.Rat).Sub(big.NewRat(1, 1), o.Target.Exact).Float64()
	c.p.budget = share * c.p.window
	if err := c.part(s); err != nil {
		return nil, err
	}
	for _, f := range c.later {
		if err := f(); err != nil {
			return nil, err
		}
	}
	for _, x := range c.p.params {
		c.p.unsure = c.p.unsure || x.unsure()
		c.p.vague = c.p.vague || x.beta != nil
	}
	if len(c.p.switches) > maxSwitches || len(c.p.rides) > maxRides || len(c.p.edges) > 14 {
		return nil, fmt.Errorf("%d switches, %d rides and %d edges are more than are played", len(c.p.switches), len(c.p.rides), len(c.p.edges))
	}
	c.p.warmUp()
	return c.p, nil
}

type compiler struct {
	p     *program
	m     *model.Model
	at    map[string]int
	later []func() error // common causes, once all that is stated is known
}

func (c *compiler) share(s *model.Share) int {
	if s == nil {
		return always
	}
	i, ok := c.p.shares[s]
	if !ok {
		i = len(c.p.params)
		c.p.params = append(c.p.params, shareParam(s))
		c.p.shares[s] = i
	}
	return i
}

func (c *compiler) rate(r *model.Rate) int {
	i, ok := c.p.rates[r]
	if !ok {
		i = len(c.p.params)
		c.p.params = append(c.p.params, rateParam(r))
		c.p.rates[r] = i
	}
	return i
}

func (c *compiler) switcher(s *model.Switch) *switcher {
	if s == nil {
		return nil
	}
	out := &switcher{slot: len(c.p.switches), takes: lawOf(s.Takes), works: c.share(s.Works)}
	c.p.switches = append(c.p.switches, out)
	return out
}

// part adds a service after all that it needs.
func (c *compiler) part(s *model.Service) error {
	if _, done := c.at[s.Name]; done {
		return nil
	}
	out := &part{name: s.Name, copies: 1, need: 1, background: none}
	if s.Copies != nil {
		out.copies = s.Copies.N
	}
	if s.Need != nil {
		out.need = s.Need.N
	}
	if s.Background != nil {
		out.background = c.share(s.Background)
	}
	if out.copies > 1 && (s.Stated != nil || s.Background != nil) {
		return fmt.Errorf("%s: copies of what is stated or has a background are not played", s.Name)
	}
	for _, n := range s.Needs {
		if !n.Counts {
			continue
		}
		x, err := c.need(n)
		if err != nil {
			return err
		}
		out.needs = append(out.needs, x)
	}
	me := len(c.p.parts)
	c.at[s.Name] = me
	c.p.parts = append(c.p.parts, out)
	if out.copies > 1 {
		out.change = c.switcher(s.Switch)
	}
	c.own(s, me, out.copies)
	return c.changes(s, me)
}

func (c *compiler) need(n *model.Need) (need, error) {
	out := need{edge: always, split: none, ride: none}
	var split []int
	for i := range n.Members {
		member := &n.Members[i]
		if err := c.part(c.m.Service(member.Name)); err != nil {
			return out, err
		}
		at := c.at[member.Name]
		known := false
		for _, other := range out.members {
			known = known || other == at
		}
		if known {
			continue
		}
		out.members = append(out.members, at)
		if n.Kind == model.NeedSplit {
			split = append(split, c.share(&member.Share))
		}
	}
	switch n.Kind {
	case model.NeedAtLeast:
		out.least = n.AtLeast
	case model.NeedSplit:
		out.least = 1
		out.split = len(c.p.splits)
		c.p.splits = append(c.p.splits, split)
	default:
		out.least = 1
	}
	if n.Impact != nil {
		i := c.share(n.Impact)
		if x := c.p.params[i]; x.unsure() || x.value != 1 {
			out.edge = len(c.p.edges)
			c.p.edges = append(c.p.edges, i)
		}
	}
	if n.RidesOut != nil {
		out.ride = len(c.p.rides)
		c.p.rides = append(c.p.rides, lawOf(*n.RidesOut))
	}
	out.change = c.switcher(n.Switch)
	if n.CommonCause != nil {
		c.later = append(c.later, func() error { return c.common(n, out.members) })
	}
	return out, nil
}

// own adds what happens on a service by itself.
func (c *compiler) own(s *model.Service, me, copies int) {
	if s.Stated != nil {
		st := &stated{availability: none, rate: none, make: maker{impact: always, attempts: []attempt{{lawOf(s.Stated.Outage), always, always, none}}}}
		if s.Stated.Availability != nil {
			st.availability = c.share(s.Stated.Availability)
		} else {
			st.rate = c.rate(s.Stated.Every)
		}
		c.p.emitters = append(c.p.emitters, &emitter{kind: alternating, targets: []target{{me, whole}}, stated: st})
	}
	beta := none
	if copies > 1 {
		beta = len(c.p.params)
		if s.CommonCause != nil {
			beta = c.share(s.CommonCause)
		} else {
			c.p.params = append(c.p.params, param{value: 0.05})
		}
	}
	each := make([]*emitter, copies)
	for i := range each {
		each[i] = &emitter{kind: alternating, targets: []target{{me, i}}}
	}
	for _, r := range c.m.Risks {
		if r.Per != nil || c.on(r.Service) != s.Name {
			continue
		}
		x := cause{rate: c.rate(r.Rate), chance: none, times: 1, beta: none, make: c.maker(r, nil)}
		if r.Units != nil {
			x.times = float64(r.Units.N)
		}
		if copies > 1 && r.Strikes != model.StrikesAll {
			one := x
			one.beta, one.alone = beta, true
			for _, e := range each {
				e.causes = append(e.causes, one)
			}
			x.beta = beta
		}
		c.p.emitters = append(c.p.emitters, &emitter{kind: poisson, targets: []target{{me, whole}}, causes: []cause{x}})
	}
	for _, e := range each {
		if len(e.causes) > 0 {
			c.p.emitters = append(c.p.emitters, e)
		}
	}
}

func (c *compiler) changes(s *model.Service, me int) error {
	for _, ch := range c.m.Changes {
		// All that is per a change has one clock; it may strike other services.
		for _, r := range c.m.Risks {
			if r.Per != nil && r.Per.Name == ch.Name && c.on(r.Service) != c.on(ch.Service) {
				return fmt.Errorf("risk %s: per a change of another service is not played", r.Name)
			}
		}
		if c.on(ch.Service) != s.Name {
			continue
		}
		if ch.Every.Kind != model.Exactly {
			return fmt.Errorf("change %s: an unsure rhythm is not played", ch.Name)
		}
		rate, _ := ch.Every.Exact.Float64()
		e := &emitter{kind: rhythm, targets: []target{{me, whole}}, every: 1 / rate}
		if ch.Downtime != nil && !ch.Excluded {
			impact := always
			if ch.Impact.All != nil {
				impact = c.share(ch.Impact.All)
			}
			e.causes = append(e.causes, cause{rate: none, chance: always, make: maker{impact: impact, attempts: []attempt{{lawOf(*ch.Downtime), always, always, none}}}})
		}
		for _, r := range c.m.Risks {
			if r.Per != nil && r.Per.Name == ch.Name {
				e.causes = append(e.causes, cause{rate: none, chance: c.share(r.Chance), make: c.maker(r, ch.Stages)})
			}
		}
		c.p.emitters = append(c.p.emitters, e)
	}
	return nil
}

// on is the service that something is about; it may be left out where there is
// one.
func (c *compiler) on(r model.Ref) string {
	if r.Name == "" && len(c.m.Services) == 1 {
		return c.m.Services[0].Name
	}
	return r.Name
}

func (c *compiler) maker(r *model.Risk, stages []model.Stage) maker {
	out := maker{impact: always}
	if r.Impact.All != nil {
		out.impact = c.share(r.Impact.All)
	}
	for _, s := range stages {
		x := stage{share: s.Share.Float(), length: math.Inf(1)}
		if s.For != nil {
			x.length = s.For.Seconds()
		}
		out.stages = append(out.stages, x)
	}
	if r.DetectInline != nil {
		out.detect = append(out.detect, detection{lawOf(*r.DetectInline), always})
	}
	for _, ref := range r.Detect {
		d := c.m.Detection(ref.Name)
		out.detect = append(out.detect, detection{lawOf(d.After), c.share(d.Catches)})
	}
	if r.RecoverInline != nil {
		out.attempts = append(out.attempts, attempt{lawOf(*r.RecoverInline), always, always, none})
	}
	known := map[string]int{}
	for _, ref := range r.Recover {
		a := c.m.Recovery(ref.Name)
		x := attempt{lawOf(a.Takes), c.share(a.Works), c.share(a.Restores), none}
		if a.By.Name != model.Nobody {
			by, ok := known[a.By.Name]
			if !ok {
				by = len(out.acks)
				known[a.By.Name] = by
				out.acks = append(out.acks, lawOf(c.m.Responder(a.By.Name).Acknowledges))
			}
			x.by = by
		}
		out.attempts = append(out.attempts, x)
	}
	for _, d := range out.detect {
		if d.catches != always && c.p.params[d.catches].unsure() {
			return out
		}
	}
	w := c.p.world(rand.New(rand.NewPCG(0, 0)), nil)
	mean := out.meanFound(w)
	out.found = &mean
	return out
}

func (c *compiler) common(n *model.Need, members []int) error {
	out := &common{beta: c.share(n.CommonCause)}
	e := &emitter{kind: alternating, of: out}
	for _, at := range members {
		found := false
		for _, x := range c.p.emitters {
			for _, t := range x.targets {
				if t.part != at {
					continue
				}
				if x.stated == nil || x.common != nil || found {
					return fmt.Errorf("%s: a common cause of more than what is stated is not played", c.p.parts[at].name)
				}
				found = true
				x.common = out
				out.members = append(out.members, x.stated)
			}
		}
		if !found || len(c.p.parts[at].needs) > 0 {
			return fmt.Errorf("%s: a common cause of what needs others is not played", c.p.parts[at].name)
		}
		e.targets = append(e.targets, target{at, whole})
	}
	c.p.commons = append(c.p.commons, out)
	c.p.emitters = append(c.p.emitters, e)
	return nil
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

// strike returns the share of time that the common cause is on, and the member
// whose outages it has: the most reliable one.
func (c *common) strike(w world) (share float64, like *stated) {
	least := math.Inf(1)
	for _, m := range c.members {
		if q := m.down(w); q < least {
			least, like = q, m
		}
	}
	return w[c.beta] * least, like
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
		q, like := e.of.strike(w)
		while(q, &like.make)
	case e.stated != nil:
		q := e.stated.down(w)
		if e.common != nil {
			c, _ := e.common.strike(w)
			q = (q - c) / (1 - c)
		}
		while(q, &e.stated.make)
	}
	for i := range e.causes {
		x := &e.causes[i]
		rate := w.at(x.rate) * x.times
		if x.beta != none {
			if x.alone {
				rate *= 1 - w[x.beta]
			} else {
				rate *= w[x.beta]
			}
		}
		rates = append(rates, rate)
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

// warmUp chooses how long the clocks run before the window: many times as long
// as incidents last, so that what is in progress at its beginning is as usual.
func (p *program) warmUp() {
	rng := rand.New(rand.NewPCG(1, 1))
	var segs []segment
	for _, e := range p.emitters {
		w := p.world(rng, nil)
		_, makers := e.clock(w, nil, nil)
		for _, m := range makers {
			sum := 0.0
			for range 200 {
				segs = m.draw(w, rng, segs[:0])
				for _, s := range segs {
					sum += s.length
				}
			}
			p.warm = math.Max(p.warm, 15*sum/200)
		}
	}
	for _, s := range p.switches {
		p.warm += 5 * s.takes.mean()
	}
	for _, r := range p.rides {
		p.warm += 5 * r.mean()
	}
}

func ones(x uint32) int { return bits.OnesCount32(x) }
