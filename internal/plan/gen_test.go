package plan_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A recipe says what kind of model is made.
type recipe struct {
	nets, risks int
	plain       bool // all numbers are the same each time, and exactly known
	unsure      bool // some shares and rates are ranges
	changes     bool // some risks are per a change
	people      bool // responders, with nets that touch all they are called by
	rules       bool // requires, excludes, replaces, angles
	copies      bool // a database with copies
	vendor      bool // outside services that state how often they are down, and background
	two         bool // two objectives
	worth       bool
	loose       bool // the target is one that many risks leave within reach
}

// generate writes a model, always the same for the same seed.
func generate(c recipe, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 0x91a9))
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	line("version: 1")
	line("currency: EUR")
	if c.worth && r.IntN(2) == 0 {
		line("rates: {person-day: 500}")
	}
	line("services:")
	target := pick("99.9%", "99.5%", "99.8%", "99.95%")
	if c.loose {
		target = pick("99%", "99.5%", "99.3%")
	}
	needs := ""
	if c.copies {
		needs = ", needs: [db]"
	}
	objective := fmt.Sprintf("objective: {target: %s, over: %s, confidence: %s}", target, pick("30d", "90d", "1y"), pick("50%", "80%", "90%", "95%"))
	if c.two {
		objective = fmt.Sprintf("objectives: {available: {target: %s, over: 90d, confidence: %s}, fast: {target: 99%%, over: 30d, confidence: 80%%}}", target, pick("50%", "80%", "90%"))
	}
	if c.vendor {
		needs = ", background: 0.05%, needs: [card, {service: sms, impact: 30%}]"
	}
	value := ""
	if c.worth {
		sla := ""
		switch r.IntN(3) {
		case 0:
			sla = ", sla: [{if: availability < 99.8% over 30d, pay: 20_000}]"
		case 1:
			sla = ", sla: [{if: outage >= 4h, pay: 9_000}, {if: downtime >= 5h over 30d, pay: 30_000}]"
		}
		value = fmt.Sprintf(", worth: {revenue: %d/d, lost: 60%%%s}", 500*(1+r.IntN(30)), sla)
	}
	line("  app: {%s%s%s}", objective, needs, value)
	if c.copies {
		line("  db: %s", pick("{}", "{copies: 2, common_cause: 10%, switch: {takes: 30s, works: 95%}}"))
	}
	if c.vendor {
		line("  card: {outside: true, availability: %s, outage: %s}", pick("99.8%", "99.9%", "99.5%..99.9%"), pick("1h", "10m..2h"))
		line("  sms: {outside: true, every: %s, outage: 40m}", pick("20d", "60d", "30d..90d"))
	}
	if c.changes {
		line("changes:")
		line("  release: {service: app, every: %s, downtime: %s}", pick("7d", "14d", "11d"), pick("5s", "1m", "10s..1m"))
	}
	if c.people {
		line("responders:")
		line("  on-call: {acknowledges: %s, people: 4}", pick("10m", "3m..20m"))
		line("recovery:")
		line("  by-hand: {takes: %s, by: on-call}", pick("40m", "20m..3h"))
		line("detection:")
		line("  alarm: {after: 2m, catches: %s}", map[bool]string{true: "70%..90%", false: "80%"}[c.unsure && r.IntN(2) == 0])
		line("  customers: {after: %s}", pick("50m", "20m..2h"))
	}
	line("risks:")
	for i := range c.risks {
		often := fmt.Sprintf("every: %dd", 40+r.IntN(600))
		if c.unsure && r.IntN(3) == 0 {
			n := 40 + r.IntN(300)
			often = fmt.Sprintf("every: %dd..%dd", n, 3*n)
		}
		service := "app"
		if c.copies && i < 2 {
			service = "db"
		} else if c.changes && r.IntN(3) == 0 {
			often = fmt.Sprintf("per: release, chance: %d%%", 1+r.IntN(8))
			if c.unsure && r.IntN(3) == 0 {
				often = "per: release, chance: 1%..5%"
			}
		}
		detect, recover := fmt.Sprintf("detect: %dm", 5*(1+r.IntN(12))), fmt.Sprintf("recover: %dm", 10*(1+r.IntN(24)))
		if !c.plain && r.IntN(3) > 0 {
			n := 10 * (1 + r.IntN(12))
			recover = fmt.Sprintf("recover: %dm..%dm", n, n*(3+r.IntN(5)))
		}
		if c.people && r.IntN(2) == 0 {
			detect, recover = "detect: [alarm, customers]", "recover: [by-hand]"
		}
		impact := ""
		if r.IntN(3) > 0 {
			impact = fmt.Sprintf(", impact: %d%%", 10*(1+r.IntN(10)))
		}
		if c.two && r.IntN(3) == 0 {
			impact = ", impact: {available: 40%, fast: 100%}"
		}
		line("  r%d: {service: %s, %s, %s, %s%s}", i, service, often, detect, recover, impact)
	}
	line("safety_nets:")
	for i := range c.nets {
		status := "proposed"
		if c.rules && r.IntN(8) == 0 {
			status = "in-place"
		}
		cost := fmt.Sprintf("cost: {run: %d/y}", 1+r.IntN(60))
		if c.worth {
			cost = fmt.Sprintf("cost: {run: %d/y}", 200*(1+r.IntN(60)))
		}
		if r.IntN(20) == 0 {
			cost = "cost: {run: 0/y}"
		}
		more := ""
		if c.rules {
			switch r.IntN(6) {
			case 0:
				more += fmt.Sprintf(", angle: a%d", r.IntN(3))
			case 1:
				if i > 0 && status != "in-place" {
					more += fmt.Sprintf(", requires: [n%d]", r.IntN(i))
				}
			case 2:
				if i > 0 && status != "in-place" {
					more += fmt.Sprintf(", excludes: [n%d]", r.IntN(i))
				}
			case 3:
				if i > 0 && status != "in-place" {
					more += fmt.Sprintf(", replaces: [n%d]", r.IntN(i))
				}
			}
		}
		var effects []string
		for range 1 + r.IntN(3) {
			risk := fmt.Sprintf("r%d", r.IntN(c.risks))
			share := func() string {
				n := 20 + 5*r.IntN(14)
				if c.unsure && r.IntN(6) == 0 {
					return fmt.Sprintf("%d%%..%d%%", n/2, n)
				}
				return fmt.Sprintf("%d%%", n)
			}
			switch r.IntN(7) {
			case 0, 1:
				effects = append(effects, fmt.Sprintf("{risk: %s, prevents: %s}", risk, share()))
			case 2:
				effects = append(effects, fmt.Sprintf("{risk: %s, impact: -%d%%}", risk, 20+10*r.IntN(7)))
			case 3:
				effects = append(effects, fmt.Sprintf("{risk: %s, recover: -%d%%}", risk, 20+10*r.IntN(7)))
			case 4:
				effects = append(effects, fmt.Sprintf("{risk: %s, detect: -%d%%}", risk, 20+10*r.IntN(7)))
			case 5:
				effects = append(effects, fmt.Sprintf("{risk: %s, detects: {after: %dm, catches: %s}}", risk, 1+r.IntN(4), share()))
			case 6:
				effects = append(effects, fmt.Sprintf("{risk: %s, recovers: {takes: %dm, works: %s, by: nobody}}", risk, 1+r.IntN(20), share()))
			}
		}
		switch {
		case c.vendor && i == 0 && status == "in-place":
			effects = append(effects, "{service: card, availability: 99.9%, before: 99%}")
		case c.vendor && r.IntN(4) > 0:
			effects = append(effects, pickFrom(r, "{service: card, availability: 99.99%}", "{service: card, outage: -50%}", "{service: sms, outage: -70%}", "{service: sms, every: 1y}", "{service: app, background: 0.01%}", "{service: card, availability: 99.95%..99.99%}"))
			if status == "in-place" {
				effects = effects[:len(effects)-1] // it would need to say what was before
			}
		case c.people && r.IntN(8) == 0:
			effects = append(effects, fmt.Sprintf("{responder: on-call, acknowledge: -%d%%}", 20+10*r.IntN(6)))
		case c.changes && r.IntN(8) == 0:
			effects = append(effects, pickFrom(r, "{change: release, downtime: 0s}", "{change: release, stages: [10% for 10m, 100%]}", "{change: release, every: 28d}"))
		case c.copies && r.IntN(5) == 0:
			effects = append(effects, pickFrom(r, "{service: db, copies: 2}", "{service: db, copies: 3}", "{need: app -> db, rides_out: 20m}"))
		}
		line("  n%d: {kind: automation, status: %s, %s%s, effects: [%s]}", i, status, cost, more, strings.Join(effects, ", "))
	}
	return b.String()
}

func pickFrom(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }
