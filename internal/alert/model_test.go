package alert_test

import (
	"math"
	"testing"

	"tightrope/internal/alert"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

func read(t *testing.T, text string) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte("version: 1\n" + text)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return m
}

func result(t *testing.T, text string) *alert.Result {
	t.Helper()
	r, err := alert.Of(read(t, text), alert.Options{Delays: alert.DefaultDelays()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func risk(t *testing.T, o *alert.Objective, name string) *alert.Risk {
	t.Helper()
	for _, r := range o.Risks {
		if r.Risk.Name == name {
			return r
		}
	}
	t.Fatalf("%s has no risk %s", o.Service, name)
	return nil
}

// The ratio of errors at the service of the alert, each in a model of its own.
func TestTheRatioOfErrorsIsThatOfTheUsersWhoAreHit(t *testing.T) {
	const rest = ", every: 30d, detect: 5m, recover: 1h}\n"
	for _, c := range []struct {
		name, text string
		ratio      float64
		fires      float64 // of the page for 2 % in 1 h; 0: never
	}{
		{"its own", "services: {a: {objective: {target: 99.9%}}}\nrisks:\n  r: {impact: 20%" + rest, 0.2, 259.2},
		{"of what it needs", "services: {a: {objective: {target: 99.9%}, needs: [b]}, b: {}}\nrisks:\n  r: {service: b, impact: 50%" + rest, 0.5, 103.68},
		{"of what some of its users need", "services: {a: {objective: {target: 99.9%}, needs: [{service: b, impact: 10%}]}, b: {}}\nrisks:\n  r: {service: b, impact: 50%" + rest, 0.05, 1036.8},
		{"of what is ridden out at first", "services: {a: {objective: {target: 99.9%}, needs: [{service: b, rides_out: 5m}]}, b: {}}\nrisks:\n  r: {service: b" + rest, 1, 300 + 51.84},
		{"of one of two ways", "services: {a: {objective: {target: 99.9%}, needs: [{any: [b, c]}]}, b: {}, c: {}}\nrisks:\n  r: {service: b" + rest, 0, 0},
		{"of one part of its users", "services: {a: {objective: {target: 99.9%}, needs: [{split: {b: 30%, c: 70%}}]}, b: {}, c: {}}\nrisks:\n  r: {service: c, impact: 50%" + rest, 0.35, 148.11428571428571},
		{"of what does not count", "services: {a: {objective: {target: 99.9%}, needs: [{service: b, counts: false}]}, b: {}}\nrisks:\n  r: {service: b" + rest, -1, 0},
		{"of all copies at once", "services: {a: {objective: {target: 99.9%}, copies: 2}}\nrisks:\n  r: {impact: 40%" + rest, 0.4, 129.6},
		{"of a copy that shares nothing", "services: {a: {objective: {target: 99.9%}, copies: 2, common_cause: 0%}}\nrisks:\n  r: {impact: 40%" + rest, 0, 0},
		{"through two needs of other users", "services: {a: {objective: {target: 99.9%}, needs: [{service: b, impact: 50%}, {service: c, impact: 50%}]}, b: {needs: [d]}, c: {needs: [d]}, d: {}}\nrisks:\n  r: {service: d" + rest, 0.75, 69.12},
		{"of another objective", "services: {a: {objectives: {available: {target: 99.9%}, fast: {target: 99%}}}}\nrisks:\n  r: {impact: {available: 10%, fast: 100%}" + rest, 0.1, 518.4},
		{"in stages", "services: {a: {objective: {target: 99.9%}}}\nchanges: {release: {every: 7d, stages: [5% for 10m, 100%]}}\nrisks:\n  r: {per: release, chance: 2%, detect: 5m, recover: 1h}\n", 1, 600 + 21.84},
	} {
		o := result(t, c.text).Objectives[0]
		if c.ratio < 0 {
			if len(o.Risks) > 0 {
				t.Errorf("%s: it is a risk of the service: %+v", c.name, o.Risks[0])
			}
			continue
		}
		r := risk(t, o, "r")
		if math.Abs(r.Ratio-c.ratio) > 1e-12 {
			t.Errorf("%s: the ratio is %v, expected %v", c.name, r.Ratio, c.ratio)
		}
		switch f := r.Seen[0].Fires; {
		case (f == nil) != (c.fires == 0):
			t.Errorf("%s: fires %v, expected %v", c.name, f, c.fires)
		case f != nil && math.Abs(*f-c.fires) > 1e-9:
			t.Errorf("%s: fires after %v, expected %v", c.name, *f, c.fires)
		}
		if r.Alone != (c.ratio > 0) {
			t.Errorf("%s: reaches users %v", c.name, r.Alone)
		}
	}
}

func TestSlowestAndUnseen(t *testing.T) {
	o := result(t, `services: {a: {objective: {target: 99.9%}}}
risks:
  all: {every: 30d, detect: 5m, recover: 1h}
  few: {every: 30d, impact: 0.5%, detect: 5m, recover: 1h}
  none: {every: 30d, impact: 0.05%, detect: 5m, recover: 1h}
  unsure: {every: 30d, impact: 0.1%..3%, detect: 5m, recover: 1h}
`).Objectives[0]
	if r := risk(t, o, "all"); r.First != 0 || math.Abs(*r.Seen[0].Detect.P50-(51.84+30+35)) > 1e-9 || math.Abs(*r.Seen[0].Spent-(51.84+65)/2592) > 1e-12 {
		t.Errorf("all: %+v %v", r, *r.Seen[0].Detect.P50)
	}
	if r := risk(t, o, "few"); r.First != 2 || r.Seen[0].Fires != nil || r.Unseen() {
		t.Errorf("few: %+v", r)
	}
	if r := risk(t, o, "none"); r.First >= 0 || !r.Unseen() {
		t.Errorf("none: %+v", r)
	}
	// Some of the incidents of an unsure impact are seen, and some are not.
	if r := risk(t, o, "unsure"); r.Seen[3].Detect.P5 == nil || r.Seen[3].Detect.P50 == nil || r.Seen[3].Detect.P95 != nil {
		t.Errorf("unsure: %+v", r.Seen[3])
	}
	if risk(t, o, "all").Missed() || !risk(t, o, "unsure").Missed() || risk(t, o, "none").Missed() {
		t.Error("what is not always told is that of which few users may be hit, and nothing else")
	}
	if len(o.Set) != 1 || o.Set[0] != 2 {
		t.Errorf("the fewest alerts are %v, expected the one for 10 %% in a day alone: it is quicker than that in three", o.Set)
	}
}
