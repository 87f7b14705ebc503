package page

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tightrope/internal/explain"
	"tightrope/internal/model"
)

// said finds the keys that code and template ask for by name; begun those that
// begin with a name and go on with a word of the model.
var (
	said  = regexp.MustCompile(`(?:\.Say\(|\bask\(|\blist\(|\btrim\(|say |true: |false: |key := |key = )"([a-z]+\.[a-zA-Z0-9.-]*[a-zA-Z0-9])"`)
	begun = regexp.MustCompile(`(?:\.Say\(|:= )"([a-z.]+\.)" ?\+`)
)

// wanted lists every key that is used.
func wanted(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	begins := map[string]bool{}
	for _, file := range append(files, "page.tmpl", "parts.tmpl") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllSubmatch(text, -1) {
			keys[string(m[1])] = true
		}
		for _, m := range begun.FindAllSubmatch(text, -1) {
			begins[string(m[1])] = true
		}
	}
	words := map[string][]string{"net.": nil, "layer.": nil, "of.": nil, "remark.": nil, "glossary.": glossary(), "glossary.term.": glossary(), "risks.": nil}
	for _, s := range model.NetStatuses {
		words["net."] = append(words["net."], string(s))
	}
	for _, k := range []explain.LayerKind{explain.Prevents, explain.Rhythm, explain.Detection, explain.Faster, explain.Impact, explain.Stages, explain.Copies, explain.Exposure, explain.RidesOut, explain.Spare, explain.Attempt, explain.Acknowledging} {
		words["layer."] = append(words["layer."], string(k))
	}
	for _, k := range []explain.Stopped{explain.OfIncidents, explain.OfBadTime, explain.OfUsers, explain.OfDetect, explain.OfAcknowledge, explain.OfRecover} {
		words["of."] = append(words["of."], string(k))
	}
	for _, k := range []explain.RemarkCode{explain.NoAngle, explain.SingleAngle, explain.LastResort, explain.UnnamedDetection, explain.UnnamedRecovery, explain.SameAngle, explain.NoSource, explain.ReviewOverdue, explain.AcceptedTooLong} {
		words["remark."] = append(words["remark."], string(k))
	}
	for _, k := range stepOrder {
		words["risks."] = append(words["risks."], string(k))
	}
	for begin := range begins {
		if words[begin] == nil {
			t.Errorf("keys begin with %q, and this test does not know how they go on", begin)
		}
	}
	for begin, list := range words {
		for _, w := range list {
			keys[begin+w] = true
		}
	}
	return keys
}

func TestEveryKeyThatIsUsedIsThere(t *testing.T) {
	keys := wanted(t)
	if len(keys) < 150 {
		t.Errorf("only %d keys were found in the code", len(keys))
	}
	for key := range keys {
		if !English().Has(key) {
			t.Errorf("the key %s is used and not there", key)
		}
	}
}

func TestEveryKeyThatIsThereIsUsed(t *testing.T) {
	keys := wanted(t)
	for key := range english() {
		if !keys[key] {
			t.Errorf("the key %s is there and never used", key)
		}
	}
}

func TestNamesInBracesAreReplaced(t *testing.T) {
	if got := English().Say("why.desc", "first", "disk", "bad", "3m", "window", "a month", "share", "{first}"); strings.Contains(got, "disk with 3m") == false || !strings.Contains(got, "{first}") {
		t.Errorf("%q", got)
	}
	if got := English().Say("nowhere"); got != "⟨nowhere⟩" {
		t.Errorf("%q", got)
	}
}
