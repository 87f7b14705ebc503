package forecast

import (
	"math"
	"slices"

	"tightrope/internal/message"
)

// union is the exact share of time that a random user is hit; false where the
// structure is too large to tell.
func (j *job) union() (float64, bool) {
	if j.unsolved {
		return 0, false
	}
	u, err := j.engine.Unavailable(j.graph.system.Number(j.service.Name), j.objectiveName())
	j.doubt = u.Error
	return u.Hit, err == nil
}

// guard refuses an answer whose parts contradict each other: see contradiction.
func (j *job) guard(l *leading) {
	e := j.entry
	if len(j.uses) == 0 {
		return
	}
	sum, union, contradicts := j.contradiction(l)
	if !contradicts {
		return
	}
	e.Contradicts = true
	e.Warnings = append(e.Warnings, Warning{Code: "contradiction", Pos: e.Pos, Message: message.Contradiction(sum, union)})
	if e.Verdict == Achievable {
		e.Verdict = NotAchievable
	}
}

// contradiction holds the mean of the sum against the exact union: it is at
// least that, and no more above than single points that are down at once allow,
// Σρ − (1 − Π(1 − ρ)) ≤ (Σρ)²/2 for each user. It returns both, and whether they
// contradict each other.
func (j *job) contradiction(l *leading) (sum, union float64, contradicts bool) {
	if !(l.base.sum.seconds > 0) {
		return 0, 0, false
	}
	if !slices.ContainsFunc(l.base.sum.told, func(u *use) bool { return u.hangs != nil }) {
		return 0, 0, false // a sum of single points: nothing is said twice
	}
	union, ok := j.union()
	if !ok {
		return 0, 0, false
	}
	load := 0.0
	for _, u := range l.base.sum.told {
		if u.Even {
			load += u.Source.Share.Value(l.base.sum.means)
		} else {
			load += l.base.sum.load(u)
		}
	}
	sum = (l.base.certain + l.base.mean) / l.base.sum.seconds
	slack := 1e-9*union + 3*j.doubt + 1e-15
	if l.base.averaged {
		slack += 1e-3 * union
	}
	return sum, union, sum < union-slack || sum > union+sum*math.Min(1, load)+slack
}
