package report

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"tightrope/internal/simulate"
)

// plays are the simulations that are reported in every format.
var plays = []struct {
	name   string
	result func() *simulate.Result
	o      Options
}{
	{"simulated everything there is to say", playedBooking, Options{}},
	{"simulated several services", playedMixed, Options{}},
	{"simulated several services chosen by name", playedMixed, Options{Whole: true}},
	{"simulated without an objective", playedAlone, Options{}},
	{"simulated without lost time", playedQuiet, Options{}},
	{"simulated what is unknown", playedUnknown, Options{}},
	{"simulated one year", playedOnce, Options{}},
	{"simulated what is certain", playedCertain, Options{}},
	{"simulated and stopped", playedStopped, Options{}},
	{"simulated and stopped at once", playedNothing, Options{}},
	{"simulated many services", playedMany, Options{}},
	{"simulated names that mean something to a terminal", playedHostile, Options{}},
	{"simulated nothing in the model", func() *simulate.Result { return played(&simulate.Result{Years: 10}) }, Options{}},
}

// years are the simulated years that are told in every format.
var years = []struct {
	name string
	year func() *simulate.Timeline
}{
	{"timeline", playedYear},
	{"timeline of a year without incidents", func() *simulate.Timeline { return &simulate.Timeline{Seed: 1, Year: 1} }},
}

// texts returns how each of the above is written as a text.
func texts() map[string]func(io.Writer, Options) error {
	all := map[string]func(io.Writer, Options) error{}
	for _, c := range plays {
		all[c.name] = func(w io.Writer, o Options) error {
			o.Whole = c.o.Whole
			return SimulationText(w, c.result(), SimulationOptions{o, "KRW"})
		}
	}
	for _, c := range years {
		all[c.name] = func(w io.Writer, o Options) error { return TimelineText(w, c.year(), o) }
	}
	return all
}

func TestSimulationsReadAsWritten(t *testing.T) {
	formats := map[string]func(io.Writer) error{}
	for name, write := range texts() {
		formats[name+".txt"] = func(w io.Writer) error { return write(w, Options{}) }
	}
	for _, c := range plays {
		formats[c.name+".md"] = func(w io.Writer) error { return SimulationMarkdown(w, c.result(), SimulationOptions{c.o, "KRW"}) }
		if !c.o.Whole { // JSON knows no options
			formats[c.name+".json"] = func(w io.Writer) error { return SimulationJSON(w, c.result(), "KRW") }
		}
	}
	for _, c := range years {
		formats[c.name+".md"] = func(w io.Writer) error { return TimelineMarkdown(w, c.year()) }
		formats[c.name+".json"] = func(w io.Writer) error { return TimelineJSON(w, c.year()) }
	}
	for name, write := range formats {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.Bytes())
		})
	}
}

func TestLinesOfSimulationsFitTheTerminalAndColourOnlyRepeats(t *testing.T) {
	escapes := regexp.MustCompile("\x1b\\[[0-9]+m")
	cells := &runewidth.Condition{StrictEmojiNeutral: true}
	for name, write := range texts() {
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
}

func TestSimulationJSONHasTheAgreedKeysFirst(t *testing.T) {
	agreed := map[string][]string{
		"": {"format", "years", "seed", "services"},
		"services": {"service", "objective", "bad_seconds", "miss_probability", "miss_probability_ci95", "any_miss_in_a_year",
			"down_fraction", "bad_fraction", "longest_outage_seconds", "clauses"},
		"objective":              {"name", "target", "window_seconds", "budget_seconds", "confidence"},
		"bad_seconds":            {"mean", "mean_ci95", "p50", "p90", "p95", "p99"},
		"longest_outage_seconds": {"p50", "p95"},
		"clauses":                {"if", "probability_per_year", "ci95", "expected_pay_per_year"},
	}
	var b bytes.Buffer
	if err := SimulationJSON(&b, playedBooking(), "KRW"); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	keys(t, json.NewDecoder(&b), "", got)
	for object, want := range agreed {
		if len(got[object]) < len(want) {
			t.Errorf("%q has the keys %q, want %q first", object, got[object], want)
			continue
		}
		if diff := cmp.Diff(want, got[object][:len(want)]); diff != "" {
			t.Errorf("%q does not begin with the agreed keys (-want +got):\n%s", object, diff)
		}
	}
}

func TestNumbersHaveNoMoreDigitsThanTheirIntervals(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{interval(between(0.178, 0.181, 0.183)), "17.8% to 18.3%"},
		{interval(between(0.1781, 0.1806, 0.1829)), "17.8% to 18.3%"},
		{interval(between(0.12, 0.18, 0.25)), "12% to 25%"},
		{interval(between(0.00008, 0.0003, 0.00088)), "0.008% to 0.09%"},
		{interval(between(0.9995, 0.9999, 1)), "99.95% to 100%"},
		{interval(between(0.05, 0.2, 0.56)), "5% to 60%"},
		{often(between(0.00008, 0.0003, 0.00088)), "0.00008 to 0.0009"},
		{often(between(6_400, 24_000, 70_400)), "6,000 to 80,000"},
		{interval(between(-0.1, 0, 0.02)), "0% to 2%"},
		{estimated(around(0.2437, 0.0024)), "24.4% (24.1% to 24.7%)"},
		{estimated(between(0, 0, 2.5e-6)), "0% (below 0.0003%)"},
		{estimated(always(0.5)), "50.00%"},
		{part(around(0.000521, 0.000009)), "0.0521% ± 0.0009%"},
		{part(between(0, 0, 0.00037)), "below 0.04%"},
		{lasting(around(778, 9)), "12m58s ± 9s"},
		{lasting(around(778, 40)), "13m ± 1m"},
		{lasting(around(9.34, 0.31)), "9.3s ± 0.4s"},
		{lasting(around(9360, 100)), "2h36m ± 2m"},
		{lasting(around(9360, 4000)), "3h ± 2h"},
		{lasting(around(9360, 5000)), "1h13m to 3h59m"},
		{lasting(around(120, 300)), "0s to 7m"},
		{lasting(around(268_000, 9000)), "3.1d ± 0.2d"},
		{lasting(always(520)), "8m40s"},
		{lasting(always(0)), "0s"},
		{often(around(5.214, 0.062)), "5.21 ± 0.07"},
		{often(around(1_595_000, 180_000)), "1,600,000 ± 200,000"},
		{often(always(52)), "52"},
		{often(always(0)), "none seen"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestAWriterThatFailsIsReportedBySimulations(t *testing.T) {
	for name, err := range map[string]error{
		"text":              SimulationText(broken{}, playedAlone(), SimulationOptions{}),
		"markdown":          SimulationMarkdown(broken{}, playedAlone(), SimulationOptions{}),
		"json":              SimulationJSON(broken{}, playedAlone(), ""),
		"timeline":          TimelineText(broken{}, playedYear(), Options{}),
		"timeline markdown": TimelineMarkdown(broken{}, playedYear()),
		"timeline json":     TimelineJSON(broken{}, playedYear()),
	} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: got error %v, want that the disk is full", name, err)
		}
	}
}
