package agree

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A field is one key of an element and its value, as written.
type field struct{ key, text string }

// An element is one thing of a model: a service, a risk, a safety net …
type element struct {
	section string // services, risks …
	name    string
	fields  []field
}

func (e *element) add(key, format string, args ...any) {
	e.fields = append(e.fields, field{key, fmt.Sprintf(format, args...)})
}

// get returns what is written under a key, or "".
func (e *element) get(key string) string {
	for _, f := range e.fields {
		if f.key == key {
			return f.text
		}
	}
	return ""
}

func (e *element) set(key, text string) {
	for i := range e.fields {
		if e.fields[i].key == key {
			e.fields[i].text = text
			return
		}
	}
	e.fields = append(e.fields, field{key, text})
}

func (e *element) drop(key string) {
	e.fields = slices.DeleteFunc(e.fields, func(f field) bool { return f.key == key })
}

// A draft is a model that can be written down and changed.
type draft struct {
	head     []string // lines before the sections
	elements []element
	added    map[string]bool // nets that only add things, so that to stand is all that a status says
}

var sections = []string{"services", "changes", "risks", "detection", "recovery", "responders", "safety_nets"}

// text is the model as a file.
func (d *draft) text() string {
	var b strings.Builder
	b.WriteString("version: 1\n")
	for _, line := range d.head {
		b.WriteString(line + "\n")
	}
	for _, s := range sections {
		first := true
		for _, e := range d.elements {
			if e.section != s {
				continue
			}
			if first {
				fmt.Fprintf(&b, "%s:\n", s)
				first = false
			}
			var parts []string
			for _, f := range e.fields {
				parts = append(parts, f.key+": "+f.text)
			}
			fmt.Fprintf(&b, "  %s: {%s}\n", e.name, strings.Join(parts, ", "))
		}
	}
	return b.String()
}

func (d *draft) clone() *draft {
	c := &draft{head: slices.Clone(d.head), added: d.added}
	for _, e := range d.elements {
		e.fields = slices.Clone(e.fields)
		c.elements = append(c.elements, e)
	}
	return c
}

func (d *draft) find(section, name string) *element {
	for i := range d.elements {
		if e := &d.elements[i]; e.section == section && e.name == name {
			return e
		}
	}
	return nil
}

func (d *draft) names(section string) (names []string) {
	for _, e := range d.elements {
		if e.section == section {
			names = append(names, e.name)
		}
	}
	return names
}

func (d *draft) remove(section, name string) {
	d.elements = slices.DeleteFunc(d.elements, func(e element) bool { return e.section == section && e.name == name })
}

// A generator writes moderately small models: a few services that need each
// other in all the ways there are, a handful of risks, two to five nets, money.
type generator struct {
	*rand.Rand
	d       *draft
	unsure  bool // values may be ranges of what is not known
	others  []string
	risks   []string
	changes []string
	nets    []string
	stands  map[string]bool
}

func (g *generator) often(percent int) bool { return g.IntN(100) < percent }

func (g *generator) pick(words ...string) string { return words[g.IntN(len(words))] }

// either is a value that is known, or one that is not.
func (g *generator) either(known, unsure string) string {
	if g.unsure && g.often(20) {
		return unsure
	}
	return known
}

func (g *generator) new(section, name string) *element {
	g.d.elements = append(g.d.elements, element{section: section, name: name})
	return &g.d.elements[len(g.d.elements)-1]
}

// generate makes the model of a seed, always the same.
func generate(seed uint64) *draft {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 51)), d: &draft{added: map[string]bool{}}, stands: map[string]bool{}}
	g.unsure = g.often(40)
	g.d.head = []string{"currency: EUR", "rates: {person-day: 600}"}
	g.services()
	g.happenings()
	g.people()
	g.safetyNets()
	g.histories(seed)
	g.indicators(seed)
	return g.d
}

// histories tells of some services what happened, by numbers of their own, so that
// models are else as they were.
func (g *generator) histories(seed uint64) {
	r := rand.New(rand.NewPCG(seed, 52))
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	for _, s := range []struct {
		name  string
		often int
	}{{"app", 45}, {"api", 40}, {"db", 15}} {
		e := g.d.find("services", s.name)
		if r.IntN(100) >= s.often || e == nil {
			continue
		}
		h := "over: " + pick("365d", "730d", "90d") + ", bad: " + pick("2h", "20h", "60h", "200h")
		if r.IntN(100) < 75 {
			h += ", incidents: " + pick("3", "12", "60")
		}
		if r.IntN(100) < 30 {
			h += ", missed: 3 of 12"
		}
		e.add("history", "{%s}", h)
	}
}

