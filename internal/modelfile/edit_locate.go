package modelfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// A spot is where a path leads.
type spot struct {
	key    *yaml.Node // whose value is there; nil for an entry of a list
	value  *yaml.Node
	form   *form // of the value; nil where the language has none
	flow   bool  // inside braces or brackets
	indent int   // of the key or dash that the value belongs to
	depth  int   // keys and positions that lead there
	// missing is the key that the path ends with, where value does not have it
	// yet; table has it then, where value is a map with known keys.
	missing string
	table   *table
}

// A refusal is why a path leads nowhere, and how far it led.
type refusal struct {
	node    *yaml.Node
	code    string
	message string
}

func refuseAt(n *yaml.Node, code, format string, args ...any) *refusal {
	return &refusal{node: n, code: code, message: fmt.Sprintf(format, args...)}
}

// splitPath divides a path into the head of its entry and what leads on from
// there; the message says what is wrong with it.
func splitPath(path string) (head string, rest []string, message string) {
	if len(path) > maxText {
		return "", nil, fmt.Sprintf("expected a path of at most %d bytes", maxText)
	}
	keys := strings.Split(path, "/")
	if slices.Contains(keys, "") {
		return "", nil, "expected keys with a slash between them, as in risks/NAME/chance"
	}
	n := 1
	if hasParts(keys[0]) && len(keys) > 1 {
		n = 2
	}
	return strings.Join(keys[:n], "/"), keys[n:], ""
}

// locate follows a path from its entry.
func locate(root *form, e entry, rest []string) (spot, *refusal) {
	at := spot{key: e.key, value: e.value, form: root.tables[0].forms[e.section], flow: e.flow, indent: e.key.Column, depth: 1}
	if e.name != "" {
		at.depth = 2
		if at.form != nil {
			at.form = at.form.values
		}
	}
	for i, key := range rest {
		next, s := at.step(key, rest[i+1:])
		if s != nil {
			return at, s
		}
		if at = next; at.missing != "" {
			break
		}
	}
	return at, nil
}

// step goes on along one key; rest is what comes after it.
func (at spot) step(key string, rest []string) (spot, *refusal) {
	n := at.value
	switch {
	case n.Kind == yaml.MappingNode:
		k, v := entryOf(n, key)
		if k == nil {
			return at.lacking(at.form.table(n), key, rest)
		}
		return at.next(k, v, at.form.child(n, key), k.Column), nil
	case n.Kind == yaml.SequenceNode:
		i, err := strconv.Atoi(key)
		if err != nil || i < 0 || i >= len(n.Content) || strconv.Itoa(i) != key {
			return at, refuseAt(n, "no-such-setting", "expected a position in the list, %s, found %s", positions(n), quote(key))
		}
		return at.next(nil, n.Content[i], at.form.item(), n.Column), nil
	}
	t := at.form.short(n)
	switch {
	case t == nil:
		return at, refuseAt(n, "no-such-setting", "%s is a single value, in which there is no %s", found(n), quote(key))
	case isNothing(n):
		return at.lacking(t, key, rest)
	case key == t.targets[0] && len(rest) == 0:
		at.form = t.forms[key]
		return at, nil
	}
	return at.lacking(t, key, rest)
}

// next returns the spot of a value in the one at hand.
func (at spot) next(key, value *yaml.Node, f *form, indent int) spot {
	// A bare need may end up between braces.
	bare := value.Kind == yaml.ScalarNode && f.short(value) != nil
	return spot{key: key, value: value, form: f, flow: at.flow || isFlow(at.value) || bare, indent: indent, depth: at.depth + 1}
}

// positions says which entries a list has.
func positions(n *yaml.Node) string {
	switch last := len(n.Content) - 1; last {
	case -1:
		return "which is empty"
	case 0:
		return "which has one, 0"
	default:
		return fmt.Sprintf("0 to %d", last)
	}
}

// lacking returns the spot of a key that is not written, or why it cannot be.
func (at spot) lacking(t *table, key string, rest []string) (spot, *refusal) {
	n := at.value
	switch {
	case t == nil && (at.form == nil || at.form.values == nil):
		return at, refuseAt(n, "no-such-setting", "there is no %s", quote(key))
	case t == nil && (len(rest) > 0 || !at.form.values.single()):
		return at, refuseAt(n, "no-such-setting", "there is no %s%s", quote(key), meant(key, keysOf(n)))
	case t == nil:
		if err := model.CheckName(key); err != nil {
			return at, refuseAt(n, "no-such-setting", "%s", err)
		}
		at.missing = key
		return at, nil
	case t.forms[key] == nil:
		return at, refuseAt(n, "no-such-setting", "unknown key %s for %s%s", quote(key), words(t), meantOrOneOf(key, t.keys))
	case len(rest) > 0 || !t.forms[key].single():
		return at, refuseAt(n, "no-such-setting", "the %s has no %s%s", words(t), key, otherwise(n, key))
	}
	at.missing, at.table = key, t
	return at, nil
}

// otherwise says where else the values of a key may be that is not written.
func otherwise(n *yaml.Node, key string) string {
	other := map[string]string{"objective": "objectives", "objectives": "objective"}[key]
	if k, _ := entryOf(n, other); k == nil {
		return "; write one into the file first"
	}
	if key == "objective" {
		return ", but objectives; write objectives/NAME/…"
	}
	return ", but one objective, which is named available; write objective/…"
}

// words is the name of a table as people say it.
func words(t *table) string { return strings.ReplaceAll(t.name, "-", " ") }

// keysOf lists the keys of a mapping, not without end.
func keysOf(n *yaml.Node) []string {
	var keys []string
	for i := 0; i+1 < min(len(n.Content), 2*maxNames); i += 2 {
		keys = append(keys, n.Content[i].Value)
	}
	return keys
}

// maxNames is among how many names that of an edit is looked for which was
// mistyped.
const maxNames = 1_000

// meant guesses which of the names was mistyped; "" where none is near.
func meant(name string, names []string) string {
	if better := model.Suggest(name, names); better != "" {
		return fmt.Sprintf("; did you mean %q?", better)
	}
	return ""
}

// meantOrOneOf is meant, or else lists the names.
func meantOrOneOf(name string, names []string) string {
	if m := meant(name, names); m != "" {
		return m
	}
	return "; expected one of " + strings.Join(names, ", ")
}

// several says that a path ends before it reaches a single value.
func several(n *yaml.Node) *refusal {
	if n.Kind == yaml.SequenceNode {
		return refuseAt(n, "no-such-setting", "expected the path of a single value, found that of a list; add a position, %s", positions(n))
	}
	keys, more := keysOf(n), ""
	if len(keys) == 0 {
		return refuseAt(n, "no-such-setting", "expected the path of a single value, found that of an empty map")
	}
	const most = 12
	if len(keys) > most {
		keys, more = keys[:most], ", …"
	}
	for i := range keys {
		keys[i] = quote(keys[i])
	}
	return refuseAt(n, "no-such-setting", "expected the path of a single value, found that of a map; add one of %s%s", strings.Join(keys, ", "), more)
}
