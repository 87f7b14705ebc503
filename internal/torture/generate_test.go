package torture

import (
	"fmt"
	"slices"
	"strings"
)

// A generated is a model as text, and the names in it.
type generated struct {
	yaml       string
	services   []string
	objectives []string // of any service
	promised   []string // services with an objective
	changes    []string
	risks      []string
	detections []string // of which the last is sure
	recoveries []string // of which the last is sure
	responders []string
	nets       []string
	standing   []bool // by net
	needs      map[string][]string
	before     []bool // by risk: before_nets
	perChange  map[string]bool
	stated     map[string]string // by service: availability or every, where it states one
}

// A flow is a map in one line, made key by key.
type flow []string

func (f *flow) add(key, value string) { *f = append(*f, key+": "+value) }
func (f flow) String() string         { return "{" + strings.Join(f, ", ") + "}" }
func list(of []string) string         { return "[" + strings.Join(of, ", ") + "]" }

// generate writes the model that the choices stand for. Nearly every one is
// accepted by check.
func generate(data []byte) *generated {
	s := &source{data: data}
	g := &generated{needs: map[string][]string{}, perChange: map[string]bool{}, stated: map[string]string{}}
	count := func(prefix string, sizes ...int) (names []string) {
		for i := range sizes[s.below(len(sizes))] {
			names = append(names, fmt.Sprintf("%s%d", prefix, i+1))
		}
		return names
	}
	g.services = count("s", 1, 2, 1, 3, 2, 4, 1, 6)
	g.risks = count("r", 1, 0, 2, 1, 3, 1, 2, 5)
	g.changes = count("c", 0, 1, 1, 0, 2)
	g.nets = count("n", 0, 1, 2, 3, 0, 5, 1)
	g.detections = append(count("d", 0, 1, 2, 0), "d-sure")
	g.recoveries = append(count("v", 0, 1, 2, 0), "v-sure")
	g.responders = count("p", 0, 1, 2)

	var b strings.Builder
	b.WriteString("version: 1\n")
	if s.often(100) {
		b.WriteString("currency: " + s.pick("KRW", "€", "USD") + "\n")
	}
	if s.often(120) {
		b.WriteString("rates: {person-day: " + s.amount() + "}\n")
	}
	section := func(key string, names []string, write func(i int, name string) flow) {
		if len(names) == 0 {
			return
		}
		b.WriteString(key + ":\n")
		for i, name := range names {
			fmt.Fprintf(&b, "  %s: %s\n", name, write(i, name))
		}
	}
	section("services", g.services, func(i int, name string) flow { return g.service(s, i, name) })
	section("changes", g.changes, func(_ int, _ string) flow { return g.change(s) })
	section("risks", g.risks, func(_ int, _ string) flow { return g.risk(s) })
	section("detection", g.detections, func(_ int, name string) flow { return g.detection(s, name == "d-sure") })
	section("recovery", g.recoveries, func(_ int, name string) flow { return g.recovery(s, name == "v-sure") })
	section("responders", g.responders, func(_ int, _ string) flow { return g.responder(s) })
	g.standing = make([]bool, len(g.nets))
	section("safety_nets", g.nets, func(i int, _ string) flow { return g.net(s, i) })
	g.yaml = b.String()
	return g
}

func (g *generated) objective(s *source) string {
	var f flow
	f.add("target", s.target())
	if s.often(110) {
		f.add("over", s.length())
	}
	if s.often(70) {
		f.add("confidence", s.confidence())
	}
	if s.often(30) {
		f.add("decide_by", s.date())
	}
	if s.often(40) {
		f.add("traffic", s.rate())
	}
	if s.often(40) {
		f.add("sli", s.pick(
			`{errors: 'sum(rate(r{code=~"5.."}[{{window}}]))', total: 'sum(rate(r[{{window}}]))'}`,
			`{good: 'sum(rate(r_bucket{le="0.3"}[{{window}}]))', total: 'sum(rate(r_count[{{window}}]))'}`,
			`{probe: probe_success}`))
	}
	return f.String()
}

// promise remembers an objective by name.
func (g *generated) promise(service, name string) {
	if !slices.Contains(g.objectives, name) {
		g.objectives = append(g.objectives, name)
	}
	if !slices.Contains(g.promised, service) {
		g.promised = append(g.promised, service)
	}
}

