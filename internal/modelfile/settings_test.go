package modelfile

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tightrope/internal/testmodel"
)

// example reads the files of an example folder.
func example(t testing.TB, name string) []File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("../../examples", name, "*.yaml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files in the example %s: %v", name, err)
	}
	var files []File
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{Name: name, Data: data})
	}
	return files
}

// say writes settings, one a line.
func say(settings []Setting) string {
	var b strings.Builder
	for _, s := range settings {
		place := fmt.Sprintf("%d:%d", s.Pos.Line, s.Pos.Col)
		if s.Default {
			place = "default"
		}
		fmt.Fprintf(&b, "%s: %s (%s, %s)\n", s.Path, s.Text, s.Kind, place)
	}
	return b.String()
}

func TestSettingsAreTheNumbersOfAModel(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{
			"an objective with what is left out",
			"services:\n  a: {title: 7, objective: {target: 99.9%}, outside: true}\n",
			"services/a/objective/target: 99.9% (target, 2:37)\nservices/a/objective/over: 30d (duration, default)\nservices/a/objective/confidence: 90% (confidence, default)\n",
		},
		{
			"several objectives",
			"services:\n  a:\n    objectives:\n      fast: {over: 7d, target: 99%, confidence: 80%}\n",
			"services/a/objectives/fast/over: 7d (duration, 4:20)\nservices/a/objectives/fast/target: 99% (target, 4:32)\nservices/a/objectives/fast/confidence: 80% (confidence, 4:49)\n",
		},
		{
			"needs of every kind",
			"services: {a: {needs: [b, {service: c, impact: 4%, counts: false}, {at_least: 1, of: [d]}, {split: {e: 40%}}, {any: [f], switch: {takes: 1m, works: 9%}}]}}",
			"services/a/needs/1/impact: 4% (share, 1:48)\nservices/a/needs/2/at_least: 1 (count, 1:79)\nservices/a/needs/3/split/e: 40% (share, 1:104)\nservices/a/needs/4/switch/takes: 1m (time, 1:138)\nservices/a/needs/4/switch/works: 9% (share, 1:149)\n",
		},
		{
			"worth, and no history",
			"services:\n  a:\n    history: {over: 1y, bad: 3h}\n    worth:\n      revenue: 5/d\n      sla: {if: outage >= 3h, pay: 10% of revenue}\n      users: 5\n",
			"services/a/worth/revenue: 5/d (amount, 5:16)\nservices/a/worth/sla/pay: 10% of revenue (revenue-share, 6:36)\nservices/a/worth/users: 5 (count, 7:14)\n",
		},
		{
			"a risk, inline and by name",
			"risks:\n  a: {rate: 2 in 5y, detect: 5m, recover: [b], review: 180d, asof: 2026-11-01, loses: 5}\n  b: {chance: 5%, impact: {fast: 30%}, detect: c}\n",
			"risks/a/rate: 2 in 5y (rate, 2:13)\nrisks/a/detect: 5m (time, 2:30)\nrisks/a/loses: 5 (amount, 2:87)\nrisks/b/chance: 5% (share, 3:15)\nrisks/b/impact/fast: 30% (share, 3:34)\n",
		},
		{
			"a change",
			"changes: {a: {every: 7d, downtime: 5s..20s, stages: [5% for 10m, 100%], impact: 10%}}\n",
			"changes/a/every: 7d (interval, 1:22)\nchanges/a/downtime: 5s..20s (time, 1:36)\nchanges/a/stages/0: 5% for 10m (stage, 1:54)\nchanges/a/stages/1: 100% (stage, 1:66)\nchanges/a/impact: 10% (share, 1:81)\n",
		},
		{
			"a net with effects on everything",
			"safety_nets:\n  a:\n    status: proposed\n    cost: {build: [5 person-days, 300], run: 2 person-days/month}\n    lead_time: 6w\n    lasts: 2y\n    effects:\n" +
				"      - {risk: b, prevents: 5%, impact: -5%, detects: {after: 5s}}\n      - {responder: c, people: +2}\n      - {service: d, need: 2}\n      - {need: d -> e, impact: -5%}\n      - {prevents: 5%}\n",
			"safety_nets/a/cost/build/0: 5 person-days (effort, 4:20)\nsafety_nets/a/cost/build/1: 300 (amount, 4:35)\nsafety_nets/a/cost/run: 2 person-days/month (effort, 4:46)\nsafety_nets/a/lead_time: 6w (duration, 5:16)\nsafety_nets/a/lasts: 2y (duration, 6:12)\n" +
				"safety_nets/a/effects/0/prevents: 5% (share, 8:29)\nsafety_nets/a/effects/0/impact: -5% (signed, 8:41)\nsafety_nets/a/effects/0/detects/after: 5s (time, 8:63)\nsafety_nets/a/effects/1/people: +2 (more, 9:32)\nsafety_nets/a/effects/2/need: 2 (count, 10:28)\nsafety_nets/a/effects/3/impact: -5% (signed, 11:32)\n",
		},
		{
			"a model with mistakes",
			"rates: {person-day: x}\nfoo: 1\nrisks:\n  a: {chance: lots, chnce: 5%, chance: 6%, impact: , units: [2]}\n  a: {chance: 7%}\n  b: 5\n  c/d: {chance: 1%}\nchanges: none\n",
			"rates/person-day: x (amount, 1:21)\nrisks/a/chance: lots (share, 4:15)\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			settings := Settings(alone(c.text))
			if diff := cmp.Diff(c.want, say(settings)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, s := range settings {
				if got, ok := Get(alone(c.text), s.Path); !ok || got != s {
					t.Errorf("got %v, want %v", got, s)
				}
			}
		})
	}
}

