package report

import (
	"fmt"
	"math"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/plan"
	"tightrope/internal/worth"
)

// The plans below are made by hand, like the forecasts of fixtures_test.go. The
// model tells titles, costs and windows only.

const plannedModel = `
version: 1
currency: KRW
rates: {person-day: 600_000}
services:
  booking: {objective: {target: 99.95%, over: 1y}}
  search: {objective: {target: 99.5%, over: 30d, confidence: 95%}}
  pay:
    objectives: {available: {target: 99.9%, over: 30d}, fast: {target: 99%, over: 7d}}
risks:
  bad-release: {service: booking, every: 30d, detect: 5m, recover: 1h}
responders:
  on-call: {acknowledges: 2m..15m, people: 4}
safety_nets:
  manual-check: {title: Clicking through before a release, kind: process, status: in-place, cost: {run: 2 person-days/month}, effects: [{risk: bad-release, prevents: 10%}]}
  review: {title: Two pairs of eyes, kind: process, status: in-place, cost: {run: 8 person-days/month}, effects: [{risk: bad-release, prevents: 30%}]}
  rolling-release: {title: Start the new version first, kind: automation, status: proposed, lead_time: 6w, cost: {build: 15 person-days, run: 300_000/month}, effects: [{risk: bad-release, prevents: 30%}]}
  metrics-v2: {title: Metrics for each version, kind: automation, status: building, ready: 2027-02-01, cost: {build: 20 person-days, run: 400_000/month}, effects: [{risk: bad-release, prevents: 30%}]}
  canary: {title: Release to 5% first, kind: automation, status: proposed, lead_time: 8w, requires: [rolling-release, metrics-v2], replaces: [manual-check], cost: {build: 25 person-days, run: 200_000/month}, effects: [{risk: bad-release, prevents: 60%}]}
  disk-growth-alarm: {kind: automation, status: proposed, lead_time: 1w, cost: {build: 1 person-day}, effects: [{risk: bad-release, prevents: 5%}]}
  second-region: {title: Stand by in a second region, kind: redundancy, status: proposed, lead_time: 40w, cost: {build: 120 person-days, run: 18_000_000/month}, effects: [{risk: bad-release, impact: -80%}]}
`

func modelOf(text string) *model.Model {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(text)}})
	if m == nil || len(problems) > 0 {
		panic(fmt.Sprint(problems))
	}
	return m
}

func keeps(service, name, t string, window, confidence, met, bad float64) plan.Kept {
	return plan.Kept{
		Service: service, Objective: name, Target: target(t), Confidence: confidence, Window: window,
		Budget: math.Round((1-target(t).Float())*window*1e6) / 1e6, Met: met, Error: 1e-7, BadMean: bad, OK: met >= confidence,
	}
}

// buys is a plan; cost and loss in millions.
func buys(nets string, cost, effort, loss float64, kept ...plan.Kept) *plan.Plan {
	x := &plan.Plan{Nets: strings.Fields(nets), AnnualCost: cost * 1e6, Effort: effort, Met: 1, Objectives: kept}
	for _, k := range kept {
		if k.Met < x.Met {
			x.Met, x.MetError, x.BadMean = k.Met, k.Error, k.BadMean
		}
	}
	if loss >= 0 {
		x.Loss, x.Total = ref(loss*1e6), ref((cost+loss)*1e6)
	}
	return x
}

const unpriced = -1 // a loss that is not known

func bookingKept(met, bad float64) plan.Kept {
	return keeps("booking", "available", "99.95%", model.Year, 0.9, met, bad)
}

