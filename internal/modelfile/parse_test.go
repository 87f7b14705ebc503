package modelfile

import (
	"fmt"
	"math/big"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tightrope/internal/model"
)

// dump writes every value of a model that was said, one a line, with its path
// and its place.
func dump(b *strings.Builder, path string, v reflect.Value) {
	switch x := v.Interface().(type) {
	case *big.Rat:
		if x != nil {
			fmt.Fprintf(b, "%s %s\n", path, x.RatString())
		}
		return
	case model.Pos:
		if x.Known() {
			fmt.Fprintf(b, "%s %d:%d\n", path, x.Line, x.Col)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			dump(b, path, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			dump(b, fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				dump(b, path+"."+f.Name, v.Field(i))
			}
		}
	default:
		if !v.IsZero() {
			fmt.Fprintf(b, "%s %v\n", path, v.Interface())
		}
	}
}

func TestTheWholeLanguageIsReadWithItsPlaces(t *testing.T) {
	m, problems, err := Load([]string{"testdata/design.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	if m == nil {
		t.FailNow()
	}
	var b strings.Builder
	dump(&b, "", reflect.ValueOf(*m))
	const golden = "testdata/design.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestNoFilesAreNoModel(t *testing.T) {
	m, problems := Parse(nil)
	if m != nil || len(problems) != 2 || problems[0].Code != "no-service" || problems[1].Code != "no-version" {
		t.Errorf("model %v, problems %v", m != nil, problems)
	}
}

// allKeys lists the keys of every object.
func allKeys() []string {
	var keys []string
	for _, o := range objects() {
		keys = append(keys, o.keyNames()...)
	}
	return keys
}

func TestShortWaysMeanTheLongOnes(t *testing.T) {
	// parse tells what a model says, without the places.
	parse := func(t *testing.T, body string) (said []string) {
		t.Helper()
		m, problems := Parse([]File{{Name: "model.yaml", Data: []byte("version: 1\n" + body)}})
		for _, p := range problems {
			t.Fatal(p)
		}
		var b strings.Builder
		dump(&b, "", reflect.ValueOf(*m))
		for line := range strings.Lines(b.String()) {
			if !strings.Contains(line, "Pos ") {
				said = append(said, line)
			}
		}
		return said
	}
	for _, c := range []struct{ name, short, long string }{
		{"objective is one named available",
			"services: {a: {objective: {target: 99.9%}}}",
			"services: {a: {objectives: {available: {target: 99.9%}}}}"},
		{"a bare need is a service",
			"services: {a: {needs: [b]}, b: {}}",
			"services: {a: {needs: [{service: b}]}, b: {}}"},
		{"one need needs no list",
			"services: {a: {needs: b}, b: {}}",
			"services: {a: {needs: [b]}, b: {}}"},
		{"a member named twice counts once",
			"services: {a: {needs: [{any: [b, c, b]}]}, b: {}, c: {}}",
			"services: {a: {needs: [{any: [b, c]}]}, b: {}, c: {}}"},
		{"nothing about a service is an empty map",
			"services: {a: }",
			"services: {a: {}}"},
		{"the service may be left out where there is one",
			"services: {a: {}}\nrisks: {r: {rate: 1/y, detect: 1m, recover: 1h}}",
			"services: {a: {}}\nrisks: {r: {service: a, rate: 1/y, detect: 1m, recover: 1h}}"},
		{"the service of a change may be left out where there is one",
			"services: {a: {}}\nchanges: {c: {every: 7d}}",
			"services: {a: {}}\nchanges: {c: {service: a, every: 7d}}"},
		{"one detection and one recovery need no list",
			"services: {a: {}}\nrisks: {r: {rate: 1/y, detect: d, recover: x}}\ndetection: {d: {after: 1m}}\nrecovery: {x: {takes: 1h, by: nobody}}",
			"services: {a: {}}\nrisks: {r: {rate: 1/y, detect: [d], recover: [x]}}\ndetection: {d: {after: 1m}}\nrecovery: {x: {takes: 1h, by: nobody}}"},
		{"an effect on one risk needs no list",
			"services: {a: {}}\nrisks: {r: {rate: 1/y, detect: 1m, recover: 1h}}\nsafety_nets: {n: {status: proposed, effects: {risk: r, prevents: 5%}}}",
			"services: {a: {}}\nrisks: {r: {rate: 1/y, detect: 1m, recover: 1h}}\nsafety_nets: {n: {status: proposed, effects: [{risk: [r], prevents: 5%}]}}"},
		{"one price needs no list",
			"services: {a: {}}\nsafety_nets: {n: {status: proposed, cost: {build: 5, run: 1 person-day/month}}}",
			"services: {a: {}}\nsafety_nets: {n: {status: proposed, cost: {build: [5], run: [1 person-day/month]}}}"},
		{"quotation marks change nothing",
			"services: {\"a\": {objective: {target: \"99.9%\"}}}",
			"services: {a: {objective: {target: 99.9%}}}"},
		{"a section may be empty",
			"services: {a: {}}\nrisks:\nchanges: {}",
			"services: {a: {}}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(parse(t, c.long), parse(t, c.short)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
