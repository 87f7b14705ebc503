package crosscheck

import (
	"cmp"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A minimal model shows one thing that was once wrong. What is known of it is
// from closed forms and enumeration (no standard error) or from 400,000 windows
// that were played (CROSSCHECK_WINDOWS=400000 prints them anew).
type minimal struct {
	name string
	text string
	// The chance to meet the promise, the mean in seconds, and the share of time
	// that a user is hit.
	chance, mean, unavailability estimate
	// Seconds that a sum counts twice, where that is more than overlap says: what
	// hits some users is for these at once with itself more often than for all.
	twice float64
}

const twoOf99 = `
  a: {availability: 99%, outage: 2h}
  b: {availability: 99%, outage: 2h}
`

const twoOf90 = `
  a: {availability: 90%, outage: 1h}
  b: {availability: 90%, outage: 1h}
`

func top(rest string) string {
	return "version: 1\nservices:\n  top: {objective: {target: 99.9%, over: 30d}, needs: [" + rest
}

// pairPer is a pair with a risk of one copy per a release.
func pairPer(key string) string {
	return `
version: 1
services:
  top: {copies: 2, ` + key + `, objective: {target: 99.9%, over: 30d}}
changes:
  release: {service: top, every: 5d}
risks:
  bad: {service: top, per: release, chance: 20%, strikes: one, detect: 5m, recover: 1h}
`
}

var minimals = []minimal{
	{
		name:           "1 a member of a group is a partial single point too",
		text:           top(`{service: a, impact: 1%}, {any: [a, b]}]}`) + twoOf99,
		chance:         estimate{0.9518025, 0.00034},
		mean:           estimate{515.808, 0},
		unavailability: estimate{0.000199, 0},
	},
	{
		name:           "1 and so is the other",
		text:           top(`{service: a, impact: 1%}, {service: b, impact: 30%}, {any: [a, b]}]}`) + twoOf99,
		chance:         estimate{0.113245, 0.0005},
		mean:           estimate{8214.048, 0},
		unavailability: estimate{0.003169, 0},
	},
	{
		name: "2 members of a group share a need that is copied",
		text: top(`db, {any: [api-a, api-b]}]}`) + `
  api-a: {needs: [db]}
  api-b: {needs: [db]}
  db: {copies: 2, common_cause: 0%}
risks:
  crash: {service: db, rate: 160/y, detect: 5m, recover: 20m}
`,
		chance:         estimate{0.9989125, 5.2e-05},
		mean:           estimate{147.66202, 0},
		unavailability: estimate{5.6968371e-05, 0},
	},
	{
		name: "2 members of a group share a need that is a group",
		text: top(`db, {any: [api-a, api-b]}]}`) + `
  api-a: {needs: [db]}
  api-b: {needs: [db]}
  db: {needs: [{any: [z1, z2]}]}
  z1: {availability: 99%, outage: 2h}
  z2: {availability: 99%, outage: 2h}
`,
		chance:         estimate{0.95469, 0.00033},
		mean:           estimate{259.2, 0},
		unavailability: estimate{0.0001, 0},
	},
	{
		name: "2 and have something of their own",
		text: top(`db, {any: [api-a, api-b]}]}`) + `
  api-a: {needs: [db], availability: 99%, outage: 1h}
  api-b: {needs: [db], availability: 99%, outage: 1h}
  db: {copies: 2, common_cause: 0%}
risks:
  crash: {service: db, rate: 160/y, detect: 5m, recover: 20m}
`,
		chance:         estimate{0.9517275, 0.00034},
		mean:           estimate{406.84725, 0},
		unavailability: estimate{0.00015696267, 0},
	},
	{
		name: "2 two groups share a cut",
		text: top(`{any: [a, b]}, {at_least: 2, of: [a, b, c]}]}`) + twoOf99 + `
  c: {availability: 99.9%, outage: 1h}
`,
		chance:         estimate{0.9438375, 0.00036},
		mean:           estimate{310.5216, 0},
		unavailability: estimate{0.0001198, 0},
	},
	{
		name: "3 switches of two groups that share a member",
		text: top(`{any: [a, b], switch: {takes: 5m}}, {any: [a, c], switch: {takes: 5m}}]}`) + `
  a: {availability: 99%, outage: 1h}
  b: {availability: 99.99%, outage: 1h}
  c: {availability: 99.99%, outage: 1h}
`,
		chance:         estimate{0.6821175, 0.00074},
		mean:           estimate{2209.9749, 1.3},
		unavailability: estimate{0.00085261377, 5e-07},
	},
	{
		name: "3 a wait that hurts only together with its member",
		text: strings.Replace(top(`{any: [mid, a]}]}`), "99.9%", "99.87%", 1) + `
  mid: {needs: [{any: [a, b], switch: {takes: 5m}}]}
  a: {availability: 99.9%, outage: 2m}
  b: {availability: 99.999%, outage: 1h}
`,
		chance:         estimate{0.9263475, 0.00041},
		mean:           estimate{2592, 0.001},
		unavailability: estimate{0.001, 1e-9},
	},
	{
		name: "4 a failed change-over from two copies",
		text: top(`{any: [p, c], switch: {takes: 1m, works: 90%}}]}`) + `
  p: {copies: 2, common_cause: 0%}
  c: {availability: 96%, outage: 2h}
risks:
  crash: {service: p, every: 48h, detect: 30m, recover: 90m}
`,
		chance:         estimate{0.20893, 0.00064},
		mean:           estimate{11731.127, 14},
		unavailability: estimate{0.0045258979, 5.3e-06},
	},
	{
		name: "4 a failed change-over from a member that needs a pair",
		text: top(`{any: [p, c], switch: {takes: 1m, works: 90%}}]}`) + `
  p: {needs: [{any: [z1, z2]}]}
  c: {availability: 99.9%, outage: 2h}
  z1: {availability: 96%, outage: 2h}
  z2: {availability: 96%, outage: 2h}
`,
		chance:         estimate{0.893815, 0.00049},
		mean:           estimate{761.5375, 3.1},
		unavailability: estimate{0.00029380305, 1.2e-06},
	},
	{
		name: "5 ridden out for all, and not for an unsure share",
		text: top(`{service: db, rides_out: 5m}, {service: db, impact: 60%..80%}]}`) + `
  db: {availability: 99.9%, outage: 20m}
`,
		chance:         estimate{0.632675, 0.00076},
		mean:           estimate{2401.2829, 2.6},
		unavailability: estimate{0.00092642089, 9.9e-07},
	},
	{
		name:           "9 a group with a common cause, and one of its members",
		text:           strings.Replace(top(`{any: [a, b], common_cause: 20%}, a]}`)+twoOf90, "99.9%", "89%", 1),
		chance:         estimate{0.82459, 0.0006},
		mean:           estimate{259200, 0},
		unavailability: estimate{0.1, 0},
	},
	{
		name:           "9 a group with a common cause",
		text:           strings.Replace(top(`{any: [a, b], common_cause: 20%}]}`)+twoOf90, "99.9%", "97%", 1),
		chance:         estimate{0.7351525, 0.0007},
		mean:           estimate{68767.347, 0},
		unavailability: estimate{0.026530612, 0},
	},
	{
		name:           "9 a group of two that are down 1 % of the time",
		text:           top(`{any: [a, b]}]}`) + twoOf99,
		chance:         estimate{0.95469, 0.00033},
		mean:           estimate{259.2, 0},
		unavailability: estimate{0.0001, 0},
	},
	{
		name: "9 a group of two that are down 4 % of the time",
		text: top(`{any: [a, b]}]}`) + `
  a: {availability: 96%, outage: 1h}
  b: {availability: 96%, outage: 1h}
`,
		chance:         estimate{0.34785, 0.00075},
		mean:           estimate{4147.2, 0},
		unavailability: estimate{0.0016, 0},
	},
	{
		name: "4 a failed change-over from the member that the outer group needs too",
		text: top(`{any: [mid, a]}]}`) + `
  mid: {needs: [{any: [a, b], switch: {takes: 90s, works: 80%}}]}
  a: {availability: 99.56%, outage: 10m}
  b: {availability: 99%, outage: exp(1h)}
`,
		chance:         estimate{0.1843867, 0.001},
		mean:           estimate{3723.9861, 3.2},
		unavailability: estimate{0.001436723, 1.2e-06},
	},
	{
		name: "4 a failed change-over that hurts only while something else is down",
		text: top(`{any: [mid, c]}]}`) + `
  mid: {needs: [{any: [a, b], switch: {takes: 30s, works: 70%}}]}
  a: {availability: 96%, outage: 96m}
  b: {availability: 99.9%, outage: 1h}
  c: {availability: 97%, outage: exp(82m)}
`,
		chance:         estimate{0.8439133, 0.00094},
		mean:           estimate{966.04704, 5.1},
		unavailability: estimate{0.00037270333, 2e-06},
	},
	{
		name: "4 a failed change-over from a member whose incidents overlap",
		text: strings.Replace(top(`{any: [a, b], switch: {takes: 3m, works: 85%}}]}`), "99.9%", "98.6%", 1) + `
  a: {}
  b: {availability: 99.999%, outage: 1h}
risks:
  long: {service: a, every: 52h, detect: 30m, recover: 2h}
  short: {service: a, every: 80h, detect: 20m, recover: 50m}
`,
		chance:         estimate{0.7709, 0.0011},
		mean:           estimate{26910.328, 36},
		unavailability: estimate{0.010382071, 1.4e-05},
	},
	{
		name: "9 a pair with a switch: who waits first is down next",
		text: strings.Replace(top(`{any: [a, b], switch: {takes: 160s}}]}`), "99.9%", "99.85%", 1) + `
  a: {}
  b: {availability: 99.42%, outage: 19m}
risks:
  long: {service: a, every: 54h, detect: 30m, recover: 80m}
`,
		chance:         estimate{0.2972733, 0.0012},
		mean:           estimate{4596.2953, 2.9},
		unavailability: estimate{0.0017732621, 1.1e-06},
	},
	{
		name: "9 short outages in a long one come in clusters",
		text: top(`{any: [a, b]}]}`) + `
  a: {}
  b: {availability: 98%, outage: 8h}
risks:
  short: {service: a, every: 5h, detect: 5m, recover: 10m}
`,
		chance:         estimate{0.54514, 0.0013},
		mean:           estimate{2528.2666, 0},
		unavailability: estimate{0.00097541151, 0},
	},
	{
		name: "4 a change-over that fails behind something else",
		text: strings.Replace(top(`{any: [store, other]}]}`), "99.9%", "99.8%", 1) + `
  other: {availability: 95%, outage: 1h}
  store: {copies: 3, need: 2, switch: {takes: 0s, works: 40%}, common_cause: 0%}
risks:
  crash: {service: store, every: 3275m, detect: 37m, recover: 75m}
`,
		chance:         estimate{0.358523, 0.00076},
		mean:           estimate{7390.04, 7.4},
		unavailability: estimate{0.0028511, 2.9e-06},
	},
	{
		name: "9 waits of one length, how often is unsure",
		text: strings.Replace(top(`{any: [pair, b], switch: {takes: 202s}}]}`), "99.9%", "99.984049%", 1) + `
  pair: {copies: 2, common_cause: 0%}
  b: {}
risks:
  all: {service: b, rate: 4 in 129782m, detect: 9m, recover: 20m}
  some: {service: pair, impact: 8.4%..13%, every: 2833m, detect: 9m, recover: 20m}
`,
		chance:         estimate{0.79436, 0.00064},
		mean:           estimate{302.8, 0.45},
		unavailability: estimate{0.000116821, 1.7e-07},
	},
	{
		name: "9 a wait behind what hits all and what hits some",
		text: strings.Replace(top(`{any: [a, b]}, {any: [a, c]}]}`), "99.9%", "99.9999%", 1) + `
  a: {copies: 2, common_cause: 0%, switch: {takes: 75s}}
  b: {availability: 99.35%, outage: 50m}
  c: {copies: 2, common_cause: 0%}
risks:
  a: {service: a, every: 5853m, detect: 25m, recover: 80m}
  c: {service: c, impact: 31%, every: 1123m, detect: 563s, recover: exp(47m)}
`,
		chance:         estimate{0.876382, 0.00052},
		mean:           estimate{12.3526, 0.17},
		unavailability: estimate{4.76568e-06, 6.5e-08},
	},
	{
		name: "9 a wait and the outage that is ridden out are one",
		text: strings.Replace(top(`{service: a, rides_out: 14m}, {any: [a, b], switch: {takes: 274s}}]}`), "99.9%", "99.6643%", 1) + `
  a: {availability: 99.7%, outage: 5m..90m}
  b: {availability: 99.9%, outage: 20m}
`,
		chance:         estimate{0.75673, 0.00068},
		mean:           estimate{6439.43, 7.8},
		unavailability: estimate{0.00248435, 3e-06},
	},
	{
		name: "9 a part that hits some users takes part in outages of its group",
		text: `version: 1
services:
  top:
    objective: {target: 99.917943%, over: 60d}
    needs: [{any: [a, b], rides_out: 309s}, {service: a, impact: 1.5%}]
  a: {availability: 95.824%, outage: exp(186m)}
  b: {availability: 97.491%, outage: exp(125m)}
`,
		chance:         estimate{0.38456, 0.00077},
		mean:           estimate{8249.09, 11},
		unavailability: estimate{0.00159126, 2.1e-06},
	},
	{
		name: "9 and its outages are long",
		text: `version: 1
services:
  top:
    objective: {target: 99.8%, over: 60d}
    needs: [{service: a, impact: 20%}, {any: [a, b]}]
  a: {availability: 96%, outage: exp(6h)}
  b: {availability: 97%, outage: exp(20m)}
`,
		chance:         estimate{0.0136775, 0.00018},
		mean:           estimate{46448.64, 0},
		unavailability: estimate{0.00896, 0},
	},
	{
		name: "9 and they are of a fixed length",
		text: `version: 1
services:
  top:
    objective: {target: 99.451336%, over: 14d}
    needs: [{service: a, impact: 5.4%}, {any: [a, b]}]
  a: {availability: 96.695%, outage: 156m}
  b: {availability: 98%, outage: 30m}
`,
		chance:         estimate{0.964682, 0.00029},
		mean:           estimate{2915.1432576, 0},
		unavailability: estimate{0.002410006, 0},
	},
	{
		name: "9 waits of a part that hits users itself, and of another",
		text: strings.Replace(top(`{service: a, impact: 9.1%}, {any: [a, b], switch: {takes: 141s}}]}`), "99.9%", "99.996%", 1) + `
  a: {}
  b: {}
risks:
  some: {service: a, impact: 13%, every: 20747m, detect: 399s, recover: 65m}
  all: {service: b, every: 80704m, detect: 337s, recover: 69m}
`,
		chance:         estimate{0.225285, 0.00066},
		mean:           estimate{216.927, 0.23},
		unavailability: estimate{8.36911e-05, 8.8e-08},
		twice:          0.02378, // half of the window × (share of time down)² × 13% × 13% × 9.1%
	},
	{
		name: "6 a fixed length that hits some",
		text: strings.Replace(top(`{at_least: 2, of: [a, b, c]}]}`), "99.9%", "99.990055%", 1) + `
  a: {}
  b: {availability: 99.871%, outage: 18m}
  c: {availability: 99.117%, outage: 40m..104m}
risks:
  often: {service: a, impact: 29%, every: 14520m, detect: 107s, recover: 13m}
`,
		chance:         estimate{0.968245, 0.00028},
		mean:           estimate{37.25108, 0},
		unavailability: estimate{1.4371559e-05, 0},
	},
	{
		name: "9 a frequent source beside a long one",
		text: strings.Replace(top(`{any: [pair, b], switch: {takes: 50s}}, {service: c, impact: 43%}]}`), "99.9%", "99.97527%", 1) + `
  pair: {copies: 2, common_cause: 1.6%}
  b: {}
  c: {availability: 99.925%, outage: 30m..250m}
risks:
  some: {service: pair, impact: 18%, every: 5980m, detect: 19m, recover: 40m}
  all: {service: b, every: 5775m, detect: 571s, recover: 20m}
  fifth: {service: b, impact: 21%, every: 2165m, detect: 245s, recover: 11m}
`,
		chance:         estimate{0.497505, 0.00079},
		mean:           estimate{1423.92, 3},
		unavailability: estimate{0.000549352, 1.1e-06},
	},
	{
		name: "9 incidents that hit some come in clusters, and may be at once",
		text: `version: 1
services:
  top:
    objective: {target: 99.941217%, over: 14d}
    needs: [{any: [a, b]}]
  a: {}
  b: {}
risks:
  long: {service: a, every: 7162m, detect: 36m, recover: 38m..290m}
  some: {service: b, impact: 12%, every: 1820m, detect: 31m, recover: 60m}
`,
		chance:         estimate{0.950417, 0.00022},
		mean:           estimate{162.86761488, 0},
		unavailability: estimate{0.00013464584563, 0},
	},
	{
		name: "9 some outages of a group come in clusters, and others do not",
		text: strings.Replace(top(`{at_least: 2, of: [a, b, c]}]}`), "99.9%", "99.9977%", 1) + `
  a: {availability: 99.124%, outage: 159m}
  b: {}
  c: {availability: 99.387%, outage: 94m..282m}
risks:
  all: {service: b, every: 2263m, detect: 54s, recover: 11m..25m}
  some: {service: b, impact: 35%, every: 1188m, detect: 98s, recover: exp(421s)}
`,
		chance:         estimate{0.483403, 0.00079},
		mean:           estimate{539.62661483, 0},
		unavailability: estimate{0.00020818928041, 0},
	},
	{
		name: "4 some wait always, and all while something else is down",
		text: strings.Replace(top(`{any: [pair, b]}, {service: pair, impact: 1.1%}]}`), "99.9%", "99.9846%", 1) + `
  pair: {copies: 2, common_cause: 0%, switch: {takes: 224s}}
  b: {}
risks:
  pair: {service: pair, every: 2897m, detect: 19m, recover: 33m..137m}
  b: {service: b, every: 6057m, detect: 15m, recover: 44m}
`,
		chance:         estimate{0.94827, 0.0005},
		mean:           estimate{179.539, 0.6},
		unavailability: estimate{6.92665e-05, 2.3e-07},
	},
	{
		name: "4 a change-over that fails behind what hits some and what hits all",
		text: strings.Replace(top(`{any: [mid, c]}]}`), "99.9%", "99.965274%", 1) + `
  mid: {needs: [{any: [a, b], switch: {takes: 40s, works: 85%}}]}
  a: {availability: 95.685%, outage: exp(95m)}
  b: {}
  c: {}
risks:
  b: {service: b, every: 2302m, detect: 322s, recover: exp(24m)}
  some: {service: c, impact: 22%, every: 2999m, detect: 50m, recover: exp(100m)}
  all: {service: c, every: 8446m, detect: 565s, recover: 43m..100m}
`,
		chance:         estimate{0.841073, 0.00058},
		mean:           estimate{473.599, 1.6},
		unavailability: estimate{0.000182716, 6.1e-07},
	},
	{
		name: "9 a fixed length that is ridden out for a time that differs",
		text: strings.Replace(top(`{service: a, rides_out: 300s..40m}, {service: a, impact: 5.7%}]}`), "99.9%", "99.713421%", 1) + `
  a: {availability: 99.775%, outage: 149m}
`,
		chance:         estimate{0.574527, 0.00078},
		mean:           estimate{5189.82, 10},
		unavailability: estimate{0.00200224, 3.9e-06},
	},
	{
		name: "4 who waits for a switch longer than the member is down",
		text: strings.Replace(top(`a, {any: [a, b], switch: {takes: 187s}}]}`), "99.9%", "99.6%", 1) + `
  a: {availability: 99.597%, outage: exp(5m)}
  b: {availability: 99.9%, outage: 1h}
`,
		chance:         estimate{0.24185, 0.00096},
		mean:           estimate{12245.8, 5.8},
		unavailability: estimate{0.00472448, 2.2e-06},
	},
	{
		name: "4 a wait after two at once that hit few or many",
		text: strings.Replace(top(`{any: [mid, c], switch: {takes: 67s}}]}`), "99.9%", "99.9988%", 1) + `
  mid: {needs: [{any: [a, b]}]}
  a: {availability: 97%, outage: 2h}
  b: {}
  c: {availability: 99.99%, outage: 1h}
risks:
  many: {service: b, impact: 61%, every: 3000m, detect: 108s, recover: 336s}
  few: {service: b, impact: 16%, every: 1200m, detect: 72s, recover: 150s}
`,
		chance:         estimate{0.5317, 0.0022},
		mean:           estimate{35.5796, 0.16},
		unavailability: estimate{1.37267e-05, 6.2e-08},
	},
	{
		name:           "2 copies that are changed one by one",
		text:           pairPer("common_cause: 0%"),
		chance:         estimate{0.998655, 5.8e-05},
		mean:           estimate{8.45, 1e-9},
		unavailability: estimate{3.260030864198e-06, 1e-15},
	},
	{
		name:           "2 copies that are changed one by one, and some changes strike both",
		text:           pairPer("common_cause: 5%"),
		chance:         estimate{0.94055, 0.00037},
		mean:           estimate{241.6254365303, 1e-9},
		unavailability: estimate{9.321969001941e-05, 1e-15},
	},
	{
		name:           "2 copies that are changed one by one, and both are needed",
		text:           strings.Replace(pairPer("need: 2"), "99.9%", "99.5%", 1),
		chance:         estimate{0.806418, 0.00062},
		mean:           estimate{9117.57181347, 1e-9},
		unavailability: estimate{0.00351758171816, 1e-15},
	},
}

func TestMinimalModels(t *testing.T) {
	for _, x := range slices.Concat(minimals, minimalSwitches, minimalClusters) {
		t.Run(x.name, func(t *testing.T) {
			m, p := mustCompile(t, x.text)
			e, _, err := run(m)
			if err != nil {
				t.Fatal(err)
			}
			chance := e.Met.Error + modelError(e)
			// What is allowed would say little. Beside a jump both sides are given.
			if e.Met.Error > 1e-3 && e.Met.Below == e.Met.Above {
				t.Errorf("the numerical error is %g", e.Met.Error)
			}
			a := e.Availability
			twice := max(overlap(e), x.twice)
			if exact, err := enumerate(p); err == nil && !p.unsure {
				u := exact.mean(1, 1).value // to all digits
				x.unavailability.value, x.mean.value = u, u*p.window
			}
			for _, f := range []finding{
				against("chance", e.Met.Value, x.chance, x.chance, chance, chance),
				against("mean", e.Mean, x.mean, x.mean, 1e-9*e.Mean, 1e-9*e.Mean+twice),
				against("unavailability", 1-a.Expected, x.unavailability, x.unavailability, a.Error+1e-9*x.unavailability.value, a.Error+1e-9*x.unavailability.value),
				against("mean, by the availability", e.Mean, estimate{p.window * (1 - a.Expected), 0}, estimate{p.window * (1 - a.Expected), 0}, p.window*a.Error+1e-9*e.Mean, p.window*a.Error+1e-9*e.Mean+twice),
			} {
				if f.off > 1 {
					t.Error(f)
				}
			}
		})
	}
}

// What is written above is what the player and the enumeration say.
func TestTruthOfMinimalModels(t *testing.T) {
	windows, err := strconv.Atoi(cmp.Or(os.Getenv("CROSSCHECK_WINDOWS"), "2000"))
	if err != nil {
		t.Fatalf("CROSSCHECK_WINDOWS: %v", err)
	}
	for _, x := range slices.Concat(minimals, minimalSwitches, minimalClusters) {
		t.Run(x.name, func(t *testing.T) {
			_, p := mustCompile(t, x.text)
			var o outcome
			o.play(newPlayer(p, 17), windows)
			chance, mean := o.cut.within(p.budget), o.cut.mean()
			u := estimate{mean.value / p.window, mean.se / p.window}
			t.Logf("played: chance %v (begun %v), none %v, mean %v (begun %v), unavailability %v", chance, o.begun.within(p.budget), o.cut.within(0), mean, o.begun.mean(), u)
			both := func(a, b estimate) estimate { return estimate{a.value, math.Hypot(a.se, b.se)} }
			agree(t, "chance", both(chance, x.chance), x.chance.value)
			agree(t, "mean", both(mean, x.mean), x.mean.value)
			agree(t, "unavailability", both(u, x.unavailability), x.unavailability.value)
			if e, err := enumerate(p); err == nil && !p.unsure {
				u := e.mean(1, 1).value
				agree(t, "unavailability enumerated", estimate{u, 1e-8 * u}, x.unavailability.value)
				agree(t, "mean enumerated", estimate{u * p.window, 1e-8 * u * p.window}, x.mean.value)
			} else if x.unavailability.se == 0 {
				t.Errorf("said to be exact, but %v", err)
			}
		})
	}
}
