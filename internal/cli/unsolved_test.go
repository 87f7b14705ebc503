package cli

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// tangled writes a service of groups whose members are shared so much that no
// order of them gives a diagram that is small enough, and a single point that
// would meet the promise by itself.
func tangled() string {
	r := rand.New(rand.NewPCG(3, 4))
	var t strings.Builder
	t.WriteString("version: 1\nservices:\n")
	var groups []string
	const parts = 200
	for i := range 300 {
		var of []string
		for _, k := range r.Perm(parts)[:3] {
			of = append(of, fmt.Sprintf("e%d", k))
		}
		form := []string{"%s", "{any: [%s]}", "{at_least: 2, of: [%s]}"}[r.IntN(3)]
		fmt.Fprintf(&t, "  g%d: {needs: ["+form+"]}\n", i, strings.Join(of, ", "))
		groups = append(groups, fmt.Sprintf("g%d", i))
	}
	for i := range parts {
		fmt.Fprintf(&t, "  e%d: {availability: 90%%, outage: 1h}\n", i)
	}
	fmt.Fprintf(&t, "  s: {}\n  app: {objective: {target: 99.9%%}, needs: [s, {at_least: 250, of: [%s]}]}\n", strings.Join(groups, ", "))
	t.WriteString("changes: {c: {service: s, every: 7d, downtime: 1s}}\nrisks: {r: {service: s, rate: 1/y..2/y, detect: 0s, recover: 1m}}\n")
	t.WriteString("safety_nets: {n: {status: proposed, kind: automation, effects: [{risk: r, prevents: 50%}]}}\n")
	return t.String()
}

// What is lost to groups that cannot be solved is not nothing: no command calls
// such a promise kept.
func TestWhatCannotBeSolvedIsNotKept(t *testing.T) {
	model := modelFileOf(t, tangled())
	other := modelFileOf(t, strings.Replace(tangled(), "99.9%", "99.8%", 1))
	for _, tt := range []struct {
		args []string
		code int
		want string // of the output, or of what is wrong
	}{
		{[]string{"forecast", model, "--gate", "--service", "app"}, ExitFound, "too large to be solved, so whether 99.9% over 30d can be met is unknown"},
		{[]string{"report", model, "--format", "markdown", "--years", "1"}, 0, "too large to be solved. What is lost to them is left out"},
		{[]string{"plan", model, "--brief"}, ExitFound, "the groups of app are too large to be solved"},
		{[]string{"cadence", "c", model, "--every", "1d"}, ExitFound, "the groups of app are too large to be solved"},
		{[]string{"sensitivity", model}, ExitFound, "the groups of app are too large to be solved"},
		{[]string{"simulate", model, "--years", "1"}, ExitFound, "the groups of app are too large to be solved"},
		{[]string{"diff", model, other, "--no-plan", "--fail-below", "50%"}, ExitFound, "whether app meets 99.8% over 30d is unknown: its groups are too large to be solved"},
	} {
		t.Run(tt.args[0], func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := run(t, 0, nil, tt.args...)
			if all := strings.Join(strings.Fields(stdout+stderr), " "); code != tt.code || !strings.Contains(all, tt.want) {
				t.Errorf("exits %d, want %d, and says\n%.800s\n%s", code, tt.code, stdout, stderr)
			}
		})
	}
}
