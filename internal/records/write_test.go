package records

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

var update = flag.Bool("update", false, "write the golden files anew")

// open reads a record from a file.
func open(t *testing.T, file string, opts Options) *Record {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	opts.File = filepath.Base(file)
	rec, err := Read(f, opts)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// load reads a written model back.
func load(t testing.TB, yaml []byte) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "m.yaml", Data: yaml}})
	for _, p := range problems {
		t.Errorf("%s", p)
	}
	if m == nil {
		t.Fatalf("the model does not load:\n%s", yaml)
	}
	return m
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not what is written now (-want +got); -update takes it over\n%s", file, diff)
	}
}

func github(t *testing.T) *Record {
	return open(t, "testdata/github-incidents.csv", Options{
		CauseColumn: "components", SeverityColumn: "severity", Title: "GitHub",
		Impacts: impacts(t, "none=0%,minor=10%,major=50%,critical=100%"),
	})
}

// example is the folder of the example that `tightrope init --from` made.
const example = "../../examples/incidents/"

func jenkins(t *testing.T) *Record {
	return open(t, example+"jenkins-incidents.csv", Options{
		CauseColumn: "components", SeverityColumn: "severity",
		Impacts: impacts(t, "disrupted=30%,down=100%"),
	})
}

func TestTheModelOfARecordWithEverything(t *testing.T) {
	yaml, _ := open(t, "testdata/team.csv", Options{Title: `The team's "own"`}).Model()
	load(t, yaml)
	golden(t, "testdata/team.yaml", yaml)
}

func TestTheExampleIsWhatInitMakesOfItsRecord(t *testing.T) {
	yaml, _ := jenkins(t).Model()
	load(t, yaml)
	golden(t, example+"model.yaml", yaml)
}

// The numbers below were taken from the files with a spreadsheet: how many
// rows have the cause alone, the mean and the 5th, 50th and 95th percentiles of
// resolved − started in minutes, the longest, and the impact weighted by
// duration.
func TestThreeCausesOfEachRecordByHand(t *testing.T) {
	for _, c := range []struct {
		of            func(*testing.T) *Record
		risk          string
		n             int
		days          float64
		mean          float64
		p5, p50, p95  float64
		longest       float64
		impactPercent float64
	}{
		{github, "actions", 77, 1193, 91.1948, 11.8, 67, 250.6, 446, 12.6374},
		{github, "codespaces", 74, 1193, 135.0541, 12.3, 71.5, 421.4, 1175, 16.8481},
		{github, "copilot", 42, 1193, 217.3571, 14, 85.5, 622.7, 2835, 17.0457},
		{jenkins, "ci.jenkins.io", 63, 1805, 1011.4675, 15, 120, 1721.5, 31410, 37.2440},
		{jenkins, "issues.jenkins.io", 13, 1805, 72.2308, 15, 59, 142.8, 177, 95.5272},
		{jenkins, "repo.jenkins-ci.org", 10, 1805, 1054.8, 119.7, 318, 3064.7, 3885, 42.2838},
	} {
		t.Run(c.risk, func(t *testing.T) {
			yaml, _ := c.of(t).Model()
			r := load(t, yaml).Risk(c.risk)
			if r == nil {
				t.Fatal("there is no such risk")
			}
			if r.Rate.Count != float64(c.n) || r.Rate.Span != c.days*86400 {
				t.Errorf("rate %s, want %d in %vd", r.Rate.Text, c.n, c.days)
			}
			if got := 100 * r.Impact.All.Float(); math.Abs(got/c.impactPercent-1) > 0.005 {
				t.Errorf("impact %v%%, want %v%%", got, c.impactPercent)
			}
			low, high := r.RecoverInline.Low/60, r.RecoverInline.High/60
			if got := meanOf(low, high); math.Abs(got/c.mean-1) > 0.01 {
				t.Errorf("recover %s has a mean of %v min, want %v", r.RecoverInline.Text, got, c.mean)
			}
			// The range is that of a lognormal with the mean of the record, so
			// that its ends are near those of the sample and not at them: a
			// tail that carries the mean widens it.
			for _, end := range []struct {
				name      string
				got, want float64
			}{{"5 %", low, c.p5}, {"50 %", math.Sqrt(low * high), c.p50}, {"95 %", high, c.p95}} {
				if ratio := end.got / end.want; ratio > 4.5 || ratio < 1/4.5 {
					t.Errorf("recover %s: the %s point is %.1f min, in the sample %.1f", r.RecoverInline.Text, end.name, end.got, end.want)
				}
			}
			// Heavy tails are kept: the longest is not impossible.
			sigma := math.Log(high/low) / (2 * z95)
			z := (math.Log(c.longest) - math.Log(low*high)/2) / sigma
			if p := float64(c.n) * math.Erfc(z/math.Sqrt2) / 2; p < 0.02 {
				t.Errorf("recover %s: of %d incidents %.3g are expected to be as long as the longest, %v min", r.RecoverInline.Text, c.n, p, c.longest)
			}
		})
	}
}