func TestAnySingleValueCanBeGot(t *testing.T) {
	files := example(t, "booking")
	for path, want := range map[string]string{
		"safety_nets/canary/status": "status proposed", "services/booking/needs/0": "name postgres", "services/booking/needs/0/service": "name postgres",
		"currency": "currency KRW", "risks/disk/strikes": "", "services/booking/needs": "", "risks/bad-release/detect/1": "name customers",
		"services/booking/worth/sla/0/if": "condition outage >= 3h", "": "", "risks//": "", "risks/nothing/chance": "", "risks/disk/asof": "date 2026-11-01",
	} {
		s, ok := Get(files, path)
		got := s.Kind + " " + s.Text
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q is %q, want %q", path, got, want)
		}
	}
}

// Every number of the examples can be found: what looks like one and is none
// is a record, a bound of a contract, or text.
func TestNoNumberOfTheExamplesIsForgotten(t *testing.T) {
	number := regexp.MustCompile(`: ?[~+-]?\d[^ ,}]*`)
	plain := regexp.MustCompile(`\b(version|asof|since|until|drilled|ready|review|decide_by|over|bad|incidents|missed|source|title|because|en|ko)$`)
	for _, files := range exampleFolders(t) {
		at := map[string]bool{}
		for _, s := range Settings(files) {
			at[fmt.Sprint(s.Pos)] = true
		}
		for _, f := range files {
			for i, row := range strings.Split(string(f.Data), "\n") {
				row, _, _ = strings.Cut(row, "#")
				for _, m := range number.FindAllStringIndex(row, -1) {
					col := len([]rune(row[:m[0]])) + 3
					if !plain.MatchString(row[:m[0]]) && !at[fmt.Sprintf("{%s %d %d}", f.Name, i+1, col)] {
						t.Errorf("%s:%d:%d: %s", f.Name, i+1, col, row[m[0]:m[1]])
					}
				}
			}
		}
	}
}