// plannedBooking has everything that a report of a plan can show.
func plannedBooking() (*plan.Result, PlanOptions) {
	at := func(nets string, cost, effort, loss, met, bad float64) *plan.Plan {
		return buys(nets, cost, effort, loss, bookingKept(met, bad))
	}
	best := at("rolling-release metrics-v2 canary", 22.8, 60, 14.2, 0.9204, 7730)
	best.Removed, best.SavedPerYear = []string{"manual-check"}, 14.4e6
	today := at("", 0, 0, 41.583, 0.5312, 15840)
	alarm := at("disk-growth-alarm", 0.2, 1, 39.1, 0.5744, 15100)
	rolling := at("rolling-release", 6.6, 15, 33.7, 0.7031, 12000)
	all := at("rolling-release metrics-v2 canary disk-growth-alarm second-region", 263, 181, 11.02, 0.9731, 5200)
	nine := func(t string, x *plan.Plan, visible bool) plan.Nine {
		n := plan.Nine{Target: target(t), Own: t == "99.95%", Feasible: x != nil, Plan: x, Visible: visible, Optimal: x != nil}
		if x != nil {
			n.Chance = x.Met
		}
		return n
	}
	r := &plan.Result{
		Mode: plan.Cheapest, Today: today, Best: best, Optimal: true, Explored: 213,
		RunnerUp: at("rolling-release metrics-v2 canary disk-growth-alarm", 23, 61, 13.1, 0.9311, 7400),
		Frontier: []*plan.Plan{today, alarm, rolling, best, all}, FrontierComplete: true,
		Nines: []plan.Nine{
			nine("99%", today, true), nine("99.5%", today, true), nine("99.9%", rolling, true), nine("99.95%", best, true),
			nine("99.99%", all, false), nine("99.995%", nil, false), nine("99.999%", nil, false),
		},
		Roadmap: []plan.Step{
			{Net: "rolling-release", Months: 1.38, Plan: rolling, Gain: 0.1719, Avoided: ref(7.9e6)},
			{Net: "metrics-v2", Months: 1, Assumed: true, Plan: at("rolling-release metrics-v2", 15.4, 35, 31, 0.7133, 11000), Gain: 0.0102, Avoided: ref(2.7e6)},
			{Net: "canary", Months: 1.84, Plan: best, Gain: 0.2071, Avoided: ref(16.8e6)},
		},
		BreakEven: []plan.BreakEven{
			{Net: "canary", Pays: plan.PaysFrom, Scale: ref(0.366), By: "loss", Effects: []message.Message{message.Named("prevents 22% of bad-release")}},
			{Net: "disk-growth-alarm", Pays: plan.PaysAlways, Scale: ref(0.0), By: "loss"},
			{Net: "metrics-v2", Pays: plan.PaysFrom, Scale: ref(1.8), By: "loss", Effects: []message.Message{message.Named("prevents 54% of bad-release"), message.Named("catches 90% of bad-release")}},
			{Net: "second-region", By: "loss"},
			{Net: "drill", Pays: plan.PaysNever, By: "loss"},
		},
		Warnings: []forecast.Warning{{Code: "free", Message: message.Named("no cost is written for smoke-test; it is taken as free"), Pos: modelPos(31)}},
		Assumed:  []message.Message{message.Named("booking: all revenue of lost time is lost (lost is left out)")},
	}
	for i, x := range []*plan.Plan{best, best, best, best, all} {
		r.Nines[i].Least, r.Nines[i].LeastOptimal = x, true
	}
	r.Recommended = &r.Nines[3]
	r.Recommendation = &plan.Recommendation{Plan: best, Optimal: true, Target: ref(target("99.95%")), Kept: ref(target("99.95%")), Keeps: true}
	people := 4
	load := func(pages, each, hours, process, run float64) *worth.Load {
		return &worth.Load{
			PagesPerWeek: pages, ManualHoursPerYear: hours, ProcessHoursPerYear: process, RunDaysPerYear: run,
			Responders: []*worth.ResponderLoad{{
				Name: "on-call", People: &people, PagesPerWeek: pages, NightPagesPerWeek: pages / 3,
				PagesPerPersonWeek: ref(each), NightPagesPerPersonWeek: ref(each / 3), HoursPerYear: hours,
			}},
			Assumed: []message.Message{message.Named("pages come at any hour alike: a third of them at night, 8 of 24 hours")},
		}
	}
	return r, PlanOptions{Model: modelOf(plannedModel), Beside: plan.Beside{Today: load(2.1, 0.525, 41, 0, 120), Then: load(1.4, 0.35, 17, 26, 96)}}
}

func modelPos(line int) model.Pos { return model.Pos{File: "model.yaml", Line: line, Col: 3} }

