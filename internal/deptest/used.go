package deptest

import (
	"go/ast"
	"reflect"
	"slices"
	"strings"

	"tightrope/internal/model"
)

// described are packages that handle every key of the language by its
// description: that they read a field says nothing of what it is good for.
var described = []string{"internal/model", "internal/modelfile", "internal/diff"}

// Unused returns each key that the model describes and of whose fields no engine,
// report or page reads one.
func Unused(packages []*Typed, module string) []string {
	words := module + "/internal/model."
	used := map[string]bool{}
	for _, p := range packages {
		if slices.Contains(described, p.Name) || rooms[p.Name].level == testOnly {
			continue
		}
		p.each(func(n ast.Node) {
			if s, ok := n.(*ast.SelectorExpr); ok && p.Info.Selections[s] != nil {
				if of, ours := strings.CutPrefix(named(p.Info.Selections[s].Recv()), words); ours {
					used[of+"."+s.Sel.Name] = true
				}
			}
		})
	}
	var out []string
	for _, t := range model.Tables() {
		of := reflect.New(t.Type)
		for _, k := range t.Keys {
			held := k.Holds(of.Interface())
			read := false
			for i := range t.Type.NumField() {
				f := t.Type.Field(i)
				read = read || f.IsExported() && used[t.Type.Name()+"."+f.Name] && slices.Contains(held, of.Elem().Field(i).Addr().Interface())
			}
			if !read {
				out = append(out, k.Name+" of "+t.Of)
			}
		}
	}
	return out
}
