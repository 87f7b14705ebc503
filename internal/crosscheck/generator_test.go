package crosscheck

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// A generated model is the text of a file, whose service top has an objective.
type generated struct {
	seed uint64
	text string
	has  []string // what is hard about it
}

// generate makes a model of a hard structure: always the same for a seed. No
// single service is down for more than the most share of time by itself.
func generate(seed uint64, most float64) generated {
	for try := uint64(0); ; try++ {
		g := &generator{rng: rand.New(rand.NewPCG(seed, 1000*try+uint64(most*1000))), most: most}
		if text, ok := g.model(seed); ok {
			return generated{seed, text, g.has}
		}
	}
}

type generator struct {
	rng    *rand.Rand
	most   float64
	window float64

	services []*draftService // leaves first, without top
	top      draftService
	risks    []string
	named    bool // detections and recoveries are named
	lasting  bool // change-overs differ much, and may outlast rides
	has      []string

	edges, switches, rides int
}

type draftService struct {
	name     string
	keys     []string // its own part
	needs    []string
	pair     bool    // it has copies
	stated   bool    // nothing but stated availability
	common   bool    // it is in a group with a common cause
	changes  bool    // somewhere in it is a change-over
	shortest float64 // mean of its shortest outages, in seconds
}

const (
	maxServices = 8
	maxEdges    = 4
)

func (g *generator) chance(p float64) bool { return g.rng.Float64() < p }

// between is drawn evenly on a logarithmic scale.
func (g *generator) between(a, b float64) float64 {
	return a * math.Pow(b/a, g.rng.Float64())
}

func (g *generator) note(what string) {
	if !slices.Contains(g.has, what) {
		g.has = append(g.has, what)
	}
}

// percent writes a share with few digits, never 0.
func percent(x float64) string {
	return strconv.FormatFloat(roughly(x*100, 10), 'f', -1, 64) + "%"
}

func roughly(x float64, digits int) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	return y
}

func length(seconds float64) string {
	switch s := math.Round(seconds); {
	case s >= 600:
		return fmt.Sprintf("%dm", int(math.Round(s/60)))
	default:
		return fmt.Sprintf("%ds", int(math.Max(s, 1)))
	}
}

// time writes a length that differs from incident to incident, or not.
func (g *generator) time(mean float64) string {
	switch g.rng.IntN(4) {
	case 0, 1:
		return length(mean)
	case 2:
		spread := g.between(1.5, 3)
		return length(mean/spread) + ".." + length(mean*spread)
	default:
		return "exp(" + length(mean) + ")"
	}
}

func (g *generator) model(seed uint64) (string, bool) {
	g.window = []float64{30, 30, 30, 28, 14, 60}[g.rng.IntN(6)] * 86400
	g.top = draftService{name: "top"}
	themes := []func(){
		g.partialSinglePoint, g.sharedBelow, g.twoSwitches, g.switchOverPair, g.nested, g.overlapping,
		g.rideOut, g.split, g.commonCause, g.pairsInGroup,
	}
	if seed%4 >= 2 {
		// Half of the models, of either parity.
		g.lasting = true
		themes = append(themes, g.riddenChange, g.riddenChange, g.riddenChange, g.riddenChange)
		g.riddenChange()
	}
	for n := 1 + g.rng.IntN(3); n > 0; n-- {
		themes[g.rng.IntN(len(themes))]()
	}
	if g.chance(0.3) {
		g.singlePoint()
	}
	g.ownPart()
	if len(g.services) > maxServices-1 || g.edges > maxEdges || g.switches > maxSwitches || g.rides > maxRides {
		return "", false
	}
	text := g.write(99.9)
	m, err := parse(text)
	if err != nil {
		panic(fmt.Sprintf("seed %d: %v\n%s", seed, err, text))
	}
	p, err := compile(m, "top")
	if err != nil {
		panic(fmt.Sprintf("seed %d: %v\n%s", seed, err, text))
	}
	target, ok := g.target(p, seed)
	return g.write(target), ok
}

// target draws the budget among the lost time of windows that were played, away
// from amounts that many of them spend exactly.
func (g *generator) target(p *program, seed uint64) (float64, bool) {
	var o outcome
	o.play(newPlayer(p, seed), 300)
	for range 40 {
		budget := o.begun.quantile(0.3+0.68*g.rng.Float64()) * (0.9 + 0.2*g.rng.Float64())
		target := roughly(100*(1-budget/g.window), 8)
		budget = (1 - target/100) * g.window
		if budget < 5 || target < 50 {
			continue
		}
		near := o.begun.within(budget*1.002+2).value - o.begun.within(budget*0.998-2).value
		inside := o.begun.within(budget).value
		if near < 0.02 && inside > 0.05 && inside < 0.985 {
			return target, true
		}
	}
	return 0, false
}

// own gives a service something of its own that goes wrong. Outages are short
// beside the window, and few enough to be played.
func (g *generator) own(s *draftService, stated bool) {
	q := g.between(g.most/20, g.most)
	mean := g.between(math.Max(300, q*g.window/20), math.Max(3*3600, q*g.window/19))
	if stated || g.chance(0.55) {
		s.stated = true
		g.stated(s, q, mean)
		return
	}
	g.risk(s, q, mean)
	if g.chance(0.25) {
		g.risk(s, q/3, mean/2)
	}
}

func (g *generator) stated(s *draftService, q, mean float64) {
	s.lasts(mean)
	switch {
	case g.chance(0.25):
		g.note("unsure availability")
		s.keys = append(s.keys, "availability: "+percent(roughly(1-q, 5))+".."+percent(roughly(1-q/4, 5)))
	default:
		s.keys = append(s.keys, "availability: "+percent(roughly(1-q, 5)))
	}
	s.keys = append(s.keys, "outage: "+g.time(mean))
}

// risk adds a risk that takes a share q of the time from a user.
func (g *generator) risk(s *draftService, q, mean float64) {
	name := fmt.Sprintf("%s-%d", s.name, len(g.risks)+1)
	keys := []string{"service: " + s.name}
	impact := 1.0
	if g.chance(0.35) {
		g.note("partial incidents")
		impact = roughly(g.between(0.1, 0.9), 2)
		if g.chance(0.3) {
			g.note("unsure impact")
			keys = append(keys, "impact: "+percent(roughly(impact*0.7, 2))+".."+percent(roughly(impact*1.05, 2)))
		} else {
			keys = append(keys, "impact: "+percent(impact))
		}
	}
	named := g.chance(0.2)
	if named {
		g.note("detections")
		g.named = true
		mean = 1700 // of what write adds
		q = math.Min(q, 0.02)
	}
	s.lasts(mean)
	every := mean / math.Min(q/impact, g.most)
	switch {
	case g.chance(0.7):
		keys = append(keys, "every: "+length(every))
	case g.chance(0.5):
		g.note("unsure rate")
		keys = append(keys, "every: "+length(every/1.4)+".."+length(every*1.6))
	default:
		g.note("counted rate")
		n := 1 + g.rng.IntN(5)
		keys = append(keys, fmt.Sprintf("rate: %d in %s", n, length((float64(n)+0.5)*every)))
	}
	if named {
		keys = append(keys, "detect: [alarm, customers]", "recover: [rollback, forward]")
	} else {
		detect := mean * (0.05 + 0.3*g.rng.Float64())
		keys = append(keys, "detect: "+length(detect), "recover: "+g.time(mean-detect))
	}
	g.risks = append(g.risks, fmt.Sprintf("  %s: {%s}", name, strings.Join(keys, ", ")))
}

func (s *draftService) lasts(mean float64) {
	if s.shortest == 0 || mean < s.shortest {
		s.shortest = mean
	}
}

func (g *generator) add(prefix string) *draftService {
	s := &draftService{name: fmt.Sprintf("%s%d", prefix, len(g.services)+1)}
	g.services = append(g.services, s)
	return s
}

func (g *generator) leaf() *draftService {
	s := g.add("s")
	g.own(s, false)
	return s
}

// old is a service that is there already, or a new one.
func (g *generator) old(fits func(*draftService) bool) *draftService {
	var fit []*draftService
	for _, s := range g.services {
		if fits(s) {
			fit = append(fit, s)
		}
	}
	if len(fit) > 0 && g.chance(0.6) {
		return fit[g.rng.IntN(len(fit))]
	}
	return g.leaf()
}

func anything(*draftService) bool { return true }

// pair is a service with copies.
func (g *generator) pair(change bool) *draftService {
	g.note("pair")
	s := g.add("pair")
	s.pair = true
	copies, need := 2, 1
	if g.chance(0.2) {
		copies = 3
		need = 1 + g.rng.IntN(2)
	}
	s.keys = append(s.keys, fmt.Sprintf("copies: %d", copies))
	if need > 1 {
		s.keys = append(s.keys, fmt.Sprintf("need: %d", need))
	}
	switch g.rng.IntN(3) {
	case 0:
		s.keys = append(s.keys, "common_cause: 0%")
	case 1:
		s.keys = append(s.keys, "common_cause: "+percent(roughly(g.between(0.01, 0.2), 2)))
	}
	if change {
		s.changes = true
		s.keys = append(s.keys, g.change(300))
	}
	q := g.between(g.most/4, g.most)
	g.risk(s, q, g.between(math.Max(600, q*g.window/20), math.Max(2*3600, q*g.window/19)))
	return s
}

