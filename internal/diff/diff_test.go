package diff_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tightrope/internal/diff"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/say"
)

// parse reads a model, which must have no problems.
func parse(t *testing.T, text string) *model.Model {
	t.Helper()
	return parseFiles(t, modelfile.File{Name: "model.yaml", Data: []byte(text)})
}

func parseFiles(t *testing.T, files ...modelfile.File) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse(files)
	for _, p := range problems {
		t.Error(p)
	}
	if m == nil {
		t.FailNow()
	}
	return m
}

// small is a model with something of each kind.
const small = `version: 1
currency: EUR
rates: {person-day: 500}
services:
  app:
    title: The app
    objective: {target: 99.9%, over: 30d}
    worth: {revenue: 1000/d, sla: [{if: outage >= 3h, pay: 100}, {if: downtime >= 6h over 30d, pay: 200}]}
    needs: [db, {any: [a, b], impact: 50%, switch: {takes: 15s}}]
  db: {copies: 2}
  a: {outside: true, availability: 99%, outage: 1h}
  b: {outside: true, availability: 99%, outage: 1h}
changes:
  release: {service: app, every: 7d, downtime: 10s}
risks:
  bad-release: {service: app, per: release, chance: 4%, detect: [alarm, calls], recover: [rollback, fix]}
  crash: {service: db, every: 45d, detect: 5m, recover: 10m}
detection:
  alarm: {after: 1m, catches: 90%}
  calls: {after: 10m..1h}
recovery:
  rollback: {takes: 2m, works: 95%, by: on-call}
  fix: {takes: 30m, by: on-call}
responders:
  on-call: {acknowledges: 5m, people: 4}
safety_nets:
  review: {kind: process, status: in-place, cost: {run: 8 person-days/month}, effects: [{risk: [bad-release, crash], prevents: 30%}]}
  flags: {kind: automation, status: in-place, effects: [{risk: bad-release, recovers: {takes: 10s, works: 50%, by: nobody}}]}
  undo: {kind: automation, status: in-place, effects: [{risks_per: release, recovers: {takes: 40s, works: 98%, by: nobody}}]}
  canary: {kind: automation, status: proposed, effects: [{risk: bad-release, prevents: 60%}]}
`

// edited is small with pieces replaced: old, new, old, new.
func edited(t *testing.T, pieces ...string) *model.Model {
	t.Helper()
	return parse(t, edit(t, small, pieces...))
}

func edit(t *testing.T, text string, pieces ...string) string {
	t.Helper()
	for i := 0; i < len(pieces); i += 2 {
		if strings.Count(text, pieces[i]) != 1 {
			t.Fatalf("%q is in the text %d times, want once", pieces[i], strings.Count(text, pieces[i]))
		}
		text = strings.Replace(text, pieces[i], pieces[i+1], 1)
	}
	return text
}

// said writes a change in a line: "risk crash every: 45d -> 90d".
func said(c *diff.Change) string {
	s := string(c.Kind) + " " + c.Element
	if c.Name != "" {
		s += " " + c.Name
	}
	if c.Field != "" {
		s += ", " + c.Field
	}
	s += ": " + c.Old + " -> " + c.New
	if c.Reordered {
		s += " (order)"
	}
	return s
}

func lines(changes []*diff.Change) []string {
	var out []string
	for _, c := range changes {
		out = append(out, said(c))
	}
	return out
}

