package say

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tightrope/internal/decision"
	"tightrope/internal/explain"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// catalogues are the files that hold texts; all others of this package and of
// the page use them.
var catalogues = regexp.MustCompile(`(english|korean)[a-z_]*\.go$`)

// isKey is what a key looks like.
var isKey = regexp.MustCompile(`^[a-z]+(\.[a-zA-Z0-9-]+)+$`)

// literals are all strings in the code that could be keys; asked are those that
// a Say takes as they are.
func literals(t *testing.T) (all, asked map[string]bool) {
	t.Helper()
	all, asked = map[string]bool{}, map[string]bool{}
	text := func(e ast.Expr) string {
		if b, ok := e.(*ast.BasicLit); ok && b.Kind == token.STRING {
			s, err := strconv.Unquote(b.Value)
			if err == nil && isKey.MatchString(s) {
				return s
			}
		}
		return ""
	}
	for _, dir := range []string{".", "../page", "../tables", "../document/html", "../report", "../web"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || catalogues.MatchString(file) {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit:
					if s := text(n); s != "" {
						all[s] = true
					}
				case *ast.CallExpr:
					if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Say" && len(n.Args) > 0 {
						if key := text(n.Args[0]); key != "" {
							asked[key] = true
						}
					}
				}
				return true
			})
		}
		templates, err := filepath.Glob(dir + "/*.tmpl")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range templates {
			for _, key := range keysOfTemplate(t, file) {
				all[key], asked[key] = true, true
			}
		}
	}
	return all, asked
}

// made are the keys that are put together of parts.
func made() map[string]bool {
	keys := map[string]bool{}
	add := func(begin, end string, list ...string) {
		for _, w := range list {
			keys[begin+w+end] = true
		}
	}
	var units []string
	for _, c := range cadences {
		units = append(units, c.key)
	}
	for _, end := range []string{".one", ".many", ".1", ".n"} {
		add("unit.", end, append(units, window)...)
	}
	add("often.", ".window", "count", "about")
	for _, end := range []string{".one", ".many"} {
		add("reason.", end, "certain", "mean")
	}
	for _, end := range []string{".all", ".many", ".mostly"} {
		add("spent.", end, "bad", "over", "part")
	}
	for _, end := range []string{".one", ".some"} {
		add("group.", end, "few", "switch", "unchanged")
	}
	add("glossary.", "", Glossary()...)
	add("glossary.term.", "", Glossary()...)
	for _, k := range []explain.WhyCode{
		explain.Written, explain.Seen, explain.Range, explain.Changes, explain.TimesUnit, explain.TimesNets, explain.TimesCopy, explain.Way, explain.Combined,
		explain.Answered, explain.Sum, explain.TimesHit, explain.Fewer, explain.Incidents, explain.Each, explain.Alone, explain.Together, explain.NotOver, explain.Over,
		explain.Whole, explain.PartOf, explain.Without, explain.Less, explain.Target, explain.Window, explain.Allowed, explain.Confident, explain.Read,
	} {
		add("how.", "", string(k))
	}
	add("how.", ".by", "written", "range", "nets")
	add("how.", ".none", "window", "confidence")
	add("how.", ".some", "way")
	for _, s := range model.NetStatuses {
		add("net.", "", string(s))
	}
	for _, k := range []explain.LayerKind{explain.Prevents, explain.Rhythm, explain.Detection, explain.Faster, explain.Impact, explain.Stages, explain.Copies, explain.Exposure, explain.RidesOut, explain.Spare, explain.Attempt, explain.Acknowledging} {
		add("layer.", "", string(k))
	}
	for _, k := range []explain.Stopped{explain.OfIncidents, explain.OfBadTime, explain.OfUsers, explain.OfDetect, explain.OfAcknowledge, explain.OfRecover} {
		add("of.", "", string(k))
	}
	for _, k := range []explain.RemarkCode{explain.NoAngle, explain.SingleAngle, explain.LastResort, explain.UnnamedDetection, explain.UnnamedRecovery, explain.SameAngle, explain.NoSource, explain.ReviewOverdue, explain.AcceptedTooLong} {
		add("remark.", "", string(k))
	}
	for _, k := range []explain.RemarkCode{explain.NoAngle, explain.SingleAngle, explain.LastResort, explain.UnnamedDetection, explain.UnnamedRecovery, explain.NoSource} {
		add("act.", "", string(k))
	}
	add("differs.", "", "promise", "chance", "bad", "total")
	for _, k := range []explain.Step{explain.Prevent, explain.Detect, explain.Contain, explain.Recover} {
		add("risks.", "", string(k))
	}
	for _, k := range []decision.DateKind{decision.Promised, decision.Accepted, decision.Review, decision.Ready} {
		add("decide.next.", "", string(k))
		add("decide.next.", ".late", string(k))
	}
	for _, why := range []string{"impossible.as", "impossible", "dear", "as", "short"} {
		add("decide.not.", "", why)
		add("overview.why.", "", why)
	}
	// Of inputs there are as many as keys that hold a number; those that have no
	// word of their own are said as they are written.
	for key := range english {
		if strings.HasPrefix(key, "field.") {
			keys[key] = true
		}
	}
	for _, m := range message.Every() {
		keys["message."+string(m.Key())] = true
	}
	for _, m := range message.Titles() {
		for _, kind := range []string{"source.", "note."} {
			if key := kind + string(m.Key()); English().Has(key) {
				keys[key] = true
			}
		}
	}
	return keys
}

