package report

import (
	"math"
	"time"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
	"tightrope/internal/simulate"
)

// The simulations below are made by hand, like the forecasts of fixtures_test.go.

// around is an estimate with a symmetric 95 % interval.
func around(v, half float64) simulate.Estimate {
	return simulate.Estimate{Value: v, Low: v - half, High: v + half, SE: half / 1.96}
}

// between is an estimate with its own interval.
func between(low, v, high float64) simulate.Estimate {
	return simulate.Estimate{Value: v, Low: low, High: high, SE: (high - low) / 3.92}
}

func always(v float64) simulate.Estimate { return simulate.Estimate{Value: v, Low: v, High: v} }

func promised(text string, target, window float64) *simulate.Objective {
	return &simulate.Objective{Name: "available", Target: target, TargetText: text, Budget: math.Round((1-target)*window*1e6) / 1e6, Confidence: 0.9}
}

func clause(text string, inYear, perYear simulate.Estimate, pay *simulate.Estimate) *simulate.Clause {
	return &simulate.Clause{Clause: &model.Clause{If: model.Text{S: text}, Pos: at("model.yaml", 20, 12)}, InYear: inYear, PerYear: perYear, Pay: pay}
}

// played completes what follows from the rest.
func played(r *simulate.Result) *simulate.Result {
	if r.Asked == 0 {
		r.Asked = r.Years
	}
	if r.Seed == 0 {
		r.Seed = 1
	}
	if r.Epoch == 0 {
		r.Epoch = 1
	}
	for _, e := range r.Entries {
		if e.Window == 0 {
			e.Window, e.WindowSay = thirtyDays, "30d"
		}
		if e.Windows == 0 {
			e.Windows = int64(float64(r.Years) * model.Year / e.Window)
		}
		if e.Felt == (simulate.Estimate{}) {
			e.Felt = e.Bad
		}
		if e.BadShare == (simulate.Estimate{}) {
			e.BadShare = scaled(e.Bad, 1/e.Window)
		}
		if e.Down == (simulate.Estimate{}) {
			e.Down = e.BadShare
		}
		if e.Sum.Windows == 0 {
			e.Sum = simulate.Sum{Windows: e.Windows, Bad: e.Bad, Miss: e.Miss}
		}
	}
	return r
}

// playedBooking has everything that a report of a simulation can show.
func playedBooking() *simulate.Result {
	e := &simulate.Entry{
		Service: "booking", Title: model.One("Hospital booking"), Owner: "booking-team", Pos: at("model.yaml", 6, 3),
		Objective: promised("99.95%", 0.9995, thirtyDays),
		Bad:       around(778, 9), Quantiles: simulate.Quantiles{P50: 541, P90: 2310, P95: 3300, P99: 7000}, Worst: 43200,
		Miss: ref(around(0.2437, 0.0024)), MissYear: ref(between(0.9615, 0.965, 0.9688)),
		Felt: around(1262, 10), Down: around(0.000521, 0.000009), BadShare: around(0.0003, 0.000004),
		OutagesPerYear: around(5.214, 0.062), OutageMean: 3120, Longest: simulate.LongestQuantiles{P50: 3900, P95: 18700},
		Clauses: []*simulate.Clause{
			clause("outage >= 3h", around(0.0313, 0.0034), around(0.0319, 0.0036), ref(around(1_595_000, 180_000))),
			clause("downtime >= 6h over 30d", between(0.00008, 0.0003, 0.00088), between(0.00008, 0.0003, 0.00088), ref(between(6_400, 24_000, 70_400))),
			clause("availability < 99.5% over 30d", around(0.121, 0.006), around(0.142, 0.007), nil),
			clause("outage >= 3d", between(0, 0, 0.0004), between(0, 0, 0), ref(always(0))),
		},
		Sum: simulate.Sum{Windows: 121_750, Bad: around(801, 9), Miss: ref(around(0.2501, 0.0024)), Overlap: around(23, 2)},
	}
	return played(&simulate.Result{
		Years: 10_000, Entries: []*simulate.Entry{e}, Standing: []string{"review", "canary"},
		With: []string{"canary", "metrics-v2"}, Without: []string{"review"},
		Warnings: []forecast.Warning{{Code: "not-priced", Message: message.Named("the load on people is not simulated"), Pos: at("nets.yaml", 9, 3)}},
	})
}

