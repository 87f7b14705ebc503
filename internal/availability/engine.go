// Package availability computes exactly, as an average over all time, how
// likely a random user of a service is hit: whatever is shared, redundant,
// switched over or ridden out is counted as what it is. It knows no windows;
// what a window brings is the forecast's.
//
// Times are in seconds and frequencies per second.
package availability

import (
	"context"
	"sync"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// An Engine answers questions about the services of one scenario. It may be
// used from several goroutines.
type Engine struct {
	system *scenario.System
	params *scenario.Params
	units  [][]*unit // by part; those of copies that are alike are the same
	// Laws keeps laws that are much work. It is to be set before the first
	// question.
	Laws Laws
	// Context ends whatever is asked, by unwinding who asks (work.Poll); nil never does.
	Context context.Context
	// Work bounds what is averaged over unsure inputs, in steps of about ten
	// nanoseconds for each average; 0: 10⁸.
	Work float64

	meanParams []float64

	planning sync.Mutex // for planner
	planner  *distribution.Planner

	networks  memo[networkKey, func() solved]
	divisions memo[divisionKey, func() divided]
	unitMeans memo[meanKey, []hit]
	rules     memo[ruleKey, rule]
	downs     memo[downKey, Unavailability]
}

// New returns the engine of a scenario, its catalogue and its system. It makes
// the impacts of all sources known to the scenario's params, which must not
// change afterwards.
func New(sc *scenario.Scenario, c *scenario.Catalogue, y *scenario.System) *Engine {
	e := &Engine{system: y, params: sc.Params, planner: distribution.NewPlanner(), units: make([][]*unit, len(y.Parts))}
	e.networks.most, e.divisions.most = mostNetworks, mostNetworks
	e.Laws = ownLaws{e}
	causes := map[*scenario.Source]*cause{}
	for i := range y.Parts {
		if i > 0 && y.Parts[i].Alike(&y.Parts[i-1]) {
			e.units[i] = e.units[i-1]
			continue
		}
		e.units[i] = e.unitsOf(y.Parts[i].Sources, causes)
	}
	e.meanParams = sc.Params.Means()
	return e
}

// poll ends what is being worked out once nobody wants it.
func (e *Engine) poll() { work.Poll(e.Context) }

// unitsOf gathers the sources of a part that fail apart from one another.
func (e *Engine) unitsOf(sources []*scenario.Source, known map[*scenario.Source]*cause) []*unit {
	var out []*unit
	var clock *unit
	for _, s := range sources {
		if s.Excluded {
			continue
		}
		c := known[s]
		if c == nil {
			c = e.newCause(s)
			known[s] = c
		}
		switch {
		case s.Clock != scenario.WhileUp || s.Change != nil || s.Even:
			out = append(out, &unit{causes: []*cause{c}})
		case clock == nil:
			clock = &unit{causes: []*cause{c}, oneAtATime: true}
			out = append(out, clock)
		default:
			clock.causes = append(clock.causes, c)
		}
	}
	return out
}