func keysOfTemplate(t *testing.T, file string) []string {
	t.Helper()
	var out []string
	for _, m := range regexp.MustCompile(`say "([^"]+)"`).FindAllStringSubmatch(read(t, file), -1) {
		out = append(out, m[1])
	}
	return out
}

func TestEveryKeyThatIsUsedIsThere(t *testing.T) {
	_, asked := literals(t)
	if len(asked) < 300 {
		t.Errorf("only %d keys were found in the code", len(asked))
	}
	for key := range made() {
		asked[key] = true
	}
	for key := range asked {
		if !English().Has(key) && !strings.HasPrefix(key, "web.") { // the server has words of its own
			t.Errorf("the key %s is used and not there", key)
		}
	}
}

func TestEveryKeyThatIsThereIsUsed(t *testing.T) {
	all, _ := literals(t)
	parts := made()
	for key := range english {
		if !all[key] && !parts[key] {
			t.Errorf("the key %s is there and never used", key)
		}
	}
}

func TestAllLanguagesHaveTheSameKeysAndNames(t *testing.T) {
	for _, code := range Codes() {
		l, ok := Of(code)
		if !ok || l.Code != code {
			t.Fatalf("there is no language %q", code)
		}
		for key, text := range english {
			other, ok := l.words[key]
			switch {
			case !ok:
				t.Errorf("%s has no %s", code, key)
			case strings.TrimSpace(other) == "":
				t.Errorf("%s has an empty %s", code, key)
			case !slices.Equal(slots(text), slots(other)):
				t.Errorf("%s puts other names into %s: %v, and %v in English", code, key, slots(other), slots(text))
			}
		}
		for key := range l.words {
			if _, ok := english[key]; !ok {
				t.Errorf("only %s has %s", code, key)
			}
		}
	}
}

// slots lists the names that a text puts in. How a language counts windows is
// its own matter: "months", "달", "개월".
func slots(text string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`\{([a-z]+(?:\|[^}]*)?)\}`).FindAllStringSubmatch(text, -1) {
		name, _, _ := strings.Cut(m[1], "|")
		if !slices.Contains([]string{"one", "many", "unit"}, name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func TestNamesInBracesAreReplaced(t *testing.T) {
	if got := English().Say("why.desc", "first", "disk", "bad", "3m", "window", "a month", "share", "{first}"); !strings.Contains(got, "disk with 3m") || !strings.Contains(got, "{first}") {
		t.Errorf("%q", got)
	}
	if got := English().Say("nowhere"); got != "⟨nowhere⟩" {
		t.Errorf("%q", got)
	}
}

func TestThereIsNoOtherLanguage(t *testing.T) {
	if _, ok := Of("xx"); ok {
		t.Error("there is")
	}
	if got := fmt.Sprint(Codes()); got != "[en ko]" {
		t.Error(got)
	}
}
