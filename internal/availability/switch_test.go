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
	wait   = 0.95 / 60 // hours of waiting for one change-over that works
	failed = 0.05      // hours of an outage that a change-over does not end, on average
	begins = 0.01      // how often per hour each part goes down
)

// The time lost is that of failed switches, each as long as its member's
// outage; of cuts, while no failed switch is an outage already; and of waits,
// while nothing else is down.
func TestSwitches(t *testing.T) {
	for _, tt := range []struct {
		name, model string
		down        float64
		allowed     float64
	}{
		// Of both members down, one failed first, and its switch worked.
		{"a pair", switched("any: [a, b]", "a", "b"), 2*begins*0.99*(wait+failed) + 0.95*1e-4, 1e-15},
		{
			"a pair that shares a provider: its outages leave nothing to change over to",
			switched("any: [a, b]", "a: {"+stated+", needs: [c]}", "b: {"+stated+", needs: [c]}", "c"),
			0.01 + 0.99*(2*begins*0.99*0.99*failed+0.95*1e-4+2*begins*0.99*wait), 1e-15,
		},
		{
			// a, and the same for b; d; and e, while not both a and b are down already.
			"what takes two of three down at once is one change-over",
			switched("any: [a, b, d]", "a: {"+stated+", needs: [e]}", "b: {"+stated+", needs: [e]}", "d", "e"),
			// The outages of a and b go on while either of two things takes them down.
			(wait+failed*0.0199/0.0198)*(2*begins*0.99*(1-0.01*0.01)+begins*0.99*(1-1e-4)) +
				(wait+failed)*begins*(1-(1-0.99*(1-1e-4))) + 0.95*0.01*0.01 + 0.95*0.95*1e-6, 3e-6,
		},
		// The first of two that fail is changed over, the second leaves too few.
		{"two of three", switched("at_least: 2, of: [a, b, c]", "a", "b", "c"), 3*begins*0.99*0.99*(wait+failed) + 0.95*(3*1e-4*0.99+1e-6), 1e-6},
	} {
		r := ask1(t, tt.model, "top")
		within(t, tt.name, 1-r.Expected, tt.down, tt.allowed)
		within(t, tt.name+": napkin knows no switches", 1-r.Napkin, 1-ask1(t, strings.Replace(tt.model, ", switch: {takes: 60s, works: 95%}", "", 1), "top").Napkin, 0)
	}
}

// Two groups that share a member change over together: their users wait for the
// longest, not for the sum.
func TestSwitchesOfTwoGroupsThatShareAMember(t *testing.T) {
	r := ask1(t, `
services:
  top: {needs: [{any: [a, b], switch: {takes: 5m}}, {any: [a, c], switch: {takes: 2m}}]}
  a: {availability: 99%, outage: 1h}
  b: {availability: 99.99%, outage: 1h}
  c: {availability: 99.99%, outage: 1h}
`, "top")
	a, b := 0.01/3600, 0.0001/3600 // beginnings a second
	up := math.Pow(1-1e-4, 2)
	waits := a*up*300 + b*0.99*300 + b*0.99*120
	within(t, "chance", 1-r.Expected, waits+0.01*(1-up), 1e-8)
}

// A member that is a pair: its outage is as long as both of its halves are down
// at once, and so long lasts a switch that does not work.
func TestAFailedSwitchToAMemberThatIsAPair(t *testing.T) {
	r := ask1(t, `
services:
  top: {needs: [{any: [m, n], switch: {takes: 0s, works: 90%}}]}
  m: {needs: [{any: [a, b]}]}
  n: {availability: 99%, outage: exp(1h)}
  a: {availability: 90%, outage: exp(1h)}
  b: {availability: 90%, outage: exp(1h)}
`, "top")
	m, n := 0.01, 0.01 // shares of time down
	within(t, "chance", 1-r.Expected, 0.1*(m*(1-n)+n*(1-m))+0.9*m*n, 1e-6)
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
	// A member's outage goes on while another of its parts is down.
	longer := (1 - up) / (25 * 1e-4 * math.Pow(1-1e-4, 24))
	within(t, "chance", 1-r.Expected, events*(wait+failed*longer)+0.95*(1-up)*(1-up), 1e-8)
}

func TestTheSwitchOfCopies(t *testing.T) {
	r := ask1(t, "services:\n  db: {copies: 2, common_cause: 0%, switch: {takes: 60s, works: 95%}}\nrisks:\n  crash: {rate: 0.001/h, detect: 0s, recover: exp(10h)}\n", "db")
	p := 0.01 / 1.01
	load := 2 * 0.001 / 1.01 / 1.01 * (0.95/60 + 0.05*10)
	within(t, "chance", 1-r.Expected, load+0.95*p*p, 1e-15)
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
	load := 2 * begins * (0.99*0.95*15/3600 + 0.99*0.05*left)
	within(t, "chance", 1-r.Expected, load+0.95*both, 2e-6)
}
