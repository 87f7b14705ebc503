package report

import (
	"fmt"
	"math/big"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// The forecasts below are made by hand: plausible, and chosen so that each way
// of saying something occurs, rather than computed.

func target(text string) forecast.Target {
	r, ok := new(big.Rat).SetString(text[:len(text)-1])
	if !ok {
		panic("target " + text)
	}
	return forecast.Target{Exact: r.Quo(r, big.NewRat(100, 1)), Text: text}
}

func ref[T any](v T) *T { return &v }

func sure(p float64) *forecast.Probability {
	return &forecast.Probability{Value: p, Error: 1e-9, Low: p, High: p}
}

func unsure(low, p, high float64) *forecast.Probability {
	return &forecast.Probability{Value: p, Error: 1e-9, Low: low, High: high}
}

func objective(t string, window float64) *forecast.Objective {
	o := &forecast.Objective{Name: "available", Target: target(t), Confidence: 0.9}
	one := big.NewRat(1, 1)
	o.Budget = one.Mul(one.Sub(one, o.Target.Exact), new(big.Rat).SetFloat64(window))
	return o
}

func odds(t string, window, p float64) forecast.Chance {
	return forecast.Chance{Target: target(t), Budget: (1 - target(t).Float()) * window, Met: *sure(p)}
}

func at(file string, line, col int) model.Pos { return model.Pos{File: file, Line: line, Col: col} }

// filled completes what follows from the rest of an entry.
func filled(e *forecast.Entry) *forecast.Entry {
	years := e.Window / model.Year
	e.Mean = 0
	for _, s := range e.Sources {
		s.IncidentsWindow = s.IncidentsPerYear * years
		if s.PerWindow == 0 {
			s.PerWindow = s.IncidentsWindow * s.PerIncident
		}
		s.PerYear = s.PerWindow / years
		if s.Service == "" {
			s.Service = e.Service
		}
		if s.Impact == 0 {
			s.Impact = 1
		}
		e.Mean += s.PerWindow
		e.Certain += s.Certain
		if e.Objective != nil {
			budget, _ := e.Objective.Budget.Float64()
			s.BudgetShare = ref(s.PerWindow / budget)
			s.Rating = forecast.Green
			if *s.BudgetShare >= 0.2 {
				s.Rating = forecast.Amber
			}
			if *s.BudgetShare >= 0.25 {
				s.Rating = forecast.Red
			}
		}
	}
	e.PerYear = e.Mean / years
	if e.Confidence == 0 {
		e.Confidence = 0.9
	}
	e.Verdict = forecast.NoObjective
	if e.Objective != nil {
		e.Verdict = forecast.NotAchievable
		if e.Met.Value >= e.Confidence {
			e.Verdict = forecast.Achievable
		}
		e.MissesPerYear = ref((1 - e.Met.Value) / years)
	}
	if !e.Felt.Different {
		e.Felt.Mean, e.Felt.Met = e.Mean, e.Met
	}
	return e
}

const thirtyDays = 30 * model.Day

// booking has everything that a report can show.
func booking() *forecast.Result {
	e := &forecast.Entry{
		Service: "booking", Title: model.One("Hospital booking"), Owner: "booking-team", Pos: at("model.yaml", 6, 3),
		Objective: objective("99.95%", thirtyDays), Window: thirtyDays, WindowSay: "30d",
		Met: unsure(0.45, 0.581234567, 0.71), None: 0.21,
		SD: 1100, Quantiles: forecast.Quantiles{P50: 900, P80: 1800, P90: 2310, P95: 3300, P99: 7000},
		Achievable: 1 - 2310.0/thirtyDays, Suggested: ref(target("99.9%")),
		Usual: []forecast.Chance{
			odds("99.5%", thirtyDays, 0.9996), odds("99.9%", thirtyDays, 0.924), odds("99.95%", thirtyDays, 0.581234567), odds("99.99%", thirtyDays, 0.02),
		},
		Felt: forecast.Felt{Mean: 1260, Met: sure(0.49), Different: true},
		Sources: []*forecast.Source{
			{Name: "bad-release", Title: model.One("배포가 예약을 망가뜨림"), Kind: forecast.RiskSource, Per: "release", IncidentsPerYear: 2.1, Detect: 90, Acknowledge: 300, Recover: 2040, PerIncident: 2430, Room: ref(0)},
			{Name: "disk", Title: model.One("A disk of the database dies"), Kind: forecast.RiskSource, Service: "postgres", IncidentsPerYear: 0.056, Detect: 300, Recover: 17000, PerIncident: 17300, Room: ref(0)},
			{Name: "release", Title: model.One("Weekly release"), Kind: forecast.ChangeSource, IncidentsPerYear: 52.18, Recover: 12, PerIncident: 12, Certain: 48},
			{Name: "config-mishap", Kind: forecast.RiskSource, IncidentsPerYear: 3, Impact: 0.2, Detect: 60, Acknowledge: 240, Recover: 300, PerIncident: 120, Room: ref(10)},
			{Name: "sms-a", Title: model.One("SMS by A"), Kind: forecast.StatedSource, Service: "sms-a", IncidentsPerYear: 1.2, Impact: 0.05, Recover: 1800, PerIncident: 90, Room: ref(13)},
			{Name: "background", Kind: forecast.BackgroundSource, PerWindow: 130, PerIncident: 0, Certain: 130},
			{Name: "unlisted", Kind: forecast.UnlistedSource, IncidentsPerYear: 2, PerIncident: 300, Room: ref(3)},
		},
		History: &forecast.Explained{
			Over: 365 * model.Day, Bad: ref(24600.0), Expected: 20200, Share: ref(0.82), Incidents: ref(14), ExpectedIncidents: 9.3,
			Missed: 3, Windows: 12, ExpectedMissed: 5.02, Unlisted: 4400,
		},
		Unsure:  []forecast.Unsure{{What: message.ChanceOf("bad-release"), Text: "2%..6%", Pos: at("model.yaml", 40, 13)}},
		Assumed: []message.Message{message.Named("common cause of the copies of postgres: 5%")},
		Warnings: []forecast.Warning{
			{Code: "not-yet-switch", Message: message.Named("the switch of postgres is not computed yet: it is taken as working at once"), Pos: at("model.yaml", 24, 35)},
			{Code: "overlap", Message: message.Named("expected overlap is 3% of lost time")},
		},
	}
	return &forecast.Result{
		Entries:  []*forecast.Entry{filled(e)},
		Standing: []string{"review", "canary"},
		With:     []string{"canary", "metrics-v2"}, Without: []string{"review"},
	}
}

// story is a promise that planned work alone breaks.
func story() *forecast.Result {
	const year = model.Year
	e := &forecast.Entry{
		Service: "booking", Objective: objective("99.999%", year), Window: year, WindowSay: "1y",
		Met: sure(0), Quantiles: forecast.Quantiles{P50: 700, P80: 800, P90: 880, P95: 1000, P99: 1400},
		Achievable: 1 - 880.0/year, Suggested: ref(target("99.995%")),
		Usual: []forecast.Chance{odds("99.99%", year, 0.9993), odds("99.995%", year, 0.962), odds("99.999%", year, 0)},
		Sources: []*forecast.Source{
			{Name: "release", Kind: forecast.ChangeSource, IncidentsPerYear: 52.178571, Recover: 10, PerIncident: 10, Certain: 520, FixedLength: true, Room: ref(31)},
			{Name: "bad-release", Kind: forecast.RiskSource, Per: "release", IncidentsPerYear: 1.04, Detect: 60, Recover: 120, PerIncident: 180, FixedLength: true, Room: ref(0)},
		},
	}
	return &forecast.Result{Entries: []*forecast.Entry{filled(e)}}
}

// roomForOne is a single risk of which one incident fits.
func roomForOne() *forecast.Result {
	const year = model.Year
	e := &forecast.Entry{
		Service: "booking", Objective: objective("99.999%", year), Window: year, WindowSay: "1y",
		Met: sure(0.736), None: 0.368, Quantiles: forecast.Quantiles{P50: 180, P80: 360, P90: 360, P95: 540, P99: 720},
		Achievable: 1 - 360.0/year, Suggested: ref(target("99.995%")),
		Usual: []forecast.Chance{odds("99.995%", year, 1-3e-5), odds("99.999%", year, 0.736), odds("99.9999%", year, 0.368)},
		Sources: []*forecast.Source{
			{Name: "bad-release", Kind: forecast.RiskSource, Per: "release", IncidentsPerYear: 1, Detect: 60, Recover: 120, PerIncident: 180, FixedLength: true, Room: ref(1)},
		},
	}
	return &forecast.Result{Entries: []*forecast.Entry{filled(e)}}
}

// mixed is a few services: kept easily, kept just so, hardly ever, and two
// without an objective.
func mixed() *forecast.Result {
	const week = 7 * model.Day
	entries := []*forecast.Entry{
		{
			Service: "search", Objective: objective("99%", thirtyDays), Window: thirtyDays, WindowSay: "30d", Met: sure(1 - 1/400.0), None: 0.5,
			Quantiles: forecast.Quantiles{P50: 0, P80: 600, P90: 2000, P95: 5000, P99: 9000}, Achievable: 1 - 2000.0/thirtyDays, Suggested: ref(target("99.9%")),
			Usual:   []forecast.Chance{odds("99%", thirtyDays, 1-1/400.0), odds("99.9%", thirtyDays, 0.94)},
			Sources: []*forecast.Source{{Name: "index-lost", Kind: forecast.RiskSource, IncidentsPerYear: 1, Detect: 60, Acknowledge: 120, Recover: 7200, PerIncident: 7380, Room: ref(3)}},
		},
		{
			Service: "pay", Objective: objective("99.9%", week), Window: week, WindowSay: "7d", Met: unsure(0.88, 0.9002, 0.95), None: 0.5,
			Quantiles: forecast.Quantiles{P90: 600}, Achievable: 1 - 600.0/week, Suggested: ref(target("99.9%")),
			Usual: []forecast.Chance{odds("99.9%", week, 0.9002), odds("99.95%", week, 0.61)},
		},
		{
			Service: "ledger", Objective: objective("99.99%", 14*model.Day), Window: 14 * model.Day, WindowSay: "14d", Met: sure(0.01), None: 0,
			Quantiles: forecast.Quantiles{P50: 9000, P80: 12000, P90: 17000, P95: 20000, P99: 30000}, Achievable: 0.985, Suggested: ref(target("98%")),
			Usual:   []forecast.Chance{odds("98%", 14*model.Day, 0.97), odds("99.99%", 14*model.Day, 0.01)},
			Sources: []*forecast.Source{{Name: "batch", Kind: forecast.RiskSource, IncidentsPerYear: 300, Detect: 60, Acknowledge: 600, Recover: 120, PerIncident: 780, Room: ref(0)}},
		},
		{Service: "zone-a", Outside: true, Window: thirtyDays, WindowSay: "30d", None: 0.9, Quantiles: forecast.Quantiles{P90: 100}, Achievable: 1 - 100.0/thirtyDays, Suggested: ref(target("99.995%")),
			Sources: []*forecast.Source{{Name: "zone-a", Kind: forecast.StatedSource, IncidentsPerYear: 3, Recover: 2000, PerIncident: 2000}}},
		{Service: "idle", Window: thirtyDays, WindowSay: "30d", None: 1, Achievable: 1, Suggested: ref(target("99.999%"))},
	}
	for _, e := range entries {
		filled(e)
	}
	shared := forecast.Warning{Code: "rides-out", Message: message.Named("rides_out is not computed yet: every outage is taken as felt whole"), Pos: at("needs.yaml", 3, 5)}
	entries[0].Warnings = []forecast.Warning{shared}
	entries[1].Warnings = []forecast.Warning{shared}
	return &forecast.Result{Entries: entries, Warnings: []forecast.Warning{{Code: "building", Message: message.Named("metrics-v2 is being built and not counted"), Pos: at("nets.yaml", 9, 3)}}}
}

// alone is one service without an objective.
func alone() *forecast.Result {
	r := mixed()
	r.Entries = r.Entries[3:4]
	r.Entries[0].Usual = []forecast.Chance{odds("99.99%", thirtyDays, 0.96), odds("99.995%", thirtyDays, 0.93)}
	return r
}

// many is more services than anyone wants to read about.
func many() *forecast.Result {
	r := &forecast.Result{}
	for i := range 200 {
		r.Entries = append(r.Entries, filled(&forecast.Entry{
			Service: fmt.Sprintf("service-%03d", i), Objective: objective("99.9%", thirtyDays), Window: thirtyDays, WindowSay: "30d",
			Met: sure(0.5 + float64(i)/400), Achievable: 0.999, Suggested: ref(target("99.5%")),
			Quantiles: forecast.Quantiles{P90: 2000},
			Usual:     []forecast.Chance{odds("99.5%", thirtyDays, 0.97), odds("99.9%", thirtyDays, 0.5+float64(i)/400)},
			Warnings:  []forecast.Warning{{Code: "overlap", Message: message.Named(fmt.Sprintf("service-%03d overlaps", i))}},
		}), filled(&forecast.Entry{Service: fmt.Sprintf("zone-%03d", i), Window: thirtyDays, WindowSay: "30d", Achievable: 0.9999}))
	}
	return r
}

// unpromised is many services of which none has an objective.
func unpromised() *forecast.Result {
	r := many()
	var without []*forecast.Entry
	for _, e := range r.Entries {
		if e.Objective == nil {
			e.PerYear = float64(len(without))
			without = append(without, e)
		}
	}
	return &forecast.Result{Entries: without}
}

// hostile has names and titles that mean something to a terminal or to Markdown.
func hostile() *forecast.Result {
	r := roomForOne()
	e := r.Entries[0]
	e.Service, e.Title, e.Owner = "pay_*now*", model.One("\x1b[31m<b>Pay</b> | `now`\u202e"), "[team](x)"
	e.Sources[0].Name, e.Sources[0].Title, e.Sources[0].Service = "a|b", model.One("line\nbreak > #1 & more"), e.Service
	e.Warnings = []forecast.Warning{{Code: "odd", Message: message.Named("\x1b[2Jgone <script>"), Pos: at("a|b.yaml", 1, 1)}}
	return r
}

// compared is a promise held against the targets that were asked for, in an
// order of one's own.
func compared() *forecast.Result {
	r := booking()
	r.With, r.Without = nil, nil
	r.Entries[0].Objective.Name = "fast"
	r.Entries[0].Compare = []forecast.Chance{odds("99.99%", thirtyDays, 1e-14), odds("99.95%", thirtyDays, 0.581234567), odds("99%", thirtyDays, 1-1e-14)}
	return r
}

// long is a service with many small sources of long names, and more warnings
// and unsure inputs than anyone reads.
func long() *forecast.Result {
	e := &forecast.Entry{
		Service: "monolith", Objective: objective("99.9%", 90*model.Day), Window: 90 * model.Day, WindowSay: "90d",
		Met: sure(0.3), Quantiles: forecast.Quantiles{P90: 20000}, Achievable: 0.5, Certain: 0,
		History: &forecast.Explained{Over: 400 * model.Day, Bad: ref(1000.0), Expected: 9000, Share: ref(9.0)},
	}
	for i := range 30 {
		e.Sources = append(e.Sources, &forecast.Source{
			Name: fmt.Sprintf("payment-gateway-certificate-expired-%02d", i), Kind: forecast.RiskSource,
			IncidentsPerYear: 1, Detect: 60, Acknowledge: 60, Recover: 880 - float64(i), PerIncident: 1000 - float64(i), Room: ref(7),
		})
		e.Unsure = append(e.Unsure, forecast.Unsure{What: message.Named(fmt.Sprintf("rate of risk %d", i)), Text: "1/y..2/y"})
		e.Warnings = append(e.Warnings, forecast.Warning{Code: "w", Message: message.Named(fmt.Sprintf("warning number %d", i))})
	}
	return &forecast.Result{Entries: []*forecast.Entry{filled(e)}}
}
