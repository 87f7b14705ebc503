package scenario_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/scenario"
)

// A model with one part of each kind, on which a net has one effect; %s are
// before_nets of the risk, the status of the net and the effect.
const oneNet = `
version: 1
services:
  api: {background: 0.01%%, copies: 2, need: 1, common_cause: 8%%, switch: {takes: 10s}, needs: [{service: search, impact: 40%%, rides_out: 1m}]}
  search: {availability: 99%%, outage: 10m}
changes:
  release: {service: api, every: 7d, downtime: 20s, stages: [10%% for 10m, 100%%]}
risks:
  bad-release: {service: api, per: release, chance: 10%%, impact: 50%%, strikes: all, before_nets: %s, detect: [alarm], recover: [rollback]}
detection:
  alarm: {after: 5m}
recovery:
  rollback: {takes: 10m, by: on-call}
responders:
  on-call: {acknowledges: 4m, people: 4}
safety_nets:
  net: {kind: process, status: %s, effects: [%s]}
`

func parse(t *testing.T, text string) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(text)}})
	for _, p := range problems {
		t.Fatalf("%v\n%s", p, text)
	}
	return m
}

// resolve makes a scenario and its catalogue.
func resolve(t *testing.T, m *model.Model, with, without []string) *scenario.Scenario {
	t.Helper()
	sc, err := scenario.New(m, with, without)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sc.Catalogue(); err != nil {
		t.Fatal(err)
	}
	return sc
}

func number(f scenario.Factor) float64         { return f.Value(nil) }
func average(l scenario.Length) float64        { return l.Law(nil).Mean() }
func seconds(x *model.Time) float64            { return average(scenario.Length{Time: *x}) }
func api(sc *scenario.Scenario) *model.Service { return sc.Model.Service("api") }