func TestModelsToldApart(t *testing.T) {
	for _, tt := range []struct {
		name   string
		pieces []string
		want   []string
	}{
		{"nothing is changed", nil, nil},
		{"a share is said as a ratio", []string{"chance: 4%", "chance: 4.0%"}, nil},
		{"a duration has another unit", []string{"every: 7d", "every: 1w", "acknowledges: 5m", "acknowledges: 300s"}, nil},
		{"other units", []string{"every: 7d", "every: 168h", "recover: 10m}", "recover: 600s}"}, nil},
		{"defaults are written out", []string{"over: 30d}", "over: 720h, confidence: 90%}", "works: 95%, by", "works: 95%, restores: 100%, by"}, nil},
		{"one of several is one at least", []string{"{any: [a, b],", "{at_least: 1, of: [b, a],"}, nil},
		{"an objective has its own name", []string{"objective: {target: 99.9%, over: 30d}", "objectives: {available: {target: 99.9%, over: 30d}}"}, nil},
		{"effects are listed one by one", []string{"[{risk: [bad-release, crash], prevents: 30%}]", "[{risk: crash, prevents: 30%}, {risk: bad-release, prevents: 30%}]"}, nil},
		{"a cost is paid by the year", []string{"8 person-days/month", "96 person-days/y"}, nil},
		{"detections have no order", []string{"[alarm, calls]", "[calls, alarm]"}, nil},
		{"clauses have no order", []string{"[{if: outage >= 3h, pay: 100}, {if: downtime >= 6h over 30d, pay: 200}]", "[{if: downtime >= 360m over 30d, pay: 200}, {if: outage >= 180m, pay: 100}]"}, nil},
		{"a chance goes down", []string{"chance: 4%", "chance: 1%"}, []string{"changed risk bad-release, chance: 4% -> 1%"}},
		{"a chance becomes a rate", []string{"per: release, chance: 4%", "every: 60d",
			"  undo: {kind: automation, status: in-place, effects: [{risks_per: release", "  undo: {kind: automation, status: in-place, effects: [{risk: bad-release"}, []string{"changed risk bad-release, frequency: 4% per release -> every 60d",
			"added safety net undo, effects bad-release:  -> recovers takes 40s, works 98%, by nobody", "removed safety net undo, effects risks_per release: recovers takes 40s, works 98%, by nobody -> "}},
		{"an interval is now counted", []string{"every: 45d, detect", "rate: 2 in 90d, detect"}, []string{"changed risk crash, frequency: every 45d -> 2 in 90d"}},
		{"recoveries are tried in another order", []string{"[rollback, fix]", "[fix, rollback]", "works: 95%, ", ""},
			[]string{"changed risk bad-release, recover: rollback, fix -> fix, rollback (order)", "changed recovery rollback, works: 95% -> 100% (by default)"}},
		{"nets whose attempts come first change places", []string{
			"  flags: {kind: automation, status: in-place, effects: [{risk: bad-release, recovers: {takes: 10s, works: 50%, by: nobody}}]}\n", "",
			"  canary:", "  flags: {kind: automation, status: in-place, effects: [{risk: bad-release, recovers: {takes: 10s, works: 50%, by: nobody}}]}\n  canary:"},
			[]string{"changed order of safety nets, order: flags, undo -> undo, flags (order)"}},
		{"a title is another one", []string{"The app", "Our app"}, []string{"changed service app, title: The app -> Our app"}},
		{"a title is there in Korean too", []string{"title: The app", "title: {en: The app, ko: 앱}"}, []string{"changed service app, title ko:  -> 앱"}},
		{"one text for both is written for English", []string{"title: The app", "title: {en: The app}"}, nil},
		{"a title is another one in one language", []string{"crash: {service", "crash: {title: {en: A crash, ko: 중단}, service", "title: The app", "title: {ko: 앱}"},
			[]string{"changed service app, title: The app -> ", "changed service app, title ko:  -> 앱", "changed risk crash, title:  -> A crash", "changed risk crash, title ko:  -> 중단"}},
		{"the objective is stricter and over another window", []string{"target: 99.9%, over: 30d", "target: 99.95%"},
			[]string{"changed service app, objective target: 99.9% -> 99.95%"}},
		{"a second objective", []string{"objective: {target: 99.9%, over: 30d}", "objectives: {available: {target: 99.9%, over: 30d}, fast: {target: 99%}}"},
			[]string{"added service app, objectives fast:  -> 99% over 30d (by default)"}},
		{"a need is gone and another felt by fewer", []string{"[db, {any: [a, b], impact: 50%,", "[{any: [a, b], impact: 20%,"},
			[]string{"changed service app, needs any of a, b impact: 50% -> 20%", "removed service app, needs db: there -> "}},
		{"a net is built and another is gone", []string{"status: proposed", "status: in-place", "  flags: {kind: automation, status: in-place, effects: [{risk: bad-release, recovers: {takes: 10s, works: 50%, by: nobody}}]}\n", ""},
			[]string{"changed safety net canary, status: proposed -> in-place", "removed safety net flags: in-place automation -> "}},
		{"effects of a net", []string{"[{risk: bad-release, prevents: 60%}]", "[{risk: bad-release, prevents: 70%, impact: -50%}, {change: release, stages: [5% for 10m, 100%]}]"},
			[]string{"changed safety net canary, effects bad-release prevents: 60% -> 70%", "changed safety net canary, effects bad-release impact:  -> -50%",
				"added safety net canary, effects change release:  -> stages 5% for 10m, 100%"}},
		{"a risk is new", []string{"  crash:", "  flood: {service: db, every: 9y, strikes: all, detect: 1m, recover: 1d}\n  crash:"},
			[]string{"added risk flood:  -> every 9y on db"}},
		{"money", []string{"EUR", "USD", "person-day: 500", "person-day: 600", "revenue: 1000/d", "revenue: 2000/d"},
			[]string{"changed model, currency: EUR -> USD", "changed model, rates person-day: 500 -> 600", "changed service app, worth revenue: 1000/d -> 2000/d"}},
		{"copies", []string{"db: {copies: 2}", "db: {copies: 3, need: 2}"}, []string{"changed service db, copies: 2 -> 3", "changed service db, need: 1 (by default) -> 2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := diff.Models(parse(t, small), edited(t, tt.pieces...))
			if d := cmp.Diff(tt.want, lines(got)); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
		})
	}
}

