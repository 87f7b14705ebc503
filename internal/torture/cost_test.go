package torture

import (
	"os"
	"testing"
	"time"
)

// costly are small models that were found to take long or much memory, and are quick
// since; each says why it was not.
var costly = map[string]string{
	// Every number of occurrences was stepped through one by one.
	"a change that may happen every second, behind a group": `version: 1
services:
  s1: {objective: {target: 99.5%}, copies: 4, need: 1, availability: 99%, outage: 1s, needs: [{service: s2}]}
  s2: {every: 1s..10y, outage: 2h}
changes:
  c1: {service: s1, every: 7d, impact: 0.5%, stages: [100%]}
  c2: {service: s2, every: 1s..10y, stages: [5% for 10m, 100%]}
risks:
  r1: {service: s1, per: c2, chance: 30%..60%, impact: 30%..60%, detect: 5m, recover: 5m}
`,
	// A list as long as there may be occurrences was made for each of them.
	"a change that may happen every second, for some of the users": `version: 1
services: {s1: {objective: {target: 99.95%}}}
changes: {c1: {every: 1s..10y, downtime: 10s, impact: 2%..6%, stages: [5% for 10m, 100%]}}
`,
}

// TestSmallModelsAreQuick holds what was mended: these took over 30 seconds of CPU or
// 3 GB. The bound leaves room for slow machines.
func TestSmallModelsAreQuick(t *testing.T) {
	const mostSeconds, mostBytes = 8, 3 << 30
	folder := t.TempDir()
	for name, text := range costly {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(folder+"/model.yaml", []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			before, begun := allocated(), cpu()
			o := run([]string{"forecast", folder + "/model.yaml", "--time", "2s"})
			took, bytes := cpu()-begun, allocated()-before
			if o.code != 0 || o.panicked != "" {
				t.Errorf("exit code %d: %s%s", o.code, o.stderr, o.panicked)
			}
			if took > mostSeconds*time.Second || bytes > mostBytes {
				t.Errorf("it took %v of CPU and allocated %d MB", took, bytes>>20)
			}
			t.Logf("%v of CPU, %d MB allocated", took, bytes>>20)
		})
	}
}
