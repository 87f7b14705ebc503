package modelfile

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// manual is the page that describes the language.
const manual = "../../docs/model.md"

func readManual(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// typeOf says in words what a schema takes.
func typeOf(s map[string]any) string {
	if r, ok := s["$ref"].(string); ok {
		return strings.ReplaceAll(strings.TrimPrefix(r, "#/$defs/"), "-", " ")
	}
	if of, ok := s["anyOf"].([]any); ok {
		var types []string
		for _, one := range of {
			types = append(types, typeOf(one.(map[string]any)))
		}
		return strings.Join(slices.Compact(types), " or ")
	}
	if words, ok := s["enum"].([]any); ok {
		var quoted []string
		for _, w := range words {
			quoted = append(quoted, "`"+w.(string)+"`")
		}
		return strings.Join(quoted, ", ")
	}
	if items, ok := s["items"].(map[string]any); ok {
		if strings.Contains(typeOf(items), " or ") {
			return "a list of these"
		}
		return "a list"
	}
	if values, ok := s["additionalProperties"].(map[string]any); ok {
		return "map of names to " + typeOf(values)
	}
	return "?"
}

// keyTable is the table of the keys of an object.
func keyTable(o anObject) string {
	_, made := o.define()
	text, err := json.Marshal(made)
	if err != nil {
		panic(err)
	}
	var s struct {
		Properties map[string]map[string]any
		Required   []string
	}
	if err := json.Unmarshal(text, &s); err != nil {
		panic(err)
	}
	var b strings.Builder
	b.WriteString("| key | value | |\n|---|---|---|\n")
	for _, key := range o.keyNames() {
		p := s.Properties[key]
		name := "`" + key + "`"
		if slices.Contains(s.Required, key) {
			name = "**" + name + "**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, typeOf(p), p["description"])
	}
	return b.String()
}

// valueTable is the table of the scalars.
func valueTable() string {
	var b strings.Builder
	b.WriteString("| value | examples | |\n|---|---|---|\n")
	for _, f := range scalarForms {
		var examples []string
		for _, e := range f.examples {
			examples = append(examples, "`"+e+"`")
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", strings.ReplaceAll(f.name, "-", " "), strings.Join(examples, ", "), f.doc)
	}
	return b.String()
}

// The tables of the manual are made from those of the reader.
func TestTheManualHasEveryKeyAndValue(t *testing.T) {
	text := readManual(t)
	tables := map[string]string{"values": valueTable()}
	for _, o := range objects() {
		name, _ := o.define()
		tables["keys: "+strings.ReplaceAll(name, "-", " ")] = keyTable(o)
	}
	block := regexp.MustCompile(`(?s)<!-- (values|keys: [a-z ]+) -->\n(.*?)<!-- end -->`)
	made := block.ReplaceAllStringFunc(text, func(old string) string {
		what := block.FindStringSubmatch(old)[1]
		table, ok := tables[what]
		if !ok {
			t.Errorf("there is no table %s", what)
		}
		delete(tables, what)
		return "<!-- " + what + " -->\n" + table + "<!-- end -->"
	})
	for what := range tables {
		t.Errorf("the table %s is not on the page", what)
	}
	if *update {
		if err := os.WriteFile(manual, []byte(made), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(text, made); diff != "" {
		t.Errorf("the page is not that of the reader (-update writes it):\n%s", diff)
	}
}

// The manual names every kind of problem, and every kind that it names can be
// had.
func TestTheManualHasEveryCode(t *testing.T) {
	_, section, ok := strings.Cut(readManual(t), "| code | what is wrong |")
	if !ok {
		t.Fatal("there is no table of codes")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	told := map[string]bool{}
	for _, line := range strings.Split(section, "\n") {
		first, _, _ := strings.Cut(strings.TrimPrefix(line, "|"), "|")
		for _, m := range regexp.MustCompile("`([a-z-]+)`").FindAllStringSubmatch(first, -1) {
			told[m[1]] = true
		}
	}
	had := map[string]bool{"too-big": true, "too-many": true} // by TestHostileFiles… and TestProblemsHaveAnEnd
	for _, c := range problemCases(t) {
		for _, m := range regexp.MustCompile(`(?m)\[([a-z-]+)\]$`).FindAllStringSubmatch(c.want, -1) {
			had[m[1]] = true
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(had)), slices.Sorted(maps.Keys(told))); diff != "" {
		t.Errorf("codes that can be had (-) and that are told (+):\n%s", diff)
	}
}

// Every example of the manual loads. One that is no whole model stands in the
// frame of a model that defines what it names.
func TestTheExamplesOfTheManualLoad(t *testing.T) {
	frame, err := os.ReadFile("testdata/frame.yaml")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readManual(t), -1)
	if len(blocks) < 10 {
		t.Fatalf("%d examples", len(blocks))
	}
	v := newValidator(t)
	for i, block := range blocks {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			data := []byte(block[1])
			if err := v.file(data); err != nil {
				t.Error(err)
			}
			if !strings.HasPrefix(block[1], "version:") {
				data = framed(t, data, frame)
			}
			_, problems := Parse([]File{{Name: "example.yaml", Data: data}})
			for _, p := range problems {
				t.Errorf("%s\n%s", p, data)
			}
		})
	}
}

// framed adds to an example what only the frame has.
func framed(t *testing.T, example, frame []byte) []byte {
	t.Helper()
	var whole, part yaml.Node
	if err := yaml.Unmarshal(frame, &whole); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(example, &part); err != nil {
		t.Fatal(err)
	}
	mergeMaps(whole.Content[0], part.Content[0], 2)
	out, err := yaml.Marshal(&whole)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// mergeMaps writes the entries of part over those of whole, entry by entry
// down to a depth.
func mergeMaps(whole, part *yaml.Node, depth int) {
next:
	for i := 0; i+1 < len(part.Content); i += 2 {
		for j := 0; j+1 < len(whole.Content); j += 2 {
			if whole.Content[j].Value != part.Content[i].Value {
				continue
			}
			if depth > 1 {
				mergeMaps(whole.Content[j+1], part.Content[i+1], depth-1)
			} else {
				whole.Content[j+1] = part.Content[i+1]
			}
			continue next
		}
		whole.Content = append(whole.Content, part.Content[i], part.Content[i+1])
	}
}
