package scenario

import (
	"slices"

	"tightrope/internal/model"
)

// Acts reports whether an effect makes less, or more, of the lost time of one thing
// that goes wrong: of a risk, of a change's own downtime, of what is stated of a
// service or of the errors that it always has. Whether that is much, a forecast says.
func Acts(m *model.Model, e *model.Effect, of ID) bool {
	switch of.Kind {
	case RiskThing:
		r := m.Risk(of.Name)
		if r == nil {
			return false
		}
		ch := r.Per
		switch {
		case Covers(e, r), ch != nil && e.Change != nil && e.Change.Name == ch.Name && (e.Every != nil || len(e.Stages) > 0):
			return true
		case e.Service != nil:
			return e.Service.Name == r.Service.Name && e.Copies != nil && !StrikesAll(r)
		case e.Responder != nil:
			return e.AcknowledgeBy != nil && slices.ContainsFunc(r.Recover, func(ref model.Ref) bool {
				x := m.Recovery(ref.Name)
				return x != nil && OnResponder(e, x.By.Name)
			})
		}
		return onWay(m, e, r.Service.Name)
	case ChangeThing:
		ch := m.Change(of.Name)
		return ch != nil && (OnChange(e, ch) || onWay(m, e, ch.Service.Name))
	case StatedThing:
		s := m.Service(of.Owner)
		return s != nil && (OnService(e, s) && (e.Availability != nil || e.Every != nil || e.OutageBy != nil || e.Copies != nil) || onWay(m, e, s.Name))
	case BackgroundThing:
		s := m.Service(of.Owner)
		return s != nil && (OnService(e, s) && e.Background != nil || onWay(m, e, s.Name))
	}
	return false
}

// onWay reports whether an effect is on a need over which a service is reached.
func onWay(m *model.Model, e *model.Effect, service string) bool {
	if e.NeedFrom == nil || e.NeedTo == nil {
		return false
	}
	seen := map[string]bool{}
	var reaches func(from string) bool
	reaches = func(from string) bool {
		if from == service {
			return true
		}
		s := m.Service(from)
		if s == nil || seen[from] {
			return false
		}
		seen[from] = true
		return slices.ContainsFunc(s.Needs, func(n *model.Need) bool {
			return slices.ContainsFunc(n.Members, func(x model.Member) bool { return reaches(x.Name) })
		})
	}
	return reaches(e.NeedTo.Name)
}