// playedMixed is several services: missed often, never seen to miss, too close
// to tell, always missed, unknown, and two without an objective.
func playedMixed() *simulate.Result {
	const year, week = model.Year, 7 * model.Day
	return played(&simulate.Result{Years: 100_000, Seed: 7, Epoch: 3, Entries: []*simulate.Entry{
		{
			Service: "search", Title: model.One("검색"), Objective: promised("99%", 0.99, thirtyDays), Bad: around(10.4, 0.4), Worst: 19_000,
			Quantiles: simulate.Quantiles{P99: 900}, Miss: ref(between(0, 0, 2.5e-6)), MissYear: ref(between(0, 0, 3e-5)),
			OutagesPerYear: around(0.12, 0.002), OutageMean: 1200, Longest: simulate.LongestQuantiles{P95: 2000},
		},
		{
			Service: "pay", Objective: promised("99.9%", 0.999, week), Window: week, WindowSay: "7d", Bad: around(240, 12), Worst: 90_000,
			Quantiles: simulate.Quantiles{P50: 0, P90: 600, P95: 3000, P99: 8000}, Miss: ref(around(0.0998, 0.0009)), MissYear: ref(around(0.41, 0.003)),
			OutagesPerYear: around(12.4, 0.2), OutageMean: 1000, Longest: simulate.LongestQuantiles{P50: 1500, P95: 9000},
		},
		{
			Service: "booking", Objective: promised("99.95%", 0.9995, year), Window: year, WindowSay: "1y", Bad: around(9360, 100), Worst: 400_000,
			Quantiles: simulate.Quantiles{P50: 6000, P90: 20_000, P95: 30_000, P99: 70_000}, Miss: ref(around(0.1806, 0.0024)), MissYear: ref(around(0.1806, 0.0024)),
			OutagesPerYear: around(5.2, 0.06), OutageMean: 3120, Longest: simulate.LongestQuantiles{P50: 3900, P95: 18_700},
		},
		{
			Service: "ledger", Objective: promised("99.99%", 0.9999, 14*model.Day), Window: 14 * model.Day, WindowSay: "14d", Bad: around(9000, 30), Worst: 100_000,
			Quantiles: simulate.Quantiles{P50: 9000, P90: 17_000, P95: 20_000, P99: 30_000}, Miss: ref(between(0.999998, 1, 1)), MissYear: ref(always(1)),
			OutagesPerYear: around(300, 1), OutageMean: 780, Longest: simulate.LongestQuantiles{P50: 8000, P95: 11_000},
		},
		{
			Service: "mail", Pos: at("mail.yaml", 3, 3), Objective: promised("99%", 0.99, thirtyDays), Bad: always(0), Miss: ref(between(0, 0, 2.5e-6)), MissYear: ref(between(0, 0, 3e-5)),
		},
		{
			Service: "batch", Objective: promised("99.9%", 0.999, 30*model.Day), Bad: around(2700, 40), Worst: 9000,
			Quantiles: simulate.Quantiles{P50: 2700, P90: 2800, P95: 2900, P99: 3000}, Miss: ref(around(0.981, 0.001)), MissYear: ref(always(1)),
			OutagesPerYear: around(300, 1), OutageMean: 780, Longest: simulate.LongestQuantiles{P50: 8000, P95: 11_000},
		},
		{
			Service: "zone-a", Outside: true, Bad: around(493, 6), Worst: 60_000, Quantiles: simulate.Quantiles{P90: 100, P95: 1800, P99: 7000},
			OutagesPerYear: around(3.01, 0.02), OutageMean: 1980, Longest: simulate.LongestQuantiles{P50: 2800, P95: 9000},
		},
		{Service: "idle", Bad: always(0)},
	}, Warnings: []forecast.Warning{
		{Code: say.CodeUnknown, Of: scenario.ServiceID("mail"), Message: message.Named("no risk, change or stated availability reaches mail: how it fails is unknown, and these numbers only say that nothing was listed"), Pos: at("mail.yaml", 3, 3)},
	}})
}

// playedAlone has no objective.
func playedAlone() *simulate.Result {
	e := *playedMixed().Entries[6]
	e.Windows, e.Sum = 0, simulate.Sum{}
	return played(&simulate.Result{Years: 2_000, Entries: []*simulate.Entry{&e}})
}

// playedQuiet had no lost time.
func playedQuiet() *simulate.Result {
	return played(&simulate.Result{Years: 10_000, Entries: []*simulate.Entry{{
		Service: "vault", Objective: promised("99.9%", 0.999, thirtyDays), Miss: ref(between(0, 0, 3.03e-5)), MissYear: ref(between(0, 0, 3.7e-4)),
		Clauses: []*simulate.Clause{clause("outage >= 1h", between(0, 0, 0.00037), always(0), ref(always(0)))},
	}}})
}

// playedUnknown is a service of which nothing is known.
func playedUnknown() *simulate.Result {
	r := playedMixed()
	return played(&simulate.Result{Years: 100, Entries: r.Entries[4:5], Warnings: r.Warnings})
}

