package report

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"tightrope/internal/plan"
)

// plans are reported in every format.
var plans = []struct {
	name string
	plan func() (*plan.Result, PlanOptions)
}{
	{"planned everything there is to say", plannedBooking},
	{"planned what cannot be met", plannedImpossible},
	{"planned what cannot all be", plannedConflict},
	{"planned and stopped", plannedStopped},
	{"planned and late", plannedLate},
	{"planned several objectives", plannedSeveral},
	{"planned nothing to build", plannedNothing},
	{"planned what costs more than it brings", plannedDearer},
	{"planned for an amount", plannedSpend},
	{"planned for an amount and the least loss", plannedSpendForLoss},
	{"planned what it is worth", plannedWorth},
	{"planned that nothing is worth it", plannedWorthless},
	{"planned under review", plannedReview},
	{"planned a long frontier", plannedLong},
	{"planned names that mean something to a terminal", plannedHostile},
}

// allOf writes the whole text of a plan.
func allOf(w io.Writer, r *plan.Result, o PlanOptions) error {
	o.All = true
	return PlanText(w, r, o)
}

func TestPlansReadAsWritten(t *testing.T) {
	for _, c := range plans {
		for ending, write := range map[string]func(io.Writer, *plan.Result, PlanOptions) error{".txt": allOf, "-brief.txt": PlanText, ".md": PlanMarkdown, ".json": PlanJSON} {
			t.Run(c.name+ending, func(t *testing.T) {
				var b bytes.Buffer
				r, o := c.plan()
				if err := write(&b, r, o); err != nil {
					t.Fatal(err)
				}
				golden(t, c.name+ending, b.Bytes())
			})
		}
	}
}

func TestLinesOfPlansFitTheTerminalAndColourOnlyRepeats(t *testing.T) {
	escapes := regexp.MustCompile("\x1b\\[[0-9]+m")
	cells := &runewidth.Condition{StrictEmojiNeutral: true}
	for _, c := range plans {
		for i, width := range []int{60, 80, 100, 60, 80, 100} {
			var without, with bytes.Buffer
			r, o := c.plan()
			o.Width, o.All = width, i < 3
			if err := PlanText(&without, r, o); err != nil {
				t.Fatal(err)
			}
			o.Colour = true
			if err := PlanText(&with, r, o); err != nil {
				t.Fatal(err)
			}
			if bytes.ContainsRune(without.Bytes(), '\x1b') || !escapes.Match(with.Bytes()) {
				t.Errorf("%s: expected escape sequences with colour only", c.name)
			}
			if diff := cmp.Diff(without.String(), escapes.ReplaceAllString(with.String(), "")); diff != "" {
				t.Errorf("%s: with colour the text is another (-without +with):\n%s", c.name, diff)
			}
			for line := range strings.SplitSeq(without.String(), "\n") {
				if w := cells.StringWidth(line); w > max(width, 80) {
					t.Errorf("%s: %d columns where %d fit: %s", c.name, w, width, line)
				}
				if strings.HasSuffix(line, " ") {
					t.Errorf("%s: a space at the end of %q", c.name, line)
				}
			}
		}
	}
}

func TestPlanJSONHasTheAgreedKeysFirst(t *testing.T) {
	one := []string{"nets", "annual_cost", "effort_person_days", "met_probability", "bad_seconds", "expected_loss_per_year"}
	agreed := map[string][]string{
		"": append(append([]string{"format", "objective"}, one...),
			"optimal", "gap", "runner_up", "frontier", "nines", "recommended_target"),
		"runner_up":   one,
		"bad_seconds": {"mean"},
		"frontier":    {"nets", "annual_cost", "met_probability", "mean_bad_seconds"},
		"nines":       {"target", "feasible", "nets", "annual_cost", "expected_loss_per_year", "total"},
	}
	var b bytes.Buffer
	r, o := plannedBooking()
	if err := PlanJSON(&b, r, o); err != nil {
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

func TestEveryKeyOfAPlanIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/plan.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range plans {
		var b bytes.Buffer
		r, o := c.plan()
		if err := PlanJSON(&b, r, o); err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		keys(t, json.NewDecoder(&b), "", got)
		for object, list := range got {
			for _, key := range list {
				if !bytes.Contains(page, []byte("`"+key+"`")) {
					t.Errorf("%s: docs/plan.md does not say what %q in %q is", c.name, key, object)
				}
			}
		}
	}
}

func TestMoneyHasTheDigitsThatAreMeant(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{
		{0, "0"}, {47, "47"}, {4.7123, "4.71"}, {0.352, "0.352"}, {999.6, "1,000"}, {1234.5, "1,230"}, {31_234_567, "31,200,000"},
		{1000, "1,000"}, {999, "999"}, {-14_400_000, "−14,400,000"}, {1e-9, "<0.000001"},
	} {
		if got := figure(c.v); got != c.want {
			t.Errorf("%v is said as %q, want %q", c.v, got, c.want)
		}
	}
}

func TestAWriterThatFailsIsReportedByPlans(t *testing.T) {
	r, o := plannedBooking()
	for name, err := range map[string]error{
		"text": PlanText(broken{}, r, o), "markdown": PlanMarkdown(broken{}, r, o), "json": PlanJSON(broken{}, r, o),
	} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: got error %v, want that the disk is full", name, err)
		}
	}
}

// Two sets of the frontier whose costs read the same with the digits of an amount have
// more.
func TestRowsOfTheFrontierAreToldApart(t *testing.T) {
	r, o := plannedBooking()
	r.Frontier = nil
	for i, cost := range []float64{31.2345, 31.2389, 40} {
		r.Frontier = append(r.Frontier, buys("canary", cost, 0, 40, bookingKept(0.6+float64(i)/10, 15840)))
	}
	o.All = true
	var b bytes.Buffer
	if err := PlanText(&b, r, o); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"31,230,000", "31,240,000", "40,000,000"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no row of %s:\n%s", want, b.String())
		}
	}
}
