package deptest

import (
	"go/ast"
	"strings"
	"testing"
)

// TestEveryDocumentIsWrittenInOnePlace: safetext.Document refuses numbers that are
// none, and names them; whoever encodes JSON by itself breaks off half way.
func TestEveryDocumentIsWrittenInOnePlace(t *testing.T) {
	files := 0
	for _, room := range []string{"internal/report", "internal/cli", "internal/web"} {
		for fset, file := range builtOf(t, room) {
			files++
			ast.Inspect(file, func(n ast.Node) bool {
				if x, ok := n.(*ast.SelectorExpr); ok {
					if p, ok := x.X.(*ast.Ident); ok && p.Name == "json" && (x.Sel.Name == "NewEncoder" || strings.HasPrefix(x.Sel.Name, "Marshal")) {
						t.Errorf("%s: json.%s; documents are written by safetext.Document", fset.Position(n.Pos()), x.Sel.Name)
					}
				}
				return true
			})
		}
	}
	if files < 60 {
		t.Fatalf("only %d files were looked at", files)
	}
}
