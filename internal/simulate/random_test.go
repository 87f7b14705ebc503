package simulate_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tightrope/internal/simulate"
)

// A lot is what a random model may have.
type lot struct {
	name                                        string
	copies, groups, edges, rides, switches      bool
	changes, incidents, unsure, objective, tree bool
	// give is by how much, relative to what they say, the exact engine and the
	// simulator may differ by meaning.
	give float64
}

// random writes a small random model: services that need those after them, and
// are down a few percent of the time.
func random(r *rand.Rand, with lot) string {
	var services, risks, changes strings.Builder
	n := 3 + r.IntN(4)
	used := map[string]bool{}
	one := func(list ...string) string { return list[r.IntN(len(list))] }
	for i := range n {
		fmt.Fprintf(&services, "  s%d:\n    title: service %d\n", i, i)
		if with.objective {
			services.WriteString("    objectives: {available: {target: 90%}, fast: {target: 90%}}\n")
		}
		switch r.IntN(5) {
		case 0:
			fmt.Fprintf(&services, "    availability: %d%%\n    outage: %s\n", 93+r.IntN(6), one("exp(5h)", "4h", "1h..9h"))
		case 1:
			every := one("5d", "12d")
			if with.unsure {
				every = one("3d..9d", "8d..30d")
			}
			fmt.Fprintf(&services, "    every: %s\n    outage: %s\n", every, one("exp(5h)", "4h", "1h..9h"))
		}
		if with.copies && r.IntN(3) == 0 {
			c := 2 + r.IntN(2)
			fmt.Fprintf(&services, "    copies: %d\n    need: %d\n    common_cause: %d%%\n", c, 1+r.IntN(c), 10*r.IntN(3))
			if with.switches && r.IntN(2) == 0 {
				services.WriteString("    switch: {takes: exp(10m), works: 90%}\n")
			}
		}
		var needs []string
		for range r.IntN(3) {
			var left []string
			for k := i + 1; k < n; k++ {
				if name := fmt.Sprint("s", k); !with.tree || !used[name] {
					left = append(left, name)
				}
			}
			r.Shuffle(len(left), func(a, b int) { left[a], left[b] = left[b], left[a] })
			if len(left) == 0 {
				continue
			}
			need := "service: " + left[0]
			kind := r.IntN(4)
			switch {
			case !with.groups || len(left) < 2 || kind == 0:
			case kind == 1:
				need = fmt.Sprintf("any: [%s, %s]", left[0], left[1])
				if with.switches && r.IntN(2) == 0 {
					need += ", switch: {takes: 10m, works: 90%}"
				}
			case kind == 2 && len(left) > 2:
				need = fmt.Sprintf("at_least: 2, of: [%s]", strings.Join(left[:3], ", "))
			case with.edges:
				need = fmt.Sprintf("split: {%s: %d%%, %s: %d%%}", left[0], 20+r.IntN(40), left[1], r.IntN(40))
			}
			if with.edges && !strings.HasPrefix(need, "split") && r.IntN(2) == 0 {
				share := fmt.Sprintf("%d%%", 10+r.IntN(80))
				if with.unsure && r.IntN(2) == 0 {
					share = "20%..70%"
				}
				need += ", impact: " + share
			}
			if with.rides && r.IntN(2) == 0 {
				need += ", rides_out: " + one("1h", "30m", "2h")
			}
			if with.edges && r.IntN(8) == 0 {
				need += ", counts: false"
			}
			for _, name := range left {
				used[name] = used[name] || strings.Contains(need, name)
			}
			needs = append(needs, need)
		}
		if len(needs) > 0 {
			services.WriteString("    needs:\n")
		}
		for _, need := range needs {
			fmt.Fprintf(&services, "      - {%s}\n", need)
		}
		if r.IntN(4) == 0 && with.edges {
			services.WriteString("    background: 1%\n")
		}
		if r.IntN(3) > 0 {
			goes := "detect: 0s, recover: " + one("exp(4h)", "3h", "1h..6h")
			if with.incidents {
				goes = "detect: [alarm, call], recover: [" + one("part, ", "") + one("quick, slow", "slow", "part, slow") + "]"
			}
			rate := one("20/y", "50/y")
			if with.unsure {
				rate = one("10/y..40/y", "9 in 0.5y")
			}
			impact := one("100%", "100%", "40%")
			if with.unsure && r.IntN(2) == 0 {
				impact = "10%..60%"
			}
			if with.objective && !with.switches && r.IntN(2) == 0 {
				impact = "{fast: 80%, available: 20%}"
			}
			if with.switches {
				// Whom an incident does not hit does not wait for a switch. The engine
				// that is held against this has all users wait.
				impact = "100%"
			}
			fmt.Fprintf(&risks, "  r%d: {service: s%d, rate: %s, impact: %s, %s}\n", i, i, rate, impact, goes)
		}
		if with.changes && r.IntN(3) == 0 {
			stages := ""
			if with.incidents {
				stages = ", stages: [10% for 10m, 60% for 10m, 100%]"
			}
			fmt.Fprintf(&changes, "  c%d: {service: s%d, every: %s%s}\n", i, i, one("3d", "5d", "1w"), stages)
			chance := "30%"
			if with.unsure {
				chance = "10%..40%"
			}
			fmt.Fprintf(&risks, "  p%d: {service: s%d, per: c%d, chance: %s, detect: [alarm, call], recover: [slow]}\n", i, i, i, chance)
		}
	}
	text := "services:\n" + services.String()
	if changes.Len() > 0 {
		text += "changes:\n" + changes.String()
	}
	if risks.Len() > 0 {
		text += "risks:\n" + risks.String()
	}
	return text + `
detection: {alarm: {after: exp(10m), catches: 70%}, call: {after: 10m..1h}}
recovery:
  part: {takes: 20m, works: 80%, restores: 60%, by: ops}
  quick: {takes: exp(20m), works: 70%, by: nobody}
  slow: {takes: 1h..5h, by: ops}
responders: {ops: {acknowledges: 5m..30m}}
`
}

// longRunModels is how many of each lot are played; make longrun plays more.
var longRunModels = flag.Int("longrun.models", 4, "random models of each lot")

// Each model is held against the exact average over all time.
func TestRandomModelsInTheLongRun(t *testing.T) {
	for _, with := range []lot{
		{name: "needs, groups, copies and edges", copies: true, groups: true, edges: true},
		{name: "incidents of many steps, changes and stages", copies: true, groups: true, edges: true, changes: true, incidents: true},
		{name: "several objectives", copies: true, groups: true, objective: true},
		{name: "rides", groups: true, edges: true, rides: true, give: 0.005},
		{name: "switches", copies: true, groups: true, switches: true, tree: true, give: 0.01},
		{name: "unsure inputs", copies: true, groups: true, edges: true, unsure: true},
	} {
		t.Run(with.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 11))
			told := 0
			for range *longRunModels {
				text := random(r, with)
				m := read(t, text)
				want := longRun(t, m)
				res, err := simulate.Run(context.Background(), m, simulate.Options{Years: 400, Seed: r.Uint64()})
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range res.Entries {
					w := want(e)
					agree(t, e.Service, e.BadShare, w, with.give*w)
					if w > 0 {
						told++
					}
				}
				if t.Failed() {
					t.Log(text)
					t.FailNow()
				}
			}
			if told < 2**longRunModels {
				t.Errorf("only %d services say anything", told)
			}
		})
	}
}
