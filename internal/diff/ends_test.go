package diff_test

import (
	"strings"
	"testing"

	"tightrope/internal/diff"
	"tightrope/internal/model"
	"tightrope/internal/say"
	"tightrope/internal/testmodel"
	"tightrope/internal/work"
)

// Whenever its time is up, a comparison tells what it knows, and says of the rest
// that it is missing.
func TestATimeThatIsUpLeavesWhatIsKnown(t *testing.T) {
	const text = "version: 1\nservices: {app: {objective: {target: 99.9%}}}\nrisks:\n  a: {service: app, every: 45d, detect: 5m, recover: 10m}\n  b: {service: app, every: 90d, detect: 5m, recover: 20m}\n"
	before := parse(t, text)
	after := parse(t, strings.Replace(strings.Replace(text, "every: 45d", "every: 20d..30d", 1), "every: 90d", "every: 50d", 1))
	options := func(f *testmodel.Fuse) diff.Options {
		return diff.Options{
			Context: f,
			Costs: func(*model.Model) (c *diff.Costs, err error) {
				defer work.Recover(&err)
				work.Poll(f)
				return &diff.Costs{}, nil
			},
			Planner: func(*model.Model) (*diff.Planned, error) {
				if f.Err() != nil {
					return nil, diff.ErrTime
				}
				return &diff.Planned{}, nil
			},
		}
	}
	whole := testmodel.Lit(1 << 40)
	all, err := diff.Compare(before, after, options(whole))
	if err != nil || all.Ended || len(all.Objectives) == 0 || len(all.Objectives[0].Causes) == 0 || all.Costs == nil || all.Plan == nil {
		t.Fatalf("the whole comparison: %+v, %v", all, err)
	}
	turns := 1<<40 - whole.Left.Load()
	seen := map[string]bool{}
	for k := range int64(40) {
		at := turns * k / 40
		if k > 30 {
			at = turns - (40 - k) // the last of them are about what comes last
		}
		r, err := diff.Compare(before, after, options(testmodel.Lit(at)))
		if err != nil {
			t.Fatal(err)
		}
		if !r.Ended || len(r.Changes) != len(all.Changes) {
			t.Fatalf("after %d of %d turns: ended %v, %d changes", at, turns, r.Ended, len(r.Changes))
		}
		said := strings.Join(say.English().Messages(r.Warnings), "\n")
		holds := func(what, word string, missing bool) {
			if strings.Contains(said, word) != missing {
				t.Errorf("after %d of %d turns: %s missing %v, and it says\n%s", at, turns, what, missing, said)
			}
			seen[what] = seen[what] || missing
		}
		holds("forecasts", "before the models were forecast", len(r.Objectives) == 0)
		if len(r.Objectives) == 0 {
			continue
		}
		o := r.Objectives[0]
		holds("costs", "costs and the load on people", r.Costs == nil)
		holds("plan", "whether another plan is recommended", r.Plan == nil)
		holds("causes", "before all changes were tried", o.Untried)
		if o.Untried && o.Joint {
			t.Error("it says that changes act together, though it did not try them all")
		}
	}
	for _, what := range []string{"forecasts", "costs", "plan", "causes"} {
		if !seen[what] {
			t.Errorf("%s were never missing", what)
		}
	}
}