// What the risks of a model expect in the time of its history: rate × impact ×
// mean length, where the mean of `N in T` is (N + 1/2)/T.
func expected(m *model.Model) (bad float64) {
	for _, r := range m.Risks {
		var mean float64
		add := func(t model.Time) {
			if t.Kind == model.LogNormal {
				mean += meanOf(t.Low, t.High)
				return
			}
			s, _ := t.Length().Float64()
			mean += s
		}
		add(*r.DetectInline)
		if r.RecoverInline != nil {
			add(*r.RecoverInline)
		}
		for _, ref := range r.Recover {
			add(m.Recovery(ref.Name).Takes)
			add(m.Responder(m.Recovery(ref.Name).By.Name).Acknowledges)
		}
		bad += (r.Rate.Count + 0.5) * mean * r.Impact.All.Float()
	}
	return bad
}

func TestAModelExplainsItsOwnHistory(t *testing.T) {
	team := func(t *testing.T) *Record { return open(t, "testdata/team.csv", Options{}) }
	for _, c := range []struct {
		name      string
		of        func(*testing.T) *Record
		incidents int
		hours     float64 // of lost time, by hand from the file
		atMost    float64 // each cause counts half an incident more than was seen
	}{
		{"github", github, 476, 163.437, 1.02},
		{"jenkins", jenkins, 191, 3465.647, 1.03},
		{"a small team", team, 10, 13.703, 1.3},
	} {
		t.Run(c.name, func(t *testing.T) {
			yaml, _ := c.of(t).Model()
			m := load(t, yaml)
			h := m.Services[0].History
			if h.Incidents.N != c.incidents || math.Abs(h.Bad.Seconds()/3600/c.hours-1) > 0.001 {
				t.Errorf("history is %d incidents and %s, want %d and %v h", h.Incidents.N, h.Bad.Text, c.incidents, c.hours)
			}
			if share := expected(m) / h.Bad.Seconds(); share < 0.99 || share > c.atMost {
				t.Errorf("the risks explain %.3f of the history, want 0.99 to %v", share, c.atMost)
			}
		})
	}
}

