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

	"tightrope/internal/diff"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// compared is a model before and after a change.
const comparedModel = `version: 1
currency: EUR
services:
  shop: {title: The shop, objective: {target: 99.9%, over: 30d}, needs: [db]}
  search: {objective: {target: 99%, over: 14d}, needs: [db]}
  mail: {objective: {target: 90%, over: 30d}}
  db: {}
changes:
  release: {service: shop, every: 7d, downtime: 10s}
risks:
  bad-release: {service: shop, per: release, chance: 10%, detect: 5m, recover: [rollback, fix]}
  crash: {service: db, every: 120d, detect: 5m, recover: 10m}
  spam: {service: mail, every: 30d, detect: 5m, recover: 10m}
recovery:
  rollback: {takes: 2m, works: 90%, by: nobody}
  fix: {takes: 1h, by: nobody}
safety_nets:
  review: {kind: process, status: in-place, effects: [{risk: bad-release, prevents: 30%}]}
  canary: {kind: automation, status: proposed, effects: [{risk: bad-release, prevents: 60%}]}
`

func versions(t *testing.T, o diff.Options, pieces ...string) *diff.Result {
	t.Helper()
	read := func(name, text string) *model.Model {
		m, problems := modelfile.Parse([]modelfile.File{{Name: name, Data: []byte(text)}})
		for _, p := range problems {
			t.Fatal(p)
		}
		return m
	}
	after := comparedModel
	for i := 0; i < len(pieces); i += 2 {
		if !strings.Contains(after, pieces[i]) {
			t.Fatalf("%q is not in the model", pieces[i])
		}
		after = strings.Replace(after, pieces[i], pieces[i+1], 1)
	}
	r, err := diff.Compare(read("old/model.yaml", comparedModel), read("new/model.yaml", after), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// planned stands for a planner: the canary while a release fails in more than 5 %.
func planned(m *model.Model) (*diff.Planned, error) {
	p := &diff.Planned{Feasible: true, Met: 0.96, AnnualCost: 3_000_000, Recommended: "99.9%"}
	if m.Risk("bad-release").Chance.Float() > 0.05 {
		p.Nets, p.AnnualCost, p.Met = []string{"canary"}, 12_400_000, 0.93
	}
	return p, nil
}

func costs(m *model.Model) (*diff.Costs, error) {
	nets, pages := 240_000.0*float64(len(m.Nets)), 0.4
	return &diff.Costs{Currency: m.Currency.S, NetsPerYear: &nets, PagesPerWeek: &pages}, nil
}

// comparisons are the changes that are reported in every format.
var comparisons = []struct {
	name   string
	o      diff.Options
	pieces []string
}{
	{"a change and its causes", diff.Options{Planner: planned, Costs: costs}, []string{
		"chance: 10%", "chance: 1%", "The shop", "Our shop",
		"  spam:", "  flood: {service: db, every: 2y..5y, detect: 1m, recover: [pump]}\n  spam:",
		"  fix:", "  pump: {takes: 2h, by: firemen}\n  fix:", "safety_nets:", "responders: {firemen: {acknowledges: 30m}}\nsafety_nets:"}},
	{"a change of words", diff.Options{}, []string{"The shop", "\"Our shop, which has one of the longest titles that anybody has ever seen in a file, with names_and *stars* in it\""}},
	{"objectives come and go", diff.Options{}, []string{", objective: {target: 99.9%, over: 30d}", "", "search: {objective: {target: 99%, over: 14d}", "search: {objectives: {available: {target: 99.5%, over: 14d}, fast: {target: 95%}}"}},
	{"a net stands now and another is gone", diff.Options{}, []string{"status: proposed", "status: in-place",
		"  review: {kind: process, status: in-place, effects: [{risk: bad-release, prevents: 30%}]}\n", ""}},
	{"nothing is changed", diff.Options{}, nil},
}

func TestComparisonsReadAsWritten(t *testing.T) {
	for _, c := range comparisons {
		t.Run(c.name, func(t *testing.T) {
			r := versions(t, c.o, c.pieces...)
			o := DiffOptions{Old: "git:main", New: "."}
			for ending, write := range map[string]func(io.Writer) error{
				".txt":  func(w io.Writer) error { return DiffText(w, r, o) },
				".md":   func(w io.Writer) error { return DiffMarkdown(w, r, o) },
				".json": func(w io.Writer) error { return DiffJSON(w, r) },
			} {
				var b bytes.Buffer
				if err := write(&b); err != nil {
					t.Fatal(err)
				}
				golden(t, "diff "+c.name+ending, b.Bytes())
				if ending == ".json" && !json.Valid(b.Bytes()) {
					t.Error("this is no JSON")
				}
			}
		})
	}
}

func TestComparisonsFitTheTerminal(t *testing.T) {
	cells := &runewidth.Condition{StrictEmojiNeutral: true}
	escapes := regexp.MustCompile("\x1b\\[[0-9]+m")
	for _, c := range comparisons {
		for _, width := range []int{60, 80} {
			r := versions(t, c.o, c.pieces...)
			var plainly, coloured bytes.Buffer
			if err := DiffText(&plainly, r, DiffOptions{Width: width}); err != nil {
				t.Fatal(err)
			}
			if err := DiffText(&coloured, r, DiffOptions{Width: width, Colour: true}); err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(plainly.String(), "\n") {
				if w := cells.StringWidth(line); w > max(width, 72) || strings.HasSuffix(line, " ") {
					t.Errorf("%s: %d columns where %d fit: %q", c.name, w, width, line)
				}
			}
			if d := cmp.Diff(plainly.String(), escapes.ReplaceAllString(coloured.String(), "")); d != "" {
				t.Errorf("%s: with colour the text is another (-without +with):\n%s", c.name, d)
			}
		}
	}
}

func TestTheHeadlineSaysWhatMovedAndWhy(t *testing.T) {
	for _, tt := range []struct {
		name   string
		pieces []string
		want   string
	}{
		{"one cause", []string{"chance: 10%", "chance: 1%"}, "because chance of bad-release went 10% → 1%."},
		{"a cause that holds against it", []string{"chance: 10%", "chance: 1%", "every: 120d", "every: 60d"}, ", although crash comes every 60d instead of 120d."},
		{"the order of recoveries", []string{"works: 90%, ", "", "[rollback, fix]", "[fix, rollback]"}, "because the order in recover of bad-release went rollback, fix → fix, rollback"},
		{"the target", []string{"target: 99.9%", "target: 99.99%"}, "because the target of shop went 99.9% → 99.99%."},
		{"a risk that is gone", []string{"  crash: {service: db, every: 120d, detect: 5m, recover: 10m}\n", ""}, "because risk crash was removed."},
		{"no longer enough", []string{"chance: 10%", "chance: 40%"}, "(no longer enough: 90% is asked for)"},
		{"another currency", []string{"EUR", "USD"}, "No promise is touched: 1 change that does not bear on lost time."},
		{"only words", []string{"The shop", "Shop"}, "No promise is touched: 1 change, to words only."},
		{"a little lost time", []string{"downtime: 10s", "downtime: 11s"}, "as before; lost time goes 2h02m → 2h03m a year."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			first, _ := diffHeadline(versions(t, diff.Options{}, tt.pieces...))
			if !strings.Contains(first, tt.want) {
				t.Errorf("got %q, want that it says %q", first, tt.want)
			}
		})
	}
}

func TestAComparisonThatCannotBeWrittenIsReported(t *testing.T) {
	r := versions(t, diff.Options{}, "chance: 10%", "chance: 1%")
	for name, err := range map[string]error{
		"text": DiffText(broken{}, r, DiffOptions{}), "markdown": DiffMarkdown(broken{}, r, DiffOptions{}), "json": DiffJSON(broken{}, r),
	} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: got error %v, want that the disk is full", name, err)
		}
	}
}
