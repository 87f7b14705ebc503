package scenario

import (
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// stated fills in what is stated of a service, and its background, with the nets at
// work. Of standing nets that set a number the last one counts; where one that
// stands today is taken away, the number is what it was before.
func (sc *Scenario) stated(s *model.Service, v *ServiceValue) {
	setBy(sc, s, &v.Background, func(e *model.Effect) (set, before *model.Share) {
		return e.Background, beforeOf(e).Share
	})
	if s.Stated == nil {
		return
	}
	is := *s.Stated
	availability, every := written(is.Availability, true), written(is.Every, true)
	setBy(sc, s, &availability, func(e *model.Effect) (set, before *model.Share) {
		return e.Availability, beforeOf(e).Share
	})
	setBy(sc, s, &every, func(e *model.Effect) (set, before *model.Rate) {
		return e.Every, beforeOf(e).Rate
	})
	is.Availability, is.Every = availability.Is, every.Is
	v.Stated.Is = &is
	for _, o := range []Origin{availability.Origin, every.Origin} {
		for _, net := range o.Nets {
			v.Stated.touched(net)
		}
	}
	v.Outage = sc.outage(s)
}

func beforeOf(e *model.Effect) model.Before {
	if e.Before == nil {
		return model.Before{}
	}
	return *e.Before
}

// onService calls do with each effect on a service, of whatever net.
func (sc *Scenario) onService(s *model.Service, do func(*model.Net, *model.Effect)) {
	for _, n := range sc.Model.Nets {
		for _, e := range n.Effects {
			if OnService(e, s) {
				do(n, e)
			}
		}
	}
}

// setBy has nets set a number of a service.
func setBy[T any](sc *Scenario, s *model.Service, v *Value[*T], of func(*model.Effect) (set, before *T)) {
	now, had := Value[*T]{}, Value[*T]{}
	sc.onService(s, func(n *model.Net, e *model.Effect) {
		set, before := of(e)
		switch {
		case set == nil:
		case sc.Standing[n.Name]:
			now.set(set, n.Name)
		case sc.today[n.Name] && had.Is == nil:
			had.set(before, n.Name)
		}
	})
	switch {
	case now.Is != nil:
		*v = now
	case had.Is != nil:
		*v = had
	}
}

// outage is how long one of a service's own outages lasts: what is written is
// with the nets that stand today.
func (sc *Scenario) outage(s *model.Service) Value[Length] {
	out := written(Length{Time: s.Stated.Outage}, true)
	f := One
	sc.moved(func(n *model.Net, e *model.Effect, isNew bool) {
		if !OnService(e, s) || e.OutageBy == nil {
			return
		}
		sc.prepare()
		f = f.Times(sc.by(e.OutageBy, isNew, message.ChangeOf("outage", s.Name)))
		out.Is.Scale = f
		out.touched(n.Name)
	})
	return out
}