// change writes a change-over; waits are short beside outages.
func (g *generator) change(most float64) string {
	g.switches++
	takes := length(g.between(20, most))
	if g.chance(0.3) {
		takes = length(g.between(20, most/4)) + ".." + length(g.between(most/3, most))
	}
	if g.lasting && g.chance(0.5) {
		takes = "exp(" + length(g.between(20, most/3)) + ")"
	}
	switch {
	case g.chance(0.4):
		g.note("failing switch")
		return fmt.Sprintf("switch: {takes: %s, works: %s}", takes, percent(roughly(0.7+0.29*g.rng.Float64(), 3)))
	case g.chance(0.2):
		g.note("unsure switch")
		return fmt.Sprintf("switch: {takes: %s, works: 75%%..95%%}", takes)
	}
	g.note("switch")
	return fmt.Sprintf("switch: {takes: %s}", takes)
}

func names(members []*draftService) string {
	var out []string
	for _, m := range members {
		out = append(out, m.name)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// group writes a need of a group. A change-over is only over members in which
// there is none: what a wait within a wait is the design does not say.
func (g *generator) group(members []*draftService, least int, change bool, more ...string) string {
	slices.SortFunc(members, func(a, b *draftService) int { return strings.Compare(a.name, b.name) })
	members = slices.Compact(members)
	keys := []string{"any: " + names(members)}
	if least > 1 && least <= len(members) {
		keys = []string{fmt.Sprintf("at_least: %d, of: %s", least, names(members))}
	}
	for _, m := range members {
		change = change && !m.changes
	}
	if change {
		keys = append(keys, g.change(420))
	}
	return "{" + strings.Join(append(keys, more...), ", ") + "}"
}

func (g *generator) edge() string {
	g.edges++
	if g.chance(0.2) {
		g.note("unsure edge")
		x := g.between(0.05, 0.5)
		return "impact: " + percent(roughly(x, 2)) + ".." + percent(roughly(x*1.4, 2))
	}
	return "impact: " + percent(roughly(g.between(0.01, 0.6), 2))
}

func (g *generator) needs(s *draftService, need string) { s.needs = append(s.needs, need) }

// ownPart adds what the service itself brings: errors, incidents, changes.
func (g *generator) ownPart() {
	if g.chance(0.3) {
		g.note("background")
		g.top.keys = append(g.top.keys, "background: "+percent(roughly(g.between(1e-5, 5e-4), 2)))
	}
	if g.chance(0.3) {
		g.risk(&g.top, g.between(g.most/100, g.most/5), g.between(600, 3600))
	}
	// Background behind groups only where nothing depends on time.
	if g.switches+g.rides == 0 && g.chance(0.25) {
		s := g.services[g.rng.IntN(len(g.services))]
		if !s.pair && !s.common && len(s.needs) == 0 {
			g.note("background of a member")
			s.keys = append(s.keys, "background: "+percent(roughly(g.between(1e-4, 2e-3), 2)))
		}
	}
}

func (g *generator) write(target float64) string {
	var out strings.Builder
	fmt.Fprintf(&out, "version: 1\nservices:\n  top:\n    objective: {target: %s%%, over: %dd}\n", strconv.FormatFloat(target, 'f', -1, 64), int(g.window/86400))
	for _, k := range g.top.keys {
		fmt.Fprintf(&out, "    %s\n", k)
	}
	out.WriteString("    needs:\n")
	for _, n := range g.top.needs {
		fmt.Fprintf(&out, "      - %s\n", n)
	}
	for _, s := range g.services {
		keys := slices.Clone(s.keys)
		if len(s.needs) > 0 {
			keys = append(keys, "needs: ["+strings.Join(s.needs, ", ")+"]")
		}
		fmt.Fprintf(&out, "  %s: {%s}\n", s.name, strings.Join(keys, ", "))
	}
	if len(g.risks) > 0 {
		out.WriteString("risks:\n" + strings.Join(g.risks, "\n") + "\n")
	}
	if g.named {
		out.WriteString(`detection:
  alarm: {after: 2m, catches: 80%}
  customers: {after: 10m..40m}
recovery:
  rollback: {takes: 5m, works: 70%, by: on-call}
  forward: {takes: 15m..1h, by: on-call}
responders:
  on-call: {acknowledges: 3m..12m}
`)
	}
	return out.String()
}
