package deptest

import (
	"go/ast"
	"slices"
	"strings"
)

// resolvers say what is written means: they may read whatever a net does.
var resolvers = map[string]string{
	"internal/model":     "checks what is written",
	"internal/modelfile": "reads and writes it",
	"internal/scenario":  "is the one interpreter",
}

// written are packages that tell what is written, rather than what follows from it,
// by the fields of an effect that they read; "*" is any.
var written = map[string]struct {
	fields  []string
	because string
}{
	"internal/diff":     {[]string{"*"}, "compares what is written, value by value"},
	"internal/explain":  {[]string{"*"}, "tells each layer by itself, that of a net that does not stand too"},
	"internal/forecast": {[]string{"Values"}, "finds which parts hang on what is unsure in an effect, whatever it does"},
	"internal/plan":     {[]string{"*"}, "weakens what a net is said to do until it does not pay, and says so"},
}

// apart is a package that tells what each net does by itself, over what is
// written, so that it reads that too.
const apart = "internal/explain"

// decided are the fields and values that mean something only with a rule: nobody
// but a resolver asks for them, but for the packages named.
var decided = []struct {
	owner, field string // of internal/model; an empty owner is a constant
	but          []string
}{
	{"Risk", "Strikes", []string{"internal/diff"}},
	{"", "StrikesAll", nil},
	{"", "StrikesOne", nil},
	{"", "StrikesDefault", []string{"internal/diff"}},
	{"", "DefaultWindow", nil},
	{"", "DefaultConfidence", nil},
	{"", "DefaultCommonCause", nil},
	{"Service", "Copies", []string{"internal/forecast"}},
	{"Service", "Need", nil},
	{"Service", "Switch", nil},
	{"Service", "CommonCause", []string{"internal/forecast"}},
	{"Need", "Impact", []string{"internal/diff", "internal/forecast", "internal/page"}},
	{"Need", "RidesOut", nil},
	{"Objective", "Over", nil},
	{"Objective", "Confidence", nil},
	{"Clause", "Over", []string{"internal/diff", "internal/worth"}}, // worth says a clause as it is written
	{"Change", "Every", []string{"internal/diff"}},
	{"Change", "Downtime", nil},
	{"Change", "Stages", nil},
	{"Responder", "Acknowledges", []string{"internal/diff"}},
	{"Responder", "People", nil},
}

// Decisions returns each place where a package decides anew what scenario has
// resolved: what an effect is on, which net sets a value, what holds by default.
func Decisions(packages []*Typed, module string) []string {
	var out []string
	words := module + "/internal/model"
	for _, p := range packages {
		if resolvers[p.Name] != "" || rooms[p.Name].level == testOnly {
			continue
		}
		bad := func(n ast.Node, what string) { out = append(out, p.at(n)+": reads "+what) }
		p.each(func(n ast.Node) {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return
			}
			if o := p.Info.Uses[s.Sel]; o != nil && o.Pkg() != nil && o.Pkg().Path() == words && p.Info.Selections[s] == nil {
				for _, d := range decided {
					if d.owner == "" && d.field == o.Name() && p.Name != apart && !slices.Contains(d.but, p.Name) {
						bad(s, o.Name())
					}
				}
			}
			if p.Info.Selections[s] == nil {
				return
			}
			of, ours := strings.CutPrefix(named(p.Info.Selections[s].Recv()), words+".")
			if !ours {
				return
			}
			if allowed := written[p.Name].fields; of == "Effect" && s.Sel.Name != "Pos" && !slices.Contains(allowed, "*") && !slices.Contains(allowed, s.Sel.Name) {
				bad(s, "Effect."+s.Sel.Name)
			}
			for _, d := range decided {
				if d.owner == of && d.field == s.Sel.Name && p.Name != apart && !slices.Contains(d.but, p.Name) {
					bad(s, of+"."+d.field)
				}
			}
		})
	}
	return out
}