// indicators says of some objectives how events are counted and how many there are,
// by numbers of their own, so that models are else as they were.
func (g *generator) indicators(seed uint64) {
	r := rand.New(rand.NewPCG(seed, 53))
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	for i := range g.d.elements {
		e := &g.d.elements[i]
		o := e.get("objective")
		if o == "" || r.IntN(100) >= 40 {
			continue
		}
		o = strings.TrimSuffix(o, "}") + ", traffic: " + pick("0.02/s", "5/s", "300/s", "1/s..4/s")
		if r.IntN(100) < 50 {
			o += `, sli: {errors: 'sum(rate(r{code="500"}[{{window}}]))', total: 'sum(rate(r[{{window}}]))'}`
		}
		e.set("objective", o+"}")
	}
}

func (g *generator) objective() string {
	o := "target: " + g.pick("99%", "99.5%", "99.9%", "99.9%", "99.95%")
	if g.often(40) {
		o += ", over: " + g.pick("7d", "90d", "1y", "28d")
	}
	if g.often(30) {
		o += ", confidence: " + g.pick("80%", "95%", "60%")
	}
	return "{" + o + "}"
}

func (g *generator) worth() string {
	var w []string
	if g.often(75) {
		w = append(w, "revenue: "+g.either(g.pick("20_000/d", "3_000_000/y", "400_000/month"), "10_000/d..30_000/d"), "lost: "+g.either(g.pick("60%", "100%", "20%"), "30%..80%"))
	}
	if g.often(30) {
		w = append(w, "users: 30_000")
	}
	if len(w) == 0 || g.often(40) {
		w = append(w, "sla: [{if: "+g.pick("downtime >= 4h over 30d", "availability < 99.5% over 30d", "downtime > 2h over 90d")+", pay: "+g.pick("20_000", "5_000")+"}]")
	}
	return "{" + strings.Join(w, ", ") + "}"
}

func (g *generator) stated(e *element) {
	e.add("outside", "true")
	if g.often(60) {
		e.add("availability", "%s", g.pick("99.9%", "99.5%", "99.95%"))
	} else {
		e.add("every", "%s", g.either(g.pick("120d", "1y"), "1y..4y"))
	}
	e.add("outage", "%s", g.pick("1h", "10m..2h", "20m"))
}

func (g *generator) changeOver() string {
	return "{takes: " + g.pick("1m", "30s..2m", "2m") + ", works: " + g.either(g.pick("95%", "100%", "80%"), "90%..99%") + "}"
}

func (g *generator) services() {
	app := g.new("services", "app")
	if g.often(30) {
		app.add("title", "The shop")
	}
	if g.often(15) {
		app.add("objectives", "{available: %s, fast: %s}", g.objective(), g.objective())
	} else {
		app.add("objective", "%s", g.objective())
	}
	if g.often(85) {
		app.add("worth", "%s", g.worth())
	}
	if g.often(20) {
		app.add("background", "%s", g.pick("0.005%", "0.01%"))
	}
	var needs []string
	if g.often(85) {
		db := g.new("services", "db")
		if g.often(45) {
			db.add("copies", "%s", g.pick("2", "2", "2", "3"))
			db.add("need", "1")
			if g.often(70) {
				db.add("switch", "%s", g.changeOver())
			}
			if g.often(60) {
				db.add("common_cause", "%s", g.pick("5%", "10%", "2%"))
			}
		}
		g.others = append(g.others, "db")
		needs = append(needs, g.pick("db", "db", "{service: db, impact: 60%}", "{service: db, rides_out: 2m}", "{service: db, impact: 40%, rides_out: 5m}"))
	}
	if g.often(45) {
		for _, z := range []string{"zone-a", "zone-b", "zone-c"}[:2+g.IntN(2)] {
			e := g.new("services", z)
			if g.often(60) {
				e.add("availability", "%s", g.pick("99.5%", "99.9%", "99%"))
				e.add("outage", "%s", g.pick("1h", "10m..2h"))
			}
			if g.often(20) && g.d.find("services", "db") != nil {
				e.add("needs", "[db]")
			}
			g.others = append(g.others, z)
		}
		of := "[" + strings.Join(g.others[slices.Index(g.others, "zone-a"):], ", ") + "]"
		group := "{any: " + of
		if g.often(40) {
			group = "{at_least: " + g.pick("1", "2") + ", of: " + of
		}
		if g.often(50) {
			group += ", switch: " + g.changeOver()
		}
		if g.often(40) {
			group += ", common_cause: " + g.pick("2%", "5%")
		}
		needs = append(needs, group+"}")
	}
	if g.often(35) {
		for _, v := range []string{"skt", "kt"} {
			g.stated(g.new("services", v))
		}
		split := "{split: {skt: 45%, kt: 30%}"
		if g.often(50) {
			split += ", counts: false"
		}
		needs = append(needs, split+"}")
	}
	if g.often(40) {
		e := g.new("services", "vendor")
		g.stated(e)
		needs = append(needs, g.pick("vendor", "{service: vendor, impact: 30%}", "{service: vendor, rides_out: 10m}"))
	}
	if len(needs) > 0 {
		g.d.find("services", "app").add("needs", "[%s]", strings.Join(needs, ", "))
	}
	if g.often(35) {
		api := g.new("services", "api")
		api.add("objective", "%s", g.objective())
		if g.often(60) {
			api.add("worth", "%s", g.worth())
		}
		if g.d.find("services", "db") != nil {
			api.add("needs", "[%s]", g.pick("db", "{service: db, impact: 50%}"))
		}
		g.others = append(g.others, "api")
	}
}