func (g *generated) service(s *source, i int, name string) (f flow) {
	switch {
	case i == 0 && !s.often(20) || s.often(40):
		f.add("objective", g.objective(s))
		g.promise(name, "available")
	case s.often(30):
		f.add("objectives", fmt.Sprintf("{available: %s, fast: %s}", g.objective(s), g.objective(s)))
		g.promise(name, "available")
		g.promise(name, "fast")
	}
	if s.often(30) {
		f.add("title", `"<b>A & B|*x*, 예약"`)
	}
	if s.often(20) {
		f.add("outside", "true")
	}
	if s.often(30) {
		f.add("background", s.share())
	}
	if s.often(25) {
		f.add("history", s.of(
			[]string{"{over: 365d, bad: 410m, incidents: 14, missed: 3 of 12}", "{over: 1y}", "{over: 365d, incidents: 3}"},
			[]string{"{over: 1s, bad: 1s, incidents: 2000000000}", "{over: 100y, bad: 0s, incidents: 0, missed: 0 of 1}", "{over: 0.001s, missed: 12 of 12}", "{over: 10000y, bad: 10000y}"}))
	}
	if s.often(70) {
		f.add("worth", g.worth(s))
	}
	if s.often(60) {
		n, k := s.copies()
		f.add("copies", n)
		if s.often(128) {
			f.add("need", k)
		}
		if n != "1" && s.often(90) {
			f.add("switch", g.change_over(s))
		}
		if n != "1" && s.often(90) {
			f.add("common_cause", s.share())
		}
	}
	if s.often(80) {
		f.add(s.pick("availability", "every", "rate"), "")
		g.stated[name] = "every"
		switch key := f[len(f)-1]; key {
		case "availability: ":
			f[len(f)-1] += s.stated()
			g.stated[name] = "availability"
		case "every: ":
			f[len(f)-1] += s.interval()
		default:
			f[len(f)-1] += s.rate()
		}
		f.add("outage", s.outage())
	}
	if later := g.services[i+1:]; len(later) > 0 {
		if needs := g.needsOf(s, name, later); len(needs) > 0 {
			f.add("needs", list(needs))
		}
	}
	return f
}

func (g *generated) worth(s *source) string {
	var f flow
	f.add("revenue", s.amount()+s.period())
	if s.often(120) {
		f.add("lost", s.share())
	}
	if s.often(100) {
		f.add("users", s.pick("300_000", "0", "1", "2_000_000_000"))
	}
	if s.often(110) {
		clauses := []string{s.clause()}
		if s.often(60) {
			clauses = append(clauses, s.clause())
		}
		f.add("sla", list(clauses))
	}
	return f.String()
}

func (g *generated) change_over(s *source) string {
	var f flow
	f.add("takes", s.time())
	if s.often(110) {
		f.add("works", s.share())
	}
	return f.String()
}

// needsOf writes some needs, of services that are defined later.
func (g *generated) needsOf(s *source, name string, later []string) (needs []string) {
	for range []int{1, 0, 1, 2, 1, 3}[s.below(6)] {
		members := g.some(s, later)
		var f flow
		kind := s.below(6)
		if len(members) < 2 && kind >= 3 {
			kind = 1
		}
		switch kind {
		case 0:
			needs = append(needs, members[0])
			g.needs[name] = append(g.needs[name], members[0])
			continue
		case 1, 2:
			members = members[:1]
			f.add("service", members[0])
		case 3:
			f.add("any", list(members))
		case 4:
			f.add("at_least", fmt.Sprint(1+s.below(len(members))))
			f.add("of", list(members))
		default:
			var shares flow
			for _, m := range members {
				shares.add(m, s.pick("15%", "5%..10%", "0%", "0.0000001%", "16%"))
			}
			f.add("split", shares.String())
		}
		g.needs[name] = append(g.needs[name], members...)
		if kind != 5 && s.often(80) {
			f.add("impact", s.share())
		}
		if s.often(70) {
			f.add("rides_out", s.time())
		}
		if kind == 3 || kind == 4 {
			if s.often(80) {
				f.add("switch", g.change_over(s))
			}
			if s.often(60) {
				f.add("common_cause", s.share())
			}
		}
		if s.often(30) {
			f.add("counts", s.pick("false", "true"))
		}
		needs = append(needs, f.String())
	}
	return needs
}

