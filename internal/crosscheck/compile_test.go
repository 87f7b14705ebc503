package crosscheck

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"

	"tightrope/internal/model"
)

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
	beta := none
	if out.copies > 1 {
		beta = len(c.p.params)
		if s.CommonCause != nil {
			beta = c.share(s.CommonCause)
		} else {
			c.p.params = append(c.p.params, param{value: 0.05})
		}
	}
	c.own(s, me, out.copies, beta)
	return c.changes(s, me, out.copies, beta)
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

// own adds what happens on a service by itself; beta is the share of what strikes
// one of its copies that strikes all, none where it has one.
func (c *compiler) own(s *model.Service, me, copies, beta int) {
	if s.Stated != nil {
		st := &stated{availability: none, rate: none, make: maker{impact: always, attempts: []attempt{{lawOf(s.Stated.Outage), always, always, none}}}}
		if s.Stated.Availability != nil {
			st.availability = c.share(s.Stated.Availability)
		} else {
			st.rate = c.rate(s.Stated.Every)
		}
		c.p.emitters = append(c.p.emitters, &emitter{kind: alternating, targets: []target{{me, whole}}, stated: st})
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

func (c *compiler) changes(s *model.Service, me, copies, beta int) error {
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
			e.causes = append(e.causes, cause{rate: none, chance: always, beta: none, make: maker{impact: impact, attempts: []attempt{{lawOf(*ch.Downtime), always, always, none}}}})
		}
		// Each copy is changed in that rhythm too, at times of its own.
		each := make([]*emitter, copies)
		for i := range each {
			each[i] = &emitter{kind: rhythm, targets: []target{{me, i}}, every: 1 / rate}
		}
		for _, r := range c.m.Risks {
			if r.Per == nil || r.Per.Name != ch.Name {
				continue
			}
			x := cause{rate: none, chance: c.share(r.Chance), beta: none, make: c.maker(r, ch.Stages)}
			if copies > 1 && r.Strikes == model.StrikesOne {
				one := x
				one.beta, one.alone = beta, true
				for _, e := range each {
					e.causes = append(e.causes, one)
				}
				x.beta = beta
			}
			e.causes = append(e.causes, x)
		}
		for _, e := range append(each, e) {
			if len(e.causes) > 0 {
				c.p.emitters = append(c.p.emitters, e)
			}
		}
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
	// Its outages are those of the member that is the most reliable on average,
	// whatever the world.
	downs := make([]float64, len(out.members))
	rng := rand.New(rand.NewPCG(1, 2))
	var w world
	for range 4000 {
		w = c.p.world(rng, w)
		for i, m := range out.members {
			downs[i] += m.down(w)
		}
	}
	for i, m := range out.members {
		if downs[i] == slices.Min(downs) {
			out.like = m
			break
		}
	}
	c.p.commons = append(c.p.commons, out)
	c.p.emitters = append(c.p.emitters, e)
	return nil
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