func (g *generator) where() string {
	if len(g.others) == 0 || g.often(50) {
		return "app"
	}
	return g.pick(g.others...)
}

func (g *generator) happenings() {
	if g.often(80) {
		c := g.new("changes", "release")
		c.add("service", "app")
		c.add("every", "%s", g.pick("7d", "14d", "3d"))
		if g.often(50) {
			c.add("downtime", "%s", g.pick("20s", "5s..20s", "1m"))
		}
		if g.often(30) {
			c.add("stages", "[5%% for 10m, 100%%]")
		}
		if g.often(10) {
			c.add("excluded", "true")
		}
		g.changes = append(g.changes, "release")
	}
	if len(g.others) > 0 && g.often(30) {
		c := g.new("changes", "config")
		c.add("service", "%s", g.pick(g.others...))
		c.add("every", "%s", g.pick("1d", "7d"))
		g.changes = append(g.changes, "config")
	}
	for i := range 2 + g.IntN(3) {
		name := fmt.Sprintf("risk-%d", i+1)
		r := g.new("risks", name)
		g.risks = append(g.risks, name)
		switch {
		case i < len(g.changes):
			change := g.changes[i]
			r.add("service", "%s", g.d.find("changes", change).get("service"))
			r.add("per", "%s", change)
			r.add("chance", "%s", g.either(g.pick("2%", "5%", "0.5%"), "1%..6%"))
		case g.often(50):
			r.add("service", "%s", g.where())
			r.add("rate", "%s", g.either(g.pick("2/y", "6/y", "0.5/y"), g.pick("2 in 1y", "1/y..6/y")))
			if g.often(20) {
				r.add("units", "3")
			}
		default:
			r.add("service", "%s", g.where())
			r.add("every", "%s", g.either(g.pick("30d", "90d", "1y"), "45d..120d"))
		}
		if g.often(30) {
			r.add("impact", "%s", g.either(g.pick("50%", "20%"), "30%..60%"))
		}
		if g.often(15) {
			r.add("strikes", "%s", g.pick("one", "all"))
		}
		if g.often(15) {
			r.add("loses", "%s", g.pick("2_000", "500"))
		}
		if g.often(30) {
			r.add("before_nets", "true")
		}
		r.add("detect", "%s", g.pick("5m", "[alarm, customers]", "[customers]", "2m..15m"))
		r.add("recover", "%s", g.pick("30m", "[rollback, fix]", "[fix]", "20m..2h", "[rollback, fix]"))
	}
}

func (g *generator) people() {
	e := g.new("detection", "alarm")
	e.add("after", "%s", g.pick("1m", "2m"))
	e.add("catches", "%s", g.either("90%", "80%..95%"))
	if g.often(50) {
		e.add("false_alarms", "%s", g.pick("2/month", "1/w"))
	}
	e = g.new("detection", "customers")
	e.add("after", "%s", g.pick("10m..1h", "20m"))
	e = g.new("recovery", "rollback")
	e.add("takes", "%s", g.pick("2m", "5m"))
	e.add("works", "%s", g.either("90%", "85%..99%"))
	if g.often(20) {
		e.add("restores", "70%%")
	}
	e.add("by", "%s", g.pick("on-call", "nobody"))
	e = g.new("recovery", "fix")
	e.add("takes", "%s", g.pick("30m..3h", "1h"))
	e.add("by", "on-call")
	e = g.new("responders", "on-call")
	e.add("acknowledges", "%s", g.pick("2m..15m", "5m"))
	if g.often(80) {
		e.add("people", "4")
	}
}

