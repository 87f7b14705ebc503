package modelfile

import (
	"os"
	"slices"
	"testing"
)

// fuzzed is a small model with every style in it.
var fuzzed = []File{
	{Name: "a.yaml", Data: []byte(`version: 1
currency: "KRW"
services:
  booking: # the one
    title: 'Don''t'
    objective: {target: 99.9%}
    needs:
      - postgres
      # between
      - {service: search, impact: 20%} # after
    worth:
      sla: [{if: outage >= 3h, pay: 5}]
  postgres: {copies: 2,
    switch: {takes: 1m, works: 90%, }}
  search:
  예약: {}
`)},
	{Name: "b.yaml", Data: []byte("version: 1\r\nrisks:\r\n  bad:\r\n    chance: 2%\r\n    source: |\r\n      the log\r\n\r\n    accepted:\r\n      by: >+\r\n        cto\r\n\r\n  worse: {rate: , impact: {fast: 3%}}")},
}

// FuzzApply sets any path to any text: nothing panics, and what is set reads
// back as that text and changes no other setting.
func FuzzApply(f *testing.F) {
	for _, s := range Settings(fuzzed) {
		f.Add(s.Path, "a: b #{}[]\"',")
		f.Add(s.Path, other(s))
	}
	for _, path := range []string{"services/booking/title", "services/search/copies", "services/예약/title", "services/booking/needs/0/impact", "risks/bad/impact", "risks/bad/accepted/because", "risks/worse/rate", "risks/worse/impact/slow"} {
		f.Add(path, "null")
		f.Add(path, "- ? : ---")
	}
	f.Fuzz(func(t *testing.T, path, text string) {
		before := slices.Clone(fuzzed)
		after, placed, problems := Apply(before, []Edit{{path, text}})
		if (after == nil) != (len(problems) > 0) || len(placed) != 1 || (placed[0].Problem != nil) != (len(problems) > 0) {
			t.Fatalf("files %v, placed %v, problems %s", after != nil, placed, lines(problems))
		}
		if after == nil {
			return
		}
		s, ok := Get(after, path)
		if !ok || s.Text != text || s.Pos != placed[0].Pos {
			t.Fatalf("%q reads %q at %v, said to be at %v:\n%s", text, s.Text, s.Pos, placed[0].Pos, Changes(before, after))
		}
		rest := func(files []File) []Setting {
			var all []Setting
			for _, s := range Settings(files) {
				if s.Path != path {
					s.Pos.Line, s.Pos.Col = 0, 0
					all = append(all, s)
				}
			}
			return all
		}
		if !slices.Equal(rest(before), rest(after)) {
			t.Fatalf("%q for %s changes other settings:\n%s", text, path, Changes(before, after))
		}
		Parse(after)
	})
}

// FuzzEditedFile sets and fills in values of any file: what else the file says
// stays, or the edit is refused.
func FuzzEditedFile(f *testing.F) {
	design, err := os.ReadFile("testdata/design.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(design, uint16(7))
	for _, file := range fuzzed {
		f.Add(file.Data, uint16(0))
	}
	for _, c := range problemCases(f) {
		f.Add(c.files[0].Data, uint16(1))
	}
	f.Fuzz(func(t *testing.T, data []byte, n uint16) {
		before := []File{{Name: "model.yaml", Data: data}}
		settings := Settings(before)
		if len(settings) == 0 {
			return
		}
		s := settings[int(n)%len(settings)]
		after, placed, problems := Apply(before, []Edit{{s.Path, other(s)}})
		if problems != nil {
			return
		}
		got, ok := Get(after, s.Path)
		if !ok || got.Text != other(s) || got.Pos != placed[0].Pos {
			t.Fatalf("%s is %+v, said to be at %v:\n%s", s.Path, got, placed[0].Pos, Changes(before, after))
		}
		now := Settings(after)
		if len(now) != len(settings) {
			t.Fatalf("%d settings were, %d are:\n%s", len(settings), len(now), Changes(before, after))
		}
		same, _, problems := Apply(after, []Edit{{s.Path, other(s)}})
		if problems != nil || Changes(after, same) != "" {
			t.Fatalf("its own text changes it: %s\n%s", lines(problems), Changes(after, same))
		}
	})
}
