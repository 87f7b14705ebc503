package forecast_test

import (
	"math"
	"math/rand/v2"
	"slices"

	"tightrope/internal/model"
)

// An oracle answers the question of a forecast by plain Monte Carlo, straight
// from the words of a model: it draws what is unsure, then incident by
// incident what happens in a window. It shares no code with the forecast, so
// that what both say is not one mistake made twice.
//
// It leaves out that copies and members of groups may happen to be down at
// once, switches, and rides_out: forecasts are asked without groups.
type oracle struct {
	m               *model.Model
	today, standing map[string]bool
	inputs          []func(*rand.Rand) float64 // how to draw each unsure input
	known           map[any]number
	fits            *fits
}

// A world holds one value for each unsure input.
type world []float64

// A number may depend on what is unsure.
type number func(world) float64

func constant(v float64) number { return func(world) float64 { return v } }

func product(of ...number) number {
	return func(w world) float64 {
		v := 1.0
		for _, f := range of {
			v *= f(w)
		}
		return v
	}
}

func ratio(a, b number) number { return func(w world) float64 { return a(w) / b(w) } }

// newOracle works out which nets stand: those in place, those asked for, and
// what they require, without those taken away and those replaced.
func newOracle(m *model.Model, with, without []string, f *fits) *oracle {
	o := &oracle{m: m, today: map[string]bool{}, standing: map[string]bool{}, known: map[any]number{}, fits: f}
	for _, n := range m.Nets {
		o.today[n.Name] = n.Status == model.InPlace
		o.standing[n.Name] = o.today[n.Name] && !slices.Contains(without, n.Name)
	}
	var add func(name string)
	add = func(name string) {
		if o.standing[name] {
			return
		}
		o.standing[name] = true
		for _, r := range m.Net(name).Requires {
			add(r.Name)
		}
		for _, r := range m.Net(name).Replaces {
			o.standing[r.Name] = false
		}
	}
	for _, name := range with {
		add(name)
	}
	return o
}

// world draws every unsure input once.
func (o *oracle) world(r *rand.Rand) world {
	w := make(world, len(o.inputs))
	for i, draw := range o.inputs {
		w[i] = draw(r)
	}
	return w
}

// input is one unsure number, the same wherever the model refers to key.
func (o *oracle) input(key any, draw func(*rand.Rand) float64) number {
	if n, ok := o.known[key]; ok {
		return n
	}
	i := len(o.inputs)
	o.inputs = append(o.inputs, draw)
	o.known[key] = func(w world) float64 { return w[i] }
	return o.known[key]
}

// sure returns a number that depends on nothing unsure.
func (o *oracle) sure(n number) (v float64, sure bool) {
	nowhere := make(world, len(o.inputs))
	for i := range nowhere {
		nowhere[i] = math.NaN()
	}
	v = n(nowhere)
	return v, !math.IsNaN(v)
}

func (o *oracle) share(s *model.Share) number {
	switch {
	case s == nil:
		return constant(1)
	case s.Kind == model.Exactly:
		return constant(s.Float())
	}
	return o.input(s, o.fits.beta(s.Low, s.High))
}

func (o *oracle) without(s *model.Share) number {
	of := o.share(s)
	return func(w world) float64 { return 1 - of(w) }
}

func (o *oracle) rate(r *model.Rate) number {
	switch r.Kind {
	case model.Exactly:
		v, _ := r.Exact.Float64()
		return constant(v)
	case model.Counted:
		return o.input(r, func(x *rand.Rand) float64 { return drawGamma(x, r.Count+0.5) / r.Span })
	}
	return o.input(r, o.fits.gamma(r.Low, r.High))
}

// signed is 1 + change.
func (o *oracle) signed(s *model.Signed) number {
	switch {
	case s.Kind == model.Exactly:
		v, _ := s.Exact.Float64()
		return constant(1 + v)
	case s.High < 0:
		less := o.input(s, o.fits.beta(-s.Low, -s.High))
		return func(w world) float64 { return 1 - less(w) }
	}
	more := o.input(s, func(x *rand.Rand) float64 { return drawLogNormal(x, s.Low, s.High) })
	return func(w world) float64 { return 1 + more(w) }
}

