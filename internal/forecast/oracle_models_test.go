package forecast_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A draft is a small model made at random, as text.
type draft struct {
	r        *rand.Rand
	text     strings.Builder
	services int
	fork     int // needs that may still be decided by user
	two      bool
	changes  []string
	risks    []string
	per      []string // changes that some risk is per
	copies   []int
	edges    []string
	inPlace  []string
	others   []string
	fixed    bool    // every time is the same in all incidents
	unsure   int     // numbers that may still be not exactly known
	sure     float64 // share of numbers that are exact nevertheless; 0 is 60 %
}

func (d *draft) say(format string, args ...any) { fmt.Fprintf(&d.text, format, args...) }

func (d *draft) chance(p float64) bool { return d.r.Float64() < p }

func pick[T any](d *draft, from ...T) T { return from[d.r.IntN(len(from))] }

// time writes a time of the order of some minutes.
func (d *draft) time(minutes ...int) string {
	m := pick(d, minutes...)
	if d.fixed {
		return fmt.Sprintf("%dm", m)
	}
	switch d.r.IntN(5) {
	case 0:
		return fmt.Sprintf("%dm..%dm", m, m*pick(d, 3, 8))
	case 1:
		return fmt.Sprintf("~%dm", m)
	case 2:
		return fmt.Sprintf("exp(%dm)", m)
	}
	return fmt.Sprintf("%dm", m)
}

// doubt decides whether one more number is not exactly known.
func (d *draft) doubt() bool {
	sure := d.sure
	if sure == 0 {
		sure = 0.6
	}
	if d.unsure == 0 || d.chance(sure) {
		return false
	}
	d.unsure--
	return true
}

// share writes a share, now and then one that is not exactly known.
func (d *draft) share(percents ...int) string {
	p := pick(d, percents...)
	if !d.doubt() {
		return fmt.Sprintf("%d%%", p)
	}
	low := max(1, p-pick(d, 5, 15))
	return fmt.Sprintf("%d%%..%d%%", low, min(98, max(p+pick(d, 3, 10), low+2)))
}

// signed writes a signed change.
func (d *draft) signed() string {
	if d.doubt() {
		return pick(d, "-60%..-20%", "+10%..+40%")
	}
	return pick(d, "-50%", "-20%", "+25%")
}

// often writes how often something happens.
func (d *draft) often() string {
	if d.doubt() {
		return pick(d, "every: 20d..90d", "rate: 4/y..12/y", "rate: 3 in 1y", "rate: 5 in 200d")
	}
	return pick(d, "every: 20d", "every: 60d", "rate: 9/y", "rate: 2.5/y")
}

// model writes a whole model.
func (d *draft) model() string {
	d.services = 2 + d.r.IntN(4)
	d.fork = 5
	d.two = d.chance(0.35)
	d.copies = make([]int, d.services)
	d.say("version: 1\nservices:\n")
	for i := range d.services {
		d.service(i)
	}
	d.say("detection:\n")
	for i := range 3 {
		d.say("  d%d: {after: %s, catches: %s}\n", i, d.time(1, 2, 5), d.share(60, 80, 90))
	}
	d.say("  customers: {after: %s}\n", d.time(10, 20))
	d.say("responders:\n  p0: {acknowledges: %s}\n  p1: {acknowledges: %s}\n", d.time(3, 6), d.time(5, 10))
	d.say("recovery:\n")
	for i := range 4 {
		d.say("  r%d: {takes: %s, works: %s, by: %s", i, d.time(1, 4, 9), d.share(50, 70, 90), pick(d, "p0", "p1", "nobody"))
		if d.chance(0.4) {
			d.say(", restores: %s", d.share(50, 75))
		}
		d.say("}\n")
	}
	d.say("  fix: {takes: %s, by: p0}\n  swap: {takes: %s, by: nobody}\n", d.time(20, 45), d.time(15, 40))
	if n := d.r.IntN(3); n > 0 {
		d.say("changes:\n")
		for i := range n {
			d.change(i)
		}
	}
	d.say("risks:\n")
	for i := range 1 + d.r.IntN(5) {
		d.risk(i)
	}
	if n := d.r.IntN(6); n > 0 {
		d.say("safety_nets:\n")
		for i := range n {
			d.net(i)
		}
	}
	return d.text.String()
}

func (d *draft) objective() string {
	s := fmt.Sprintf("target: %s", pick(d, "99%", "99.5%", "99.8%", "99.9%"))
	if d.chance(0.7) {
		s += ", over: " + pick(d, "30d", "28d", "90d", "45d12h")
	}
	return "{" + s + "}"
}

