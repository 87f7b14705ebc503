package availability

import (
	"cmp"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// A rideCase is how long rides may be in one outage, in seconds, and how likely
// they are about so long.
type rideCase struct {
	chance float64
	before [][]float64      // each switch of a mode, at each of its holder's levels, rising
	deeper []float64        // what the mode has behind longer rides than its least, in the order of its steps
	law    distribution.Law // of the ride before the only switch there is, where it differs; nil: as long as said
}

// rideParts is in how many equally likely parts a ride is divided that differs from
// outage to outage: by how many of them there are. More than two are at their mean.
var rideParts = [...]int{1, 24, 6}

// rideCases tells apart how long the rides are before a mode and its switches. One
// ride is as long for all that is behind it.
func (d *Division) rideCases(m *mode) []rideCase {
	var differ []*scenario.Ride
	note := func(rides scenario.Rides) {
		for _, r := range rides {
			if _, fixed := rideLaw(r).(distribution.Fixed); !fixed && !slices.Contains(differ, r) {
				differ = append(differ, r)
			}
		}
	}
	var deeper []scenario.Rides
	for k, s := range d.spots {
		if slices.Contains(m.spots, k) {
			for _, i := range d.view.Of[s.part][1:] {
				deeper = append(deeper, d.view.Nodes[i].Rides)
			}
		}
	}
	for _, c := range m.concerns {
		for _, r := range c.behind {
			note(r)
		}
	}
	for _, r := range deeper {
		note(r)
	}
	if len(differ) > 0 && len(m.concerns) == 1 && len(m.concerns[0].behind) == 1 && len(deeper) == 0 {
		return []rideCase{{chance: 1, before: [][]float64{m.concerns[0].rides}, law: m.concerns[0].behind[0].Law()}}
	}
	// The longest matter most.
	slices.SortStableFunc(differ, func(a, b *scenario.Ride) int { return -cmp.Compare(a.Mean(), b.Mean()) })
	differ = differ[:min(len(differ), len(rideParts)-1)]
	n := rideParts[len(differ)]
	lengths := map[*scenario.Ride][]float64{}
	total := 1
	for _, r := range differ {
		lengths[r] = distribution.Parts(rideLaw(r), n)
		total *= n
	}
	out := make([]rideCase, total)
	for i := range out {
		now := map[*scenario.Ride]float64{}
		for k, r := range differ {
			now[r] = lengths[r][i/[]int{1, n}[k]%n]
		}
		sum := func(rides scenario.Rides) float64 {
			x := 0.0
			for _, r := range rides {
				if l, ok := now[r]; ok {
					x += l
				} else {
					x += r.Mean()
				}
			}
			return x
		}
		x := &out[i]
		x.chance = 1 / float64(total)
		for _, c := range m.concerns {
			var at []float64
			for _, rides := range c.behind {
				at = append(at, sum(rides))
			}
			slices.Sort(at)
			x.before = append(x.before, at)
		}
		for _, rides := range deeper {
			x.deeper = append(x.deeper, sum(rides))
		}
	}
	return out
}

func rideLaw(r *scenario.Ride) distribution.Law { return scenario.Length{Time: r.Time}.Law(nil) }
