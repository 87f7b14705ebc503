package explain

import (
	"slices"

	"tightrope/internal/dist"
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
	l.planner = dist.NewPlanner()
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
	incident *dist.Incident
	planner  *dist.Planner
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

func angleOf(n *model.Net) string {
	if n.Angle != "" {
		return n.Angle
	}
	return n.Name
}

func (y *Layer) stops(of Stopped, mean, low, high float64) {
	y.Of, y.Stops, y.Low, y.High = of, &mean, &low, &high
}

// touches reports whether an effect is on the risk.
func (l *layerer) touches(e *model.Effect) bool {
	if e.RisksPer != nil && l.risk.Per != nil && e.RisksPer.Name == l.risk.Per.Name {
		return true
	}
	return slices.ContainsFunc(e.Risks, func(ref model.Ref) bool { return ref.Name == l.risk.Name })
}

// each calls do with every effect of every net that fits.
func (l *layerer) each(fits func(*model.Effect) bool, do func(*model.Net, *model.Effect)) {
	for _, n := range l.model.Nets {
		for _, e := range n.Effects {
			if fits(e) {
				do(n, e)
			}
		}
	}
}

func (l *layerer) prevent() {
	best := map[string]float64{} // by angle, of what stands
	l.each(l.touches, func(n *model.Net, e *model.Effect) {
		if e.Prevents != nil && l.scenario.Standing[n.Name] {
			mean, _, _ := worth.Share(e.Prevents)
			best[angleOf(n)] = max(best[angleOf(n)], mean)
		}
	})
	taken := map[string]bool{}
	l.each(l.touches, func(n *model.Net, e *model.Effect) {
		if e.Prevents == nil {
			return
		}
		mean, low, high := worth.Share(e.Prevents)
		y := l.add(n, Layer{Step: Prevent, Kind: Prevents, Pos: e.Prevents.Pos})
		y.stops(OfIncidents, mean, low, high)
		y.Counts = mean > best[y.Angle]
		if y.Stands && mean == best[y.Angle] && !taken[y.Angle] {
			y.Counts, taken[y.Angle] = true, true
		}
	})
	if l.risk.Per == nil {
		return
	}
	ch := l.model.Change(l.risk.Per.Name)
	l.each(func(e *model.Effect) bool { return e.Change != nil && e.Change.Name == ch.Name && e.Every != nil }, func(n *model.Net, e *model.Effect) {
		y := l.add(n, Layer{Step: Prevent, Kind: Rhythm, Name: ch.Name, Title: scenario.Title(ch.Title, ch.Name), Pos: e.Every.Pos})
		s := 1 - worth.Rate(e.Every)/worth.Rate(&ch.Every)
		y.stops(OfIncidents, s, s, s)
	})
}

func (l *layerer) detect() {
	paths := l.source.Incident.Detect
	chances := firsts(paths, l.theta)
	for i, p := range paths {
		l.detection(p.Net, p.Of, p.After.Law(l.theta).Mean(), &chances[i])
	}
	l.each(l.touches, func(n *model.Net, e *model.Effect) {
		if e.Detects != nil && !l.scenario.Standing[n.Name] {
			l.detection(n, e.Detects, l.stretched(e.Detects.After, func(e *model.Effect) *model.Signed { return e.DetectBy }), nil)
		}
		if e.DetectBy != nil {
			y := l.add(n, Layer{Step: Detect, Kind: Faster, Pos: e.DetectBy.Pos})
			y.stops(signed(OfDetect, e.DetectBy))
		}
	})
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

// stretched is the mean of a time of a net that does not stand, with the
// changes of those that do at work on it.
func (l *layerer) stretched(t model.Time, get func(*model.Effect) *model.Signed) float64 {
	mean := scenario.Length{Time: t}.Law(nil).Mean()
	l.each(l.touches, func(n *model.Net, e *model.Effect) {
		s := get(e)
		if stands, today := l.scenario.Standing[n.Name], n.Status == model.InPlace && !l.risk.BeforeNets; s != nil && stands != today {
			by := 1 + meanSigned(s)
			if !stands {
				by = 1 / by
			}
			mean *= by
		}
	})
	return mean
}

func (l *layerer) contain() {
	r, in := l.risk, l.source.Incident
	if hit, ok := r.Impact.For("available"); !ok || hit != nil {
		if !ok {
			hit = &r.Impact.ByObjective[0].Share
		}
		if mean, low, high := worth.Share(hit); mean < 1 {
			y := l.add(nil, Layer{Step: Contain, Kind: Impact, Pos: hit.Pos})
			y.stops(OfUsers, 1-mean, 1-high, 1-low)
		}
	}
	l.each(l.touches, func(n *model.Net, e *model.Effect) {
		if e.ImpactBy != nil {
			y := l.add(n, Layer{Step: Contain, Kind: Impact, Pos: e.ImpactBy.Pos})
			y.stops(signed(OfUsers, e.ImpactBy))
		}
	})
	if r.Per != nil {
		l.stages(l.model.Change(r.Per.Name), in.Stages)
	}
	l.copies()
}

// stages adds the roll-out in steps that the risk's change has, and those that
// nets would give it.
func (l *layerer) stages(ch *model.Change, now []model.Stage) {
	layer := func(n *model.Net, stages []model.Stage) {
		y := Layer{Step: Contain, Kind: Stages, Name: ch.Name, Title: scenario.Title(ch.Title, ch.Name), Pos: stages[0].Pos}
		with, without := l.source.Incident, l.source.Incident
		with.Stages, without.Stages = stages, nil
		if all := without.At(l.theta).Moments().M1; all > 0 {
			s := 1 - with.At(l.theta).Moments().M1/all
			y.stops(OfBadTime, s, s, s)
		}
		l.add(n, y)
	}
	same := func(a []model.Stage) bool { return len(a) > 0 && len(now) == len(a) && &a[0] == &now[0] }
	if same(ch.Stages) {
		layer(nil, ch.Stages)
	}
	l.each(func(e *model.Effect) bool { return e.Change != nil && e.Change.Name == ch.Name && len(e.Stages) > 0 }, func(n *model.Net, e *model.Effect) {
		if same(e.Stages) || !l.scenario.Standing[n.Name] {
			layer(n, e.Stages)
		}
	})
}

// copies adds other copies of the service, which go on where the risk strikes
// one only.
func (l *layerer) copies() {
	r := l.risk
	if r.Strikes == model.StrikesAll || r.Strikes == model.StrikesDefault && r.Per != nil {
		return
	}
	s := l.model.Service(r.Service.Name)
	have, need, common := l.scenario.Copies(s)
	layer := func(n *model.Net, pos model.Pos, common *model.Share) {
		y := Layer{Step: Contain, Kind: Copies, Name: s.Name, Title: scenario.Title(s.Title, s.Name), Pos: pos}
		mean, low, high := assumedCommonCause, assumedCommonCause, assumedCommonCause
		if common != nil {
			mean, low, high = worth.Share(common)
		}
		y.stops(OfIncidents, 1-mean, 1-high, 1-low)
		l.add(n, y)
	}
	stands := false
	l.each(func(e *model.Effect) bool { return e.Service != nil && e.Service.Name == s.Name && e.Copies != nil }, func(n *model.Net, e *model.Effect) {
		c, k := common, need
		if e.CommonCause != nil {
			c = e.CommonCause
		}
		if e.NeedCopies != nil {
			k = e.NeedCopies.N
		}
		if e.Copies.N > k {
			layer(n, e.Copies.Pos, c)
			stands = stands || l.scenario.Standing[n.Name]
		}
	})
	if have > need && !stands && s.Copies != nil {
		layer(nil, s.Copies.Pos, common)
	}
}

// assumedCommonCause is the share of what strikes one copy that strikes all,
// where it is left out.
const assumedCommonCause = 0.05

// above adds what lies between the risk's service and the services that need
// it: how many of their users do, what is ridden out, who could take over.
func (l *layerer) above() {
	seen := map[string]bool{l.risk.Service.Name: true}
	todo := []string{l.risk.Service.Name}
	for len(todo) > 0 {
		below := todo[0]
		todo = todo[1:]
		for _, s := range l.model.Services {
			for _, n := range s.Needs {
				i := slices.IndexFunc(n.Members, func(m model.Member) bool { return m.Name == below })
				if i < 0 {
					continue
				}
				l.need(s, n, i)
				if !seen[s.Name] {
					seen[s.Name] = true
					todo = append(todo, s.Name)
				}
			}
		}
	}
}

// need adds what one need keeps from users.
func (l *layerer) need(s *model.Service, n *model.Need, member int) {
	below := n.Members[member].Name
	name := s.Name + " -> " + below
	layer := func(net *model.Net, kind LayerKind, pos model.Pos) *Layer {
		return l.add(net, Layer{Step: Contain, Kind: kind, Name: name, Title: name, Pos: pos})
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
	ridden := false
	l.each(func(e *model.Effect) bool {
		return e.NeedFrom != nil && e.NeedFrom.Name == s.Name && scenario.Names(n, e.NeedTo.Name)
	}, func(net *model.Net, e *model.Effect) {
		if e.ImpactBy != nil {
			layer(net, Exposure, e.ImpactBy.Pos).stops(signed(OfUsers, e.ImpactBy))
		}
		if e.RidesOut != nil {
			l.ride(layer(net, RidesOut, e.RidesOut.Pos), *e.RidesOut)
			ridden = ridden || l.scenario.Standing[net.Name]
		}
	})
	if n.RidesOut != nil && !ridden {
		l.ride(layer(nil, RidesOut, n.RidesOut.Pos), *n.RidesOut)
	}
}

// ride says what share of the bad time of an incident is ridden out.
func (l *layerer) ride(y *Layer, t model.Time) {
	law := scenario.Length{Time: t}.Law(nil)
	mean := law.Mean()
	y.Time = &mean
	length := l.incident.Length(l.planner)
	if length.Mean() <= 0 {
		return
	}
	p, felt := dist.FeltOf(length, []dist.Felt{{Share: 1, After: law}})
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
	l.each(l.touches, func(n *model.Net, e *model.Effect) {
		if e.RecoversBy != nil && !l.scenario.Standing[n.Name] {
			y := l.attempt(e.RecoversBy, l.stretched(e.RecoversBy.Takes, func(e *model.Effect) *model.Signed { return e.RecoverBy }))
			mean, low, high := worth.Share(e.RecoversBy.Works)
			y.stops(OfIncidents, mean, low, high)
			l.add(n, y)
		}
		if e.RecoverBy != nil {
			l.add(n, Layer{Step: Recover, Kind: Faster, Pos: e.RecoverBy.Pos}).stops(signed(OfRecover, e.RecoverBy))
		}
	})
	l.each(func(e *model.Effect) bool {
		return e.Responder != nil && e.AcknowledgeBy != nil && slices.Contains(in.Responders, e.Responder.Name)
	}, func(n *model.Net, e *model.Effect) {
		l.add(n, Layer{Step: Recover, Kind: Acknowledging, Name: e.Responder.Name, Who: e.Responder.Name, Pos: e.AcknowledgeBy.Pos}).
			stops(signed(OfAcknowledge, e.AcknowledgeBy))
	})
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
		return -dist.BetaBetween(-s.Low, -s.High).Mean()
	}
	return dist.LogNormalBetween(s.Low, s.High).Mean()
}
