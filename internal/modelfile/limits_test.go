package modelfile

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tightrope/internal/model"
)

// repeat writes a text so often that a file of about that many bytes results.
func repeat(s string, size int) []byte { return bytes.Repeat([]byte(s), size/len(s)) }

// numbered is repeat with another number in each.
func numbered(format string, size int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, format, i)
	}
	return b.Bytes()
}

func TestHostileFilesAreRefusedCheaply(t *testing.T) {
	const mb = 1 << 20
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 x\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
	}
	for _, c := range []struct {
		name string
		data []byte
		code string
	}{
		{"50 MB of brackets", repeat("[", 50*mb), "too-big"},
		{"50 MB of dashes", repeat("- ", 50*mb), "too-big"},
		{"15 MB of brackets", repeat("[", 15*mb), "too-big"},
		{"3 MB of brackets on lines", repeat("[\n", 3*mb), "too-deep"},
		{"3 MB of braces", repeat("{a: ", 3*mb), "too-deep"},
		{"3 MB of dashes", repeat("- ", 3*mb), "too-deep"},
		{"3 MB of question marks", repeat("? ", 3*mb), "too-deep"},
		{"a small bomb of aliases", []byte(bomb.String()), "yaml-feature"},
		{"15 MB of aliases", append([]byte("a: &a [1]\nb: [*a"), repeat(", *a", 15*mb)...), "yaml-feature"},
		{"15 MB of anchors", repeat("- &a 1\n", 15*mb), "yaml-feature"},
		{"15 MB of the smallest values", repeat("[],", 15*mb), "too-big"},
		{"15 MB of documents", repeat("---\n", 15*mb), "yaml-feature"},
		{"15 MB of blank lines", repeat("\n", 15*mb), "empty-model"},
		{"15 MB in one unfinished text", append([]byte("a: \""), repeat("x", 15*mb)...), "yaml-syntax"},
		{"15 MB of unknown keys", append([]byte("version: 1\nservices:\n"), numbered("  s%07d: {q: 1}\n", 15*mb)...), "unknown-key"},
		{"15 MB of zero bytes", make([]byte, 15*mb), "encoding"},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "model.yaml")
			if err := os.WriteFile(name, c.data, 0o644); err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m, problems, err := Load([]string{name})
			runtime.ReadMemStats(&after)
			if m != nil || err != nil || len(problems) == 0 {
				t.Fatalf("%v problems, error %v", len(problems), err)
			}
			if problems[0].Code != c.code {
				t.Errorf("got %s, want %s", problems[0], c.code)
			}
			if mb := (after.TotalAlloc - before.TotalAlloc) / mb; mb > 150 {
				t.Errorf("%d MB were allocated", mb)
			}
		})
	}
}

func TestTheLimitIsOnAllFilesTogether(t *testing.T) {
	folder := t.TempDir()
	pad := append([]byte("version: 1\nservices: {booking: {}}\n"), repeat("# about this model\n", MaxBytes*3/5)...)
	for _, name := range []string{"a.yaml", "b.yaml"} {
		if err := os.WriteFile(filepath.Join(folder, name), pad, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, problems, err := Load([]string{filepath.Join(folder, "a.yaml")}); err != nil || len(problems) > 0 {
		t.Fatalf("one file alone: %v, %v", problems, err)
	}
	_, problems, err := Load([]string{folder})
	if err != nil || len(problems) != 1 || problems[0].Code != "too-big" || problems[0].Pos.File != folder+"/b.yaml" {
		t.Errorf("%v, %v", problems, err)
	}
}

func TestProblemsHaveAnEnd(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 1\nservices:\n")
	for i := range 20_000 {
		fmt.Fprintf(&b, "  s%d: {needs: [x%d]}\n", i, i)
	}
	_, problems := Parse([]File{{Name: "model.yaml", Data: []byte(b.String())}})
	if len(problems) != maxProblems+1 {
		t.Fatalf("%d problems", len(problems))
	}
	if last := problems[maxProblems]; last.Code != "too-many" || !strings.Contains(last.Message, "18000 more") {
		t.Errorf("got %s", last)
	}
}

// Where reading stops, rules about the whole would only repeat what was not
// read, and how much that is nobody knows.
func TestReadingStopsAtTooManyProblems(t *testing.T) {
	bad := numbered("  s%07d: {q: 1}\n", 1<<20)
	_, problems := Parse([]File{
		{Name: "a.yaml", Data: append([]byte("services:\n"), bad...)},
		{Name: "b.yaml", Data: []byte("services:\n  b: {needs: [s0000001, x]}\n")},
	})
	if len(problems) != maxProblems+1 {
		t.Fatalf("%d problems", len(problems))
	}
	if last := problems[maxProblems]; last.Code != "too-many" || !strings.Contains(last.Message, "not read to its end") {
		t.Errorf("got %s", last)
	}
	for i, p := range problems[:maxProblems] {
		if p.Code != "unknown-key" || p.Pos != (model.Pos{File: "a.yaml", Line: i + 2, Col: 14}) {
			t.Fatalf("got %s", p)
		}
	}
}

// generated is a model of so many services, each with ten risks.
func generated(services int) []byte {
	var b bytes.Buffer
	b.WriteString("version: 1\nservices:\n")
	for i := range services {
		fmt.Fprintf(&b, "  s%d:\n    objective: {target: 99.9%%, over: 30d}\n", i)
		if i > 0 {
			fmt.Fprintf(&b, "    needs: [s%d, {service: s%d, impact: 20%%}]\n", i-1, i/2)
		}
	}
	b.WriteString("changes:\n")
	for i := range services {
		fmt.Fprintf(&b, "  release%d: {service: s%d, every: 7d, downtime: 5s..20s}\n", i, i)
	}
	b.WriteString("risks:\n")
	for i := range services * 10 {
		fmt.Fprintf(&b, "  r%d: {service: s%d, per: release%d, chance: 2%%..6%%, impact: 50%%, detect: [alarm, customers], recover: [rollback, fix]}\n", i, i%services, i%services)
	}
	b.WriteString("detection: {alarm: {after: 1m, catches: 90%}, customers: {after: 10m..1h}}\n")
	b.WriteString("recovery: {rollback: {takes: 2m, works: 95%, by: on-call}, fix: {takes: 30m..3h, by: on-call}}\n")
	b.WriteString("responders: {on-call: {acknowledges: 2m..15m}}\n")
	return b.Bytes()
}

func TestALargeModelLoads(t *testing.T) {
	m, problems := Parse([]File{{Name: "model.yaml", Data: generated(1_000)}})
	for _, p := range problems {
		t.Fatal(p)
	}
	if len(m.Services) != 1_000 || len(m.Risks) != 10_000 {
		t.Errorf("%d services, %d risks", len(m.Services), len(m.Risks))
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, services := range []int{100, 1_000} {
		data := generated(services)
		b.Run(fmt.Sprintf("risks=%d", services*10), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, problems := Parse([]File{{Name: "model.yaml", Data: data}}); len(problems) > 0 {
					b.Fatal(problems[0])
				}
			}
		})
	}
}