func risk(t *testing.T, sc *scenario.Scenario) scenario.RiskValue {
	t.Helper()
	v, err := sc.Risk(sc.Model.Risk("bad-release"))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// An effectCase is one effect, and a number that it sets or multiplies.
type effectCase struct {
	field  string // of model.Effect
	effect string
	read   func(*testing.T, *scenario.Scenario) (float64, scenario.Origin)
	plain  float64 // as written
	by     float64 // what multiplies it; 0: it is set
	set    float64
	// onRisk: before_nets counts.
	onRisk bool
	// before: without the net it is what the net says that it was.
	before bool
}

// added is the origin of what is there only with a net.
func added(net *model.Net) scenario.Origin {
	if net == nil {
		return scenario.Origin{From: scenario.Written}
	}
	return scenario.Origin{From: scenario.ByNet, Nets: []string{net.Name}}
}

var effectCases = []effectCase{
	{field: "Prevents", effect: "{risk: bad-release, prevents: 60%}", plain: 0.1, by: 0.4, onRisk: true,
		read: func(t *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := risk(t, sc).Often
			return number(v.Is), v.Origin
		}},
	{field: "ImpactBy", effect: "{risks_per: release, impact: -50%}", plain: 1, by: 0.5, onRisk: true,
		read: func(t *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := risk(t, sc).Impact
			return number(v.Is), v.Origin
		}},
	{field: "DetectBy", effect: "{risk: bad-release, detect: -20%}", plain: 300, by: 0.8, onRisk: true,
		read: func(t *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := risk(t, sc)
			return average(v.Incident.Detect[0].After), v.Detect
		}},
	{field: "RecoverBy", effect: "{risks_per: release, recover: +30%}", plain: 600, by: 1.3, onRisk: true,
		read: func(t *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := risk(t, sc)
			return average(v.Incident.Attempts[0].Takes), v.Recover
		}},
	{field: "Detects", effect: "{risk: bad-release, detects: {after: 30s, catches: 95%}}", plain: 300, set: 30,
		read: func(t *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			list := risk(t, sc).Incident.Detect
			return average(list[len(list)-1].After), added(list[len(list)-1].Net)
		}},
	{field: "RecoversBy", effect: "{risks_per: release, recovers: {takes: 40s, by: nobody}}", plain: 600, set: 40,
		read: func(t *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			first := risk(t, sc).Incident.Attempts[0]
			return average(first.Takes), added(first.Net)
		}},
	{field: "Stages", effect: "{change: release, stages: [1% for 10m, 100%]}", plain: 0.1, set: 0.01,
		read: func(t *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.Change(sc.Model.Change("release")).Stages
			if own := risk(t, sc).Incident.Stages; !reflect.DeepEqual(own, v.Is) {
				t.Errorf("the risk has the stages %v, its change %v", own, v.Is)
			}
			x, _ := v.Is[0].Share.Exact.Float64()
			return x, v.Origin
		}},
	{field: "Downtime", effect: "{change: release, downtime: 0s}", plain: 20, set: 0,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.Change(sc.Model.Change("release")).Downtime
			return seconds(v.Is), v.Origin
		}},
	{field: "Every", effect: "{change: release, every: 1d}", plain: 1.0 / (7 * model.Day), set: 1.0 / model.Day,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.Change(sc.Model.Change("release")).Every
			x, _ := v.Is.Exact.Float64()
			return x, v.Origin
		}},
	{field: "Slows", effect: "{change: release, slows: 30m}", plain: 0, set: 1800,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			sum, from := 0.0, scenario.Origin{From: scenario.Written}
			for _, x := range sc.Change(sc.Model.Change("release")).Slows {
				sum, from = sum+seconds(x.By), scenario.Origin{From: scenario.ByNet, Nets: []string{x.Net}}
			}
			return sum, from
		}},
	{field: "AcknowledgeBy", effect: "{responder: on-call, acknowledge: -50%}", plain: 240, by: 0.5,
		read: func(t *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.Responder(sc.Model.Responder("on-call")).Acknowledges
			if own := average(risk(t, sc).Incident.Acknowledge[0]); own != average(v.Is) {
				t.Errorf("the risk waits %v for its responder, who takes %v", own, average(v.Is))
			}
			return average(v.Is), v.Origin
		}},
	{field: "Copies", effect: "{service: api, copies: 3}", plain: 2, set: 3,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.Service(api(sc)).Copies
			return float64(v.Is), v.Origin
		}},
	{field: "NeedCopies", effect: "{service: api, need: 2}", plain: 1, set: 2,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.Service(api(sc)).Need
			return float64(v.Is), v.Origin
		}},
	{field: "Switch", effect: "{service: api, switch: {takes: 1s}}", plain: 10, set: 1,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.Service(api(sc)).Switch
			return seconds(&v.Is.Takes), v.Origin
		}},
	{field: "CommonCause", effect: "{service: api, common_cause: 2%}", plain: 0.08, set: 0.02,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.Service(api(sc)).CommonCause
			x, _ := v.Is.Exact.Float64()
			return x, v.Origin
		}},
	{field: "Availability", effect: "{service: search, availability: 99.9%, before: 99%}", plain: 0.99, set: 0.999, before: true,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.Service(sc.Model.Service("search")).Stated
			x, _ := v.Is.Availability.Exact.Float64()
			return x, v.Origin
		}},
	{field: "OutageBy", effect: "{service: search, outage: -50%}", plain: 600, by: 0.5,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.Service(sc.Model.Service("search")).Outage
			return average(v.Is), v.Origin
		}},
	{field: "Background", effect: "{service: api, background: 0.001%, before: 0.01%}", plain: 1e-4, set: 1e-5, before: true,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.Service(api(sc)).Background
			x, _ := v.Is.Exact.Float64()
			return x, v.Origin
		}},
	{field: "RidesOut", effect: "{need: api -> search, rides_out: 2h}", plain: 60, set: 7200,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.NeedOf(api(sc), 0).RidesOut
			return v.Is.Mean(), v.Origin
		}},
	{field: "ImpactBy", effect: "{need: api -> search, impact: -50%}", plain: 0.4, by: 0.5,
		read: func(_ *testing.T, sc *scenario.Scenario) (float64, scenario.Origin) {
			v := sc.NeedOf(api(sc), 0).Impact
			return number(v.Is), v.Origin
		}},
}

func TestWhatAnEffectDoesWhereItsNetStandsOrNot(t *testing.T) {
	type state struct {
		name          string
		status        string
		with, without []string
		today, stands bool
	}
	states := []state{
		{"stands", "in-place", nil, nil, true, true},
		{"is taken away", "in-place", nil, []string{"net"}, true, false},
		{"is proposed", "proposed", nil, nil, false, false},
		{"is added", "proposed", []string{"net"}, nil, false, true},
	}
	for _, c := range effectCases {
		for _, s := range states {
			for _, before := range []bool{false, true} {
				name := fmt.Sprintf("%s %s, before_nets: %v", c.effect, s.name, before)
				effect := c.effect
				if was := strings.Index(effect, ", before:"); was >= 0 && !s.today {
					effect = effect[:was] + "}" // only a net that stands says what was before
				}
				sc := resolve(t, parse(t, fmt.Sprintf(oneNet, fmt.Sprint(before), s.status, effect)), s.with, s.without)
				got, from := c.read(t, sc)
				want, byNet := c.plain, s.stands
				switch in := s.today && !(before && c.onRisk); {
				case c.by == 0 && s.stands:
					want = c.set
				case c.by == 0:
					byNet = byNet || c.before && s.today
				case s.stands && !in:
					want *= c.by
				case in && !s.stands:
					want, byNet = want/c.by, true
				default:
					byNet = false // it is in the numbers, or in none
				}
				if math.Abs(got-want) > 1e-12*math.Max(1, want) {
					t.Errorf("%s: %v, expected %v", name, got, want)
				}
				switch {
				case byNet && (from.From != scenario.ByNet || !slices.Equal(from.Nets, []string{"net"})):
					t.Errorf("%s: comes from %v, expected the net", name, from)
				case !byNet && (from.From != scenario.Written || len(from.Nets) > 0):
					t.Errorf("%s: comes from %v, expected what is written", name, from)
				}
			}
		}
	}
}

