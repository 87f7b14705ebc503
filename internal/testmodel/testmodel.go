// Package testmodel writes models of any size, as text in the model language,
// for benchmarks and tests: the shape of a big company rather than of a story.
//
// The same arguments give the same bytes. Services stand in four layers and
// need only the layers below, a few each, so that what one service reaches
// (at most 5 others) does not grow with the model, and a forecast of twice
// the model is twice the work.
package testmodel

import (
	"bytes"
	"fmt"
	"math/rand/v2"
)

// Layers from what users touch down to what everything stands on, with the
// share of the services that is in each.
var layers = []struct {
	name  string
	share float64
	needs [2]int // least and most needs of one service
}{
	{"journey", 0.4, [2]int{0, 1}},
	{"api", 0.3, [2]int{0, 1}},
	{"store", 0.2, [2]int{0, 3}},
	{"base", 0.1, [2]int{0, 0}},
}

// Sizes of the shared lists from which risks choose.
const (
	detections = 24
	recoveries = 24
	responders = 6
)

// Default is the size that speed is promised for.
const (
	DefaultServices = 1_000
	DefaultRisks    = 10_000
)

// Generate returns a model with that many services and risks that has no
// errors. It panics unless there is at least one service and no negative number
// of risks.
func Generate(services, risks int, seed uint64) []byte {
	if services < 1 || risks < 0 {
		panic(fmt.Sprintf("testmodel: %d services and %d risks, expected at least 1 and 0", services, risks))
	}
	// The second word only sets this generator apart from others of that seed.
	w := &writer{rnd: rand.New(rand.NewPCG(seed, 0x7e57))}
	w.line("version: 1")
	w.line("currency: EUR")
	w.line("rates: {person-day: 700}")
	w.services(services)
	w.risks(risks)
	w.people()
	w.nets(risks)
	return w.buf.Bytes()
}

// Plain returns a model of that many services and ten times as many risks in
// the plainest words: each service has an objective and needs two of those
// written shortly before it, each risk a frequency, a share of users, a time to
// detect and a range of times to recover. Nothing is unsure but, with unsure,
// every frequency.
func Plain(services int, unsure bool, seed uint64) []byte {
	w := &writer{rnd: rand.New(rand.NewPCG(seed, 0x91a1))}
	w.line("version: 1")
	w.line("services:")
	for i := range services {
		needs := ""
		if i%10 > 3 {
			needs = fmt.Sprintf(", needs: [s%d, s%d]", i-1-w.rnd.IntN(2), i-3)
		}
		w.line("  s%d: {objective: {target: 99.9%%}%s}", i, needs)
	}
	w.line("risks:")
	for i := range 10 * services {
		every := fmt.Sprintf("%dd", w.between(30, 400))
		if unsure {
			every = fmt.Sprintf("%dd..%dd", w.between(30, 100), w.between(150, 400))
		}
		w.line("  r%d: {service: s%d, every: %s, impact: %d%%, detect: %dm, recover: %dm..%dh}", i, i/10, every,
			pick(w, []int{10, 20, 50, 100}), w.between(1, 10), w.between(5, 20), w.between(1, 4))
	}
	return w.buf.Bytes()
}

// A writer adds lines of a model and remembers what can be named.
type writer struct {
	buf      bytes.Buffer
	rnd      *rand.Rand
	names    []string // services
	releases []string // changes
	changed  []string // the service of each change
}

func (w *writer) line(format string, args ...any) {
	fmt.Fprintf(&w.buf, format, args...)
	w.buf.WriteByte('\n')
}

// between returns a whole number from low to high, both included.
func (w *writer) between(low, high int) int { return low + w.rnd.IntN(high-low+1) }

// chance reports true in p of 100 cases.
func (w *writer) chance(p int) bool { return w.rnd.IntN(100) < p }

func pick[T any](w *writer, from []T) T { return from[w.rnd.IntN(len(from))] }

