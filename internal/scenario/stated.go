package scenario

import "tightrope/internal/model"

// Stated returns what is stated of a service with the nets at work: its
// availability, or how often it is down, and how long one outage lasts. Of
// standing nets that set a number the last one counts; where one that stands
// today is taken away, the number is what it was before. The service must state
// something.
func (sc *Scenario) Stated(s *model.Service) (availability *model.Share, every *model.Rate, outage Length) {
	availability = setOn(sc, s, s.Stated.Availability, func(e *model.Effect) (set, before *model.Share) {
		return e.Availability, beforeOf(e).Share
	})
	every = setOn(sc, s, s.Stated.Every, func(e *model.Effect) (set, before *model.Rate) {
		return e.Every, beforeOf(e).Rate
	})
	return availability, every, sc.outage(s)
}

// Background returns the share of errors that are always there, with the nets at
// work; nil: none.
func (sc *Scenario) Background(s *model.Service) *model.Share {
	return setOn(sc, s, s.Background, func(e *model.Effect) (set, before *model.Share) {
		return e.Background, beforeOf(e).Share
	})
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
			if e.Service != nil && e.Service.Name == s.Name {
				do(n, e)
			}
		}
	}
}

// setOn is a number of a service that nets may set.
func setOn[T any](sc *Scenario, s *model.Service, written *T, of func(*model.Effect) (set, before *T)) *T {
	var now, had *T
	sc.onService(s, func(n *model.Net, e *model.Effect) {
		set, before := of(e)
		switch {
		case set == nil:
		case sc.Standing[n.Name]:
			now = set
		case sc.today[n.Name] && had == nil:
			had = before
		}
	})
	switch {
	case now != nil:
		return now
	case had != nil:
		return had
	}
	return written
}

// outage is how long one of a service's own outages lasts: what is written is
// with the nets that stand today.
func (sc *Scenario) outage(s *model.Service) Length {
	out := Length{Time: s.Stated.Outage}
	changed, f := false, One
	sc.onService(s, func(n *model.Net, e *model.Effect) {
		if e.OutageBy == nil || sc.Standing[n.Name] == sc.today[n.Name] {
			return
		}
		by := sc.Params.signed(e.OutageBy, "length of outages of "+s.Name)
		if !sc.Standing[n.Name] {
			by = by.inverse()
		}
		changed, f = true, f.Times(by)
	})
	if changed {
		out.Scale = f
	}
	return out
}
