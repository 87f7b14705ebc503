package modelfile

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// A slip is one place of a file where a typing mistake is made.
type slip struct {
	node *yaml.Node
	key  string // the key whose value the place is in, or that it is
	in   string // the key whose value the key is in
	name bool   // it is the key itself
}

// slips lists every plain scalar of a tree.
func slips(n *yaml.Node, key string) []slip {
	var all []slip
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			all = append(all, slip{node: k, key: k.Value, in: key, name: true})
			all = append(all, slips(n.Content[i+1], k.Value)...)
		}
	case yaml.ScalarNode:
		all = append(all, slip{node: n, key: key})
	default:
		for _, c := range n.Content {
			all = append(all, slips(c, key)...)
		}
	}
	return all
}

// typed writes another text in the place of a plain scalar.
func typed(data []byte, n *yaml.Node, text string) []byte {
	rows := bytes.SplitAfter(data, []byte("\n"))
	row := rows[n.Line-1]
	start := n.Column - 1
	if !bytes.HasPrefix(row[start:], []byte(n.Value)) {
		panic(fmt.Sprintf("no %q at %d:%d", n.Value, n.Line, n.Column))
	}
	rows[n.Line-1] = slices.Concat(row[:start], []byte(text), row[start+len(n.Value):])
	return bytes.Join(rows, nil)
}

// Whatever single value or key of the whole language is mistyped, the reader
// says so at that very place, and says nothing of places that do not exist.
func TestEverySlipIsFoundWhereItIs(t *testing.T) {
	data, err := os.ReadFile("testdata/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	// Any text will do for these.
	texts := []string{"title", "owner", "runbook", "because", "source", "angle"}
	count := 0
	for _, s := range slips(doc.Content[0], "") {
		if slices.Contains(texts, s.key) && !s.name {
			continue
		}
		count++
		_, problems := Parse([]File{{Name: "model.yaml", Data: typed(data, s.node, `"¿"`)}})
		here := false
		for _, p := range problems {
			here = here || p.Pos == model.Pos{File: "model.yaml", Line: s.node.Line, Col: s.node.Column}
			if p.Pos.File != "model.yaml" || p.Pos.Line < 1 || p.Pos.Line > bytes.Count(data, []byte("\n"))+1 || p.Pos.Col < 1 {
				t.Errorf("%q at %d:%d: no such place: %s", s.node.Value, s.node.Line, s.node.Column, p)
			}
		}
		// Who accepted a risk is any text; who does a recovery is not.
		if !here && !strings.Contains(s.node.Value, "cto") {
			t.Errorf("%q at %d:%d may be anything: %s", s.node.Value, s.node.Line, s.node.Column, lines(problems))
		}
	}
	if count < 390 {
		t.Errorf("%d slips are too few", count)
	}
}

// A mistyped key is the only problem where nothing else hangs on it: what it
// holds is not reported as missing.
func TestAMistypedKeyIsOneProblem(t *testing.T) {
	data, err := os.ReadFile("testdata/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	known := allKeys()
	for _, s := range slips(doc.Content[0], "") {
		if !s.name || len(s.key) < 4 || !slices.Contains(known, s.key) || s.in == "safety_nets" {
			continue
		}
		wrong := s.key[:len(s.key)-1]
		if slices.Contains(known, wrong) { // detects, recovers
			continue
		}
		_, problems := Parse([]File{{Name: "model.yaml", Data: typed(data, s.node, wrong)}})
		if len(problems) != 1 || problems[0].Code != "unknown-key" {
			t.Errorf("%s for %s at %d:%d:\n%s", wrong, s.key, s.node.Line, s.node.Column, lines(problems))
		}
	}
}
