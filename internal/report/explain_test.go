package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/worth"
)

// The explanations below are made by hand, so that each way of saying something
// occurs.

func date(text string) *model.Date {
	d := model.Date{Text: text}
	if _, err := fmt.Sscanf(text, "%d-%d-%d", &d.Year, &d.Month, &d.Day); err != nil {
		panic(err)
	}
	return &d
}

// stops is a layer that stops a share of something.
func stops(l explain.Layer, s, low, high float64) explain.Layer {
	l.Stops, l.Low, l.High = &s, &low, &high
	return l
}

// ofNet is a layer that a net adds.
func ofNet(step explain.Step, kind explain.LayerKind, net string, status model.NetStatus, stands bool) explain.Layer {
	return explain.Layer{Step: step, Kind: kind, Net: net, NetTitle: model.One("About " + net), Status: status, Stands: stands, Counts: true, Angle: net}
}

// explainedRisk has a layer of every kind and every remark.
func explainedRisk() *explain.Result {
	prevent := func(net, angle string, status model.NetStatus, stands bool) explain.Layer {
		l := ofNet(explain.Prevent, explain.Prevents, net, status, stands)
		if angle != "" {
			l.Angle = angle
		}
		return l
	}
	idle := stops(prevent("clicking", "trying", model.InPlace, true), 0.1, 0.1, 0.1)
	idle.Counts = false
	removed := stops(prevent("gate", "gate", model.InPlace, false), 0.5, 0.5, 0.5)
	detection := func(l explain.Layer, after float64) explain.Layer {
		l.Step, l.Kind, l.Time, l.Counts = explain.Detect, explain.Detection, &after, true
		return stops(l, 0.9, 0.9, 0.9)
	}
	attempt := func(l explain.Layer, takes, s float64) explain.Layer {
		l.Step, l.Kind, l.Time, l.Counts = explain.Recover, explain.Attempt, &takes, true
		return stops(l, s, s, s)
	}
	rhythm := stops(ofNet(explain.Prevent, explain.Rhythm, "slowly", model.Rejected, false), 0.5, 0.5, 0.5)
	rhythm.Name = "release"
	contain := func(kind explain.LayerKind, name string, s float64) explain.Layer {
		return stops(explain.Layer{Step: explain.Contain, Kind: kind, Name: name, Title: model.One(name), Stands: true, Counts: true}, s, s, s)
	}
	rides := contain(explain.RidesOut, "shop -> search", 0.25)
	rides.Time = ref(300.0)
	rides2 := rides
	rides2.Stops, rides2.Name = nil, "shop -> mail"
	layers := []explain.Layer{
		stops(prevent("review", "reading", model.InPlace, true), 0.45, 0.3, 0.6),
		stops(prevent("tests", "trying", model.InPlace, true), 0.73, 0.6, 0.85), idle,
		stops(prevent("lint", "", model.Proposed, true), 0.2, 0.2, 0.2), removed, rhythm,
		detection(explain.Layer{Name: "alarm", Title: model.One("An alarm"), Stands: true, First: ref(0.9)}, 60),
		detection(explain.Layer{Unnamed: true, Stands: true, First: ref(0.1)}, 1700),
		detection(ofNet(explain.Detect, explain.Detection, "metrics", model.Building, false), 30),
		stops(ofNet(explain.Detect, explain.Faster, "metrics", model.Building, false), -0.3, -0.4, -0.2),
		contain(explain.Impact, "", 0.65), contain(explain.Stages, "release", 0.72), contain(explain.Copies, "shop", 0.95),
		contain(explain.Exposure, "shop -> search", 0.8), rides, rides2,
		{Step: explain.Contain, Kind: explain.Spare, Name: "shop -> mail", Stands: true, Counts: true},
		stops(ofNet(explain.Contain, explain.Impact, "worse", model.Proposed, false), -0.5, -0.5, -0.5),
		attempt(explain.Layer{Name: "failover", Title: model.One("Fail over"), Stands: true, Automatic: true, Reached: ref(1.0)}, 40, 0.6),
		attempt(explain.Layer{Name: "patch", Title: model.One("Patch"), Stands: true, Who: "on-call", Reached: ref(0.4)}, 900, 0),
		attempt(explain.Layer{Name: "rollback", Title: model.One("Roll back"), Stands: true, Who: "on-call", Reached: ref(0.4), Runbook: "wiki/rollback", Drilled: date("2026-10-06")}, 120, 0.3),
		attempt(explain.Layer{Unnamed: true, Stands: true, Reached: ref(0.1)}, 5100, 0.1),
		attempt(ofNet(explain.Recover, explain.Attempt, "canary", model.Proposed, false), 40, 0.98),
		stops(ofNet(explain.Recover, explain.Faster, "drill", model.InPlace, true), 0.3, 0.3, 0.3),
		func() explain.Layer {
			l := stops(ofNet(explain.Recover, explain.Acknowledging, "rota", model.InPlace, true), 0.6, 0.5, 0.7)
			l.Name, l.Who = "on-call", "on-call"
			return l
		}(),
	}
	remark := func(code explain.RemarkCode, names ...string) explain.Remark {
		return explain.Remark{Code: code, Risk: "bad-release", Pos: at("model.yaml", 9, 3), Names: names}
	}
	overdue, tooLong := remark(explain.ReviewOverdue), remark(explain.AcceptedTooLong)
	overdue.Date, overdue.Days = date("2026-11-01"), 24
	tooLong.Date, tooLong.Days = date("2026-11-24"), 1
	return &explain.Result{Name: "bad-release", Risk: &explain.Risk{
		Name: "bad-release", Title: model.One("A release breaks the shop"), Owner: "shop-team", Service: "shop", Pos: at("model.yaml", 9, 3),
		Often: "2%..6%", Units: 1, Per: "release", ChangesPerYear: 52.18, Chance: 0.0378, IncidentsPerYear: 1.973, LosesEach: ref(3_000_000.0),
		Detect: 224, Acknowledge: 20, Recover: 376, Bad: 620,
		Reaches: []explain.Reach{
			{Service: "shop", Objective: "available", Window: model.Year, Impact: 1, IncidentsPerYear: 1.973, BadPerYear: 1223, BudgetShare: ref(1223 / 315.576), Rating: forecast.Red, Saves: ref(1500.0), Redundant: true},
			{Service: "shop", Objective: "fast", Window: 30 * model.Day, Impact: 0.4, IncidentsPerYear: 1.973, BadPerYear: 500, BudgetShare: ref(0.2), Rating: forecast.Amber},
			{Service: "mail", Window: 30 * model.Day, Impact: 1, IncidentsPerYear: 1.973, BadPerYear: 100},
		},
		Layers: layers, Angles: []string{"reading", "trying", "stages", "copies"},
		Remarks: []explain.Remark{
			remark(explain.NoAngle), remark(explain.SingleAngle, "reading"), remark(explain.LastResort, "customers"),
			remark(explain.UnnamedDetection), remark(explain.UnnamedRecovery), remark(explain.SameAngle, "tests", "clicking"),
			remark(explain.NoSource), overdue, tooLong, remark("something-new", "this"),
		},
		From:     explain.Provenance{Source: model.One("log, 8 of 208"), AsOf: date("2026-05-05"), Review: ref(180.0 * model.Day), Due: date("2026-11-01"), Overdue: ref(true)},
		Accepted: &explain.Accepted{By: model.One("cto"), Because: model.One("cheaper"), Since: date("2026-06-01"), Until: date("2026-11-24"), RunOut: ref(true)},
	}, Warnings: []forecast.Warning{{Code: "requires", Message: message.Named("lint requires nothing"), Pos: at("nets.yaml", 3, 1)}}}
}

