package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"tightrope/internal/forecast"
)

var update = flag.Bool("update", false, "write the golden files anew")

// cases are the forecasts that are reported in every format.
var cases = []struct {
	name   string
	result func() *forecast.Result
	o      Options
}{
	{"everything there is to say", booking, Options{}},
	{"planned work alone breaks the promise", story, Options{}},
	{"exactly one incident fits", roomForOne, Options{}},
	{"several services", mixed, Options{}},
	{"several services chosen by name", mixed, Options{Whole: true}},
	{"one service without an objective", alone, Options{}},
	{"hundreds of services", many, Options{}},
	{"hundreds of services and no objective", unpromised, Options{}},
	{"names that mean something to a terminal", hostile, Options{}},
	{"what was asked to compare", compared, Options{}},
	{"a catalogue longer than a page", long, Options{}},
	{"services of which nothing is known", unknown, Options{}},
	{"one service of which nothing is known", strange, Options{}},
	{"what chance has no say in", certainly, Options{}},
	{"lengths and names beyond measure", excessive, Options{}},
	{"redundancy and what is shared", redundant, Options{}},
	{"providers that cannot help", dependent, Options{}},
	{"nothing in the model", func() *forecast.Result { return &forecast.Result{} }, Options{}},
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", strings.ReplaceAll(name, " ", "-"))
	if strings.HasSuffix(name, ".json") {
		got = []byte(strings.Join(shorter(strings.Split(string(got), "\n")), "\n"))
	}
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs from what was written (-want +got):\n%s", path, diff)
	}
}

// longList is from how many objects on a list is shortened: keys that are lost, or
// come in another order, show in the few that are left.
const longList = 9

// shorter leaves the first two objects of long lists of a document, and the last,
// with how many there were between.
func shorter(lines []string) (out []string) {
	indent := func(s string) int { return len(s) - len(strings.TrimLeft(s, " ")) }
	for i := 0; i < len(lines); i++ {
		out = append(out, lines[i])
		if !strings.HasSuffix(lines[i], "[") || i+1 == len(lines) || strings.TrimSpace(lines[i+1]) != "{" {
			continue
		}
		inner, from := indent(lines[i])+2, i+1
		var objects [][]string
		for i++; i < len(lines) && indent(lines[i]) >= inner; i++ {
			if strings.HasPrefix(strings.TrimSpace(lines[i]), "}") && indent(lines[i]) == inner {
				objects = append(objects, lines[from:i+1])
				from = i + 1
			}
		}
		i-- // the end of the list
		if n := len(objects); n >= longList {
			between := strings.Repeat(" ", inner) + fmt.Sprintf("… and %d more", n-3)
			objects = [][]string{objects[0], objects[1], {between}, objects[n-1]}
		}
		for _, o := range objects {
			out = append(out, shorter(o)...)
		}
	}
	return out
}

func TestShortenedListsStillShowALostKey(t *testing.T) {
	var doc bytes.Buffer
	if err := JSON(&doc, many(), Options{}); err != nil {
		t.Fatal(err)
	}
	whole := shorter(strings.Split(doc.String(), "\n"))
	if len(whole) > 400 {
		t.Errorf("%d lines are left", len(whole))
	}
	lost := slices.DeleteFunc(strings.Split(doc.String(), "\n"), func(line string) bool { return strings.Contains(line, `"achievable_target"`) })
	if slices.Equal(whole, shorter(lost)) {
		t.Error("a key that is lost does not show")
	}
	if short := many(); len(short.Entries) > 0 {
		short.Entries = short.Entries[:len(short.Entries)-1]
		var b bytes.Buffer
		if err := JSON(&b, short, Options{}); err != nil {
			t.Fatal(err)
		}
		if slices.Equal(whole, shorter(strings.Split(b.String(), "\n"))) {
			t.Error("an entry that is lost does not show")
		}
	}
}

func TestReportsReadAsWritten(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for ending, write := range map[string]func(io.Writer) error{
				".txt": func(w io.Writer) error {
					o := c.o
					o.All = true
					return Text(w, c.result(), o)
				},
				"-brief.txt": func(w io.Writer) error { return Text(w, c.result(), c.o) },
				".md":        func(w io.Writer) error { return Markdown(w, c.result(), c.o) },
				".json":      func(w io.Writer) error { return JSON(w, c.result(), Options{}) },
			} {
				if ending == ".json" && c.o.Whole {
					continue // JSON knows no options
				}
				var b bytes.Buffer
				if err := write(&b); err != nil {
					t.Fatal(err)
				}
				golden(t, c.name+ending, b.Bytes())
			}
		})
	}
}

