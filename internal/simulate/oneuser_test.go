package simulate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/simulate"
)

// One user at a time: an event simulation that knows nothing of classes,
// diagrams or shares of users. It is slow, and written from the words of the
// language alone.

type oneService struct {
	availability, outage float64 // stated; outage 0: not
	rate, impact, length float64 // of a risk; rate 0: none. Times in hours.
	needs                []oneNeed
}

type oneNeed struct {
	members      []int
	most         int // members that may be down
	impact       float64
	ride         float64
	takes, works float64 // takes < 0: no switch
	split        []float64
}

// hardModel makes a model of services that need later ones.
func hardModel(r *rand.Rand) ([]oneService, string) {
	n := 4 + r.IntN(4)
	list := make([]oneService, n)
	pick := func(x ...float64) float64 { return x[r.IntN(len(x))] }
	for i := range list {
		s := &list[i]
		if i > 0 && r.IntN(3) > 0 || i == n-1 {
			s.availability, s.outage = pick(0.96, 0.98, 0.99), pick(1, 3)
		}
		if i > 0 && r.IntN(2) == 0 {
			s.rate, s.impact, s.length = pick(0.005, 0.01), pick(0.3, 0.6, 1), pick(1, 4)
		}
		for range 1 + r.IntN(2) {
			var left []int
			for k := i + 1; k < n; k++ {
				left = append(left, k)
			}
			if len(left) == 0 {
				break
			}
			r.Shuffle(len(left), func(a, b int) { left[a], left[b] = left[b], left[a] })
			need := oneNeed{impact: 1, takes: -1}
			switch kind := r.IntN(5); {
			case len(left) > 2 && kind == 0:
				need.members, need.most = left[:3], 1
			case len(left) > 1 && kind == 1:
				need.members, need.split = left[:2], []float64{pick(0.2, 0.5), pick(0.1, 0.4)}
			case len(left) > 1 && kind < 4:
				need.members, need.most = left[:2], 1
			default:
				need.members = left[:1]
			}
			if need.most > 0 && r.IntN(3) > 0 {
				need.takes, need.works = pick(0.25, 0.5), pick(0.5, 0.8, 1)
			}
			if need.split == nil && r.IntN(3) == 0 {
				need.impact = pick(0.1, 0.5)
			}
			if r.IntN(4) == 0 {
				need.ride = pick(0.5, 1)
			}
			s.needs = append(s.needs, need)
		}
	}
	var text, risks strings.Builder
	text.WriteString("services:\n")
	for i, s := range list {
		fmt.Fprintf(&text, "  s%d:\n    title: s%d\n", i, i)
		if s.outage > 0 {
			fmt.Fprintf(&text, "    availability: %g%%\n    outage: exp(%gh)\n", 100*s.availability, s.outage)
		}
		if s.rate > 0 {
			fmt.Fprintf(&risks, "  r%d: {service: s%d, rate: %g/h, impact: %g%%, detect: 0s, recover: exp(%gh)}\n", i, i, s.rate, 100*s.impact, s.length)
		}
		if len(s.needs) > 0 {
			text.WriteString("    needs:\n")
		}
		for _, need := range s.needs {
			var names []string
			for k, m := range need.members {
				name := fmt.Sprint("s", m)
				if need.split != nil {
					name += fmt.Sprintf(": %g%%", 100*need.split[k])
				}
				names = append(names, name)
			}
			what := "service: " + names[0]
			switch all := strings.Join(names, ", "); {
			case need.split != nil:
				what = "split: {" + all + "}"
			case len(names) > 1:
				what = fmt.Sprintf("at_least: %d, of: [%s]", len(names)-need.most, all)
			}
			if need.takes >= 0 {
				what += fmt.Sprintf(", switch: {takes: %gh, works: %g%%}", need.takes, 100*need.works)
			}
			if need.impact < 1 {
				what += fmt.Sprintf(", impact: %g%%", 100*need.impact)
			}
			if need.ride > 0 {
				what += fmt.Sprintf(", rides_out: %gh", need.ride)
			}
			fmt.Fprintf(&text, "      - {%s}\n", what)
		}
	}
	if risks.Len() > 0 {
		text.WriteString("risks:\n" + risks.String())
	}
	return list, text.String()
}

