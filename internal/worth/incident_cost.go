package worth

import (
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// Unnamed is who makes an inline recovery: people, but the model does not say
// who.
const Unnamed = ""

// An IncidentCost is what one incident of a source takes besides lost time.
type IncidentCost struct {
	Loses float64 // money, mean
	// ManualSeconds is the mean time for which people work on it: the attempts
	// that somebody makes, of those that are reached. Waiting for an answer is no
	// work, and what is automatic is nobody's.
	ManualSeconds float64
	// By tells ManualSeconds apart by responder; Unnamed is who makes inline
	// recoveries.
	By map[string]float64
	// Pages is how often each responder is called: once, before their first
	// attempt that is reached, and so the chance that it is. An inline recovery
	// has all in it and calls nobody by name.
	Pages map[string]float64
}

// IncidentCostOf returns what an incident of a source takes where the params have the
// values theta. Only incidents of risks take anything: work on what is stated of
// a service, or planned, is not told.
func IncidentCostOf(sc *scenario.Scenario, src *scenario.Source, theta []float64) IncidentCost {
	out := IncidentCost{By: map[string]float64{}, Pages: map[string]float64{}}
	if src.Risk == nil {
		return out
	}
	if l := src.Risk.Loses; l != nil {
		out.Loses = amountOf(*l).total()
	}
	s := sc.Model.Service(src.Risk.Service.Name)
	theirs := s != nil && s.Outside
	reached := 1.0
	called := make([]bool, len(src.Incident.Responders))
	for _, a := range src.Incident.Attempts {
		works := func(who string) {
			t := reached * a.Takes.Law(theta).Mean()
			out.By[who] += t
			out.ManualSeconds += t
		}
		switch {
		case a.Responder >= 0:
			who := src.Incident.Responders[a.Responder]
			if !called[a.Responder] {
				called[a.Responder] = true
				out.Pages[who] += reached
			}
			works(who)
		case a.Of == nil && !theirs:
			works(Unnamed)
		}
		// What is restored in part goes on with the next attempt.
		if a.Restores.Value(theta) == 1 {
			reached *= 1 - a.Works.Value(theta)
		}
	}
	return out
}

// perSecond is how often a source has incidents where the params have the values
// theta, per second.
func perSecond(src *scenario.Source, theta []float64) float64 {
	if src.Even {
		return 0
	}
	return src.Often(theta)
}

// frequencyBends notes how perSecond depends on params.
func frequencyNonlinear(b *nonlinear, src *scenario.Source) {
	if src.Change != nil {
		b.linear(src.Change.Every)
		b.linear(src.Chance)
		return
	}
	b.linear(src.Rate)
}

// A Meeting of a source: what is there so many times.
type reached struct {
	*scenario.Source
	times int
}

// everything lists all sources of risks of a service, each with how many times
// it is there: what strikes all copies once, what strikes each alone once for
// each copy.
func everything(sc *scenario.Scenario, cat *scenario.Catalogue, s *model.Service) []reached {
	copies, _, _ := sc.Copies(s)
	var out []reached
	for _, src := range cat.Whole[s.Name] {
		out = append(out, reached{src, 1})
	}
	for _, src := range cat.Alone[s.Name] {
		out = append(out, reached{src, copies})
	}
	return out
}

// IncidentsPerYear is how many incidents of a risk there are in a year, on all
// copies of its service, whoever feels them; unsure inputs are averaged over.
func IncidentsPerYear(sc *scenario.Scenario, cat *scenario.Catalogue, r *model.Risk) float64 {
	theta := sc.Params.Means()
	sum := 0.0
	for _, x := range everything(sc, cat, sc.Model.Service(r.Service.Name)) {
		if x.Risk == r {
			sum += perYear(sc, x, theta)
		}
	}
	return sum
}

// perYear is how often something of a source happens in a year.
func perYear(sc *scenario.Scenario, x reached, theta []float64) float64 {
	b := newNonlinear()
	frequencyNonlinear(b, x.Source)
	sum := 0.0
	average(sc.Params, b.list, theta, func(w float64) {
		sum += w * perSecond(x.Source, theta) * float64(x.times) * model.Year
	})
	return sum
}
