package report

import (
	"bytes"
	"strings"
	"testing"
)

// An answer whose parts contradict each other says so before anything else, and
// holds no number out as a promise.
func TestAContradictionComesFirst(t *testing.T) {
	for _, one := range []bool{true, false} {
		r := mixed()
		if one {
			r = booking()
		}
		e := r.Entries[0]
		e.Contradicts = true
		var text, md, json bytes.Buffer
		if err := Text(&text, r, Options{}); err != nil {
			t.Fatal(err)
		}
		if err := Markdown(&md, r, Options{}); err != nil {
			t.Fatal(err)
		}
		if err := JSON(&json, r, Options{}); err != nil {
			t.Fatal(err)
		}
		for name, said := range map[string]string{"text": text.String(), "markdown": md.String()} {
			lines := strings.Split(said, "\n")
			first := strings.Join(lines[:min(len(lines), 8)], "\n")
			if !strings.Contains(first, "contradicts itself") {
				t.Errorf("%s begins without it:\n%s", name, first)
			}
			if !strings.Contains(strings.Join(strings.Fields(said), " "), "Parts of this answer contradict each other") {
				t.Errorf("%s does not explain it", name)
			}
			if strings.Contains(said, "← suggested") && one {
				t.Errorf("%s suggests a target", name)
			}
		}
		if !strings.Contains(json.String(), `"contradicts": true`) {
			t.Error("the JSON does not say it")
		}
	}
}
