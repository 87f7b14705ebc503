package deptest

import (
	"go/ast"
	"go/token"
	"go/types"
)

// placed are the packages whose business positions are: they read files, or say
// where something is written.
var placed = map[string]string{
	"internal/model":     "problems are told in the order of the files",
	"internal/modelfile": "it knows how a model is written down, and changes it there",
}

// shown are packages that may ask whether a position is known, to choose which
// one they show, and what it consists of.
var shown = map[string]string{
	"internal/cli":    "prints FILE:LINE before a problem",
	"internal/web":    "links a problem to its line",
	"internal/report": "prints where something is written, and writes it as JSON",
	"internal/say":    "the place in front of a warning",
	"internal/diff":   "shows a change where it is in the new model, or else in the old one",
	"internal/worth":  "shows a cost where it is written, or else its net",
}

// message is a type that may be compared whole, place and all: a warning that was
// given twice is shown once.
const message = "/internal/scenario.Warning"

// Positions returns each place where a package refers to a part of a model by the
// position at which it was written, rather than by its identity: compares
// positions, keys by them, or makes a text of them.
func Positions(packages []*Typed, module string) []string {
	var out []string
	pos := module + "/internal/model.Pos"
	for _, p := range packages {
		if placed[p.Name] != "" || rooms[p.Name].level == testOnly {
			continue
		}
		bad := func(n ast.Node, what string) { out = append(out, p.at(n)+": "+what) }
		typeOf := func(e ast.Expr) types.Type { return p.Info.Types[e].Type }
		part := func(e ast.Expr) bool {
			s, ok := ast.Unparen(e).(*ast.SelectorExpr)
			return ok && p.Info.Selections[s] != nil && named(p.Info.Selections[s].Recv()) == pos
		}
		p.each(func(n ast.Node) {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				switch n.Op {
				case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
					if holds(typeOf(n.X), pos) || holds(typeOf(n.Y), pos) || shown[p.Name] == "" && (part(n.X) || part(n.Y)) {
						bad(n, "compares positions")
					}
				}
			case *ast.SwitchStmt:
				if n.Tag != nil && holds(typeOf(n.Tag), pos) {
					bad(n, "tells positions apart")
				}
			case *ast.SelectorExpr:
				if part(n) && shown[p.Name] == "" {
					bad(n, "looks into a position")
				}
			case *ast.CallExpr:
				f, ok := typeOf(n.Fun).(*types.Signature)
				if !ok {
					return
				}
				for i, arg := range n.Args {
					if named(typeOf(arg)) == pos && types.IsInterface(parameter(f, i)) {
						bad(n, "makes something else of a position")
					}
				}
			}
			if e, ok := n.(ast.Expr); ok {
				if t := typeOf(e); t != nil {
					if m, ok := t.Underlying().(*types.Map); ok && holds(m.Key(), pos) && named(m.Key()) != module+message {
						bad(n, "keys by positions")
					}
				}
			}
		})
	}
	return out
}

// parameter is the type of the i-th argument of a function.
func parameter(f *types.Signature, i int) types.Type {
	last := f.Params().Len() - 1
	if f.Variadic() && i >= last {
		if s, ok := f.Params().At(last).Type().(*types.Slice); ok {
			return s.Elem()
		}
	}
	return f.Params().At(min(i, last)).Type()
}

// named is the full name of a type; empty where it has none.
func named(t types.Type) string {
	if t == nil {
		return ""
	}
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil {
		return n.Obj().Pkg().Path() + "." + n.Obj().Name()
	}
	return ""
}

// holds reports whether a value of a type contains one of the named type.
func holds(t types.Type, name string) bool {
	if t == nil {
		return false
	}
	if _, pointer := t.(*types.Pointer); !pointer && named(t) == name {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if holds(f.Type(), name) {
				return true
			}
		}
	case *types.Array:
		return holds(u.Elem(), name)
	}
	return false
}