// effects lists the effects of a set of nets, with the net of each.
func (o *oracle) effects(set map[string]bool) (nets []*model.Net, effects []*model.Effect) {
	for _, n := range o.m.Nets {
		for _, e := range n.Effects {
			if set[n.Name] {
				nets, effects = append(nets, n), append(effects, e)
			}
		}
	}
	return nets, effects
}

func on(e *model.Effect, r *model.Risk) bool {
	return e.RisksPer != nil && r.Per != nil && e.RisksPer.Name == r.Per.Name ||
		slices.ContainsFunc(e.Risks, func(x model.Ref) bool { return x.Name == r.Name })
}

// had is the set of nets that the numbers of a risk are with.
func (o *oracle) had(r *model.Risk) map[string]bool {
	if r.BeforeNets {
		return nil
	}
	return o.today
}

// prevented is what nets leave of a frequency, against what those at work
// when its number was written left of it.
func (o *oracle) prevented(r *model.Risk) number {
	left := func(set map[string]bool) number {
		var angles []string
		best := map[string][]number{}
		nets, effects := o.effects(set)
		for i, e := range effects {
			if e.Prevents != nil && on(e, r) {
				angle := "angle " + nets[i].Angle
				if nets[i].Angle == "" {
					angle = "net " + nets[i].Name
				}
				if best[angle] == nil {
					angles = append(angles, angle)
				}
				best[angle] = append(best[angle], o.without(e.Prevents))
			}
		}
		return func(w world) float64 {
			v := 1.0
			for _, angle := range angles {
				least := 1.0
				for _, f := range best[angle] {
					least = math.Min(least, f(w))
				}
				v *= least
			}
			return v
		}
	}
	return ratio(left(o.standing), left(o.had(r)))
}

// changed is the product of signed changes, against those that were at work
// when the number was written.
func (o *oracle) changed(had map[string]bool, get func(*model.Effect) *model.Signed) number {
	all := func(set map[string]bool) number {
		var list []number
		_, effects := o.effects(set)
		for _, e := range effects {
			if s := get(e); s != nil {
				list = append(list, o.signed(s))
			}
		}
		return product(list...)
	}
	return ratio(all(o.standing), all(had))
}

// ofRisk is changed for one signed change of a risk.
func (o *oracle) ofRisk(r *model.Risk, get func(*model.Effect) *model.Signed) number {
	return o.changed(o.had(r), func(e *model.Effect) *model.Signed {
		if on(e, r) {
			return get(e)
		}
		return nil
	})
}

// A span is a time, stretched.
type span struct {
	time model.Time
	by   number
}

func (s span) draw(w world, r *rand.Rand) float64 {
	by := s.by(w)
	switch s.time.Kind {
	case model.LogNormal:
		return by * drawLogNormal(r, s.time.Low, s.time.High)
	case model.Exponential:
		return by * s.time.Mean * r.ExpFloat64()
	}
	return by * s.fixed()
}

func (s span) fixed() float64 {
	v, _ := s.time.Length().Float64()
	return v
}

// A course says how an incident goes.
type course struct {
	paths    []path
	attempts []attempt
	answers  map[string]span // by responder
	stages   []model.Stage
}

type path struct {
	after   span
	catches number
}

type attempt struct {
	takes           span
	works, restores number
	by              string // responder, or nobody
}