// oneUser is the share of some hours in which one user of the first service is
// hit.
func oneUser(r *rand.Rand, list []oneService, hours float64) float64 {
	const warm = 60
	end := hours + warm
	n := len(list)
	hit := make([][][2]float64, n) // from, to
	var times []float64
	for i, s := range list {
		if s.outage > 0 {
			up := s.outage * s.availability / (1 - s.availability)
			for t := r.ExpFloat64() * up; t < end; t += r.ExpFloat64() * up {
				l := r.ExpFloat64() * s.outage
				hit[i] = append(hit[i], [2]float64{t, t + l})
				t += l
			}
		}
		if s.rate > 0 {
			for t := r.ExpFloat64() / s.rate; t < end; t += r.ExpFloat64() / s.rate {
				if l := r.ExpFloat64() * s.length; r.Float64() < s.impact {
					hit[i] = append(hit[i], [2]float64{t, t + l})
				}
			}
		}
		for _, x := range hit[i] {
			times = append(times, x[0], x[1])
		}
	}
	type needState struct {
		on     bool
		member int // of a split, −1: none
		felt   float64
		until  float64
		failed []bool
	}
	state := make([][]needState, n)
	for i, s := range list {
		for _, need := range s.needs {
			st := needState{on: r.Float64() < need.impact, member: -1, felt: math.Inf(1), until: -1, failed: make([]bool, len(need.members))}
			u := r.Float64()
			for k, share := range need.split {
				if u -= share; u < 0 && st.member < 0 {
					st.member = need.members[k]
				}
			}
			state[i] = append(state[i], st)
		}
	}
	down, before := make([]bool, n), make([]bool, n)
	slices.Sort(times)
	bad, last, was := 0.0, 0.0, false
	for k := 0; k < len(times); k++ {
		now := times[k]
		if was {
			bad += max(0, min(now, end)-max(last, warm))
		}
		last = now
		if now >= end {
			break
		}
		later := func(t float64) {
			if t > now {
				at, _ := slices.BinarySearch(times[k+1:], t)
				times = slices.Insert(times, k+1+at, t)
			}
		}
		copy(before, down)
		for i := n - 1; i >= 0; i-- {
			down[i] = slices.ContainsFunc(hit[i], func(x [2]float64) bool { return x[0] <= now && now < x[1] })
			for j := range list[i].needs {
				need, st := &list[i].needs[j], &state[i][j]
				count, fell := 0, false
				for m, p := range need.members {
					if down[p] {
						count++
						fell = fell || !before[p]
					} else {
						st.failed[m] = false
					}
				}
				unmet := count > need.most
				if need.split != nil {
					unmet = st.member >= 0 && down[st.member]
				}
				if need.takes >= 0 {
					if fell && !unmet {
						if r.Float64() < need.works {
							st.until = max(st.until, now+need.takes)
							later(now + need.takes)
						} else {
							for m, p := range need.members {
								st.failed[m] = st.failed[m] || down[p] && !before[p]
							}
						}
					}
					unmet = unmet || now < st.until || slices.Contains(st.failed, true)
				}
				if need.ride > 0 {
					if !unmet {
						st.felt = math.Inf(1)
					} else if math.IsInf(st.felt, 1) {
						st.felt = now + need.ride
						later(st.felt)
					}
					unmet = unmet && now >= st.felt
				}
				down[i] = down[i] || unmet && st.on
			}
		}
		was = down[0]
	}
	return bad / hours
}

// Random models with all that makes users differ are held against one user after
// the other.
func TestHardModelsOneUserAtATime(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	told := 0
	for range 20 {
		list, text := hardModel(r)
		e := play(t, text, simulate.Options{Years: 100, Seed: r.Uint64(), Services: []string{"s0"}}).Entries[0]
		const users = 250
		sum, squares := 0.0, 0.0
		for range users {
			x := oneUser(r, list, 1000)
			sum, squares = sum+x, squares+x*x
		}
		mean := sum / users
		se := math.Sqrt((squares/users - mean*mean) / users)
		if e.BadShare.Value > 1e-4 {
			told++
		}
		off := e.BadShare.Value - mean
		if se = math.Hypot(se, e.BadShare.SE); math.Abs(off) > sigmas*se+1e-5 {
			t.Errorf("got %g, one user at a time %g: %.1f standard errors\n%s", e.BadShare.Value, mean, off/se, text)
		}
	}
	if told < 12 {
		t.Errorf("only %d models say anything", told)
	}
}