func TestColourOnlyRepeatsWhatTheTextSays(t *testing.T) {
	escapes := regexp.MustCompile("\x1b\\[[0-9]+m")
	for i, c := range slices.Concat(cases, cases) {
		t.Run(c.name, func(t *testing.T) {
			var without, with bytes.Buffer
			o := c.o
			o.All = i < len(cases)
			if err := Text(&without, c.result(), o); err != nil {
				t.Fatal(err)
			}
			o.Colour = true
			if err := Text(&with, c.result(), o); err != nil {
				t.Fatal(err)
			}
			if bytes.ContainsRune(without.Bytes(), '\x1b') {
				t.Error("there is an escape sequence without colour")
			}
			if without.Len() > 0 && !escapes.Match(with.Bytes()) {
				t.Error("there is no escape sequence with colour")
			}
			bare := escapes.ReplaceAllString(with.String(), "")
			if diff := cmp.Diff(without.String(), bare); diff != "" {
				t.Errorf("with colour the text is another (-without +with):\n%s", diff)
			}
		})
	}
}

func TestLinesFitTheTerminal(t *testing.T) {
	cells := &runewidth.Condition{StrictEmojiNeutral: true}
	for _, c := range cases {
		for i, width := range []int{0, 80, 100, 0, 80, 100} {
			o := c.o
			o.Width, o.All = width, i < 3
			var b bytes.Buffer
			if err := Text(&b, c.result(), o); err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(b.String(), "\n") {
				if w := cells.StringWidth(line); w > max(width, 80) {
					t.Errorf("%s: %d columns where %d fit: %s", c.name, w, max(width, 80), line)
				}
				if strings.HasSuffix(line, " ") {
					t.Errorf("%s: a space at the end of %q", c.name, line)
				}
			}
		}
	}
}

func TestJSONIsOneDocumentWithTheAgreedKeysFirst(t *testing.T) {
	agreed := map[string][]string{
		"": {"format", "services"},
		"services": {"service", "title", "objective", "verdict", "met_probability", "met_probability_error", "met_probability_band",
			"achievable_target", "suggested_target", "none_probability", "bad_seconds", "bad_seconds_per_year", "misses_per_year",
			"felt", "sources", "compare", "history", "warnings"},
		"objective":   {"name", "target", "window_seconds", "budget_seconds", "confidence"},
		"bad_seconds": {"mean", "sd", "p50", "p80", "p90", "p95", "p99"},
		"felt":        {"bad_seconds_mean", "met_probability"},
		"sources": {"name", "kind", "service", "incidents_per_year", "impact", "detect_seconds", "acknowledge_seconds", "recover_seconds",
			"bad_seconds_per_year", "budget_share", "rating"},
		"compare":  {"target", "budget_seconds", "met_probability"},
		"history":  {"explained_share"},
		"warnings": {"code", "message", "file", "line", "column"},
	}
	var b bytes.Buffer
	r := booking()
	r.Entries[0].Compare = r.Entries[0].Usual
	if err := JSON(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(b.Bytes(), []byte("}\n")) {
		t.Error("the document does not end with a line end")
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

// keys collects the keys of each object, named by the key that leads to it.
func keys(t *testing.T, dec *json.Decoder, name string, into map[string][]string) {
	t.Helper()
	token := func() json.Token {
		tok, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		return tok
	}
	switch token() {
	case json.Delim('{'):
		var seen []string
		for dec.More() {
			key := token().(string)
			seen = append(seen, key)
			keys(t, dec, key, into)
		}
		token()
		if into[name] == nil {
			into[name] = seen
		}
	case json.Delim('['):
		for dec.More() {
			keys(t, dec, name, into)
		}
		token()
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestAWriterThatFailsIsReported(t *testing.T) {
	for name, err := range map[string]error{
		"text":     Text(broken{}, story(), Options{}),
		"markdown": Markdown(broken{}, story(), Options{}),
		"json":     JSON(broken{}, story(), Options{}),
	} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: got error %v, want that the disk is full", name, err)
		}
	}
}
