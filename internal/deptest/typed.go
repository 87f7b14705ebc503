package deptest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A Typed package is what is built of it, with the type of each expression.
type Typed struct {
	Name  string // within the module: "internal/forecast"
	Fset  *token.FileSet
	Files []*ast.File
	Info  *types.Info
}

// LoadTyped parses and checks the packages of ours that match the patterns,
// without their tests, in the order of their names.
func LoadTyped(dir, module string, patterns ...string) ([]*Typed, error) {
	args := append([]string{"list", "-deps", "-export", "-json=ImportPath,Dir,GoFiles,Export"}, patterns...)
	out, err := goCommand(dir, nil, args...)
	if err != nil {
		return nil, err
	}
	type listed struct {
		ImportPath, Dir, Export string
		GoFiles                 []string
	}
	export := map[string]string{}
	var ours []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("what go list says: %w", err)
		}
		export[p.ImportPath] = p.Export
		if strings.HasPrefix(p.ImportPath, module+"/") {
			ours = append(ours, p)
		}
	}
	fset := token.NewFileSet()
	from := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(export[path]) })
	var typed []*Typed
	for _, p := range ours {
		t := &Typed{
			Name: strings.TrimPrefix(p.ImportPath, module+"/"), Fset: fset,
			Info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Uses: map[*ast.Ident]types.Object{}},
		}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			t.Files = append(t.Files, f)
		}
		if _, err := (&types.Config{Importer: from}).Check(p.ImportPath, fset, t.Files, t.Info); err != nil {
			return nil, err
		}
		typed = append(typed, t)
	}
	return typed, nil
}

// at is where a node is, for people.
func (t *Typed) at(n ast.Node) string {
	p := t.Fset.Position(n.Pos())
	return fmt.Sprintf("%s/%s:%d", t.Name, filepath.Base(p.Filename), p.Line)
}

// each calls do with every node of the package.
func (t *Typed) each(do func(ast.Node)) {
	for _, f := range t.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			if n != nil {
				do(n)
			}
			return true
		})
	}
}