// bareRisk is as little as there can be of a risk.
func bareRisk() *explain.Result {
	after := 300.0
	return &explain.Result{Name: "disk", Risk: &explain.Risk{
		Name: "disk", Title: model.One("disk"), Service: "db", Often: "1.4%/y", Units: 4, IncidentsPerYear: 0.109, Detect: 300, Recover: 17000, Bad: 17300,
		Reaches: []explain.Reach{{Service: "app", Objective: "available", Window: 30 * model.Day, Impact: 1, IncidentsPerYear: 0.0028, BadPerYear: 48, BudgetShare: ref(0.0015), Rating: forecast.Green}},
		Layers: []explain.Layer{stops(explain.Layer{Step: explain.Detect, Kind: explain.Detection, Unnamed: true, Stands: true, Counts: true, Time: &after, First: ref(1.0)}, 1, 1, 1),
			stops(explain.Layer{Step: explain.Contain, Kind: explain.Copies, Name: "db", Title: model.One("db"), Stands: true, Counts: true}, 0.95, 0.95, 0.95)},
		Angles: []string{"copies"}, Remarks: []explain.Remark{{Code: explain.SingleAngle, Risk: "disk", Names: []string{"copies"}}},
	}}
}

func neverRisk() *explain.Result {
	return &explain.Result{Name: "myth", Risk: &explain.Risk{Name: "myth", Title: model.One("myth"), Service: "app", Units: 1, From: explain.Provenance{Review: ref(model.Year * 1.0)}}}
}

