package modelfile

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// maxProblems bounds how many problems are told, so that a file that is no
// model at all does not answer with a million of them.
const maxProblems = 2_000

// A reader turns node trees into parts of one model, and collects what is
// wrong on the way.
type reader struct {
	file     string
	problems []model.Problem
	count    int // of all problems, also those beyond maxProblems
	model    *model.Model

	// whole is false once so much of a file could not be read that rules
	// about the model as a whole would only repeat it.
	whole  bool
	unread model.Unread
	// said remembers the values that only one file needs to say.
	said map[string]model.Text

	size    int  // of the parts in which long files are read, in bytes
	stopped bool // not everything was read, for there were too many problems

	version, services bool // some file has the key
}

func (r *reader) pos(n *yaml.Node) model.Pos {
	return model.Pos{File: r.file, Line: n.Line, Col: n.Column}
}

func (r *reader) problem(n *yaml.Node, code, format string, args ...any) {
	r.problemAt(r.pos(n), code, format, args...)
}

func (r *reader) problemAt(pos model.Pos, code, format string, args ...any) {
	r.count++
	if r.count <= maxProblems {
		r.problems = append(r.problems, model.Problem{Pos: pos, Code: code, Message: fmt.Sprintf(format, args...)})
	}
}

// full reports whether there are more problems than are told.
func (r *reader) full() bool { return r.count > maxProblems }

// pairs calls each for the entries of a mapping, and reports keys that are no
// names and keys that were written before.
func (r *reader) pairs(n *yaml.Node, each func(key, value *yaml.Node)) keys {
	seen := keys{}
	if n.Kind != yaml.MappingNode {
		return seen
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !r.plainKey(key) {
			continue
		}
		if first := seen[key.Value]; first != nil {
			r.problem(key, "duplicate-key", "%s is written twice; the first is at %d:%d", quote(key.Value), first.Line, first.Column)
			r.hide(value)
			continue
		}
		seen[key.Value] = key
		each(key, value)
	}
	return seen
}

// plainKey reports whether a key is a text, and adds a problem where it is not.
func (r *reader) plainKey(key *yaml.Node) bool {
	if key.Kind == yaml.ScalarNode {
		return true
	}
	r.problem(key, "wrong-type", "expected a plain key, found %s", found(key))
	return false
}

// unknownKey reports a key that an object does not have, and returns the one
// that was most likely meant.
func (r *reader) unknownKey(key, value *yaml.Node, of string, known []string) (better string) {
	if r.full() {
		r.count++
		r.hide(value)
		return ""
	}
	message := fmt.Sprintf("unknown key %s for %s", quote(key.Value), of)
	if better = model.Suggest(key.Value, known); better != "" {
		message += fmt.Sprintf("; did you mean %q?", better)
	} else {
		message += "; expected one of " + strings.Join(known, ", ")
	}
	r.problem(key, "unknown-key", "%s", message)
	r.hide(value)
	return better
}

// unreadable remembers that a key of the part at pos is missing or could not
// be read; the key "" is the part itself.
func (r *reader) unreadable(pos model.Pos, key string) {
	if r.unread.Keys[pos] == nil {
		r.unread.Keys[pos] = map[string]bool{}
	}
	r.unread.Keys[pos][key] = true
}

// hide remembers the names in something that could not be read, so that
// references to them are not reported as well.
func (r *reader) hide(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		r.unread.Names[n.Content[i].Value] = true
	}
}

// name reads a node as the name of something.
func (r *reader) name(n *yaml.Node) (model.Ref, bool) {
	if n.Kind != yaml.ScalarNode || isNothing(n) {
		r.problem(n, "wrong-type", "expected a name, found %s", found(n))
		return model.Ref{}, false
	}
	name, err := ParseName(n.Value)
	if err != nil {
		r.problem(n, "bad-name", "%s", err)
		r.unread.Names[n.Value] = true
		return model.Ref{}, false
	}
	return model.Ref{Name: name, Pos: r.pos(n)}, true
}

// exactlyOne reports where none or several of the names were written.
func (r *reader) exactlyOne(at site, code string, names ...string) bool {
	switch given := at.seen.given(names...); len(given) {
	case 1:
		return true
	case 0:
		r.problem(at.place, code, "%s lacks one of %s", at.who, or(names))
		r.unreadable(r.pos(at.place), names[0])
	default:
		r.problem(at.seen[given[1]], code, "%s has %s; write one of them", at.who, both(given))
		r.unreadable(r.pos(at.place), given[0])
	}
	return false
}

// isNothing reports whether a value was left out, as in `search:`, or written
// as YAML's null.
func isNothing(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// found says what a node is, for messages.
func found(n *yaml.Node) string {
	switch {
	case isNothing(n):
		return "nothing"
	case n.Kind == yaml.MappingNode:
		return "a map"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	}
	return quote(n.Value)
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// or lists names as alternatives: a, b or c.
func or(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// both lists names that stand together: both a and b; a, b and c.
func both(names []string) string {
	s := strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
	if len(names) == 2 {
		return "both " + s
	}
	return s
}