func (d *draft) service(i int) {
	var keys []string
	add := func(format string, args ...any) { keys = append(keys, fmt.Sprintf(format, args...)) }
	switch {
	case i == 0 && d.two:
		add("objectives: {available: %s, fast: %s}", d.objective(), d.objective())
	case i == 0 || d.chance(0.15):
		add("objective: %s", d.objective())
	}
	if needs := d.needs(i); len(needs) > 0 {
		add("needs: [%s]", strings.Join(needs, ", "))
	}
	d.copies[i] = 1
	if d.chance(0.3) {
		d.copies[i] = 2 + d.r.IntN(2)
		add("copies: %d", d.copies[i])
		if d.chance(0.5) {
			need := 1 + d.r.IntN(d.copies[i])
			add("need: %d", need)
		}
		if d.chance(0.6) {
			add("common_cause: %s", d.share(10, 30))
		}
	}
	if d.chance(0.3) {
		often := pick(d, d.often(), "availability: 99.9%")
		if d.doubt() {
			often = "availability: 99.7%..99.95%"
		}
		add("%s, outage: %s", often, d.time(10, 30))
	}
	if d.chance(0.15) {
		if d.doubt() {
			add("background: 0.01%%..0.05%%")
		} else {
			add("background: 0.01%%")
		}
	}
	d.say("  s%d: {%s}\n", i, strings.Join(keys, ", "))
}

// needs writes what a service needs of those after it.
func (d *draft) needs(i int) (needs []string) {
	var later []string
	for _, k := range d.r.Perm(d.services) {
		if k > i {
			later = append(later, fmt.Sprintf("s%d", k))
		}
	}
	for n := 0; len(later) > 0 && (n == 0 && i == 0 || n < 3 && d.chance(0.5)); n++ {
		some := later[:1+d.r.IntN(min(3, len(later)))]
		list := strings.Join(some, ", ")
		var need string
		switch kind := d.r.IntN(5); {
		case kind == 0 && len(some) > 1:
			need = fmt.Sprintf("any: [%s]", list)
		case kind == 1 && len(some) > 1:
			need = fmt.Sprintf("at_least: %d, of: [%s]", 1+d.r.IntN(len(some)), list)
		case kind == 2 && d.fork > 0:
			d.fork--
			need = fmt.Sprintf("split: {%s}", strings.Join(some, ": 30%, ")+": 25%")
		default:
			some = some[:1]
			need = "service: " + some[0]
			if d.fork > 0 && d.chance(0.5) {
				d.fork--
				need += ", impact: " + d.share(20, 50, 80)
			}
		}
		if d.chance(0.15) {
			need += ", counts: false"
		}
		if !strings.Contains(need, "split") {
			d.edges = append(d.edges, fmt.Sprintf("s%d -> %s", i, some[0]))
		}
		needs = append(needs, "{"+need+"}")
		later = later[len(some):]
	}
	return needs
}

// impact writes an impact, one share or one for each objective.
func (d *draft) impact() string {
	if !d.two || d.chance(0.5) {
		return d.share(10, 40, 70)
	}
	return pick(d, "{fast: "+d.share(50, 80)+"}", "{available: "+d.share(20, 60)+", fast: "+d.share(80, 90)+"}")
}

func (d *draft) stages() string {
	return pick(d, "[5% for 10m, 100%]", "[10% for 3m, 50% for 20m, 100%]", "[20% for 1h, 80%]")
}

func (d *draft) anyService() int { return d.r.IntN(d.services) }

func (d *draft) change(i int) {
	every := pick(d, "5d", "7d", "40d")
	if d.doubt() {
		every = "5d..12d"
	}
	d.say("  c%d: {service: s%d, every: %s", i, d.anyService(), every)
	if d.chance(0.7) {
		d.say(", downtime: %s", d.time(1, 2))
		if d.chance(0.4) {
			d.say(", impact: %s", d.impact())
		}
		if d.chance(0.25) {
			d.say(", excluded: true")
		}
	}
	if d.chance(0.4) {
		d.say(", stages: %s", d.stages())
	}
	d.say("}\n")
	d.changes = append(d.changes, fmt.Sprintf("c%d", i))
}