func TestEveryEffectHasItsCase(t *testing.T) {
	// What an effect is on, people, which are added to rather than multiplied,
	// and what a number was before, which stands beside it.
	other := []string{"Pos", "Risks", "RisksPer", "Change", "Responder", "Service", "NeedFrom", "NeedTo", "People", "Before"}
	effect := reflect.TypeFor[model.Effect]()
	for i := range effect.NumField() {
		name := effect.Field(i).Name
		if !slices.Contains(other, name) && !slices.ContainsFunc(effectCases, func(c effectCase) bool { return c.field == name }) {
			t.Errorf("no case shows what %s does", name)
		}
	}
}

func TestPeopleAreCountedAgainstToday(t *testing.T) {
	for _, tt := range []struct {
		status, people string
		with, without  []string
		want           int
	}{
		{"in-place", "+2", nil, nil, 4},
		{"in-place", "+2", nil, []string{"net"}, 2},
		{"proposed", "+2", nil, nil, 4},
		{"proposed", "+2", []string{"net"}, nil, 6},
		{"proposed", "-3", []string{"net"}, nil, 1},
		{"in-place", "+9", nil, []string{"net"}, 0},
	} {
		sc := resolve(t, parse(t, fmt.Sprintf(oneNet, "false", tt.status, "{responder: on-call, people: "+tt.people+"}")), tt.with, tt.without)
		v := sc.Responder(sc.Model.Responder("on-call"))
		if *v.People.Is != tt.want {
			t.Errorf("%s %s with %v without %v: %d people, expected %d", tt.status, tt.people, tt.with, tt.without, *v.People.Is, tt.want)
		}
	}
}

func TestNetsOfOneAngleSeeTheSameMistakes(t *testing.T) {
	model := func(before bool, nets string) string {
		return strings.Replace(fmt.Sprintf(oneNet, fmt.Sprint(before), "proposed", "{risk: bad-release, prevents: 1%}"),
			"safety_nets:\n", "safety_nets:\n"+nets, 1)
	}
	net := func(name, status, angle, prevents string) string {
		return fmt.Sprintf("  %s: {kind: process, status: %s, angle: %s, effects: [{risk: bad-release, prevents: %s}]}\n", name, status, angle, prevents)
	}
	for _, tt := range []struct {
		name          string
		before        bool
		nets          string
		with, without []string
		left          float64
		of            []string
	}{
		{"two angles multiply", false, net("a", "proposed", "x", "20%") + net("b", "proposed", "y", "50%"), []string{"a", "b"}, nil, 0.4, []string{"a", "b"}},
		{"of one angle the best counts", false, net("a", "proposed", "x", "20%") + net("b", "proposed", "x", "50%"), []string{"a", "b"}, nil, 0.5, []string{"b"}},
		{"a better one replaces what is in the numbers", false, net("a", "in-place", "x", "20%") + net("b", "proposed", "x", "50%"), []string{"b"}, nil, 0.5 / 0.8, []string{"b", "a"}},
		{"a worse one of the same angle adds nothing", false, net("a", "in-place", "x", "50%") + net("b", "proposed", "x", "20%"), []string{"b"}, nil, 1, nil},
		{"behind the best one that is taken away the next counts", false, net("a", "in-place", "x", "50%") + net("b", "in-place", "x", "20%"), nil, []string{"a"}, 0.8 / 0.5, []string{"b", "a"}},
		{"of another angle only what is taken away is divided out", false, net("a", "in-place", "x", "50%") + net("b", "in-place", "y", "20%"), nil, []string{"a"}, 1 / 0.5, []string{"a"}},
		{"before all nets those that stand are applied", true, net("a", "in-place", "x", "50%") + net("b", "in-place", "x", "20%"), nil, nil, 0.5, []string{"a"}},
		{"before all nets the next one is applied", true, net("a", "in-place", "x", "50%") + net("b", "in-place", "x", "20%"), nil, []string{"a"}, 0.8, []string{"b"}},
	} {
		sc := resolve(t, parse(t, model(tt.before, tt.nets)), tt.with, tt.without)
		v := risk(t, sc).Often
		if got := number(v.Is) / 0.1; math.Abs(got-tt.left) > 1e-12 {
			t.Errorf("%s: %v of the incidents are left, expected %v", tt.name, got, tt.left)
		}
		if !slices.Equal(v.Nets, tt.of) {
			t.Errorf("%s: comes from %v, expected %v", tt.name, v.Nets, tt.of)
		}
	}
}