// playedOnce is too little to know anything.
func playedOnce() *simulate.Result {
	return played(&simulate.Result{Years: 1, Entries: []*simulate.Entry{{
		Service: "booking", Objective: promised("99.9%", 0.999, thirtyDays), Bad: between(-180, 120, 420), Worst: 600, Windows: 12,
		Quantiles: simulate.Quantiles{P90: 600, P95: 600, P99: 600}, Miss: ref(between(0, 0, 0.8)), MissYear: ref(between(0, 0, 0.8)),
		OutagesPerYear: between(0, 3, 9), OutageMean: 480, Longest: simulate.LongestQuantiles{P50: 600, P95: 600},
	}}})
}

// playedCertain is the same in every window.
func playedCertain() *simulate.Result {
	return played(&simulate.Result{Years: 10, Entries: []*simulate.Entry{{
		Service: "booking", Objective: promised("99.999%", 0.99999, model.Year), Window: model.Year, WindowSay: "1y",
		Bad: always(520), Quantiles: simulate.Quantiles{P50: 520, P90: 520, P95: 520, P99: 520}, Worst: 520,
		Miss: ref(between(0.69, 1, 1)), MissYear: ref(between(0.69, 1, 1)),
		OutagesPerYear: always(52), OutageMean: 10, Longest: simulate.LongestQuantiles{P50: 10, P95: 10},
	}}})
}

// playedStopped was stopped early.
func playedStopped() *simulate.Result {
	r := playedBooking()
	r.Years, r.Asked, r.With, r.Without, r.Warnings = 312_000, 1_000_000, nil, nil, nil
	e := r.Entries[0]
	e.Windows, e.Sum, e.Clauses = int64(312_000*model.Year/thirtyDays), simulate.Sum{}, nil
	return played(r)
}

// playedNothing was stopped before the first year was over.
func playedNothing() *simulate.Result {
	return &simulate.Result{Asked: 1_000_000, Seed: 1, Entries: []*simulate.Entry{{
		Service: "booking", Objective: promised("99.95%", 0.9995, thirtyDays), Window: thirtyDays, WindowSay: "30d",
		Bad: around(math.NaN(), math.NaN()), Miss: ref(around(math.NaN(), math.NaN())), MissYear: ref(around(math.NaN(), math.NaN())),
	}}}
}

// playedMany is more services than are shown one by one.
func playedMany() *simulate.Result {
	r := &simulate.Result{Years: 1_000}
	for i := range 60 {
		p := float64(i) / 150
		r.Entries = append(r.Entries, &simulate.Entry{
			Service: "service-" + string(rune('a'+i/26)) + string(rune('a'+i%26)), Objective: promised("99.9%", 0.999, thirtyDays),
			Bad: around(60*float64(i+1), 20), Worst: 20_000, Quantiles: simulate.Quantiles{P90: 600, P95: 900, P99: 6000},
			Miss: ref(between(max(0, p-0.006), p, p+0.006)), MissYear: ref(between(max(0, p-0.02), p, p+0.02)),
			OutagesPerYear: around(3, 0.1), OutageMean: 900, Longest: simulate.LongestQuantiles{P50: 900, P95: 4000},
		})
	}
	for i := range 25 {
		r.Entries = append(r.Entries, &simulate.Entry{Service: "part-" + string(rune('a'+i)), Bad: around(600/float64(i+1), 4), Worst: 9000, OutagesPerYear: around(1, 0.06), OutageMean: 900})
	}
	return played(r)
}

// playedHostile has names that mean something to a terminal or to Markdown.
func playedHostile() *simulate.Result {
	r := playedAlone()
	e := r.Entries[0]
	e.Service, e.Title, e.Owner = "zone|a*\x1b[31m", model.One("<b>zone</b>"), "a_b_"
	e.Clauses = []*simulate.Clause{clause("outage >= 1h\x1b[2J", around(0.5, 0.02), around(0.7, 0.03), nil)}
	return r
}