func moved(before, after float64) explain.Change { return explain.Change{Before: before, After: after} }

func explainedNet() *explain.Result {
	return &explain.Result{Name: "canary", Net: &explain.Net{
		Name: "canary", Title: model.One("5% first"), Owner: "platform", Pos: at("nets.yaml", 91, 3), Kind: model.Automation, Status: model.Proposed,
		Angle: "trying", LeadTime: ref(8.0 * model.Week),
		Cost:     worth.Cost{Annual: 7_400_000, AnnualLow: 7_000_000, AnnualHigh: 8_000_000, Build: 15_000_000, RunPerYear: 2_400_000, BuildDays: 25, LastsYears: 3},
		Requires: []explain.Other{{Name: "metrics", Title: model.One("Metrics"), Status: model.Building}}, Excludes: []explain.Other{{Name: "slowly", Status: model.Rejected}},
		Replaces: []explain.Other{{Name: "clicking", Status: model.InPlace, Stands: true}}, RequiredBy: []string{"daily"}, SameAngle: []string{"tests"},
		With: []string{"metrics"}, Gone: []string{"clicking"},
		Risks: []explain.RiskChange{
			{Name: "bad-release", Title: model.One("A release breaks the shop"), Kind: forecast.RiskSource, Service: "shop", To: "shop", Objective: "available",
				IncidentsPerYear: moved(1.97, 1.97), BadPerIncident: moved(620, 14), BadPerYear: moved(1223, 27)},
			{Name: "release", Title: model.One("release"), Kind: forecast.ChangeSource, Service: "db", To: "shop", Objective: "available",
				IncidentsPerYear: moved(52, 52), BadPerIncident: moved(10, 13), BadPerYear: moved(520, 676)},
		},
		Objectives: []explain.ObjectiveChange{
			{Service: "shop", Objective: "available", Target: target("99.95%"), Window: 30 * model.Day, WindowSay: "30d", Met: moved(0.81, 0.953), BadPerYear: moved(4000, 2804),
				Achievable: moved(0.9991, 0.9996), Verdict: [2]forecast.Verdict{forecast.NotAchievable, forecast.Achievable}},
			{Service: "shop", Objective: "fast", Target: target("99%"), Window: 30 * model.Day, WindowSay: "30d", Met: moved(0, 1e-6), BadPerYear: moved(90_000, 90_000),
				Achievable: moved(0.98, 0.98), Verdict: [2]forecast.Verdict{forecast.NotAchievable, forecast.NotAchievable}},
		},
		Load: moved(2.3, 2.1), Manual: moved(3.3, 3), Process: moved(0, 26), Loss: ref(moved(21_300_000, 12_000_000)), LossOpen: []string{"mail"},
	}}
}

func standingNet() *explain.Result {
	return &explain.Result{Name: "review", Net: &explain.Net{
		Name: "review", Title: model.One("review"), Kind: model.Process, Status: model.InPlace, Angle: "review", Cost: worth.Cost{Annual: 57_600_000, AnnualLow: 57_600_000, AnnualHigh: 57_600_000, RunPerYear: 57_600_000, RunDaysPerYear: 96, LastsYears: 3},
		Gone: []string{"daily", "canary"},
		Objectives: []explain.ObjectiveChange{{Service: "shop", Objective: "available", Target: target("99.999%"), Window: model.Year, WindowSay: "1y", BadPerYear: moved(4000, 2804),
			Achievable: moved(0.9991, 0.9996), Verdict: [2]forecast.Verdict{forecast.NotAchievable, forecast.NotAchievable}}},
		Loss: ref(moved(21_300_000, 12_000_000)),
	}}
}

// heldNet stands because another one was asked for that requires it.
func heldNet() *explain.Result {
	r := explainedNet()
	r.Net.With, r.Net.Gone = nil, []string{"daily"}
	return r
}

func unpricedNet() *explain.Result {
	return &explain.Result{Name: "drill", Net: &explain.Net{Name: "drill", Title: model.One("A drill"), Kind: model.Process, Status: model.Building, Ready: date("2027-02-01"), Angle: "drill",
		Cost: worth.Cost{BuildDays: 5, RunDaysPerYear: 12, LastsYears: 3, Unpriced: true, Why: message.NoPrice("drill", message.DaysToBoth(5, 12))}}}
}

func impossibleNet() *explain.Result {
	return &explain.Result{Name: "slowly", Net: &explain.Net{Name: "slowly", Title: model.One("slowly"), Kind: model.Process, Status: model.Rejected, Rejects: true, Angle: "slowly",
		Cost: worth.Cost{Free: true, LastsYears: 3}, Impossible: "slowly excludes canary, which stands"}}
}