func (w *writer) services(n int) {
	sizes := split(n)
	for l, layer := range layers {
		for i := range sizes[l] {
			w.names = append(w.names, fmt.Sprintf("%s-%d", layer.name, i+1))
		}
	}
	w.line("services:")
	start := 0
	for l, layer := range layers {
		below := w.names[start+sizes[l]:]
		if l+1 < len(layers) && sizes[l+1] > 0 {
			below = below[:sizes[l+1]] // the next layer only: bounds the depth
		}
		for i := range sizes[l] {
			w.service(w.names[start+i], l, layer.needs, below)
		}
		start += sizes[l]
	}

	w.line("changes:")
	for _, name := range w.names {
		if !w.chance(40) {
			continue
		}
		w.releases = append(w.releases, name+"-release")
		w.changed = append(w.changed, name)
		extra := ""
		if w.chance(30) {
			extra = fmt.Sprintf(", downtime: %ds", w.between(1, 20))
		}
		if w.chance(12) {
			extra += fmt.Sprintf(", stages: [%d%% for %dm, 100%%]", w.between(1, 20), 5*w.between(1, 6))
		}
		w.line("  %s-release: {service: %s, every: %dd%s}", name, name, pick(w, []int{1, 3, 7, 7, 14, 28}), extra)
	}
}

// split divides n services among the layers; what rounding leaves over stands
// at the bottom.
func split(n int) []int {
	sizes := make([]int, len(layers))
	left := n
	for l, layer := range layers[:len(layers)-1] {
		sizes[l] = int(float64(n) * layer.share)
		left -= sizes[l]
	}
	sizes[len(sizes)-1] = left
	return sizes
}

func (w *writer) service(name string, layer int, needs [2]int, below []string) {
	w.line("  %s:", name)
	w.line("    owner: team-%d", w.between(1, 40))
	if layer < 2 || w.chance(30) {
		target := pick(w, []string{"99.5%", "99.9%"})
		w.line("    objective: {target: %s, over: %s}", target, pick(w, []string{"28d", "30d", "30d", "30d"}))
	}
	if layer == len(layers)-1 && w.chance(40) {
		w.line("    outside: true")
		if w.chance(50) {
			w.line("    availability: %s", pick(w, []string{"99.9%", "99.95%", "99.99%"}))
		} else {
			w.line("    every: %dd..%dd", w.between(90, 300), w.between(400, 1500))
		}
		w.line("    outage: %dm..%dm", w.between(2, 20), w.between(40, 240))
	}
	if w.chance(20) {
		w.line("    background: 0.00%d%%", w.between(1, 9))
	}
	if w.chance(5) {
		w.line("    history: {over: 365d, bad: %dm, incidents: %d}", w.between(50, 900), w.between(3, 40))
	}
	most := min(needs[1], len(below))
	if most == 0 {
		return
	}
	members := w.distinct(w.between(min(needs[0], most), most), below)
	if len(members) == 0 {
		return
	}
	w.line("    needs:")
	if len(members) >= 3 && w.chance(30) {
		w.line("      - {any: [%s, %s], switch: {takes: %ds..2m, works: 9%d%%}}", members[0], members[1], w.between(10, 60), w.between(0, 9))
		members = members[2:]
	}
	for _, m := range members {
		switch roll := w.rnd.IntN(100); {
		case roll < 65:
			w.line("      - %s", m)
		case roll < 90:
			w.line("      - {service: %s, impact: %d%%}", m, 5*w.between(1, 19))
		default:
			w.line("      - {service: %s, impact: %d%%, rides_out: %dm}", m, 5*w.between(1, 19), w.between(1, 30))
		}
	}
}

// distinct chooses n different names.
func (w *writer) distinct(n int, from []string) []string {
	seen := map[string]bool{}
	var chosen []string
	for len(chosen) < n {
		if name := pick(w, from); !seen[name] {
			seen[name] = true
			chosen = append(chosen, name)
		}
	}
	return chosen
}

func (w *writer) risks(n int) {
	w.line("risks:")
	for i := range n {
		w.line("  risk-%d:", i+1)
		if len(w.releases) > 0 && w.chance(15) {
			r := w.rnd.IntN(len(w.releases))
			w.line("    service: %s", w.changed[r])
			w.line("    per: %s", w.releases[r])
			low := w.between(1, 9)
			w.line("    chance: %s", w.exactOr(85, fmt.Sprintf("0.%d%%", low), fmt.Sprintf("0.%d%%..%d%%", low, w.between(1, 4))))
		} else {
			// Spread evenly, so that a model of twice the services has twice the work.
			w.line("    service: %s", w.names[i%len(w.names)])
			w.frequency()
		}
		if w.chance(60) {
			low := 5 * w.between(1, 10)
			w.line("    impact: %s", w.exactOr(92, fmt.Sprintf("%d%%", low), fmt.Sprintf("%d%%..%d%%", low, low+5*w.between(1, 9))))
		}
		w.detect()
		w.recover()
	}
}

