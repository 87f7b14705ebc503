package scenario

import (
	"math/big"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// unlisted is what the history of a service has and the catalogue does not
// explain, as one more source: as many incidents as are missing, of exponential
// length; or, where incidents were not counted or none is missing, spread evenly.
// How often the incidents happen is as unsure as a rate that was counted, with the
// mean that makes up the rest: gamma of shape n + 1/2 and mean n/T.
//
// No net touches it. It is of the service's own users: a service that needs this one
// has its own history, or none, and would count the same outages again. It is
// seen by the first objective, which the history is held against.
func (c *Catalogue) unlisted(s *model.Service, r *model.Reconciled) *Source {
	src := &Source{
		Name: "unlisted", Made: message.Unlisted(), Kind: UnlistedSource,
		Service: s.Name, Of: HistoryID(s.Name), Pos: s.History.Pos,
	}
	if len(s.Objectives) > 1 {
		src.Impact.ByObjective = []model.ObjectiveImpact{{
			Objective: s.Objectives[0].Name, Pos: s.History.Pos, Share: model.Share{Exact: RatOne, Text: "100%", Pos: s.History.Pos},
		}}
	}
	if r.Missing <= 0 {
		src.Even = true
		src.Share = Exactly(new(big.Rat).SetFloat64(r.Rest / r.Over))
		return src
	}
	n := r.Missing
	shape := distribution.GammaSeen(n, r.Over).Shape
	p := c.params.add(r, func() distribution.Unsure {
		return distribution.Gamma{Shape: shape, Span: shape * r.Over / n}
	}, message.HowOftenUnlisted(s.Name), r.Text(s.History.Over.Text), s.History.Pos, false)
	src.Rate = Factor{Terms: []Term{{Param: p, Slope: 1}}}
	src.Incident.Attempts = []Attempt{{
		Takes: Length{Time: model.Time{Kind: model.Exponential, Mean: r.Rest / n}}, Works: One, Restores: One, Responder: -1,
	}}
	return src
}

// fronts puts what is unlisted of a service in front of it: a part that only the
// service's own users meet, and that needs the service.
func (y *System) fronts() {
	for i, s := range y.Services {
		src := y.Catalogue.Unlisted[s.Name]
		if src == nil {
			continue
		}
		own := []*Source{src}
		y.number[s.Name] = len(y.Parts)
		y.Parts = append(y.Parts, Part{
			Name: "users of " + s.Name, Service: i, Front: true, Sources: own, Summed: own,
			Needs: []Need{{Edge: Always, Counts: true, Down: 1, Members: []int{i}, ID: HistoryID(s.Name), Pos: s.History.Pos}},
		})
	}
}

// UnlistedCode is the code of what is said of a rest that is counted.
const UnlistedCode = "unlisted"

// Counted says, of each of these services (nil: of all) whose history has a rest
// that counts into its promise, how much that is.
func Counted(m *model.Model, services []string) []Warning {
	var out []Warning
	for _, s := range m.Services {
		if r := m.Unlisted(s.Name); r != nil && (services == nil || slices.Contains(services, s.Name)) {
			out = append(out, Warning{
				Code: UnlistedCode, Of: ServiceID(s.Name), Pos: s.History.Pos,
				Message: message.CountedRest(s.Name, *r.Bad, s.History.Over.Text, r.Expected / *r.Bad),
			})
		}
	}
	return out
}
