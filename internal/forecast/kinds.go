package forecast

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/availability"
	"tightrope/internal/scenario"
)

// A kind is a part of the incidents of a use: how many of them, how long they last and
// how they come in clusters.
type kind struct {
	part                    scenario.Factor
	takes                   scenario.Length
	clusters, evenly, alike float64
	lone                    bool // of one part, with errors of others
}

// kinds tells the incidents of a row apart by whether they are of several parts, and by
// how far they come in clusters; nil where that is about the same for all.
func (j *job) kinds(l *losses, row int) []kind {
	means := l.at(l.division.Means())[row]
	of := toldBy(means.Kinds)
	if of == nil {
		return nil
	}
	var out []kind
	for n := range 1 + slices.Max(of) {
		// Of a loss these kinds, and the part of its incidents that they are.
		chosen := func(x availability.Loss) (some availability.Loss, part float64) {
			if len(x.Kinds) != len(of) {
				x.Kinds, x.Cuts = means.Kinds, means.Cuts
			}
			some = x
			some.Kinds, some.Cuts = nil, nil
			at := 0
			for i, k := range x.Kinds {
				if of[i] == n {
					some.Kinds = append(some.Kinds, k)
					some.Cuts = append(some.Cuts, x.Cuts[at:at+k.Cuts]...)
				}
				at += k.Cuts
			}
			all, mine := availability.Sum(x.Kinds), availability.Sum(some.Kinds)
			if mine.Often <= 0 {
				some.Often, some.Mean = 0, 0
				return some, 0
			}
			part = mine.Often / all.Often
			some.Often *= part
			some.Mean *= mine.Mass / all.Mass / part
			return some, part
		}
		those := func(theta []float64) availability.Loss {
			x, _ := chosen(l.at(theta)[row])
			return x
		}
		k := kind{
			takes: j.lengths(l, those),
			part:  l.number(func(x []availability.Loss) float64 { _, part := chosen(x[row]); return part }),
		}
		all := availability.Sum(those(l.division.Means()).Kinds)
		k.clusters, k.evenly, k.alike = all.Clusters()
		k.lone = slices.ContainsFunc(means.Kinds, func(x availability.Outages) bool { return x.Lone }) && n == slices.Max(of)
		out = append(out, k)
	}
	return out
}

// toldApart leaves kinds alone where what begins with single points of some users is
// more than there is of the first of them.
func (u *use) toldApart(means []float64) {
	if u.kinds == nil || len(u.partly) == 0 {
		return
	}
	left := u.Rate.Value(means) * u.kinds[0].part.Value(means) * (1 + 1e-9)
	for i := range u.partly {
		left -= u.partly[i].often.Value(means)
	}
	if left < 0 || u.kinds[0].clusters > leastClusters {
		u.kinds = nil
		return
	}
	for i := range u.partly {
		u.partly[i].left = nil
	}
}

// leastApart is by how much clusters of kinds differ that are told apart, for each
// incident there is.
const leastApart = 0.01

// toldBy says which of the parts that are told apart kinds of outages belong to; nil:
// there is only one.
func toldBy(kinds []availability.Outages) []int {
	var some []availability.Outages
	for _, k := range kinds {
		if !k.Lone {
			some = append(some, k)
		}
	}
	often := mostly(some)
	if often == nil && (len(some) == 0 || len(some) == len(kinds)) {
		return nil
	}
	out := make([]int, len(kinds))
	at := 0
	for i, k := range kinds {
		if k.Lone {
			out[i] = 1
			if often != nil {
				out[i] = 2
			}
			continue
		}
		if often != nil && often[at] {
			out[i] = 1
		}
		at++
	}
	return out
}

// mostly divides kinds of outages into those that come in clusters more than others;
// nil where they do not differ by much.
func mostly(kinds []availability.Outages) []bool {
	if len(kinds) < 2 {
		return nil
	}
	all := availability.Sum(kinds)
	if all.Often <= 0 || all.Mass <= 0 {
		return nil
	}
	// What is said of a kind is for its number and for its lost time alike. Two of which
	// each comes with as many others are in the same clusters.
	weight := make([]float64, len(kinds))
	c := make([]float64, len(kinds))
	order := make([]int, len(kinds))
	total, sum := 0.0, 0.0
	for i := range kinds {
		order[i] = i
		if kinds[i].Often > 0 {
			c[i] = kinds[i].Pairs / kinds[i].Often
		}
		weight[i] = (kinds[i].Often/all.Often + kinds[i].Mass/all.Mass) / 2
		total, sum = total+weight[i], sum+weight[i]*c[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c[a], c[b]) })
	// Where the division takes most out of the variance.
	low, lowSum, best, at := 0.0, 0.0, 0.0, 0
	for n, i := range order[:len(order)-1] {
		low, lowSum = low+weight[i], lowSum+weight[i]*c[i]
		if low <= 0 || low >= total || c[order[n+1]] <= c[i] {
			continue
		}
		apart := (sum-lowSum)/(total-low) - lowSum/low
		if x := low * (total - low) * apart * apart; x > best && math.Min(low, total-low)*apart > leastApart {
			best, at = x, n+1
		}
	}
	if at == 0 {
		return nil
	}
	out := make([]bool, len(kinds))
	for _, i := range order[at:] {
		out[i] = true
	}
	return out
}
