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
// by the fields of an effect that they read.
var written = map[string]struct {
	fields  []string
	because string
}{
	"internal/diff": {
		append(slices.Clone(on), "Values", "Target", "Change", "RecoversBy"),
		"compares what is written, value by value, and finds which names it refers to",
	},
	"internal/explain": {
		[]string{"Prevents", "ImpactBy", "DetectBy", "RecoverBy", "AcknowledgeBy"},
		"says of a share or a signed change how much it is by itself, with its range as written; on what it is and whether it counts it asks scenario",
	},
	"internal/forecast": {[]string{"Values"}, "finds which parts hang on what is unsure in an effect, whatever it does"},
	"internal/plan": {
		append(slices.Clone(on), "Values"),
		"writes effects that are weaker until their net does not pay, and says on what they are; what follows from them it asks the forecast",
	},
}

// on are the fields that say on what an effect is, as it is written.
var on = []string{"Risks", "RisksPer", "Responder", "Service", "NeedFrom", "NeedTo"}

// decided are the fields and values that mean something only with a rule: nobody
// but a resolver asks for them, but for the packages named: diff compares what is
// written, explain shows it beside what became of it.
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
	{"Service", "Copies", []string{"internal/explain", "internal/forecast"}},
	{"Service", "Need", nil},
	{"Service", "Switch", nil},
	{"Service", "CommonCause", []string{"internal/forecast"}},
	{"Need", "Impact", []string{"internal/diff", "internal/explain", "internal/forecast", "internal/page"}},
	{"Need", "RidesOut", []string{"internal/explain"}},
	{"Objective", "Over", []string{"internal/explain"}},
	{"Objective", "Confidence", []string{"internal/explain"}},
	{"Clause", "Over", []string{"internal/diff", "internal/worth"}}, // worth says a clause as it is written
	{"Change", "Every", []string{"internal/diff", "internal/explain"}},
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
					if d.owner == "" && d.field == o.Name() && !slices.Contains(d.but, p.Name) {
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
			if allowed := written[p.Name].fields; of == "Effect" && s.Sel.Name != "Pos" && !slices.Contains(allowed, s.Sel.Name) {
				bad(s, "Effect."+s.Sel.Name)
			}
			for _, d := range decided {
				if d.owner == of && d.field == s.Sel.Name && !slices.Contains(d.but, p.Name) {
					bad(s, of+"."+d.field)
				}
			}
		})
	}
	return out
}