func explainedService() *explain.Result {
	e := booking().Entries[0]
	return &explain.Result{Name: "booking", Service: &explain.Service{
		Name: "booking", Title: model.One("Hospital booking"), Owner: "booking-team", Pos: at("model.yaml", 6, 3), Entries: []*forecast.Entry{e},
		Value: worth.Value{Known: true, RevenuePerYear: ref(14.61e9), RevenuePerUserYear: ref(48_700.0), Users: ref(300_000), Lost: 0.45,
			PerBadMinute: ref(12_400.0), PerBadMinuteLow: ref(8_330.0), PerBadMinuteHigh: ref(16_700.0),
			Clauses: []*model.Clause{{If: model.Text{S: "outage >= 3h"}, Pay: &model.Amount{Text: "50_000_000"}}}},
		Own: 900,
		Needs: []explain.Need{
			{Kind: model.NeedOne, Members: []string{"db"}, Counts: true, Impact: 1, BadPerYear: 3000, Shared: []string{"cloud"}},
			{Kind: model.NeedAny, Members: []string{"sms-a", "sms-b"}, Counts: true, Impact: 0.15, BadPerYear: 300, Rides: ref(60.0),
				Changed: []explain.Changed{{What: explain.NeedImpact, Before: 0.3, After: 0.15, By: []string{"queue"}}, {What: explain.NeedRidesOut, Before: 0, After: 60, By: []string{"cache"}}}},
			{Kind: model.NeedAtLeast, AtLeast: 2, Members: []string{"a", "b", "c"}, Counts: true, Impact: 1, BadPerYear: 200},
			{Kind: model.NeedSplit, Members: []string{"skt", "kt"}, Impact: 1, BadPerYear: 100},
		},
		Shares: []*explain.Shares{{
			Service: "shop", Objective: "available", PerYear: 4000, Twice: 100, Redundant: true, Left: 2,
			Rows: []explain.Share{
				{Kind: forecast.RiskSource, Name: "bad-release", Title: model.One("A release breaks it"), Service: "shop", PerYear: 1800, Alone: 1800, Saves: ref(1790.0)},
				{Kind: forecast.RiskSource, Name: "disk", Title: model.One("disk"), Service: "db", PerYear: 1500, Alone: 200, Together: 700, Failed: 500, Waiting: 100, Saves: ref(2600.0)},
				{Kind: forecast.RiskSource, Name: "quake", Title: model.One("quake"), Service: "cloud", PerYear: 500, Alone: 500},
				{Kind: forecast.ChangeSource, Name: "release", Title: model.One("Weekly release"), Service: "shop", PerYear: 300, Alone: 300},
			},
		}},
		SinglePoints: []explain.SinglePoint{{Service: "db", Copies: 2, BadPerYear: 3000}, {Service: "cloud", Copies: 1, Outside: true, Indirect: true, BadPerYear: 800}},
		Risks:        []string{"bad-release"}, Reached: []string{"bad-release", "disk"}, NeededBy: []string{"app"},
		Remarks: append(explainedRisk().Risk.Remarks, explain.Remark{Code: explain.SingleAngle, Risk: "disk", Names: []string{"copies"}}, explain.Remark{Code: explain.LastResort, Risk: "disk", Names: []string{"customers"}}),
	}}
}

func hostileRisk() *explain.Result {
	r := bareRisk()
	r.Risk.Name, r.Risk.Title, r.Risk.Service = "a\x1b[31mrisk", model.One("title\u202e | <b>"), strings.Repeat("서비스", 20)
	r.Risk.Layers[1].Name = strings.Repeat("very-long-name-", 8)
	return r
}

// explanations are told in every format.
var explanations = []struct {
	name   string
	result func() *explain.Result
	o      ExplainOptions
}{
	{"explained risk", explainedRisk, ExplainOptions{Currency: "KRW", Today: date("2026-11-25"), With: []string{"lint"}, Without: []string{"gate"}}},
	{"explained risk of which little is known", bareRisk, ExplainOptions{}},
	{"explained risk that never happens", neverRisk, ExplainOptions{}},
	{"explained net", explainedNet, ExplainOptions{Currency: "KRW"}},
	{"explained net that stands", standingNet, ExplainOptions{}},
	{"explained net that another one requires", heldNet, ExplainOptions{With: []string{"daily"}}},
	{"explained net without a price", unpricedNet, ExplainOptions{}},
	{"explained net that cannot be weighed", impossibleNet, ExplainOptions{}},
	{"explained service", explainedService, ExplainOptions{Currency: "KRW"}},
	{"explained names that mean something to a terminal", hostileRisk, ExplainOptions{}},
}