func TestChangesKnowWhereTheyAre(t *testing.T) {
	got := diff.Models(parse(t, small), edited(t, "chance: 4%", "chance: 1%", "  crash:", "  flood: {service: db, every: 9y, detect: 1m, recover: 1d}\n  crash:"))
	for i, want := range []model.Pos{{File: "model.yaml", Line: 16}, {File: "model.yaml", Line: 17}} {
		if p := got[i].Pos(); p.Line != want.Line {
			t.Errorf("%s is at %v, want line %d", said(got[i]), p, want.Line)
		}
	}
}

func TestMovingPartsBetweenFilesIsNoChange(t *testing.T) {
	head, tail, _ := strings.Cut(small, "changes:\n")
	m := parseFiles(t, modelfile.File{Name: "z.yaml", Data: []byte("version: 1\nchanges:\n" + tail)}, modelfile.File{Name: "a.yaml", Data: []byte(head)})
	r, err := diff.Compare(parse(t, small), m, diff.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Same || len(r.Changes)+len(r.Objectives) > 0 {
		t.Errorf("got %d changes and %d objectives, want the same: %q", len(r.Changes), len(r.Objectives), lines(r.Changes))
	}
}

// forecasts is what comparisons of models that differ little have in common.
var forecasts = forecast.NewMemory(128 << 20)

func compare(t *testing.T, before, after *model.Model, o diff.Options) *diff.Result {
	t.Helper()
	o.Memory = forecasts
	r, err := diff.Compare(before, after, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func objective(t *testing.T, r *diff.Result, service string) *diff.Objective {
	t.Helper()
	for _, o := range r.Objectives {
		if o.Service == service {
			return o
		}
	}
	t.Fatalf("no objective of %s", service)
	return nil
}

// causes writes each cause in a line, with the changes that go together.
func causes(o *diff.Objective) []string {
	var out []string
	for _, c := range o.Causes {
		out = append(out, strings.Join(lines(c.Changes), " & "))
	}
	return out
}

func TestCausesOfAMovedChance(t *testing.T) {
	for _, tt := range []struct {
		name   string
		pieces []string
		want   []string
	}{
		{"one field of one risk", []string{"chance: 4%", "chance: 40%"}, []string{"changed risk bad-release, chance: 4% -> 40%"}},
		{"words have no effect", []string{"chance: 4%", "title: bad, chance: 40%", "The app", "Our app"}, []string{"changed risk bad-release, chance: 4% -> 40%"}},
		{"two fields of one risk, the larger effect first", []string{"chance: 4%", "impact: 80%, chance: 60%"},
			[]string{"changed risk bad-release, chance: 4% -> 60%"}},
		{"a target", []string{"target: 99.9%", "target: 99.99%"}, []string{"changed service app, objective target: 99.9% -> 99.99%"}},
		{"a new risk with a recovery of its own, taken together", []string{
			"  crash:", "  flood: {service: app, every: 60d, detect: 1m, recover: [pump]}\n  crash:",
			"  fix:", "  pump: {takes: 2h, by: firemen}\n  fix:",
			"responders:", "responders:\n  firemen: {acknowledges: 30m}"},
			[]string{"added risk flood:  -> every 60d on app & added recovery pump:  -> takes 2h, by firemen & added responder firemen:  -> acknowledges 30m"}},
		{"a recovery that is gone, with the risk that named it", []string{
			"[rollback, fix]", "[fix]", "  rollback: {takes: 2m, works: 95%, by: on-call}\n", "", "chance: 4%", "chance: 40%",
			", {if: downtime", ", {if: downtime"},
			[]string{"changed risk bad-release, chance: 4% -> 40%"}},
		{"an order that only works with what it refers to", []string{"[rollback, fix]", "[fix, rollback]", "works: 95%, ", "", "chance: 4%", "chance: 30%"},
			[]string{"changed risk bad-release, chance: 4% -> 30%"}},
		{"a net that is taken away", []string{"chance: 4%, detect: [alarm, calls]", "chance: 4%, detect: [calls]",
			"  undo: {kind: automation, status: in-place, effects: [{risks_per: release, recovers: {takes: 40s, works: 98%, by: nobody}}]}\n", ""},
			[]string{"changed risk bad-release, detect: alarm, calls -> calls"}},
		{"a proposed net does nothing yet", []string{"prevents: 60%", "prevents: 90%", "every: 7d", "every: 1d"}, []string{"changed change release, every: 7d -> 1d"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := compare(t, parse(t, small), edited(t, tt.pieces...), diff.Options{Services: []string{"app"}})
			o := objective(t, r, "app")
			if o.By != diff.InChance {
				t.Fatalf("the chance moved by %.4f, and that is no move", o.Moved())
			}
			got := causes(o)
			if len(got) == 0 || got[0] != tt.want[0] {
				t.Errorf("causes of %.4f: %q, want first %q", o.Moved(), got, tt.want)
			}
			for _, c := range o.Causes {
				for _, ch := range c.Changes {
					if slices.Contains([]string{"title", "owner"}, ch.Field) {
						t.Errorf("a cause by words: %s", said(ch))
					}
				}
			}
		})
	}
}

// booking reads the example with pieces replaced in its files, of which only what is
// listed counts: of the same past, what a smaller risk no longer explains is not listed.
func booking(t *testing.T, pieces ...string) *model.Model {
	t.Helper()
	paths, err := filepath.Glob("../../examples/booking/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no example: %v", err)
	}
	var files []modelfile.File
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		for i := 0; i < len(pieces); i += 2 {
			text = strings.ReplaceAll(text, pieces[i], pieces[i+1])
		}
		files = append(files, modelfile.File{Name: filepath.Base(p), Data: []byte(text)})
	}
	return parseFiles(t, files...).OnlyListed()
}

// The same past is held against what each version lists: what a risk no longer explains,
// something else did.
func TestOfTheSamePastWhatIsNotExplainedMoves(t *testing.T) {
	text := `
version: 1
services: {api: {objective: {target: 99.9%}, history: {over: 365.25d, bad: 10h, incidents: 12}}}
risks: {r: {rate: RATE, detect: 0s, recover: 1h}}
`
	with := func(rate string) *model.Model {
		return parseFiles(t, modelfile.File{Name: "model.yaml", Data: []byte(strings.Replace(text, "RATE", rate, 1))})
	}
	o := objective(t, compare(t, with("6/y"), with("2/y"), diff.Options{}), "api")
	moved := map[string]float64{}
	for _, s := range o.Sources {
		moved[s.Name] = s.New - s.Old
	}
	if math.Abs(moved["r"]+4*3600) > 1e-6 || math.Abs(moved["unlisted"]-4*3600) > 1e-6 || !o.Touched {
		t.Errorf("moved by %v, touched %v", moved, o.Touched)
	}
	for _, m := range []*model.Model{with("6/y"), with("2/y")} {
		f, err := forecast.Run(m, forecast.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if e := f.Entries[0]; e.Met.Value != o.Old.Met.Value && e.Met.Value != o.New.Met.Value {
			t.Errorf("the forecast says %v, the difference %v and %v", e.Met.Value, o.Old.Met.Value, o.New.Met.Value)
		}
	}
	listed := objective(t, compare(t, with("6/y").OnlyListed(), with("2/y").OnlyListed(), diff.Options{}), "api")
	if math.Abs(listed.Longer()+4*3600) > 60 || len(listed.Causes) != 1 {
		t.Errorf("what is listed moves by %v, for %v", listed.Longer(), listed.Causes)
	}
}

func TestTwoVersionsOfBooking(t *testing.T) {
	before := booking(t, "target: 99.999%", "target: 99.95%")
	after := booking(t, "target: 99.999%", "target: 99.95%",
		"chance: 2%..6%", "chance: 0.5%..1%",
		"title: Weekly release", "title: Release of the week",
		"certificate-alarm:\n    title", "certificate-watch:\n    title",
		"risks:\n  # ---", "risks:\n  name-service: {service: booking, every: 1y..2y, detect: 5m, recover: 30m..2h}\n  # ---")
	r := compare(t, before, after, diff.Options{Services: []string{"booking"}})
	o := objective(t, r, "booking")
	if o.By != diff.InChance {
		t.Fatalf("booking moved by %v (%.4f)", o.By, o.Moved())
	}
	want := []string{"added risk name-service:  -> every 1y..2y on booking", "changed risk bad-release, chance: 2%..6% -> 0.5%..1%"}
	if d := cmp.Diff(want, causes(o)); d != "" {
		t.Errorf("causes (-want +got):\n%s", d)
	}
	if o.Causes[0].Effect > 0 || o.Causes[1].Effect < 0 {
		t.Errorf("effects are %.4f of a new risk and %.4f of a lower chance", o.Causes[0].Effect, o.Causes[1].Effect)
	}
	// The effects of the two are held against forecasts of the models between.
	between, err := forecast.Run(booking(t, "target: 99.999%", "target: 99.95%", "chance: 2%..6%", "chance: 0.5%..1%"), forecast.Options{Services: []string{"booking"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := o.Causes[1].Effect, between.Entries[0].Met.Value-o.Old.Met.Value; math.Abs(got-want) > 1e-9 {
		t.Errorf("the lower chance alone does %.9f, want %.9f", got, want)
	}
	if len(o.Sources) < 2 || o.Sources[0].Name != "name-service" || o.Sources[1].Name != "bad-release" {
		t.Errorf("the sources that moved are %+v", o.Sources)
	}
}

func TestBadTimeThatMovesWhereTheChanceCannot(t *testing.T) {
	r := compare(t, booking(t), booking(t, "chance: 2%..6%", "chance: 0.1%..0.5%"), diff.Options{Services: []string{"booking"}})
	o := objective(t, r, "booking")
	if o.By != diff.InBadTime {
		t.Fatalf("moved by %q", o.By)
	}
	if got := causes(o); len(got) != 1 || got[0] != "changed risk bad-release, chance: 2%..6% -> 0.1%..0.5%" {
		t.Errorf("causes are %q", got)
	}
}

// cheapest stands for a planner: it wants the canary while a release fails in
// more than 2 %, and the second copy while crashes are frequent or dear.
func cheapest(m *model.Model) (*diff.Planned, error) {
	p := &diff.Planned{Feasible: true, Met: 0.95}
	if m.Risk("bad-release").Chance.Float() > 0.02 {
		p.Nets = append(p.Nets, "canary")
	}
	often, _ := m.Risk("crash").Rate.Exact.Float64()
	if often*model.Day > 1.0/60 && m.Currency.S == "EUR" {
		p.Nets = append(p.Nets, "copy")
	}
	p.AnnualCost = float64(len(p.Nets))
	return p, nil
}

func TestCausesOfAChangedPlan(t *testing.T) {
	for _, tt := range []struct {
		name   string
		pieces []string
		want   []string
	}{
		{"one change drops a net", []string{"chance: 4%", "chance: 1%", "The app", "Our app", "every: 45d", "every: 46d"},
			[]string{"-canary: changed risk bad-release, chance: 4% -> 1%"}},
		{"two changes are needed", []string{"chance: 4%", "chance: 1%", "every: 45d", "every: 90d", "target: 99.9%", "target: 99.8%"},
			[]string{"-canary -copy: changed risk bad-release, chance: 4% -> 1% & changed risk crash, every: 45d -> 90d"}},
		{"of two that would do, the first", []string{"every: 45d", "every: 90d", "EUR", "USD"}, []string{"-copy: changed model, currency: EUR -> USD"}},
		{"of two fields of a risk, the one that did it", []string{"chance: 4%", "impact: 90%, chance: 1%"}, []string{"-canary: changed risk bad-release, chance: 4% -> 1%"}},
		{"the plan is as it was", []string{"chance: 4%", "chance: 5%"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := compare(t, parse(t, small), edited(t, tt.pieces...), diff.Options{Services: []string{"app"}, Planner: cheapest})
			var got []string
			for _, c := range r.Plan.Causes {
				s := ""
				for _, n := range c.Dropped {
					s += "-" + n + " "
				}
				got = append(got, strings.TrimSpace(s)+": "+strings.Join(lines(c.Changes), " & "))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("causes of the plan (-want +got):\n%s", d)
			}
		})
	}
}

func TestThreeChangesOfAPlanAreToldNetByNet(t *testing.T) {
	planner := func(m *model.Model) (*diff.Planned, error) {
		p, _ := cheapest(m)
		if m.Service("db").Copies.N == 2 && m.Detection("alarm").Catches.Float() < 0.95 {
			p.Nets = append(p.Nets, "watch")
		}
		return p, nil
	}
	r := compare(t, parse(t, small), edited(t, "chance: 4%", "chance: 1%", "every: 45d", "every: 90d", "catches: 90%", "catches: 99%"),
		diff.Options{Services: []string{"app"}, Planner: planner})
	if len(r.Plan.Causes) != 3 {
		t.Fatalf("got %d causes, want one for each net", len(r.Plan.Causes))
	}
	for _, c := range r.Plan.Causes {
		if len(c.Dropped) != 1 || len(c.Changes) != 1 || c.All {
			t.Errorf("the cause of %q is %q", c.Dropped, lines(c.Changes))
		}
	}
}

func TestServicesThatComeAndGo(t *testing.T) {
	after := edited(t, "  a: {outside", "  shop: {objective: {target: 99%}, needs: [db]}\n  a: {outside")
	r := compare(t, parse(t, small), after, diff.Options{Services: []string{"shop"}})
	if o := objective(t, r, "shop"); o.Old != nil || o.New == nil || !o.Touched || len(o.Causes) > 0 {
		t.Errorf("a new service: %+v", o)
	}
	r = compare(t, after, parse(t, small), diff.Options{})
	if o := objective(t, r, "shop"); o.Old == nil || o.New != nil {
		t.Errorf("a service that is gone: %+v", o)
	}
	var wrong *forecast.OptionError
	if _, err := diff.Compare(parse(t, small), after, diff.Options{Services: []string{"nowhere"}}); !errors.As(err, &wrong) {
		t.Errorf("a service in neither model: %v", err)
	}
}

func TestATouchedObjectiveIsToldFromOneThatIsNot(t *testing.T) {
	after := edited(t, "{outside: true, availability: 99%, outage: 1h}\n  b:", "{outside: true, availability: 98%, outage: 1h}\n  b:", "every: 45d", "every: 45.5d")
	r := compare(t, parse(t, small), after, diff.Options{})
	for service, want := range map[string]bool{"app": true, "db": true, "a": true, "b": false} {
		if o := objective(t, r, service); o.Touched != want {
			t.Errorf("%s touched: %v, want %v", service, o.Touched, want)
		}
	}
}

func TestANetThatOnlyChangesItsStatusIsWarnedOf(t *testing.T) {
	for _, tt := range []struct {
		name   string
		pieces []string
		want   string // in the one warning; empty: none
	}{
		{"it stands now", []string{"status: proposed", "status: in-place"}, "canary stands now, but the numbers of bad-release were not changed"},
		{"it stands now and the numbers are new", []string{"status: proposed", "status: in-place", "chance: 4%", "chance: 2%"}, ""},
		{"it is gone", []string{"  review: {kind: process, status: in-place, cost: {run: 8 person-days/month}, effects: [{risk: [bad-release, crash], prevents: 30%}]}\n", ""},
			"review no longer stands, but the numbers of bad-release, crash were not changed"},
		{"what it adds is not in the numbers", []string{"  flags: {kind: automation, status: in-place, effects: [{risk: bad-release, recovers: {takes: 10s, works: 50%, by: nobody}}]}\n", ""}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := compare(t, parse(t, small), edited(t, tt.pieces...), diff.Options{Services: []string{"app"}}).Warnings
			if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.Contains(say.English().Message(got[0]), tt.want)) {
				t.Errorf("warnings %q, want %q", got, tt.want)
			}
		})
	}
}

// A changed length of outages is in what the service states, and what is set is
// as the net says.
func TestAVendorsNetThatOnlyChangesItsStatus(t *testing.T) {
	text := func(net string) *model.Model {
		return parse(t, `version: 1
services:
  app: {objective: {target: 99%, over: 30d}, needs: [card]}
  card: {availability: 99%, outage: 1h}
safety_nets:
  net: `+net+"\n")
	}
	for _, tt := range []struct {
		before, after string
		want          message.Message
	}{
		{"{status: proposed, effects: [{service: card, outage: -50%}]}", "{status: in-place, effects: [{service: card, outage: -50%}]}", message.StandsNow("net", []string{"card"})},
		{"{status: proposed, effects: [{service: card, availability: 99.9%}]}", "{status: in-place, effects: [{service: card, availability: 99.9%, before: 99%}]}", message.Message{}},
	} {
		r := compare(t, text(tt.before), text(tt.after), diff.Options{Services: []string{"app"}})
		if got := r.Warnings; !tt.want.Is() && len(got) > 0 || tt.want.Is() && (len(got) != 1 || got[0] != tt.want) {
			t.Errorf("warnings %q, want %q", got, tt.want)
		}
	}
}

func TestFewTrialsAreSaid(t *testing.T) {
	r := compare(t, parse(t, small), edited(t, "chance: 4%", "chance: 40%", "every: 45d", "every: 9d"), diff.Options{Services: []string{"app"}, Trials: 1})
	if len(r.Warnings) != 1 || len(objective(t, r, "app").Causes) > 1 {
		t.Errorf("warnings %q, causes %q", r.Warnings, causes(objective(t, r, "app")))
	}
}

func TestModelsAreLeftAsTheyWere(t *testing.T) {
	before, after := parse(t, small), edited(t, "chance: 4%", "impact: 80%, chance: 60%", "[db, {any", "[{any")
	compare(t, before, after, diff.Options{Services: []string{"app"}})
	if d := diff.Models(parse(t, small), before); len(d) > 0 {
		t.Errorf("the old model was changed: %q", lines(d))
	}
	if d := diff.Models(edited(t, "chance: 4%", "impact: 80%, chance: 60%", "[db, {any", "[{any"), after); len(d) > 0 {
		t.Errorf("the new model was changed: %q", lines(d))
	}
}

// TestWhatMovesALittleIsTouched: less than a number may be off is not nothing.
func TestWhatMovesALittleIsTouched(t *testing.T) {
	const before = `
version: 1
services: {app: {objective: {target: 99.9%}}}
risks:
  often: {service: app, rate: 12/y, detect: 0s, recover: 1h..3h}
  hardly: {service: app, rate: 0.000001/y, detect: 0s, recover: 10s}
`
	r := compare(t, parse(t, before), parse(t, strings.Replace(before, "0.000001/y", "0.000003/y", 1)), diff.Options{})
	if o := objective(t, r, "app"); !o.Touched || o.Old.PerYear == o.New.PerYear {
		t.Errorf("touched %v: %v and %v s a year", o.Touched, o.Old.PerYear, o.New.PerYear)
	}
}