// exampleFolders are the files of every example, by folder.
func exampleFolders(t testing.TB) map[string][]File {
	t.Helper()
	all := map[string][]File{}
	for _, name := range []string{"booking", "change/before", "change/after", "cre", "cre-nets", "incidents", "shop"} {
		all[name] = example(t, name)
	}
	data, err := os.ReadFile("testdata/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all["the whole language"] = []File{{Name: "design.yaml", Data: data}}
	return all
}

// sameBut wants of an edit that it changed the one value and nothing else.
func sameBut(t rapid.TB, before, after []File, p Placed) {
	t.Helper()
	was, is := Settings(before), Settings(after)
	i := slices.IndexFunc(was, func(s Setting) bool { return s.Path == p.Edit.Path })
	if len(was) != len(is) || i < 0 {
		t.Fatalf("%d settings were, %d are", len(was), len(is))
	}
	for j := range was {
		want, got := was[j], is[j]
		if j == i {
			want.Text = p.Edit.Text
		}
		want.Pos, got.Pos = is[j].Pos, is[j].Pos
		if want != got {
			t.Fatalf("%+v was %+v", is[j], was[j])
		}
	}
	if is[i].Pos != p.Pos {
		t.Fatalf("%s is at %v, said to be at %v", p.Edit.Path, is[i].Pos, p.Pos)
	}
	for j := range before {
		a, b := before[j].Data, after[j].Data
		if before[j].Name == was[i].Pos.File {
			a, b = without(a, was[i], len(was[i].Text)), without(b, is[i], len(is[i].Text))
		}
		if string(a) != string(b) {
			t.Fatalf("more than the value changed in %s:\n%s", before[j].Name, Changes(before, after))
		}
	}
}

// without takes a value, of so many characters besides quotes, out of a text.
func without(data []byte, s Setting, length int) []byte {
	rows := strings.SplitAfter(string(data), "\n")
	row := []rune(rows[s.Pos.Line-1])
	at := s.Pos.Col - 1
	if row[at] == '"' || row[at] == '\'' {
		length += 2
	}
	rows[s.Pos.Line-1] = string(row[:at]) + string(row[at+length:])
	return []byte(strings.Join(rows, ""))
}

// every sets each setting to its own text and to another, one at a time.
func every(t rapid.TB, files []File, settings []Setting) {
	t.Helper()
	for _, s := range settings {
		if s.Default {
			continue
		}
		same, _, problems := Apply(files, []Edit{{s.Path, s.Text}})
		if problems != nil {
			t.Fatalf("%s", lines(problems))
		}
		if d := Changes(files, same); d != "" {
			t.Fatalf("its own text changes %s:\n%s", s.Path, d)
		}
		after, placed, problems := Apply(files, []Edit{{s.Path, other(s)}})
		if problems != nil {
			t.Fatalf("%s", lines(problems))
		}
		sameBut(t, files, after, placed[0])
	}
}

func TestEverySettingOfTheExamplesCanBeSet(t *testing.T) {
	for name, files := range exampleFolders(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := Settings(files)
			if len(settings) < 8 {
				t.Errorf("%d settings are too few", len(settings))
			}
			every(t, files, settings)
		})
	}
}

func TestEverySettingOfGeneratedModelsCanBeSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		services := rapid.IntRange(1, 6).Draw(t, "services")
		data := testmodel.Generate(services, rapid.IntRange(0, 12).Draw(t, "risks"), rapid.Uint64().Draw(t, "seed"))
		if rapid.Bool().Draw(t, "windows") {
			data = []byte(strings.ReplaceAll(string(data), "\n", "\r\n"))
		}
		files := []File{{Name: "model.yaml", Data: data}}
		settings := Settings(files)
		some := settings[:0:0]
		for range min(3, len(settings)) {
			some = append(some, rapid.SampledFrom(settings).Draw(t, "setting"))
		}
		every(t, files, some)
	})
}

// A key that is left out can be written, and is then what was set.
func TestEveryDefaultOfTheExamplesCanBeSet(t *testing.T) {
	for name, files := range exampleFolders(t) {
		for _, s := range Settings(files) {
			if !s.Default {
				continue
			}
			after, _, problems := Apply(files, []Edit{{s.Path, s.Text}})
			if problems != nil {
				t.Fatalf("%s: %s", name, lines(problems))
			}
			got, ok := Get(after, s.Path)
			if !ok || got.Default || got.Text != s.Text || got.Kind != s.Kind {
				t.Errorf("%s: %s reads %+v", name, s.Path, got)
			}
			if _, problems := Parse(after); name != "the whole language" && problems != nil {
				t.Errorf("%s: %s: %s", name, s.Path, lines(problems))
			}
		}
	}
}