// plannedImpossible is what no net keeps, and why.
func plannedImpossible() (*plan.Result, PlanOptions) {
	kept := func(met, bad float64) plan.Kept {
		return keeps("booking", "available", "99.999%", model.Year, 0.9, met, bad)
	}
	today := buys("", 0, 0, 41.5, kept(0, 15840))
	all := buys("rolling-release metrics-v2 canary disk-growth-alarm second-region", 263, 181, 11, kept(0.0002, 5200))
	r := &plan.Result{Mode: plan.Cheapest, Today: today, Reachable: all, Reached: true, Explored: 12, FrontierComplete: true}
	r.Nines = []plan.Nine{
		{Target: target("99.9%"), Feasible: true, Plan: today, Visible: true, Optimal: true},
		{Target: target("99.95%"), Feasible: true, Plan: buys("rolling-release", 6.6, 15, 33.7, kept(0.92, 12000)), Visible: true},
		{Target: target("99.999%"), Own: true},
	}
	r.Recommendation = &plan.Recommendation{Plan: r.Nines[1].Plan, Gap: 2.1e6, Target: ref(target("99.9%")), Kept: ref(target("99.95%"))}
	over := model.Duration{Text: "1y"}
	o := PlanOptions{Model: modelOf(plannedModel)}
	o.Asked.Over, o.Asked.Target = &over, ref(target("99.999%"))
	e := story().Entries[0]
	e.Service, e.Objective.Name = "booking", "available"
	o.Short = []*forecast.Entry{e}
	return r, o
}

func plannedConflict() (*plan.Result, PlanOptions) {
	r := &plan.Result{Mode: plan.Cheapest, Today: buys("", 0, 0, unpriced, bookingKept(0.5, 15840)), Conflict: []plan.Constraint{
		{Text: message.Keep("canary")}, {Text: message.Needs("canary", "metrics-v2"), Pos: modelPos(19)}, {Text: message.Forbid("metrics-v2")},
	}}
	return r, PlanOptions{Model: modelOf(plannedModel)}
}

// plannedStopped has a gap left and an unknown worth.
func plannedStopped() (*plan.Result, PlanOptions) {
	r, o := plannedBooking()
	r.Optimal, r.Gap, r.FrontierComplete = false, 2.1e6, false
	for i := range r.Nines[4:] {
		r.Nines[4+i].Gap, r.Nines[4+i].Optimal = math.Inf(1), false
	}
	for _, x := range append(r.Frontier, r.RunnerUp) {
		x.Loss, x.Total = nil, nil
	}
	r.Recommended, r.Recommendation, r.NotRecommended = nil, nil, message.LossUnknown([]string{"services/booking/worth"})
	r.Missing = []string{"services/booking/worth"}
	for i := range r.Nines {
		r.Nines[i].Least = nil
	}
	o.Ended = Stopped
	o.Today, o.Then = nil, nil
	o.Model.Currency.S = ""
	return r, o
}

func severalKept(a, b, c, d float64) []plan.Kept {
	return []plan.Kept{
		bookingKept(a, 7000),
		keeps("search", "available", "99.5%", 30*model.Day, 0.95, b, 3000),
		keeps("pay", "available", "99.9%", 30*model.Day, 0.9, c, 700),
		keeps("pay", "fast", "99%", 7*model.Day, 0.9, d, 400),
	}
}

// plannedSeveral keeps several objectives together.
func plannedSeveral() (*plan.Result, PlanOptions) {
	today := buys("", 0, 0, unpriced, severalKept(0.3, 0.98, 0.81, 0.9999)...)
	best := buys("rolling-release disk-growth-alarm", 6.8, 16, unpriced, severalKept(0.912, 0.981, 0.9003, 0.9999)...)
	return &plan.Result{Mode: plan.Cheapest, Today: today, Best: best, Optimal: true}, PlanOptions{Model: modelOf(plannedModel)}
}

func plannedNothing() (*plan.Result, PlanOptions) {
	today := buys("", 0, 0, 20, bookingKept(0.95, 7000))
	return &plan.Result{Mode: plan.Cheapest, Today: today, Best: today, Optimal: true, RunnerUp: buys("canary", 1, 1, 19, bookingKept(0.96, 6900))},
		PlanOptions{Model: modelOf(plannedModel)}
}

