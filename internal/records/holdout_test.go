package records_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tightrope/internal/forecast"
	"tightrope/internal/modelfile"
	"tightrope/internal/records"
)

// page is where the table of what was held out stands.
const page = "docs/incidents.md"

// root finds the top of the repository.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// hold compares a page with what it should be, or writes it with -update.
func hold(t *testing.T, file, want string) {
	t.Helper()
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is not what the program says (-says +page); -update takes it over\n%s", filepath.Base(file), diff)
	}
}

// A heldOut is one record up to a day against the year after it.
type heldOut struct {
	name, file, impacts, until string
}

func TestHoldOut(t *testing.T) {
	var table strings.Builder
	table.WriteString("| record up to | incidents: expected, were | lost hours in the year: mean, 50 %, 90 %, 95 % | were | months of 12 within 50 %, 80 %, 90 %, 95 % |\n|---|---|---|---|---|\n")
	worst := map[string]int{}
	for _, h := range []heldOut{
		{"GitHub", "internal/records/testdata/github-incidents.csv", "none=0%,minor=10%,major=50%,critical=100%", "2023-06-30"},
		{"GitHub", "internal/records/testdata/github-incidents.csv", "none=0%,minor=10%,major=50%,critical=100%", "2023-12-31"},
		{"GitHub", "internal/records/testdata/github-incidents.csv", "none=0%,minor=10%,major=50%,critical=100%", "2024-06-30"},
		{"Jenkins", "examples/incidents/jenkins-incidents.csv", "disrupted=30%,down=100%", "2023-06-30"},
		{"Jenkins", "examples/incidents/jenkins-incidents.csv", "disrupted=30%,down=100%", "2023-12-31"},
		{"Jenkins", "examples/incidents/jenkins-incidents.csv", "disrupted=30%,down=100%", "2024-06-30"},
	} {
		full, cut := h.read(t, false), h.read(t, true)
		if got := full.Incidents[len(cut.Incidents)].Started; got.Before(cut.End) {
			t.Fatalf("%s up to %s leaves out an incident that started at %s", h.name, h.until, got)
		}
		yaml, _ := cut.Model()
		year, month := entry(t, yaml, "365d"), entry(t, yaml, "30d")
		expect := 0.0
		for _, s := range year.Sources {
			expect += s.IncidentsWindow
		}
		were, n := bad(full, cut.End, 365)
		q := year.Quantiles
		fmt.Fprintf(&table, "| %s, %s | %.0f, %d | %.0f, %.0f, %.0f, %.0f | %.0f |", h.name, h.until, expect, n,
			year.Mean/3600, q.P50/3600, q.P90/3600, q.P95/3600, were/3600)
		q = month.Quantiles
		var words []string
		for _, x := range []struct {
			name string
			at   float64
		}{{"50", q.P50}, {"80", q.P80}, {"90", q.P90}, {"95", q.P95}} {
			within := 0
			for m := range 12 {
				if was, _ := bad(full, cut.End.AddDate(0, 0, 30*m), 30); was <= x.at {
					within++
				}
			}
			worst[h.name+x.name] += within
			words = append(words, fmt.Sprint(within))
		}
		fmt.Fprintf(&table, " %s |\n", strings.Join(words, ", "))
	}
	// What the page says in words: of 36 months, at least three quarters and
	// on average 8 in 10 are within the 90 % quantile.
	if g, j := worst["GitHub90"], worst["Jenkins90"]; g < 27 || j < 27 || g+j < 56 {
		t.Errorf("of 36 months, %d at GitHub and %d at Jenkins are within 90 %%; the page says 8 in 10", g, j)
	}

	file := filepath.Join(root(t), page)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), "<!-- hold-out -->\n")
	_, after, ok2 := strings.Cut(rest, "<!-- end -->")
	if !ok || !ok2 {
		t.Fatal("the page has no place for the table")
	}
	hold(t, file, before+"<!-- hold-out -->\n"+table.String()+"<!-- end -->"+after)
}

func (h heldOut) read(t *testing.T, cut bool) *records.Record {
	t.Helper()
	f, err := os.Open(filepath.Join(root(t), h.file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	opts := records.Options{CauseColumn: "components", SeverityColumn: "severity"}
	if opts.Impacts, err = records.ParseImpacts(h.impacts); err != nil {
		t.Fatal(err)
	}
	if cut {
		if opts.Until, err = records.ParseUntil(h.until); err != nil {
			t.Fatal(err)
		}
	}
	rec, err := records.Read(f, opts)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// entry forecasts a written model over a window.
func entry(t *testing.T, yaml []byte, over string) *forecast.Entry {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "m.yaml", Data: yaml}})
	if m == nil {
		t.Fatal(problems)
	}
	window, err := modelfile.ParseDuration(over)
	if err != nil {
		t.Fatal(err)
	}
	r, err := forecast.Run(m, forecast.Options{Over: &window})
	if err != nil {
		t.Fatal(err)
	}
	return r.Entries[0]
}

// bad returns the lost seconds of the incidents that started in the days from a
// moment on, and how many those are.
func bad(rec *records.Record, from time.Time, days int) (sum float64, n int) {
	to := from.AddDate(0, 0, days)
	for _, i := range rec.Incidents {
		if !i.Started.Before(from) && i.Started.Before(to) {
			sum += i.Resolved.Sub(i.Started).Seconds() * i.Impact
			n++
		}
	}
	return sum, n
}
