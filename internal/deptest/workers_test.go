package deptest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"path/filepath"
	"strings"
	"testing"
)

// startsWork lists what begins a goroutine in a file, or keeps what a panic left
// undone.
func startsWork(fset *token.FileSet, file *ast.File) (found []string) {
	add := func(n ast.Node, what string) {
		found = append(found, fmt.Sprintf("%s: %s", fset.Position(n.Pos()), what))
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.GoStmt:
			add(x, "a go statement")
		case *ast.SelectorExpr:
			if p, ok := x.X.(*ast.Ident); ok && (p.Name == "sync" && (x.Sel.Name == "WaitGroup" || x.Sel.Name == "Once") || p.Name == "errgroup") {
				add(x, p.Name+"."+x.Sel.Name)
			}
		}
		return true
	})
	return found
}

// builtOf is the files that a package of the program is built of.
func builtOf(t *testing.T, name string) iter.Seq2[*token.FileSet, *ast.File] {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(name), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(*token.FileSet, *ast.File) bool) {
		for _, path := range list {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			if !yield(fset, file) {
				return
			}
		}
	}
}

// TestEveryWorkerOfAnEngineRecovers: a panic in a goroutine that nothing recovers
// ends the process, with the answers of everybody else.
func TestEveryWorkerOfAnEngineRecovers(t *testing.T) {
	files := 0
	for _, name := range append([]string{"internal/simulate", "internal/report", "internal/page", "internal/say", "internal/modelfile", "internal/records"}, engineRoom...) {
		for fset, file := range builtOf(t, name) {
			files++
			for _, x := range startsWork(fset, file) {
				t.Errorf("%s: engines begin goroutines by internal/work, which recovers", x)
			}
		}
	}
	if files < 100 {
		t.Fatalf("only %d files were looked at", files)
	}
}

func TestWhatBeginsAGoroutineIsFound(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", `package x
func f() { go f() }
var w sync.WaitGroup
var g errgroup.Group
var fine = sync.OnceValue(f)
`, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := startsWork(fset, file); len(got) != 3 {
		t.Errorf("found %q", got)
	}
}