func (d *draft) risk(i int) {
	per := len(d.changes) > 0 && d.chance(0.45)
	service := d.anyService()
	d.say("  k%d: {service: s%d, ", i, service)
	if per {
		change := pick(d, d.changes...)
		d.per = append(d.per, change)
		d.say("per: %s, chance: %s", change, d.share(3, 8, 20))
	} else {
		d.say("%s", d.often())
		if d.chance(0.2) {
			d.say(", units: %d", 2+d.r.IntN(2))
		}
	}
	if d.chance(0.5) {
		d.say(", impact: %s", d.impact())
	}
	if d.chance(0.3) {
		d.say(", strikes: %s", pick(d, "one", "all"))
	}
	if d.chance(0.2) {
		d.say(", before_nets: true")
	}
	if d.chance(0.4) {
		d.say(", detect: %s", d.time(1, 3, 10))
	} else {
		d.say(", detect: [%scustomers]", pick(d, "", "d0, ", "d1, d2, ", "d0, d1, "))
	}
	if d.chance(0.3) {
		d.say(", recover: %s", d.time(10, 30))
	} else {
		d.say(", recover: [%s%s]", pick(d, "", "r0, ", "r1, ", "r2, r3, ", "r3, r0, "), pick(d, "fix", "swap"))
	}
	d.say("}\n")
	d.risks = append(d.risks, fmt.Sprintf("k%d", i))
}

func (d *draft) net(i int) {
	name, status := fmt.Sprintf("n%d", i), pick(d, "in-place", "in-place", "proposed", "proposed", "building, ready: 2027-01-01")
	d.say("  %s: {kind: process, status: %s", name, status)
	angle := d.chance(0.5)
	if angle {
		d.say(", angle: %s", pick(d, "reading", "trying"))
	}
	if status != "in-place" {
		if len(d.others) > 0 && d.chance(0.3) {
			d.say(", requires: [%s]", pick(d, d.others...))
		}
		if len(d.inPlace) > 0 && d.chance(0.3) {
			d.say(", replaces: [%s]", pick(d, d.inPlace...))
		}
	}
	var effects []string
	for range 1 + d.r.IntN(3) {
		effects = append(effects, "{"+d.effect(angle)+"}")
	}
	d.say(", effects: [%s]}\n", strings.Join(effects, ", "))
	if status == "in-place" {
		d.inPlace = append(d.inPlace, name)
	} else {
		d.others = append(d.others, name)
	}
}

// effect writes one effect of a net. Nets of one angle prevent exact shares, of
// which it is clear which is best.
func (d *draft) effect(angle bool) string {
	risk := "risk: " + pick(d, d.risks...)
	if len(d.per) > 0 && d.chance(0.3) {
		risk = "risks_per: " + pick(d, d.per...)
	}
	for {
		switch d.r.IntN(12) {
		case 0, 1:
			if angle {
				return risk + ", prevents: " + pick(d, "20%", "50%", "70%")
			}
			return risk + ", prevents: " + d.share(30, 50)
		case 2:
			return risk + ", impact: " + d.signed()
		case 3:
			return risk + ", recover: " + d.signed() + ", detect: " + d.signed()
		case 4:
			return fmt.Sprintf("%s, detects: {after: %s, catches: %s}", risk, d.time(1, 2), d.share(50, 90))
		case 5, 6:
			return fmt.Sprintf("%s, recovers: {takes: %s, works: %s, by: %s}", risk, d.time(1, 2), d.share(50, 90), pick(d, "nobody", "p1"))
		case 7:
			if len(d.changes) > 0 {
				return fmt.Sprintf("change: %s, stages: %s", pick(d, d.changes...), d.stages())
			}
		case 8:
			if len(d.changes) > 0 {
				return fmt.Sprintf("change: %s, downtime: %s", pick(d, d.changes...), d.time(1, 3))
			}
		case 9:
			if len(d.changes) > 0 {
				return fmt.Sprintf("change: %s, every: %s", pick(d, d.changes...), pick(d, "3d", "10d"))
			}
		case 10:
			return fmt.Sprintf("responder: %s, acknowledge: %s", pick(d, "p0", "p1"), d.signed())
		default:
			if s := d.anyService(); d.copies[s] == 1 && d.chance(0.5) {
				d.copies[s] = 2
				return fmt.Sprintf("service: s%d, copies: 2", s)
			}
			if len(d.edges) > 0 && d.fork > 0 {
				d.fork--
				return fmt.Sprintf("need: %s, impact: %s", pick(d, d.edges...), d.signed())
			}
		}
	}
}

// options chooses nets to add and to take away.
func (d *draft) options() (with, without []string) {
	for _, n := range d.others {
		if d.chance(0.4) {
			with = append(with, n)
		}
	}
	for _, n := range d.inPlace {
		if d.chance(0.4) {
			without = append(without, n)
		}
	}
	return with, without
}
