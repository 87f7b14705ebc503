package modelfile

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A validator checks values against the part of JSON Schema that Schema uses.
// A keyword that it does not know is a failure, so that nothing passes unseen.
type validator struct {
	root     map[string]any
	patterns map[string]*regexp.Regexp
}

func newValidator(t testing.TB) *validator {
	t.Helper()
	v := &validator{patterns: map[string]*regexp.Regexp{}}
	if err := json.Unmarshal(Schema(), &v.root); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *validator) validate(at string, schema map[string]any, value any) error {
	for keyword, arg := range schema {
		if err := v.keyword(at, keyword, arg, schema, value); err != nil {
			return err
		}
	}
	return nil
}

func (v *validator) keyword(at, keyword string, arg any, schema map[string]any, value any) error {
	object, isObject := value.(map[string]any)
	switch keyword {
	case "$schema", "$defs", "title", "description", "examples":
	case "$ref":
		name := strings.TrimPrefix(arg.(string), "#/$defs/")
		def, ok := v.root["$defs"].(map[string]any)[name].(map[string]any)
		if !ok {
			return fmt.Errorf("%s: no definition %s", at, name)
		}
		return v.validate(at, def, value)
	case "type":
		if !slices.Contains(strs(arg), jsonType(value)) {
			return fmt.Errorf("%s: %v is no %v", at, value, arg)
		}
	case "enum":
		for _, one := range arg.([]any) {
			if fmt.Sprint(one) == fmt.Sprint(value) {
				return nil
			}
		}
		return fmt.Errorf("%s: %v is not one of %v", at, value, arg)
	case "pattern":
		s, isText := value.(string)
		if v.patterns[arg.(string)] == nil {
			v.patterns[arg.(string)] = regexp.MustCompile(arg.(string))
		}
		if isText && !v.patterns[arg.(string)].MatchString(s) {
			return fmt.Errorf("%s: %q does not match %s", at, s, arg)
		}
	case "anyOf", "oneOf":
		return v.some(at, keyword, arg.([]any), value)
	case "items":
		list, _ := value.([]any)
		for i, item := range list {
			if err := v.validate(fmt.Sprintf("%s[%d]", at, i), arg.(map[string]any), item); err != nil {
				return err
			}
		}
	case "required":
		for _, key := range strs(arg) {
			if _, there := object[key]; isObject && !there {
				return fmt.Errorf("%s: lacks %s", at, key)
			}
		}
	case "minProperties":
		if isObject && len(object) < int(arg.(float64)) {
			return fmt.Errorf("%s: too few keys", at)
		}
	case "propertyNames":
		for key := range object {
			if err := v.validate(at, arg.(map[string]any), key); err != nil {
				return err
			}
		}
	case "properties":
		for key, s := range arg.(map[string]any) {
			if one, there := object[key]; there {
				if err := v.validate(at+"."+key, s.(map[string]any), one); err != nil {
					return err
				}
			}
		}
	case "additionalProperties":
		known, _ := schema["properties"].(map[string]any)
		for key, one := range object {
			if _, ok := known[key]; ok {
				continue
			}
			s, isSchema := arg.(map[string]any)
			if !isSchema {
				return fmt.Errorf("%s: unknown key %s", at, key)
			}
			if err := v.validate(at+"."+key, s, one); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("unknown keyword %s", keyword)
	}
	return nil
}

func (v *validator) some(at, keyword string, of []any, value any) error {
	fit := 0
	var last error
	for _, s := range of {
		if err := v.validate(at, s.(map[string]any), value); err != nil {
			last = err
		} else {
			fit++
		}
	}
	if fit == 0 || keyword == "oneOf" && fit > 1 {
		return fmt.Errorf("%s: fits %d of %s (%v)", at, fit, keyword, last)
	}
	return nil
}

func strs(arg any) []string {
	if s, ok := arg.(string); ok {
		return []string{s}
	}
	var all []string
	for _, s := range arg.([]any) {
		all = append(all, s.(string))
	}
	return all
}

func jsonType(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case int, float64:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// plainValue turns a node into what an editor sees: YAML 1.2 numbers and
// booleans are what they are, and all else is text.
func plainValue(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plainValue(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range n.Content {
			list = append(list, plainValue(item))
		}
		return list
	}
	switch {
	case isNothing(n):
		return nil
	case n.Tag == "!!bool":
		return n.Value == "true"
	case n.Tag == "!!int" && !strings.Contains(n.Value, "_"), n.Tag == "!!float" && !strings.Contains(n.Value, "_"):
		f, err := strconv.ParseFloat(n.Value, 64)
		if err != nil {
			return n.Value
		}
		return f
	}
	return n.Value
}

func (v *validator) file(data []byte) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return err
	}
	return v.validate("model", v.root, plainValue(doc.Content[0]))
}

// scalarPatterns are the patterns of the schema by the name of the scalar.
func scalarPatterns(t testing.TB) map[string]*regexp.Regexp {
	patterns := map[string]*regexp.Regexp{}
	for name, def := range newValidator(t).root["$defs"].(map[string]any) {
		if p, ok := def.(map[string]any)["pattern"].(string); ok {
			patterns[name] = regexp.MustCompile(p)
		}
	}
	return patterns
}

func TestTheSchemaIsThatOfTheReader(t *testing.T) {
	v := newValidator(t)
	t.Run("every reference is defined and every definition used", func(t *testing.T) {
		text := string(Schema())
		used := map[string]bool{}
		for _, m := range regexp.MustCompile(`"#/\$defs/([^"]+)"`).FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
		}
		defs := v.root["$defs"].(map[string]any)
		for name := range used {
			if defs[name] == nil {
				t.Errorf("%s is not defined", name)
			}
		}
		for name := range defs {
			if !used[name] {
				t.Errorf("%s is not used", name)
			}
		}
	})
	t.Run("the whole language validates", func(t *testing.T) {
		data, err := os.ReadFile("testdata/design.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if err := v.file(data); err != nil {
			t.Error(err)
		}
	})
	t.Run("every scalar form is understood by its parser", func(t *testing.T) {
		patterns := scalarPatterns(t)
		for _, form := range scalarForms {
			parse := scalarParsers[form.name]
			if parse == nil {
				t.Errorf("no parser for %s", form.name)
				continue
			}
			for _, example := range form.examples {
				if _, err := parse(example); err != nil {
					t.Errorf("%s %q: %v", form.name, example, err)
				}
				if p := patterns[form.name]; p != nil && !p.MatchString(example) {
					t.Errorf("%s %q does not match %s", form.name, example, p)
				}
			}
		}
	})
	t.Run("wrong keys, types and forms are refused", func(t *testing.T) {
		for _, wrong := range []string{
			"servces: {}",
			"services: [booking]",
			"services: {booking: {titel: x}}",
			"services: {booking: {objective: {over: 30d}}}",
			"services: {booking: {objective: {target: 0.999}}}",
			"services: {booking: {needs: [{service: a, any: [b]}]}}",
			"risks: {disk: {rate: often, detect: 5m, recover: 2h}}",
			"risks: {disk: {detect: 5m, recover: 2h}}",
			"recovery: {rollback: {takes: 2m}}",
			"safety_nets: {canary: {status: maybe}}",
			"safety_nets: {canary: {status: proposed, effects: [{risk: a}]}}",
			"safety_nets: {canary: {status: proposed, effects: [{change: a, prevents: 5%}]}}",
			"version: 2",
		} {
			if v.file([]byte(wrong)) == nil {
				t.Errorf("%s validates", wrong)
			}
		}
	})
}