func TestExplanationsReadAsWritten(t *testing.T) {
	for _, c := range explanations {
		for ending, write := range map[string]func(io.Writer) error{
			".txt":  func(w io.Writer) error { return ExplainText(w, c.result(), c.o) },
			".md":   func(w io.Writer) error { return ExplainMarkdown(w, c.result(), c.o) },
			".json": func(w io.Writer) error { return ExplainJSON(w, c.result(), c.o) },
		} {
			t.Run(c.name+ending, func(t *testing.T) {
				var b bytes.Buffer
				if err := write(&b); err != nil {
					t.Fatal(err)
				}
				golden(t, c.name+ending, b.Bytes())
			})
		}
	}
}

// fits holds that a text has no line that is too wide, and says the same with
// colour.
func fits(t *testing.T, name string, write func(io.Writer, Options) error) {
	t.Helper()
	escapes := regexp.MustCompile("\x1b\\[[0-9]+m")
	cells := &runewidth.Condition{StrictEmojiNeutral: true}
	for _, width := range []int{60, 80, 100} {
		var without, with bytes.Buffer
		if err := write(&without, Options{Width: width}); err != nil {
			t.Fatal(err)
		}
		if err := write(&with, Options{Width: width, Colour: true}); err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsRune(without.Bytes(), '\x1b') || !escapes.Match(with.Bytes()) {
			t.Errorf("%s: expected escape sequences with colour only", name)
		}
		if diff := cmp.Diff(without.String(), escapes.ReplaceAllString(with.String(), "")); diff != "" {
			t.Errorf("%s: with colour the text is another (-without +with):\n%s", name, diff)
		}
		for line := range strings.SplitSeq(without.String(), "\n") {
			if w := cells.StringWidth(line); w > max(width, 80) {
				t.Errorf("%s: %d columns where %d fit: %s", name, w, width, line)
			}
			if strings.HasSuffix(line, " ") {
				t.Errorf("%s: a space at the end of %q", name, line)
			}
		}
	}
}

func TestLinesOfExplanationsFitTheTerminalAndColourOnlyRepeats(t *testing.T) {
	for _, c := range explanations {
		fits(t, c.name, func(w io.Writer, o Options) error {
			with := c.o
			with.Options = o
			return ExplainText(w, c.result(), with)
		})
	}
}

func TestExplainJSONHasTheAgreedKeysFirst(t *testing.T) {
	for _, c := range []struct {
		result func() *explain.Result
		kind   string
	}{{explainedRisk, "risk"}, {explainedNet, "net"}, {explainedService, "service"}} {
		var b bytes.Buffer
		if err := ExplainJSON(&b, c.result(), ExplainOptions{}); err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		if doc["format"] != "tightrope.explain/1" || doc["kind"] != c.kind {
			t.Errorf("%v is a %v", doc["format"], doc["kind"])
		}
		for _, kind := range []string{"risk", "net", "service"} {
			if (doc[kind] != nil) != (kind == c.kind) {
				t.Errorf("%s: %s is %v", c.kind, kind, doc[kind])
			}
		}
		got := map[string][]string{}
		keys(t, json.NewDecoder(&b), "", got)
		want := []string{"format", "name", "kind", "risk", "net", "service", "today", "currency", "with", "without", "warnings"}
		if diff := cmp.Diff(want, got[""]); diff != "" {
			t.Errorf("%s: other keys (-want +got):\n%s", c.kind, diff)
		}
	}
}

func TestAWriterThatFailsIsReportedByExplanations(t *testing.T) {
	for name, err := range map[string]error{
		"text":     ExplainText(broken{}, bareRisk(), ExplainOptions{}),
		"markdown": ExplainMarkdown(broken{}, bareRisk(), ExplainOptions{}),
		"json":     ExplainJSON(broken{}, bareRisk(), ExplainOptions{}),
	} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: got error %v, want that the disk is full", name, err)
		}
	}
}

func TestHowOftenIsSaidAsPeopleCount(t *testing.T) {
	for _, c := range []struct {
		perYear float64
		want    string
	}{{0, "never"}, {0.109, "once in 9.2 years"}, {0.7, "once in 522d"}, {1, "once a year"}, {1.97, "2 times a year"}, {52.18, "52 times a year"}} {
		if got := timesAYear(c.perYear); got != c.want {
			t.Errorf("%g a year is %q, want %q", c.perYear, got, c.want)
		}
	}
}