// some returns one or more of the names, each once.
func (g *generated) some(s *source, of []string) []string {
	first := s.below(len(of))
	names := []string{of[first]}
	for i, name := range of {
		if i != first && s.often(100) {
			names = append(names, name)
		}
	}
	return names
}

// where names a service; the one of a model may be left out.
func (g *generated) where(s *source, f *flow) {
	if len(g.services) > 1 || s.often(128) {
		f.add("service", s.pick(g.services...))
	}
}

// impact writes one share, or some by objective.
func (g *generated) impact(s *source) string {
	if len(g.objectives) == 0 || !s.often(50) {
		return s.share()
	}
	var f flow
	for _, o := range g.some(s, g.objectives) {
		f.add(o, s.share())
	}
	return f.String()
}

func (g *generated) change(s *source) (f flow) {
	g.where(s, &f)
	f.add("every", s.interval())
	if s.often(120) {
		f.add("downtime", s.of([]string{"5s..20s", "10s", "0s", "~1m", "exp(30s)"}, []string{"0.000001s", "1h..100y", "exp(1y)", "1d..2d", "30m"}))
	}
	if s.often(60) {
		f.add("impact", g.impact(s))
	}
	if s.often(80) {
		f.add("stages", s.stages())
	}
	if s.often(40) {
		f.add("excluded", s.pick("true", "false"))
	}
	return f
}

func (g *generated) risk(s *source) (f flow) {
	g.where(s, &f)
	if len(g.changes) > 0 && s.often(120) {
		per := s.pick(g.changes...)
		g.perChange[per] = true
		f.add("per", per)
		f.add("chance", s.share())
	} else if s.often(110) {
		f.add("every", s.interval())
	} else {
		f.add("rate", s.rate())
	}
	if s.often(40) {
		f.add("units", s.pick("4", "1", "1000", "2000000000"))
	}
	if s.often(90) {
		f.add("impact", g.impact(s))
	}
	if s.often(50) {
		f.add("strikes", s.pick("all", "one"))
	}
	if s.often(40) {
		f.add("loses", s.amount())
	}
	before := s.often(30)
	g.before = append(g.before, before)
	if before {
		f.add("before_nets", "true")
	}
	f.add("detect", g.path(s, g.detections))
	f.add("recover", g.path(s, g.recoveries))
	if s.often(20) {
		f.add("asof", s.date())
		f.add("review", s.length())
	}
	if s.often(20) {
		f.add("accepted", s.pick("{by: cto}", "{by: cto, since: 2026-11-22, until: 2027-05-01, because: cheaper}", "{by: x, until: 0001-01-01}"))
	}
	return f
}

// path is a time, or names that end with what is sure.
func (g *generated) path(s *source, of []string) string {
	if !s.often(110) {
		return s.time()
	}
	var names []string
	for _, name := range of[:len(of)-1] {
		if s.often(140) {
			names = append(names, name)
		}
	}
	if len(names) == 0 || !s.often(3) { // at times what is sure is missing
		names = append(names, of[len(of)-1])
	}
	return list(names)
}

func (g *generated) detection(s *source, sure bool) (f flow) {
	f.add("after", s.time())
	if !sure {
		f.add("catches", s.share())
	}
	if s.often(60) {
		f.add("false_alarms", s.rate())
	}
	return f
}

func (g *generated) recovery(s *source, sure bool) (f flow) {
	f.add("takes", s.time())
	if !sure && s.often(150) {
		f.add("works", s.share())
	}
	if !sure && s.often(90) {
		f.add("restores", s.share())
	}
	f.add("by", s.pick(append([]string{"nobody"}, g.responders...)...))
	if s.often(20) {
		f.add("drilled", s.date())
	}
	return f
}

func (g *generated) responder(s *source) (f flow) {
	f.add("acknowledges", s.time())
	if s.often(110) {
		f.add("people", s.pick("4", "1", "3", "2000000000"))
	}
	return f
}