func (g *generator) safetyNets() {
	for i := range 2 + g.IntN(3) {
		name := fmt.Sprintf("net-%d", i+1)
		g.nets = append(g.nets, name)
		e := g.new("safety_nets", name)
		stands := g.often(30)
		g.stands[name] = stands
		e.add("kind", "%s", g.pick("automation", "redundancy", "process", "role", "vendor"))
		switch {
		case stands:
			e.add("status", "in-place")
		case g.often(20):
			e.add("status", "building")
			e.add("ready", "2027-02-01")
		case g.often(8):
			e.add("status", "rejected")
		default:
			e.add("status", "proposed")
		}
		if g.often(30) {
			e.add("angle", "%s", g.pick("reading", "trying"))
		}
		e.add("cost", "%s", g.pick("{run: 2_000/y}", "{run: 500/month}", "{build: 9_000}", "{build: [15 person-days, 3_000], run: 200/month}", "{run: 1 person-day/month}", "{run: 50_000/y}", "{run: 1_000/y..3_000/y}"))
		if g.often(20) {
			e.add("lasts", "5y")
		}
		if g.often(60) {
			e.add("lead_time", "%s", g.pick("6w", "2w", "3month"))
		}
		if i > 0 {
			other := g.nets[g.IntN(i)]
			switch {
			case g.often(15) && (!stands || g.stands[other]):
				e.add("requires", "[%s]", other)
			case g.often(12) && !(stands && g.stands[other]):
				e.add("excludes", "[%s]", other)
			case g.often(12) && !stands && g.stands[other]:
				e.add("replaces", "[%s]", other)
			}
		}
		var effects []string
		adds := true
		for range 1 + g.IntN(2) {
			text, added := g.effect()
			if !slices.Contains(effects, text) {
				effects = append(effects, text)
				adds = adds && added
			}
		}
		e.add("effects", "[%s]", strings.Join(effects, ", "))
		g.d.added[name] = adds
	}
}

// effect returns an effect, and whether what it says is the same whether its net
// begins to stand or a file says that it stands: that of things that are added,
// and of those on risks whose numbers are without any net.
func (g *generator) effect() (text string, adds bool) {
	risk := g.pick(g.risks...)
	before := g.d.find("risks", risk).get("before_nets") != ""
	switch g.IntN(13) {
	case 0, 1:
		return fmt.Sprintf("{risk: %s, prevents: %s}", risk, g.either(g.pick("50%", "30%", "80%"), "30%..70%")), before
	case 2:
		return fmt.Sprintf("{risk: %s, recover: -40%%}", risk), before
	case 3:
		return fmt.Sprintf("{risk: %s, impact: -50%%, detect: %s}", risk, g.pick("-30%", "+20%")), before
	case 4:
		return fmt.Sprintf("{risk: %s, detects: {after: 30s, catches: %s}}", risk, g.either("80%", "60%..90%")), true
	case 5:
		return fmt.Sprintf("{risk: %s, recovers: {takes: 1m, works: 80%%, by: nobody}}", risk), true
	case 6, 7:
		if len(g.changes) > 0 {
			change := g.changes[0]
			switch g.IntN(4) {
			case 0:
				return fmt.Sprintf("{change: %s, stages: [2%% for 15m, 100%%], slows: 30m}", change), true
			case 1:
				return fmt.Sprintf("{change: %s, downtime: 2s}", change), true
			case 2:
				return fmt.Sprintf("{change: %s, every: 10d}", change), true
			default:
				return fmt.Sprintf("{risks_per: %s, detects: {after: 1m, catches: 70%%}}", change), true
			}
		}
	case 8:
		return "{responder: on-call, acknowledge: -50%, people: +2}", false
	case 9, 10:
		if db := g.d.find("services", "db"); db != nil {
			if db.get("copies") == "" {
				return "{service: db, copies: 2, need: 1, switch: {takes: 1m, works: 95%}, common_cause: 5%}", true
			}
			return "{service: db, copies: 3}", true
		}
	case 11:
		if db := g.d.find("services", "db"); db != nil {
			return "{need: app -> db, rides_out: 4m}", true
		}
	case 12:
		if db := g.d.find("services", "db"); db != nil {
			return "{need: app -> db, impact: -50%}", false
		}
	}
	return fmt.Sprintf("{risk: %s, prevents: 40%%}", risk), before
}
