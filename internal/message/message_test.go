package message

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func parsed(t *testing.T) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

// Whoever adds a constructor adds an example, and so gets its texts checked.
func TestEveryHasOneOfEachConstructor(t *testing.T) {
	var makers []string
	called := map[string]bool{}
	for _, f := range parsed(t) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
				continue
			}
			if r, ok := fn.Type.Results.List[0].Type.(*ast.Ident); ok && r.Name == "Message" && fn.Name.IsExported() {
				makers = append(makers, fn.Name.Name)
			}
			if fn.Name.Name == "Every" || fn.Name.Name == "Titles" {
				ast.Inspect(fn, func(n ast.Node) bool {
					if c, ok := n.(*ast.CallExpr); ok {
						if name, ok := c.Fun.(*ast.Ident); ok {
							called[name.Name] = true
						}
					}
					return true
				})
			}
		}
	}
	if len(makers) < 100 {
		t.Errorf("only %d constructors were found", len(makers))
	}
	for _, name := range makers {
		if !called[name] {
			t.Errorf("Every has no %s", name)
		}
	}
}

// A constructor drops no argument, and a message has room for all of them.
func TestEveryArgumentIsCarried(t *testing.T) {
	for _, f := range parsed(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			if c, ok := n.(*ast.CallExpr); ok {
				if name, ok := c.Fun.(*ast.Ident); ok && name.Name == "of" && len(c.Args)-1 > most {
					t.Errorf("a message has %d arguments, more than %d", len(c.Args)-1, most)
				}
			}
			return true
		})
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !fn.Name.IsExported() {
				continue
			}
			used := map[string]bool{}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if x, ok := n.(*ast.Ident); ok {
					used[x.Name] = true
				}
				return true
			})
			for _, p := range fn.Type.Params.List {
				for _, name := range p.Names {
					if !used[name.Name] {
						t.Errorf("%s drops %s", fn.Name.Name, name.Name)
					}
				}
			}
		}
	}
	for _, m := range Every() {
		var names []string
		for _, a := range m.Arguments() {
			if slices.Contains(names, a.Name) {
				t.Errorf("%s has %s twice", m.Key(), a.Name)
			}
			names = append(names, a.Name)
		}
	}
}

func TestMessagesAreComparedByWhatTheySay(t *testing.T) {
	if !reflect.TypeOf(Message{}).Comparable() {
		t.Fatal("messages cannot be compared")
	}
	for i, m := range Every() {
		same := map[Message]bool{m: true} // panics where a value cannot be compared
		if other := Every()[i]; !same[other] {
			t.Errorf("%v is not itself", m)
		}
	}
	if Keep("a") == Keep("b") || Keep("a") == Forbid("a") || Set([]string{"a", "b"}) == Set([]string{"a, b"}) {
		t.Error("different messages are the same")
	}
}

func TestAListOfMessagesIsAMessage(t *testing.T) {
	if And().Is() || And(Message{}, Keep("a")) != Keep("a") {
		t.Error("a list of one is not that one")
	}
	m := And(Keep("a"), Message{}, Keep("b"), Keep("c"))
	if m.Value("next") != Value(Keep("c")) || m.Value("first") != Value(And(Keep("a"), Keep("b"))) || m.Value("last") != nil {
		t.Error(m)
	}
	if got := And(Keep("a"), Needs("b", "c")).String(); got != "and {first: keep {name: a}, next: needs {name: b, other: c}}" {
		t.Error(got)
	}
	if got := (Message{}).String(); got != "" || (Message{}).Arguments() != nil {
		t.Error(got)
	}
	if got := List([]string{"a", "b"}); !slices.Equal(got.Each(), []string{"a", "b"}) || List(nil).Each() != nil || got.String() != "a, b" {
		t.Error(got)
	}
}