func TestOfNetsThatSetAValueTheLastOneCounts(t *testing.T) {
	text := strings.Replace(fmt.Sprintf(oneNet, "false", "in-place", "{change: release, every: 2d}"), "safety_nets:\n",
		"safety_nets:\n  first: {kind: process, status: in-place, effects: [{change: release, every: 1d}, {service: api, copies: 4}]}\n", 1)
	text = strings.Replace(text, "{change: release, every: 2d}]", "{change: release, every: 2d}, {service: api, copies: 3}]", 1)
	sc := resolve(t, parse(t, text), nil, nil)
	if v := sc.Change(sc.Model.Change("release")).Every; v.Is.Text != "2d" || !slices.Equal(v.Nets, []string{"net"}) {
		t.Errorf("every is %s from %v, expected 2d from net", v.Is.Text, v.Origin)
	}
	// Copies are there, whoever brought them.
	if v := sc.Service(api(sc)).Copies; v.Is != 4 || !slices.Equal(v.Nets, []string{"first"}) {
		t.Errorf("copies are %d from %v, expected 4 from first", v.Is, v.Origin)
	}
}

func TestWhatIsNotWrittenIsADefault(t *testing.T) {
	m := parse(t, `
version: 1
services:
  api: {needs: [db], objective: {target: 99%}}
  db: {}
risks:
  disk: {service: db, rate: 1/y, detect: 5m, recover: 1h}
`)
	sc := resolve(t, m, nil, nil)
	s := sc.Service(m.Service("db"))
	n := sc.NeedOf(m.Service("api"), 0)
	r := risk0(t, sc)
	for _, tt := range []struct {
		what string
		from scenario.OriginKind
		ok   bool
	}{
		{"copies", s.Copies.From, s.Copies.Is == 1},
		{"need", s.Need.From, s.Need.Is == 1},
		{"common_cause", s.CommonCause.From, s.CommonCause.Is == nil},
		{"switch", s.Switch.From, s.Switch.Is == nil},
		{"stated", s.Stated.From, s.Stated.Is == nil},
		{"background", s.Background.From, s.Background.Is == nil},
		{"impact of a need", n.Impact.From, number(n.Impact.Is) == 1},
		{"rides_out", n.RidesOut.From, n.RidesOut.Is == nil},
		{"impact of a risk", r.Impact.From, number(r.Impact.Is) == 1},
		{"strikes", r.StrikesAll.From, !r.StrikesAll.Is},
	} {
		if tt.from != scenario.Default || !tt.ok {
			t.Errorf("%s is %s, expected the default", tt.what, tt.from)
		}
	}
	o := m.Service("api").Objectives[0]
	if w, text, written := scenario.Window(o); written || text != "30d" || w.RatString() != "2592000" {
		t.Errorf("the window is %s (%s, written: %v), expected 30 days by default", w, text, written)
	}
	if c, written := scenario.Confidence(o); written || c.RatString() != "9/10" {
		t.Errorf("the confidence is %s (written: %v), expected 9/10 by default", c, written)
	}
}

func risk0(t *testing.T, sc *scenario.Scenario) scenario.RiskValue {
	t.Helper()
	v, err := sc.Risk(sc.Model.Risks[0])
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNeedsAreToldApartWithoutTheirPlace(t *testing.T) {
	need := func(kind model.NeedKind, members ...string) *model.Need {
		n := &model.Need{Kind: kind, AtLeast: 2}
		for _, x := range members {
			n.Members = append(n.Members, model.Member{Ref: model.Ref{Name: x}})
		}
		return n
	}
	s := &model.Service{Name: "api", Needs: []*model.Need{
		need(model.NeedOne, "a"), need(model.NeedAny, "b", "a"), need(model.NeedOne, "a"), need(model.NeedAtLeast, "a", "b", "c"),
		need(model.NeedAny, "a", "b"), need(model.NeedSplit, "a", "b"),
	}}
	var names []string
	for _, id := range scenario.NeedIDs(s) {
		names = append(names, id.Name)
	}
	want := []string{"a", "any of a, b", "a #2", "2 of a, b, c", "any of a, b #2", "split of a, b"}
	if !slices.Equal(names, want) {
		t.Errorf("needs are %q, expected %q", names, want)
	}
}