func TestNothingInARecordBecomesYAML(t *testing.T) {
	nasty := []string{
		"x: {rate: 9/y}", "a\nrisks:\n  b: 1", "# comment", "*anchor", "&a b", "!!int 3", "'", `"`, `\`, "{", "[", "- a", "? a",
		"|", ">", "%YAML", "@", "`", "~", "null", "1e9", "0x10", "12:30:45", "\u2028x\u2029", "\x07\x1b[2J", "\ufeffx", "a\ttab", ": ", "a: b # c", "---", "...",
		"<<", "=", "\U0001F525 fire", "\u0000", "true", "2026-01-01",
	}
	for _, in := range nasty {
		t.Run(in, func(t *testing.T) {
			var b strings.Builder
			cell := `"` + strings.ReplaceAll(in, `"`, `""`) + `"`
			b.WriteString("started,resolved,cause,change,severity\n")
			for range 2 {
				b.WriteString("2026-01-01T10:00:00Z,2026-03-01T11:00:00Z," + cell + "," + cell + "," + cell + "\n")
			}
			opts := Options{File: in + ".csv", Title: in, Service: in}
			if name := strings.TrimSpace(in); name != "" && clean(name, maxName) != "" {
				opts.Impacts = Impacts{{Severity: clean(in, maxName), Share: 0.5, Text: "50%"}}
			}
			rec, err := Read(strings.NewReader(b.String()), opts)
			if strings.Contains(in, "\x00") {
				if err == nil {
					t.Error("NUL was read as text")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			yaml, _ := rec.Model()
			m := load(t, yaml)
			if len(m.Risks) != 1 || len(m.Services) != 1 || len(m.Changes) != 0 {
				t.Errorf("got %d risks, %d services and %d changes from one cause:\n%s", len(m.Risks), len(m.Services), len(m.Changes), yaml)
			}
			for i, r := range string(yaml) {
				if r < ' ' && r != '\n' || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
					t.Errorf("%U is in the file at byte %d", r, i)
				}
			}
			for line := range bytes.Lines(yaml) {
				if len(line) > 400 {
					t.Errorf("a line of %d bytes: %s", len(line), line)
				}
			}
		})
	}
}

func TestTheCommandIsWrittenAsItWasTyped(t *testing.T) {
	const csv = "started,resolved,what went wrong\n2026-01-01T10:00:00Z,2026-03-01T11:00:00Z,x\n"
	for _, c := range []struct {
		name, until, file string
		want              string
	}{
		{"words with spaces are quoted", "", "our log.csv", `tightrope init --from 'our log.csv' --cause 'what went wrong'`},
		{"a day is written as a day", "2026-06-30", "r.csv", `tightrope init --from r.csv --cause 'what went wrong' --until 2026-06-30`},
		{"a moment is written as a moment", "2026-06-30T12:00:00Z", "it's.csv", `tightrope init --from 'it'\''s.csv' --cause 'what went wrong' --until 2026-06-30T12:00:00Z`},
	} {
		t.Run(c.name, func(t *testing.T) {
			opts := Options{File: c.file, CauseColumn: "what went wrong"}
			if c.until != "" {
				until, err := ParseUntil(c.until)
				if err != nil {
					t.Fatal(err)
				}
				opts.Until = until
			}
			rec, err := Read(strings.NewReader(csv), opts)
			if err != nil {
				t.Fatal(err)
			}
			yaml, _ := rec.Model()
			words := strings.Join(strings.Fields(strings.ReplaceAll(string(yaml), "#", "")), " ")
			if !strings.Contains(words, " by "+c.want+" Where") {
				t.Errorf("expected %s in\n%s", c.want, yaml[:200])
			}
		})
	}
}

// FuzzRead holds that no record makes the reader panic, and that the model of
// every record that is read loads and is the same each time.
func FuzzRead(f *testing.F) {
	for _, file := range []string{"testdata/team.csv", example + "jenkins-incidents.csv"} {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 4000)], "components", "disrupted=30%,down=100%", "2026-01-01")
	}
	f.Add([]byte("started,resolved,cause,change\n2026-01-01T10:00:00Z,2026-01-01T10:00:01Z,\"a\n: b\",\"\"\"\"\n"), "", "", "")
	f.Add([]byte("\ufeffStarted;resolved\n\n"), "x", "a=1%", "2026-06-01T00:00:00Z")
	f.Add([]byte("started,resolved,severity\n1970-01-01T00:00:00Z,2100-01-01T00:00:00Z,none\n2000-01-01T00:00:00.5Z,,none\n"), "", "none=0.0000001%", "")
	f.Fuzz(func(t *testing.T, data []byte, cause, severities, until string) {
		opts := Options{File: cause, CauseColumn: cause, Service: severities, Title: until}
		opts.Impacts, _ = ParseImpacts(severities)
		opts.Until, _ = ParseUntil(until)
		rec, err := Read(bytes.NewReader(data), opts)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error that says nothing")
			}
			return
		}
		yaml, _ := rec.Model()
		if len(yaml) < modelfile.MaxBytes {
			load(t, yaml)
		}
		if again, _ := rec.Model(); !bytes.Equal(yaml, again) {
			t.Error("the same record gives other bytes")
		}
	})
}