func playedYear() *simulate.Timeline {
	d := float64(model.Day)
	hit := func(share float64) []simulate.Hit { return []simulate.Hit{{Service: "booking", Share: share}} }
	day := func(n int, at string, m simulate.Moment) simulate.Moment {
		clock, err := time.Parse("15:04:05", at)
		if err != nil {
			panic(err)
		}
		m.At = float64(n-1)*d + float64(clock.Hour()*3600+clock.Minute()*60+clock.Second())
		return m
	}
	release := simulate.Moment{Kind: "planned", Source: "release", Title: model.One("Weekly release"), Service: "booking", Notes: []message.Message{message.Takes(10)}, Services: hit(1)}
	copies := simulate.Moment{Source: "1 of 2 copies of postgres", Service: "postgres"}
	group := func(kind string, note message.Message, hits []simulate.Hit) simulate.Moment {
		m := copies
		m.Kind, m.Notes, m.Services = kind, []message.Message{note}, hits
		return m
	}
	bad := func(kind string, hits []simulate.Hit, notes ...message.Message) simulate.Moment {
		return simulate.Moment{Kind: kind, Source: "bad-release", Title: model.One("A release breaks booking"), Service: "booking", Incident: 2, Notes: notes, Services: hits}
	}
	return &simulate.Timeline{Seed: 1, Year: 3, Moments: []simulate.Moment{
		{Kind: "begins", Source: "sms-a", Title: model.One("SMS provider A"), Service: "sms-a", Incident: 1, Notes: []message.Message{message.OnSince(10_800)}},
		day(1, "00:20:00", simulate.Moment{Kind: "over", Source: "sms-a", Title: model.One("SMS provider A"), Service: "sms-a", Incident: 1, Notes: []message.Message{message.BadTimeFor(12_000, "sms-a")}}),
		day(4, "11:08:26", release),
		day(11, "11:08:26", release),
		day(12, "11:08:26", simulate.Moment{Kind: "planned", Source: "migration", Title: model.One("Monthly change of the database"), Service: "postgres", Notes: []message.Message{message.Takes(2)}}),
		day(67, "11:08:26", release),
		day(74, "09:12:40", release),
		day(74, "09:12:40", bad("begins", hit(0.05), message.Hits(0.05, "booking"))),
		day(74, "09:14:40", bad("begins", hit(1), message.NextStage(), message.HitsNow(1))),
		day(74, "09:17:18", bad("detected", hit(0.05), message.By("error-alarm"), message.HitsNow(0.05))),
		day(74, "09:23:58", bad("acknowledged", hit(0.05), message.By("on-call"))),
		day(74, "09:26:40", bad("attempt-failed", hit(0.05), message.Tried("rollback"))),
		day(74, "10:00:00", bad("partly-restored", hit(0.015), message.Tried("restore"), message.HitsNow(0.015))),
		day(74, "10:08:20", simulate.Moment{Kind: "begins", Source: "disk", Title: model.One("A disk of the database dies while the other one is still being replaced, and nobody knows"), Service: "postgres", Incident: 3, Notes: []message.Message{message.Hits(1, "postgres")}, Services: hit(1)}),
		day(74, "10:09:00", group("switched", message.Took(40), hit(0.015))),
		day(74, "11:06:40", bad("over", nil, message.By("restore"), message.BadTimeFor(420, "booking"))),
		day(75, "00:01:40", group("switch-failed", message.Named("users wait until disk #3 is over"), hit(1))),
		day(75, "00:01:40", group("group-down", message.MembersUp(0, 2), hit(1))),
		day(75, "05:33:20", group("group-up", message.MembersUp(1, 2), nil)),
		day(75, "05:33:20", simulate.Moment{Kind: "over", Source: "disk", Service: "postgres", Incident: 3, Notes: []message.Message{message.BadTimeFor(69_900, "postgres")}}),
		day(80, "01:00:00", release),
		day(80, "02:00:00", simulate.Moment{Kind: "begins", Source: "disk", Title: model.One("A disk of the database dies"), Service: "postgres", Incident: 4, Notes: []message.Message{message.Hits(1, "postgres")}}),
		day(91, "00:00:00", simulate.Moment{Kind: "window-missed", Source: "available", Title: model.One("Hospital booking"), Service: "booking", Notes: []message.Message{message.MissedBudget("99.95%", "30d", 19_920, 1_296)}}),
		day(91, "00:00:00", simulate.Moment{Kind: "window-missed", Source: "fast", Title: model.One("Hospital booking"), Service: "booking", Notes: []message.Message{message.MissedBudget("99%", "30d", 32_400, 25_920)}}),
		day(91, "00:00:00", simulate.Moment{Kind: "clause", Source: "booking", Title: model.One("outage >= 3h"), Service: "booking", Notes: []message.Message{message.Pays(50_000_000, "KRW")}}),
		day(366, "05:00:00", simulate.Moment{Kind: "something-new", Source: "later"}),
	}, Totals: []simulate.YearTotal{
		{Service: "booking", Objective: "available", Bad: 19_920, Outages: 3, Missed: 1, Windows: 12},
		{Service: "booking", Objective: "fast", Bad: 100, Outages: 0, Missed: 0, Windows: 0},
		{Service: "검색", Objective: "available", Bad: 0, Outages: 0, Missed: 0, Windows: 4},
	}}
}
