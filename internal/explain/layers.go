package explain

import (
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// layers lists what stands, or could stand, in front of a risk: step by step,
// what stands first, each in the order of the files.
func (x *explainer) layers(r *model.Risk) []Layer {
	l := &layerer{explainer: x, risk: r, source: x.sourceOf(r)}
	if l.source == nil {
		return nil
	}
	l.planner = distribution.NewPlanner()
	l.incident = l.source.Incident.At(x.theta)
	l.prevent()
	l.detect()
	l.contain()
	l.above()
	l.recover()
	steps := map[Step]int{Prevent: 0, Detect: 1, Contain: 2, Recover: 3}
	slices.SortStableFunc(l.out, func(a, b Layer) int {
		if d := steps[a.Step] - steps[b.Step]; d != 0 {
			return d
		}
		switch {
		case a.Stands == b.Stands:
			return 0
		case a.Stands:
			return -1
		}
		return 1
	})
	return l.out
}

type layerer struct {
	*explainer
	risk     *model.Risk
	source   *scenario.Source
	incident *distribution.Incident
	planner  *distribution.Planner
	out      []Layer
}

// add takes in a layer; n is the net that it comes from, or nil.
func (l *layerer) add(n *model.Net, y Layer) *Layer {
	y.Stands, y.Counts = true, true
	if n != nil {
		y.Net, y.NetTitle, y.Status = n.Name, scenario.Title(n.Title, n.Name), n.Status
		y.Stands = l.scenario.Standing[n.Name]
		y.Angle = angleOf(n)
	}
	l.out = append(l.out, y)
	return &l.out[len(l.out)-1]
}

// angleOf is what people call what a net looks at: its angle, or else its own name.
func angleOf(n *model.Net) string {
	if n.Angle != "" {
		return n.Angle
	}
	return n.Name
}

func (y *Layer) stops(of Stopped, mean, low, high float64) {
	y.Of, y.Stops, y.Low, y.High = of, &mean, &low, &high
}

// on calls do with every effect of every net that is on what fits says.
func (l *layerer) on(fits func(*model.Effect) bool, do func(*model.Net, *model.Effect)) {
	for _, n := range l.model.Nets {
		for _, e := range n.Effects {
			if fits(e) {
				do(n, e)
			}
		}
	}
}

// onRisk calls do with every effect on the risk.
func (l *layerer) onRisk(do func(*model.Net, *model.Effect)) {
	l.on(func(e *model.Effect) bool { return scenario.Covers(e, l.risk) }, do)
}

// netsOn lists the nets that have an effect on what fits says.
func (l *layerer) netsOn(fits func(*model.Effect) bool) []*model.Net {
	var out []*model.Net
	l.on(fits, func(n *model.Net, _ *model.Effect) {
		if len(out) == 0 || out[len(out)-1] != n {
			out = append(out, n)
		}
	})
	return out
}

// netsOnRisk lists the nets that have an effect on the risk.
func (l *layerer) netsOnRisk() []*model.Net {
	return l.netsOn(func(e *model.Effect) bool { return scenario.Covers(e, l.risk) })
}

func (l *layerer) prevent() {
	now := l.scenario.Preventing(l.risk)
	l.onRisk(func(n *model.Net, e *model.Effect) {
		if e.Prevents == nil {
			return
		}
		mean, low, high := worth.Share(e.Prevents)
		y := l.add(n, Layer{Step: Prevent, Kind: Prevents, Pos: e.Prevents.Pos})
		y.stops(OfIncidents, mean, low, high)
		counts, best := false, 0.0
		for _, p := range now {
			if scenario.SameAngle(p.Net, n) {
				counts, best = p.Share == e.Prevents, p.Mean
			}
		}
		if y.Counts = counts; !y.Stands {
			y.Counts = mean > best
		}
	})
	if l.risk.Per == nil {
		return
	}
	ch := l.model.Change(l.risk.Per.Name)
	written := worth.Rate(l.only(nil).Change(ch).Every.Is)
	for _, n := range l.netsOn(func(e *model.Effect) bool { return scenario.OnChange(e, ch) }) {
		every := l.only(n).Change(ch).Every
		if every.From != scenario.ByNet {
			continue
		}
		y := l.add(n, Layer{Step: Prevent, Kind: Rhythm, Name: ch.Name, Title: scenario.Title(ch.Title, ch.Name), Pos: every.Is.Pos})
		s := 1 - worth.Rate(every.Is)/written
		y.stops(OfIncidents, s, s, s)
		y.Counts = slices.Contains(l.with(n).Change(ch).Every.Nets, n.Name)
	}
}

func (l *layerer) detect() {
	paths := l.source.Incident.Detect
	chances := firsts(paths, l.theta)
	for i, p := range paths {
		l.detection(p.Net, p.Of, p.After.Law(l.theta).Mean(), &chances[i])
	}
	for _, n := range l.netsOnRisk() {
		in, theta := l.withNet(n)
		for _, p := range in.Detect {
			if p.Net == n {
				l.detection(n, p.Of, p.After.Law(theta).Mean(), nil)
			}
		}
		for _, e := range n.Effects {
			if scenario.Covers(e, l.risk) && e.DetectBy != nil {
				l.add(n, Layer{Step: Detect, Kind: Faster, Pos: e.DetectBy.Pos}).stops(signed(OfDetect, e.DetectBy))
			}
		}
	}
}

// detection adds a way in which the risk would be known; d is nil where it is
// written as a time.
func (l *layerer) detection(n *model.Net, d *model.Detection, after float64, first *float64) {
	y := Layer{Step: Detect, Kind: Detection, Time: &after, First: first, Pos: l.risk.Pos}
	var catches *model.Share
	if d != nil {
		y.Name, y.Title, y.Pos = d.Name, scenario.Title(d.Title, d.Name), d.Pos
		catches = d.Catches
	} else {
		y.Unnamed, y.Pos = true, l.risk.DetectInline.Pos
	}
	mean, low, high := worth.Share(catches)
	y.stops(OfIncidents, mean, low, high)
	l.add(n, y)
}

func (l *layerer) contain() {
	r := l.risk
	if hit, ok := r.Impact.For("available"); !ok || hit != nil {
		if !ok {
			hit = &r.Impact.ByObjective[0].Share
		}
		if mean, low, high := worth.Share(hit); mean < 1 {
			y := l.add(nil, Layer{Step: Contain, Kind: Impact, Pos: hit.Pos})
			y.stops(OfUsers, 1-mean, 1-high, 1-low)
		}
	}
	l.onRisk(func(n *model.Net, e *model.Effect) {
		if e.ImpactBy != nil {
			y := l.add(n, Layer{Step: Contain, Kind: Impact, Pos: e.ImpactBy.Pos})
			y.stops(signed(OfUsers, e.ImpactBy))
		}
	})
	if r.Per != nil {
		l.stages(l.model.Change(r.Per.Name))
	}
	l.copies()
}

// stages adds the roll-out in steps that the risk's change has, and those that
// nets would give it.
func (l *layerer) stages(ch *model.Change) {
	layer := func(n *model.Net, stages []model.Stage) *Layer {
		y := Layer{Step: Contain, Kind: Stages, Name: ch.Name, Title: scenario.Title(ch.Title, ch.Name), Pos: stages[0].Pos}
		with, without := l.source.Incident, l.source.Incident
		with.Stages, without.Stages = stages, nil
		if all := without.At(l.theta).Moments().M1; all > 0 {
			s := 1 - with.At(l.theta).Moments().M1/all
			y.stops(OfBadTime, s, s, s)
		}
		return l.add(n, y)
	}
	if is := l.scenario.Change(ch).Stages; is.From == scenario.Written {
		layer(nil, is.Is)
	}
	for _, n := range l.netsOn(func(e *model.Effect) bool { return scenario.OnChange(e, ch) }) {
		if is := l.with(n).Change(ch).Stages; slices.Contains(is.Nets, n.Name) && len(is.Is) > 0 {
			layer(n, is.Is)
		} else if is := l.only(n).Change(ch).Stages; !l.scenario.Standing[n.Name] && is.From == scenario.ByNet && len(is.Is) > 0 {
			layer(n, is.Is).Counts = false
		}
	}
}

// copies adds other copies of the service, which go on where the risk strikes
// one only.
func (l *layerer) copies() {
	if scenario.StrikesAll(l.risk) {
		return
	}
	s := l.model.Service(l.risk.Service.Name)
	layer := func(n *model.Net, pos model.Pos, v scenario.ServiceValue) *Layer {
		y := Layer{Step: Contain, Kind: Copies, Name: s.Name, Title: scenario.Title(s.Title, s.Name), Pos: pos}
		mean, low, high := commonCause(v)
		y.stops(OfIncidents, 1-mean, 1-high, 1-low)
		return l.add(n, y)
	}
	if v := l.scenario.Service(s); v.Copies.From == scenario.Written && v.Copies.Is > v.Need.Is {
		layer(nil, s.Copies.Pos, v)
	}
	for _, n := range l.netsOn(func(e *model.Effect) bool { return scenario.OnService(e, s) }) {
		if l.only(n).Service(s).Copies.From != scenario.ByNet {
			continue
		}
		if v := l.with(n).Service(s); v.Copies.Is > v.Need.Is {
			layer(n, scenario.CopiesAt(n, s), v).Counts = slices.Contains(v.Copies.Nets, n.Name)
		}
	}
}

// commonCause is the share of what strikes one copy of a service that strikes all.
func commonCause(v scenario.ServiceValue) (mean, low, high float64) {
	if share := v.CommonCause.Is; share != nil {
		return worth.Share(share)
	}
	x, _ := scenario.DefaultCommonCause().Float64()
	return x, x, x
}

// above adds what lies between the risk's service and the services that need
// it: how many of their users do, what is ridden out, who could take over.
func (l *layerer) above() {
	seen := map[string]bool{l.risk.Service.Name: true}
	todo := []string{l.risk.Service.Name}
	for len(todo) > 0 {
		below := todo[0]
		todo = todo[1:]
		for _, s := range l.model.Services {
			for k, n := range s.Needs {
				i := slices.IndexFunc(n.Members, func(m model.Member) bool { return m.Name == below })
				if i < 0 {
					continue
				}
				l.need(s, k, i)
				if !seen[s.Name] {
					seen[s.Name] = true
					todo = append(todo, s.Name)
				}
			}
		}
	}
}

// need adds what one need keeps from users.
func (l *layerer) need(s *model.Service, k, member int) {
	n := s.Needs[k]
	below := n.Members[member].Name
	name := s.Name + " -> " + below
	layer := func(net *model.Net, kind LayerKind, pos model.Pos) *Layer {
		return l.add(net, Layer{Step: Contain, Kind: kind, Name: name, Title: model.One(name), From: s.Name, To: below, Pos: pos})
	}
	if n.Kind == model.NeedAny || n.Kind == model.NeedAtLeast && n.AtLeast < len(n.Members) {
		layer(nil, Spare, n.Pos)
	}
	if n.Kind == model.NeedSplit {
		mean, low, high := worth.Share(&n.Members[member].Share)
		layer(nil, Exposure, n.Members[member].Pos).stops(OfUsers, 1-mean, 1-high, 1-low)
	}
	if n.Impact != nil {
		if mean, low, high := worth.Share(n.Impact); mean < 1 {
			layer(nil, Exposure, n.Impact.Pos).stops(OfUsers, 1-mean, 1-high, 1-low)
		}
	}
	onNeed := func(e *model.Effect) bool { return scenario.OnNeed(e, s, n) }
	for _, net := range l.netsOn(onNeed) {
		for _, e := range net.Effects {
			if onNeed(e) && e.ImpactBy != nil {
				layer(net, Exposure, e.ImpactBy.Pos).stops(signed(OfUsers, e.ImpactBy))
			}
		}
		if v := l.only(net).NeedOf(s, k).RidesOut; v.From == scenario.ByNet && v.Is != nil {
			y := layer(net, RidesOut, v.Is.Pos)
			l.ride(y, v.Is.Time)
			y.Counts = slices.Contains(l.with(net).NeedOf(s, k).RidesOut.Nets, net.Name)
		}
	}
	if v := l.scenario.NeedOf(s, k).RidesOut; v.From == scenario.Written && v.Is != nil {
		l.ride(layer(nil, RidesOut, v.Is.Pos), v.Is.Time)
	}
}

// ride says what share of the lost time of an incident is ridden out.
func (l *layerer) ride(y *Layer, t model.Time) {
	law := scenario.Length{Time: t}.Law(nil)
	mean := law.Mean()
	y.Time = &mean
	length := l.incident.Length(l.planner)
	if length.Mean() <= 0 {
		return
	}
	p, felt := distribution.FeltOf(length, []distribution.Felt{{Share: 1, After: law}})
	s := 1.0
	if p > 0 {
		s = 1 - p*felt.Mean()/length.Mean()
	}
	y.stops(OfBadTime, s, s, s)
}

func (l *layerer) recover() {
	in := l.source.Incident
	reached := 1.0
	for i, a := range in.Attempts {
		y := l.attempt(a.Of, a.Takes.Law(l.theta).Mean())
		at, ends := reached, 0.0
		if a.Restores.Value(l.theta) == 1 {
			ends = a.Works.Value(l.theta)
		}
		if i == len(in.Attempts)-1 {
			ends = 1
		}
		s := at * ends
		y.Reached = &at
		y.stops(OfIncidents, s, s, s)
		reached *= 1 - ends
		l.add(a.Net, y)
	}
	for _, n := range l.netsOnRisk() {
		with, theta := l.withNet(n)
		for _, a := range with.Attempts {
			if a.Net == n {
				y := l.attempt(a.Of, a.Takes.Law(theta).Mean())
				mean, low, high := worth.Share(a.Of.Works)
				y.stops(OfIncidents, mean, low, high)
				l.add(n, y)
			}
		}
		for _, e := range n.Effects {
			if scenario.Covers(e, l.risk) && e.RecoverBy != nil {
				l.add(n, Layer{Step: Recover, Kind: Faster, Pos: e.RecoverBy.Pos}).stops(signed(OfRecover, e.RecoverBy))
			}
		}
	}
	for _, who := range in.Responders {
		l.on(func(e *model.Effect) bool { return scenario.OnResponder(e, who) }, func(n *model.Net, e *model.Effect) {
			if e.AcknowledgeBy != nil {
				l.add(n, Layer{Step: Recover, Kind: Acknowledging, Name: who, Who: who, Pos: e.AcknowledgeBy.Pos}).
					stops(signed(OfAcknowledge, e.AcknowledgeBy))
			}
		})
	}
}

// attempt is an attempt to end the risk; rec is nil where it is written as a
// time.
func (l *layerer) attempt(rec *model.Recovery, takes float64) Layer {
	y := Layer{Step: Recover, Kind: Attempt, Time: &takes}
	if rec == nil {
		y.Unnamed, y.Pos = true, l.risk.RecoverInline.Pos
		return y
	}
	y.Name, y.Title, y.Pos = rec.Name, scenario.Title(rec.Title, rec.Name), rec.Pos
	y.Automatic, y.Runbook, y.Drilled = rec.Automatic(), rec.Runbook.S, rec.Drilled
	if !y.Automatic {
		y.Who = rec.By.Name
	}
	return y
}

// signed is what a relative change stops: what it takes away.
func signed(of Stopped, s *model.Signed) (Stopped, float64, float64, float64) {
	mean := -meanSigned(s)
	if s.Kind == model.Exactly {
		return of, mean, mean, mean
	}
	return of, mean, min(-s.Low, -s.High), max(-s.Low, -s.High)
}

// meanSigned is the mean of a relative change.
func meanSigned(s *model.Signed) float64 {
	switch {
	case s.Kind == model.Exactly:
		x, _ := scenario.RatOr0(s.Exact).Float64()
		return x
	case s.High < 0:
		return -distribution.BetaBetween(-s.Low, -s.High).Mean()
	}
	return distribution.LogNormalBetween(s.Low, s.High).Mean()
}
