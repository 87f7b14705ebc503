package forecast

import (
	"math"
	"slices"

	"tightrope/internal/availability"
	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// A lone is what one cause hits while errors of others are always there, in whichever
// groups that is: one incident of the cause does all of it, and with something else
// down besides it is the same incident too. It is a part of what rows are told to
// lose, and a use of its own where they are summed.
type lone struct {
	cause *scenario.Source
	rows  []int
	of    func(rows []int) *use
	use   *use // of all rows
}

// mostLone is how many causes are told apart; with more, those of a row are incidents
// of one kind.
const mostLone = 64

// loneOf is what is lone of some kinds of outages.
func loneOf(kinds []availability.Outages) availability.Outages {
	return availability.Sum(slices.DeleteFunc(slices.Clone(kinds), func(k availability.Outages) bool { return !k.Lone }))
}

// loneAt is what a row loses to one cause with errors of others: how often its incidents
// begin, what they lose a second, and how long they last; nil: there is none.
func loneAt(x *availability.Loss, cause *scenario.Source) (often, spent float64, law distribution.Law) {
	all := availability.Sum(x.Kinds)
	if all.Often <= 0 || all.Mass <= 0 {
		return 0, 0, nil
	}
	at := 0
	for _, k := range x.Kinds {
		if k.Lone {
			cut := &x.Cuts[at]
			begins, lasts, _ := cut.First.Moments()
			for n, first := range cut.First {
				if k.Of[n] != cause || begins <= 0 || lasts <= 0 {
					continue
				}
				part := first.Often / begins
				often = math.Max(often, part*cut.Weight/all.Often*x.Often)
				spent += part * first.Law.Mean() / lasts * k.Mass / all.Mass * x.Often * x.Share * x.Mean
				law = first.Law
			}
		}
		at += k.Cuts
	}
	return often, spent, law
}

// findLones tells apart what is lone of rows where it matters: a cause has more than one
// part in them, or takes part in other incidents.
func (j *job) findLones(l *losses, of []*use) {
	means := l.at(l.division.Means())
	var causes []*lone
	times := map[*scenario.Source]int{}
	for k, u := range of {
		if u == nil || u.Kind != GroupSource || loneOf(means[k].Kinds).Often <= 0 {
			continue
		}
		if some := loneOf(means[k].Kinds).Cuts; len(u.kinds) == 0 && some < availability.Sum(means[k].Kinds).Cuts {
			continue // they are not told apart
		}
		for _, x := range means[k].Kinds {
			if !x.Lone {
				continue
			}
			for _, cause := range x.Of {
				at := slices.IndexFunc(causes, func(o *lone) bool { return o.cause == cause })
				if at < 0 {
					at = len(causes)
					causes = append(causes, &lone{cause: cause})
				}
				times[cause]++
				if o := causes[at]; !slices.Contains(o.rows, k) {
					o.rows = append(o.rows, k)
				}
			}
		}
	}
	matters := slices.ContainsFunc(causes, func(x *lone) bool {
		return times[x.cause] > 1 || slices.ContainsFunc(means, func(m availability.Loss) bool {
			return slices.ContainsFunc(m.Carried, func(c availability.Carried) bool { return c.Cause == x.cause })
		})
	})
	if !matters || len(causes) > mostLone {
		return
	}
	for _, x := range causes {
		x.of = func(rows []int) *use { return j.loneUse(l, x.cause, of[rows[0]], rows) }
		x.use = x.of(x.rows)
		for _, k := range x.rows {
			of[k].lones = append(of[k].lones, x)
		}
	}
	for k, u := range of {
		if u == nil || u.lones == nil {
			continue
		}
		rested := []kind{} // not nil: nothing is left where all of it is lone
		for _, x := range u.kinds {
			if !x.lone {
				rested = append(rested, x)
			}
		}
		u.kinds = rested
		rest := availability.Sum(slices.DeleteFunc(slices.Clone(means[k].Kinds), func(x availability.Outages) bool { return x.Lone }))
		u.clusters, u.evenly, u.alike = rest.Clusters()
	}
}

// loneUse is what one cause hits by itself in some rows, with errors of others.
func (j *job) loneUse(l *losses, cause *scenario.Source, like *use, rows []int) *use {
	usual := l.at(l.division.Means())
	at := func(x []availability.Loss) (often, impact float64, law distribution.Law) {
		spent := 0.0
		for _, k := range rows {
			o, s, t := loneAt(&x[k], cause)
			often, spent = math.Max(often, o), spent+s
			if t != nil {
				law = t
			}
		}
		if law == nil {
			_, _, law = loneAt(&usual[rows[0]], cause)
			return 0, 0, law
		}
		mean := law.Mean()
		often = math.Max(often, spent/mean) // no more than all users
		return often, spent / (often * mean), law
	}
	src := clone(like.Source)
	src.Rate = l.number(func(x []availability.Loss) float64 { often, _, _ := at(x); return often })
	src.Incident = lasting(scenario.Length{Params: l.params, Of: func(theta []float64) distribution.Law {
		_, _, law := at(l.at(theta))
		return law
	}})
	u := &use{Source: src, cause: cause, part: -1, hangs: like.hangs, reach: everybody, apart: like.apart, pace: like.pace}
	u.share = l.number(func(x []availability.Loss) float64 { _, impact, _ := at(x); return math.Min(1, impact) })
	u.prepare(j.scenario.Params)
	return u
}

// times is the same at another pace.
func (x *lone) times(by scenario.Factor, params *scenario.Params) *lone {
	at := func(u *use) *use {
		paced := *u
		paced.Source = clone(u.Source)
		paced.Rate = u.Rate.Times(by)
		paced.forget()
		paced.prepare(params)
		return &paced
	}
	return &lone{cause: x.cause, rows: x.rows, of: func(rows []int) *use { return at(x.of(rows)) }, use: at(x.use)}
}

// withLones adds what is lone of some uses, as they are found and as they are summed:
// of those rows that are among them.
func withLones(uses []*use) (found, summed []*use) {
	var lones []*lone
	rows := map[*lone][]int{}
	for _, u := range uses {
		for _, x := range u.lones {
			if rows[x] == nil {
				lones = append(lones, x)
			}
			rows[x] = append(rows[x], u.row)
		}
	}
	if lones == nil {
		return uses, nil
	}
	found, summed = slices.Clone(uses), slices.Clone(uses)
	for _, x := range lones {
		found = append(found, x.use)
		if u := x.use; len(rows[x]) == len(x.rows) {
			summed = append(summed, u)
		} else {
			summed = append(summed, x.of(rows[x]))
		}
	}
	return found, summed
}
