package agree

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"tightrope/internal/cli"
	"tightrope/internal/forecast"
	"tightrope/internal/modelfile"
	"tightrope/internal/web"
)

// noon is what every clock says.
var noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// An answer is what a command or an endpoint said, and how to ask for it.
type answer struct {
	from string // the command line, or the request
	code int    // exit code, or status
	text string
	doc  value
	err  string // the standard error, or that it panicked
	took time.Duration
}

// A world is one model, in a folder, with all that was asked of it.
type world struct {
	t       testing.TB
	label   string // how to make the model again
	paths   []string
	text    string // the model as written; "" for an example
	folder  string // for other files
	asked   map[string]*answer
	server  *web.Server
	found   []finding
	compare int              // how many numbers were held against each other
	turn    int              // which of the things to ask that are taken by turns
	slow    bool             // a plan takes long: plans are not compared
	whole   bool             // all are asked, not some by turns
	memory  *forecast.Memory // what answers have in common; nil where the whole is asked: each works it out
}

// A finding is two answers that do not agree.
type finding struct{ law, a, b, said string }

// forecasts is what the answers about all models have in common. Commands that have
// ended still hold theirs, so one for each model would add up.
var forecasts = forecast.NewMemory(192 << 20)

func newWorld(t testing.TB, label, text string, paths ...string) *world {
	w := &world{t: t, label: label, text: text, folder: t.TempDir(), asked: map[string]*answer{}, paths: paths, whole: number(t, "AGREE_WHOLE", 0) > 0}
	if !w.whole {
		w.memory = forecasts
	}
	if len(paths) == 0 {
		w.paths = []string{w.write("model.yaml", text)}
	}
	return w
}

// write puts another model beside, and returns its path.
func (w *world) write(name, text string) string {
	path := filepath.Join(w.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// ask runs a command on the model and returns its JSON.
func (w *world) ask(command string, flags ...string) *answer {
	return w.run(append(append(strings.Fields(command), w.paths...), append(flags, "--format", "json")...)...)
}

// of runs a command on another model.
func (w *world) of(path, command string, flags ...string) *answer {
	return w.run(append(append(strings.Fields(command), path), append(flags, "--format", "json")...)...)
}

// run runs a command as a user does; the same one is run once.
func (w *world) run(args ...string) *answer {
	line := "tightrope " + strings.ReplaceAll(strings.Join(args, " "), w.folder+"/", "")
	if a := w.asked[line]; a != nil {
		return a
	}
	begun := time.Now()
	a := execute(args, w.memory)
	a.from, a.took = line, time.Since(begun)
	w.asked[line] = a
	if strings.HasPrefix(a.err, "panic") {
		w.report("no command fails", a.from, a.from, "%s", a.err)
	}
	return a
}

func execute(args []string, memory *forecast.Memory) (a *answer) {
	var stdout, stderr bytes.Buffer
	a = &answer{}
	defer func() {
		if v := recover(); v != nil {
			a.code, a.err = 3, fmt.Sprintf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	a.code = cli.Main(&cli.Process{
		Args: args, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Getenv:    func(string) string { return "" },
		Terminal:  func(io.Writer) (int, bool) { return 0, false },
		Now:       func() time.Time { return noon },
		After:     time.After,
		Version:   "agree",
		Forecasts: memory,
	})
	a.text, a.err = stdout.String(), stderr.String()
	a.doc = parse(stdout.Bytes())
	return a
}

// get asks the server of the model.
func (w *world) get(path string, query ...string) *answer {
	q := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		q.Add(query[i], query[i+1])
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	line := "GET /api/v1/" + path
	if a := w.asked[line]; a != nil {
		return a
	}
	if w.server == nil {
		w.serve()
	}
	a := &answer{from: line}
	begun := time.Now()
	defer func() { a.took = time.Since(begun) }()
	for range 300 {
		r := httptest.NewRequest("GET", "/api/v1/"+path, nil)
		r.Host = "localhost"
		rec := httptest.NewRecorder()
		w.server.Handler().ServeHTTP(rec, r)
		a.code, a.text = rec.Code, rec.Body.String()
		if a.code != 202 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if a.code != 200 {
		a.err = a.text
	} else {
		a.doc = parse([]byte(a.text))
	}
	w.asked[line] = a
	return a
}

func (w *world) serve() {
	var files []modelfile.File
	for _, path := range w.paths {
		names := []string{path}
		if more, _ := filepath.Glob(filepath.Join(path, "*.yaml")); len(more) > 0 {
			names = more
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				w.t.Fatal(err)
			}
			files = append(files, modelfile.File{Name: name, Data: data})
		}
	}
	s, err := web.New(web.Options{Files: files, Name: "agree", Version: "agree", Now: func() time.Time { return noon }, Years: 5, Planning: 10 * time.Second, Forecasts: w.memory})
	if err != nil {
		w.t.Fatal(err)
	}
	w.server = s
}

// turns picks n of many by the model's turn, or all where the whole is asked.
func turns[T any](w *world, n int, all []T) []T {
	if w.whole || n >= len(all) {
		return all
	}
	some := make([]T, n)
	for i := range some {
		some[i] = all[(w.turn+i)%len(all)]
	}
	return some
}

func (w *world) report(law, a, b, format string, args ...any) {
	w.found = append(w.found, finding{law, a, b, fmt.Sprintf(format, args...)})
}

// A value is a part of a JSON document; none where there is no such part.
type value struct{ v any }

type none struct{}

func parse(data []byte) value {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return value{none{}}
	}
	return value{v}
}

// at follows keys and positions.
func (v value) at(path ...any) value {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := v.v.(map[string]any)
			if !ok {
				return value{none{}}
			}
			x, ok := m[p]
			if !ok {
				return value{none{}}
			}
			v = value{x}
		case int:
			l, ok := v.v.([]any)
			if !ok || p < 0 || p >= len(l) {
				return value{none{}}
			}
			v = value{l[p]}
		}
	}
	return v
}

// orNull is null where a part of it is.
func (v value) orNull() value {
	if v.missing() {
		return value{}
	}
	return v
}

func (v value) missing() bool { _, is := v.v.(none); return is }
func (v value) null() bool    { return v.v == nil || v.missing() }

func (v value) list() (all []value) {
	l, _ := v.v.([]any)
	for _, x := range l {
		all = append(all, value{x})
	}
	return all
}

func (v value) num() float64 { f, _ := v.v.(float64); return f }
func (v value) str() string  { s, _ := v.v.(string); return s }
func (v value) is() bool     { b, _ := v.v.(bool); return b }

func (v value) names() (names []string) {
	for _, x := range v.list() {
		names = append(names, x.str())
	}
	return names
}

func (v value) String() string {
	switch x := v.v.(type) {
	case none:
		return "(no such key)"
	case float64:
		return fmt.Sprintf("%.12g", x)
	}
	b, _ := json.Marshal(v.v)
	if len(b) > 300 {
		b = append(b[:300], "…"...)
	}
	return string(b)
}