// exactOr returns the first text in p of 100 cases, else the second.
func (w *writer) exactOr(p int, exact, unsure string) string {
	if w.chance(p) {
		return exact
	}
	return unsure
}

func (w *writer) frequency() {
	switch roll := w.rnd.IntN(100); {
	case roll < 40:
		w.line("    every: %dd", w.between(60, 1500))
	case roll < 60:
		low := w.between(60, 700)
		w.line("    every: %dd..%dd", low, low*w.between(2, 4))
	case roll < 80:
		w.line("    rate: 0.%d/y", w.between(1, 9))
	default:
		w.line("    rate: %d in %dy", w.between(0, 4), w.between(2, 6))
	}
}

func (w *writer) detect() {
	switch roll := w.rnd.IntN(100); {
	case roll < 20:
		// The last of them is certain, so that every incident is noticed.
		w.line("    detect: [alarm-%d, people-%d]", w.between(1, detections/2), w.between(1, detections/2))
	case roll < 40:
		w.line("    detect: [people-%d]", w.between(1, detections/2))
	case roll < 85:
		w.line("    detect: %dm", w.between(1, 30))
	default:
		w.line("    detect: %dm..%dm", w.between(1, 10), w.between(20, 120))
	}
}

func (w *writer) recover() {
	switch roll := w.rnd.IntN(100); {
	case roll < 25:
		w.line("    recover: [quick-%d, sure-%d]", w.between(1, recoveries/2), w.between(1, recoveries/2))
	case roll < 60:
		w.line("    recover: [sure-%d]", w.between(1, recoveries/2))
	case roll < 70:
		w.line("    recover: exp(%dm)", w.between(10, 90))
	case roll < 80:
		w.line("    recover: %dm", w.between(5, 120))
	default:
		w.line("    recover: %dm..%dm", w.between(5, 30), w.between(60, 400))
	}
}

// people writes the detections, recoveries and responders that risks share.
func (w *writer) people() {
	w.line("detection:")
	for i := range detections / 2 {
		w.line("  alarm-%d: {after: %dm, catches: %d%%, false_alarms: %d/month}", i+1, w.between(1, 10), w.between(50, 99), w.between(0, 8))
		w.line("  people-%d: {after: %dm..%dm}", i+1, w.between(5, 20), w.between(30, 180))
	}
	w.line("recovery:")
	for i := range recoveries / 2 {
		by := "nobody"
		if w.chance(60) {
			by = fmt.Sprintf("team-%d", w.between(1, responders))
		}
		w.line("  quick-%d: {takes: %dm, works: %d%%, by: %s}", i+1, w.between(1, 15), w.between(60, 99), by)
		w.line("  sure-%d: {takes: %dm..%dm, by: team-%d}", i+1, w.between(5, 30), w.between(60, 360), w.between(1, responders))
	}
	w.line("responders:")
	for i := range responders {
		w.line("  team-%d: {acknowledges: %dm..%dm, people: %d}", i+1, w.between(1, 5), w.between(10, 40), w.between(3, 8))
	}
}

// nets writes a net for every hundredth risk: half of them stand.
func (w *writer) nets(risks int) {
	if risks == 0 {
		return
	}
	w.line("safety_nets:")
	for i := range 1 + risks/100 {
		status := "in-place"
		if i%2 == 1 {
			status = "proposed"
		}
		target := fmt.Sprintf("risk-%d", 1+(i*100)%risks)
		effect := fmt.Sprintf("prevents: %d%%", w.between(10, 80))
		switch w.rnd.IntN(3) {
		case 0:
			effect = fmt.Sprintf("recover: -%d%%", w.between(10, 80))
		case 1:
			effect = fmt.Sprintf("detects: {after: %dm, catches: %d%%}", w.between(1, 5), w.between(30, 95))
		}
		w.line("  net-%d: {kind: automation, status: %s, cost: {build: %d person-days, run: %d/month}, effects: [{risk: %s, %s}]}",
			i+1, status, w.between(1, 40), 100*w.between(1, 30), target, effect)
	}
}
