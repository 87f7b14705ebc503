package agree

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"testing"
	"time"
)

// number is a number from the environment.
func number(t testing.TB, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s=%s: expected a number", name, text)
	}
	return n
}

// TestRandomModels holds all answers about AGREE_MODELS random models, from seed
// AGREE_FROM on, against each other.
func TestRandomModels(t *testing.T) {
	from, n := number(t, "AGREE_FROM", 1), number(t, "AGREE_MODELS", 16)
	for seed := from; seed < from+n; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			d := generate(uint64(seed))
			w := newWorld(t, fmt.Sprintf("AGREE_FROM=%d AGREE_MODELS=1", seed), d.text())
			w.turn = seed
			w.all(d)
			w.end()
		})
	}
}

// TestLawsThatBroke holds models against the law that once broke on them, as found
// by playing many, all of it.
func TestLawsThatBroke(t *testing.T) {
	for _, c := range []struct {
		seed int
		name string
		law  func(*world, *draft)
	}{
		{102, "a contract pays the same in plan, difference and explanation, within the errors that these state", (*world).stricter},
		{114, "a simulation pays what the contract is expected to cost, without the time of people", (*world).contracts},
		{103, "a warning of what is not priced looks at every service, not at the first with a worth", (*world).order},
		{108, "the order of the file moves no band", (*world).order},
		{123, "a page says whose lost time it is as the explanation does", (*world).reports},
		{146, "without a net, what requires it does not stand", (*world).nets},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := generate(uint64(c.seed))
			w := newWorld(t, fmt.Sprintf("AGREE_FROM=%d AGREE_MODELS=1", c.seed), d.text())
			w.whole, w.turn = true, c.seed
			c.law(w, d)
			w.end()
		})
	}
}

// all holds every answer against every other.
func (w *world) all(d *draft) {
	f := w.ask("forecast")
	if f.code != 0 {
		w.report("a forecast is given", f.from, f.from, "exit code %d: %s", f.code, f.err)
		return
	}
	w.forecasts()
	w.quick()
	// By turns, as each of them takes as long as all forecasts do.
	for _, law := range turns(w, 2, []func(*draft){w.nets, w.plans, w.diffs, w.sensitivities, w.edits, w.limits, w.simulations, w.explains, w.cadences, w.reports, w.contracts, w.stricter, w.histories, w.order, w.surfaces, w.alerts}) {
		law(d)
	}
}

// end says what was found, each law once.
func (w *world) end() {
	w.t.Helper()
	w.log()
	times := map[string]int{}
	first := map[string]finding{}
	var laws []string
	for _, f := range w.found {
		if times[f.law]++; times[f.law] == 1 {
			first[f.law] = f
			laws = append(laws, f.law)
		}
	}
	sort.Strings(laws)
	for _, law := range laws {
		f := first[law]
		w.t.Errorf("LAW %s (%d times)\n  %s\n  %s\n  %s", law, times[law], f.a, f.b, f.said)
	}
	if len(laws) > 0 {
		w.t.Errorf("the model (%s):\n%s", w.label, w.text)
	}
	if w.compare == 0 {
		w.t.Error("nothing was compared")
	}
}

// log appends what was found, and what took longest, to the file AGREE_LOG.
func (w *world) log() {
	name := os.Getenv("AGREE_LOG")
	if name == "" {
		return
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		w.t.Fatal(err)
	}
	defer f.Close()
	var took, most time.Duration
	slow := ""
	for line, a := range w.asked {
		if took += a.took; a.took > most {
			most, slow = a.took, line
		}
	}
	fmt.Fprintf(f, "MODEL %s: %d compared, %d found; %.1f s, %.1f of it for %s\n", w.label, w.compare, len(w.found), took.Seconds(), most.Seconds(), slow)
	for _, x := range w.found {
		fmt.Fprintf(f, "LAW %s\n  %s\n  %s\n  %s\n", x.law, x.a, x.b, x.said)
	}
	if len(w.found) > 0 {
		fmt.Fprintln(f, w.text)
	}
}

// TestExamples holds all answers about the examples against each other. A plan
// of booking or shop takes long, so that theirs are not compared.
func TestExamples(t *testing.T) {
	for i, name := range []string{"cre", "cre-nets", "change/before", "change/after", "incidents", "shop", "booking"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := "../../examples/" + name
			w := newWorld(t, path, "", path)
			w.turn, w.slow = i, name == "shop" || name == "booking"
			w.forecasts()
			if w.whole || !w.slow {
				for _, law := range []func(*draft){w.explains, w.simulations, w.reports, w.diffs} {
					law(nil)
				}
			}
			if !w.slow {
				w.quick()
				for _, law := range []func(*draft){w.nets, w.plans, w.limits, w.cadences, w.sensitivities} {
					law(nil)
				}
			}
			w.end()
		})
	}
}

// TestChangedExample holds what the two versions of an example say against what
// their difference says.
func TestChangedExample(t *testing.T) {
	before, after := "../../examples/change/before", "../../examples/change/after"
	w := newWorld(t, before, "", before)
	w.diff("the example of a change", before, after)
	w.diff("the example of a change, backwards", after, before)
	w.end()
}
