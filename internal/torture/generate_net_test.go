package torture

import (
	"fmt"
	"slices"
)

func (g *generated) net(s *source, i int) (f flow) {
	status := s.pick("proposed", "in-place", "proposed", "building", "proposed", "rejected")
	g.standing[i] = status == "in-place"
	f.add("status", status)
	if status == "building" {
		f.add("ready", s.date())
	}
	f.add("kind", s.pick("automation", "redundancy", "process", "role", "on-call", "vendor"))
	if s.often(60) {
		f.add("angle", s.pick("reading", "trying"))
	}
	if s.often(170) {
		f.add("cost", g.cost(s))
	}
	if s.often(40) {
		f.add("lasts", s.length())
	}
	if s.often(40) {
		f.add("lead_time", s.pick("6w", "0s", "100y", "1s"))
	}
	if others := g.nets[:i]; len(others) > 0 {
		k := s.below(len(others))
		switch verb := s.below(8); {
		case verb == 1 && (!g.standing[i] || g.standing[k]):
			f.add("requires", others[k])
		case verb == 2 && !(g.standing[i] && g.standing[k]):
			f.add("excludes", others[k])
		case verb == 3:
			f.add("replaces", others[k])
		}
	}
	var effects []string
	for range []int{1, 1, 2, 0, 3, 1}[s.below(6)] {
		if e := g.effect(s, g.standing[i]); len(e) > 0 {
			effects = append(effects, e.String())
		}
	}
	if len(effects) > 0 {
		f.add("effects", list(effects))
	}
	return f
}

func (g *generated) cost(s *source) string {
	var f flow
	switch s.below(4) {
	case 0:
		f.add("run", s.amount()+s.period())
	case 1:
		f.add("build", s.amount())
	case 2:
		f.add("build", list([]string{s.effort(), s.amount()}))
		f.add("run", s.amount()+s.period())
	default:
		f.add("run", s.effort()+s.period())
	}
	return f.String()
}

// effect writes one effect on something that the model has.
func (g *generated) effect(s *source, stands bool) (f flow) {
	signed := s.signed
	if stands {
		signed = s.undone
	}
	switch s.below(8) {
	case 4:
		if len(g.changes) > 0 {
			return g.changeEffect(s)
		}
	case 5:
		if len(g.responders) > 0 {
			f.add("responder", s.pick(g.responders...))
			f.add("acknowledge", signed())
			if s.often(100) {
				f.add("people", s.pick("+2", "+1", "-1"))
			}
			return f
		}
	case 6:
		if s.often(100) {
			return g.statedEffect(s, stands, signed)
		}
		return g.serviceEffect(s)
	case 7:
		return g.needEffect(s, signed)
	}
	if len(g.risks) == 0 {
		return nil
	}
	return g.riskEffect(s, stands, signed)
}

func (g *generated) riskEffect(s *source, stands bool, signed func() string) (f flow) {
	per := ""
	for _, c := range g.changes {
		if g.perChange[c] {
			per = c
		}
	}
	if per != "" && s.often(80) {
		f.add("risks_per", per)
	} else {
		f.add("risk", list(g.some(s, g.risks)))
	}
	n := len(f)
	if s.often(70) {
		f.add("impact", signed())
	}
	if s.often(60) {
		f.add("detect", signed())
	}
	if s.often(60) {
		f.add("recover", signed())
	}
	if s.often(50) {
		f.add("detects", g.detection(s, s.often(60)).String())
	}
	if s.often(50) {
		f.add("recovers", g.recovery(s, s.often(60)).String())
	}
	if len(f) == n || s.often(90) {
		prevents := s.share()
		if stands && prevents == "100%" {
			prevents = "99%"
		}
		f.add("prevents", prevents)
	}
	return f
}

func (g *generated) changeEffect(s *source) (f flow) {
	f.add("change", s.pick(g.changes...))
	switch s.below(5) {
	case 0:
		f.add("stages", s.stages())
	case 1:
		f.add("downtime", s.pick("0s", "5s", "1s..20s", "exp(1h)", "1h"))
	case 2:
		f.add("slows", s.time())
	case 3:
		f.add("every", s.interval())
	default:
		f.add("every", s.interval())
		f.add("stages", s.stages())
		f.add("downtime", s.pick("0s", "~1s"))
	}
	return f
}

func (g *generated) serviceEffect(s *source) (f flow) {
	f.add("service", s.pick(g.services...))
	n, _ := s.copies()
	if n == "1" {
		n = "3"
	}
	f.add("copies", n)
	f.add("need", "1")
	if s.often(90) {
		f.add("switch", g.change_over(s))
	}
	if s.often(90) {
		f.add("common_cause", s.share())
	}
	return f
}

// statedEffect is on what a service states of itself, or on its background.
func (g *generated) statedEffect(s *source, stands bool, signed func() string) (f flow) {
	name := s.pick(g.services...)
	f.add("service", name)
	kind := g.stated[name]
	if kind != "" && s.often(100) {
		change := signed()
		if change == "-100%" {
			change = "-99%"
		}
		f.add("outage", change)
		if s.often(128) {
			return f
		}
	}
	value := s.share
	switch {
	case kind == "" || s.often(60):
		kind = "background"
	case kind == "every":
		value = s.interval
	default:
		value = s.stated
	}
	f.add(kind, value())
	if stands {
		f.add("before", value())
	}
	return f
}

func (g *generated) needEffect(s *source, signed func() string) (f flow) {
	for _, from := range g.services {
		to := slices.Compact(slices.Sorted(slices.Values(g.needs[from])))
		if len(to) == 0 {
			continue
		}
		f.add("need", fmt.Sprintf("%s -> %s", from, s.pick(to...)))
		if s.often(128) {
			f.add("impact", signed())
		}
		if len(f) == 1 || s.often(128) {
			f.add("rides_out", s.time())
		}
		return f
	}
	return nil
}
