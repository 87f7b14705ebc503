package availability_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// switched is a model of a group that takes a minute to change over, which
// works 95 times in 100. Everything named is down 1 % of the time, for
// exponential hours.
func switched(group string, names ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "services:\n  top: {needs: [{%s, switch: {takes: 60s, works: 95%%}}]}\n", group)
	for _, n := range names {
		if !strings.Contains(n, ":") {
			n += ": {" + stated + "}"
		}
		b.WriteString("  " + n + "\n")
	}
	return b.String()
}

const (
	stated = "availability: 99%, outage: exp(1h)"
	// lost is the mean of what one change-over costs, in hours.
	lost = 0.95/60 + 0.05*1
	// begins is how often per hour each part goes down.
	begins = 0.01
)

func TestSwitches(t *testing.T) {
	for _, tt := range []struct {
		name, model string
		down        float64 // of the group
		events      float64 // per hour
	}{
		{"a pair", switched("any: [a, b]", "a", "b"), 1e-4, 2 * begins * 0.99},
		{
			"a pair that shares a provider: its outages leave nothing to change over to",
			switched("any: [a, b]", "a: {"+stated+", needs: [c]}", "b: {"+stated+", needs: [c]}", "c"),
			1 - 0.99*(1-1e-4), 2 * begins * 0.99 * 0.99,
		},
		{
			"what takes two of three down at once is one change-over",
			switched("any: [a, b, d]", "a: {"+stated+", needs: [e]}", "b: {"+stated+", needs: [e]}", "d", "e"),
			0.01 * (1 - 0.99*(1-1e-4)),
			// a, alone; the same for b; d; and e, while not both a and b are down already.
			2*begins*0.99*(1-0.01*0.01) + begins*(1-(1-0.99*(1-1e-4))) + begins*0.99*(1-1e-4),
		},
		{"two of three", switched("at_least: 2, of: [a, b, c]", "a", "b", "c"), 3*1e-4*0.99 + 1e-6, 3 * begins * 0.99 * 0.99},
	} {
		r := ask1(t, tt.model, "top")
		within(t, tt.name, 1-r.Expected, 1-(1-tt.down)*math.Exp(-tt.events*lost), 1e-14)
		within(t, tt.name+": napkin knows no switches", 1-r.Napkin, 1-ask1(t, strings.Replace(tt.model, ", switch: {takes: 60s, works: 95%}", "", 1), "top").Napkin, 0)
	}
}

// A group with more below it than is looked at together: two members that each
// need 25 parts.
func TestASwitchOfAGroupWithMuchBelow(t *testing.T) {
	names := []string{}
	members := [2][]string{}
	for i := range members {
		for k := range 25 {
			n := fmt.Sprintf("p%d-%d", i, k)
			names = append(names, n+": {availability: 99.99%, outage: exp(1h)}")
			members[i] = append(members[i], n)
		}
	}
	names = append(names, "a: {needs: ["+strings.Join(members[0], ", ")+"]}", "b: {needs: ["+strings.Join(members[1], ", ")+"]}")
	r := ask1(t, switched("any: [a, b]", names...), "top")
	up := math.Pow(1-1e-4, 25)
	events := 2 * 25 * 1e-4 * math.Pow(1-1e-4, 24) * up
	within(t, "chance", 1-r.Expected, 1-(1-(1-up)*(1-up))*math.Exp(-events*lost), 1e-13)
}

func TestTheSwitchOfCopies(t *testing.T) {
	r := ask1(t, "services:\n  db: {copies: 2, common_cause: 0%, switch: {takes: 60s, works: 95%}}\nrisks:\n  crash: {rate: 0.001/h, detect: 0s, recover: exp(10h)}\n", "db")
	p := 0.01 / 1.01
	load := 2 * 0.001 / 1.01 / 1.01 * (0.95/60 + 0.05*10)
	within(t, "chance", 1-r.Expected, 1-(1-p*p)*math.Exp(-load), 1e-14)
}

// A cache in front of the pair hides most of the change-overs.
func TestASwitchBehindARide(t *testing.T) {
	r := ask1(t, `
services:
  top: {needs: [{service: pair, rides_out: 45s}]}
  pair: {needs: [{any: [a, b], switch: {takes: 60s, works: 95%}}]}
  a: {`+stated+`}
  b: {`+stated+`}
`, "top")
	left := math.Exp(-45.0 / 3600)
	both := math.Pow(0.01*left, 2)
	load := 2 * begins * 0.99 * (0.95*15/3600 + 0.05*left)
	within(t, "chance", 1-r.Expected, 1-(1-both)*math.Exp(-load), 1e-14)
}