func (o *oracle) course(r *model.Risk) course {
	detectBy := o.ofRisk(r, func(e *model.Effect) *model.Signed { return e.DetectBy })
	recoverBy := o.ofRisk(r, func(e *model.Effect) *model.Signed { return e.RecoverBy })
	c := course{answers: map[string]span{}}
	see := func(d *model.Detection) {
		c.paths = append(c.paths, path{span{d.After, detectBy}, o.share(d.Catches)})
	}
	try := func(k *model.Recovery) {
		c.attempts = append(c.attempts, attempt{span{k.Takes, recoverBy}, o.share(k.Works), o.share(k.Restores), k.By.Name})
		if k.By.Name != model.Nobody {
			c.answers[k.By.Name] = span{o.m.Responder(k.By.Name).Acknowledges, o.changed(o.today, func(e *model.Effect) *model.Signed {
				if e.Responder != nil && e.Responder.Name == k.By.Name {
					return e.AcknowledgeBy
				}
				return nil
			})}
		}
	}
	_, effects := o.effects(o.standing)
	for _, e := range effects {
		if on(e, r) && e.Detects != nil {
			see(e.Detects)
		}
		if on(e, r) && e.RecoversBy != nil {
			try(e.RecoversBy)
		}
	}
	for _, d := range r.Detect {
		see(o.m.Detection(d.Name))
	}
	for _, k := range r.Recover {
		try(o.m.Recovery(k.Name))
	}
	if r.DetectInline != nil {
		see(&model.Detection{After: *r.DetectInline})
	}
	if r.RecoverInline != nil {
		try(&model.Recovery{Takes: *r.RecoverInline, By: model.Ref{Name: model.Nobody}})
	}
	if r.Per != nil {
		c.stages = o.m.Change(r.Per.Name).Stages
		for _, e := range effects {
			if e.Change != nil && e.Change.Name == r.Per.Name && e.Stages != nil {
				c.stages = e.Stages
			}
		}
	}
	return c
}

// A telling is one incident: how long its three parts took, and its lost time
// were it to hit everyone.
type telling struct{ detect, acknowledge, recover, bad float64 }

func (c *course) draw(w world, r *rand.Rand) telling {
	t := telling{detect: math.Inf(1)}
	for _, p := range c.paths {
		if fires := p.after.draw(w, r); r.Float64() < p.catches(w) {
			t.detect = math.Min(t.detect, fires)
		}
	}
	if len(c.paths) == 0 {
		t.detect = 0
	}
	var share float64
	t.bad, share = c.unnoticed(t.detect)
	called := map[string]bool{}
	for _, a := range c.attempts {
		if a.by != model.Nobody && !called[a.by] {
			called[a.by] = true
			wait := c.answers[a.by].draw(w, r)
			t.acknowledge += wait
			t.bad += share * wait
		}
		takes := a.takes.draw(w, r)
		t.recover += takes
		t.bad += share * takes
		if r.Float64() < a.works(w) {
			if share *= 1 - a.restores(w); share == 0 {
				break
			}
		}
	}
	return t
}

// unnoticed is the lost time until an incident is detected, and the share of
// users that it reaches then.
func (c *course) unnoticed(detect float64) (bad, share float64) {
	if len(c.stages) == 0 {
		return detect, 1
	}
	begun := 0.0
	for _, s := range c.stages {
		share = s.Share.Float()
		if s.For == nil || detect <= begun+s.For.Seconds() {
			return bad + share*(detect-begun), share
		}
		bad += share * s.For.Seconds()
		begun += s.For.Seconds()
	}
	return bad + share*(detect-begun), share
}

// copies returns how many copies of a service there are, how many must stand
// and which share of their failures strikes all.
func (o *oracle) copies(s *model.Service) (copies, need int, common number) {
	copies, need, common = 1, 1, constant(0.05)
	if s.Copies != nil {
		copies = s.Copies.N
	}
	if s.Need != nil {
		need = s.Need.N
	}
	if s.CommonCause != nil {
		common = o.share(s.CommonCause)
	}
	_, effects := o.effects(o.standing)
	for _, e := range effects {
		if e.Service == nil || e.Service.Name != s.Name {
			continue
		}
		if e.Copies != nil {
			copies = e.Copies.N
		}
		if e.NeedCopies != nil {
			need = e.NeedCopies.N
		}
		if e.CommonCause != nil {
			common = o.share(e.CommonCause)
		}
	}
	return copies, need, common
}

// strikes returns by what the frequency of one copy is multiplied for each way
// in which the service is down: once for what strikes all, and once for each
// copy that cannot be spared.
func (o *oracle) strikes(service string, all bool) []number {
	copies, need, common := o.copies(o.m.Service(service))
	if copies == 1 || all {
		return []number{constant(1)}
	}
	ways := []number{common}
	if need == copies {
		for range copies {
			ways = append(ways, func(w world) float64 { return 1 - common(w) })
		}
	}
	return ways
}