// plannedDearer meets an objective that costs more than it brings.
func plannedDearer() (*plan.Result, PlanOptions) {
	r, o := plannedBooking()
	worth := r.Best
	r.Best = r.Nines[4].Plan
	r.Recommendation.Keeps, r.Recommendation.Beyond, r.Recommendation.BeyondOptimal, r.Recommendation.More = false, r.Best, true, *r.Best.Total-*worth.Total
	r.Nines[3].Own, r.Nines[4].Own = false, true
	r.Roadmap, r.BreakEven, r.Frontier = nil, nil, nil
	o.Paths, o.Asked.Forbid = []string{"model.yaml"}, []string{"drill"}
	return r, o
}

func plannedSpend() (*plan.Result, PlanOptions) {
	r, o := plannedBooking()
	r.Mode, r.Best, r.RunnerUp, r.Roadmap, r.BreakEven = plan.Spend, r.Frontier[2], r.Frontier[1], nil, nil
	o.Asked.Mode, o.Asked.Money, o.Asked.Effort = plan.Spend, ref(10e6), ref(40.0)
	r.Nines, r.Frontier, r.Recommended, r.Recommendation = nil, nil, nil, nil
	return r, o
}

func plannedSpendForLoss() (*plan.Result, PlanOptions) {
	r, o := plannedSpend()
	o.Asked.ForLoss = true
	r.Optimal, r.Gap = false, 1.2e6
	o.Ended = TimeIsUp
	return r, o
}

func plannedWorth() (*plan.Result, PlanOptions) {
	r, o := plannedBooking()
	r.Mode, o.Asked.Mode, r.Roadmap, r.BreakEven, r.Frontier, r.Nines = plan.Worth, plan.Worth, nil, nil, nil, nil
	r.RunnerUp = buys("rolling-release", 6.6, 15, 33.7, bookingKept(0.7031, 12000))
	return r, o
}

func plannedWorthless() (*plan.Result, PlanOptions) {
	r, o := plannedWorth()
	r.Best, r.RunnerUp, o.Then = r.Today, buys("canary", 7.4, 25, 36.9, bookingKept(0.6, 13000)), o.Today
	return r, o
}

// plannedReview takes nets away that stand.
func plannedReview() (*plan.Result, PlanOptions) {
	r, o := plannedWorth()
	o.Asked.Review = true
	x := buys("review disk-growth-alarm", 57.8, 1, 39, bookingKept(0.56, 15500))
	x.Removed, x.SavedPerYear = []string{"manual-check"}, 14.4e6
	r.Best, r.RunnerUp = x, nil
	r.Today = buys("manual-check review", 72, 0, 41.583, bookingKept(0.5312, 15840))
	return r, o
}

func plannedLate() (*plan.Result, PlanOptions) {
	r := &plan.Result{Mode: plan.Cheapest, Today: buys("", 0, 0, unpriced, bookingKept(0.5, 15840)), Gap: math.Inf(1)}
	return r, PlanOptions{Model: modelOf(plannedModel), Ended: TimeIsUp}
}

// plannedLong has a frontier longer than a page.
func plannedLong() (*plan.Result, PlanOptions) {
	r, o := plannedBooking()
	r.Frontier = nil
	for i := range 60 {
		x := buys("disk-growth-alarm", float64(i)*1.37, float64(i), 40-float64(i)/2, bookingKept(0.5312+0.48*math.Sqrt(float64(i))/8, 15840-100*float64(i)))
		r.Frontier = append(r.Frontier, x)
	}
	r.Best = r.Frontier[23]
	r.Best.Nets = []string{"canary"}
	return r, o
}

func plannedHostile() (*plan.Result, PlanOptions) {
	r, o := plannedBooking()
	n := o.Model.Net("canary")
	n.Title = model.One("a\x1b[31mred|<b>bold</b>\u202e")
	n.LeadTime.Text = "8w\n"
	o.Model.Currency.S = "K\x1bRW"
	r.Assumed = []message.Message{message.Named("<script>\x07")}
	return r, o
}
