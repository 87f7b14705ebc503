package modelfile

import (
	"math"
	"strings"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// An entry is what stands by itself in a file: one part of the model, such as
// a risk, or the value of a key that has no parts, such as the currency.
type entry struct {
	section string
	name    string // of the part; "" where the section has no parts
	key     *yaml.Node
	value   *yaml.Node
	flow    bool // the part stands between the braces of its section
}

// head is the beginning of the paths of an entry.
func (e entry) head() string {
	if e.name == "" {
		return e.section
	}
	return e.section + "/" + e.name
}

// entries calls each for the entries of a file, in order, and returns why the
// file cannot be read. Long files are read in parts, of which only one is held
// at a time; begin is called before the first entry, and again where a file
// must be read as a whole after all and each is called for all of them anew.
func entries(f File, size int, begin func(), each func(entry)) []model.Problem {
	data := trimmed(f)
	if parts := cut(data, size); parts != nil {
		begin()
		r := newReader(size)
		r.file = f.Name
		if r.encoded(data) && r.bearable(data) && r.partEntries(parts, each) == nil {
			return nil
		}
	}
	begin()
	r := newReader(math.MaxInt)
	r.file = f.Name
	if !r.encoded(data) || !r.bearable(data) {
		return r.problems
	}
	root := r.guarded(data)
	if root == nil {
		return r.problems
	}
	if root.Kind != yaml.MappingNode {
		r.document(root)
		return r.problems
	}
	documentEntries(root, false, each)
	return nil
}

// partEntries calls each for the entries of some parts; the error says that
// they are no models by themselves.
func (r *reader) partEntries(parts []part, each func(entry)) error {
	for _, p := range parts {
		root, err := r.tree(p)
		if err != nil {
			return err
		}
		if p.section != "" {
			if !hasParts(p.section) {
				return errWhole
			}
			partsOf(p.section, root, each)
			continue
		}
		if last := root.Content[len(root.Content)-1]; p.goesOn && last.Kind != yaml.MappingNode && !isNothing(last) {
			return errWhole
		}
		documentEntries(root, p.goesOn, each)
	}
	return nil
}

// hasParts reports whether a section is a map from the names of parts.
func hasParts(section string) bool {
	f := documentObject.field(section)
	return f != nil && f.entries
}

// documentEntries calls each for the entries of a file, or of a part of one
// whose last section goes on in the next.
func documentEntries(root *yaml.Node, goesOn bool, each func(entry)) {
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		last := i+2 == len(root.Content)
		switch {
		case !isName(key):
			each(odd("", key, value))
		case hasParts(key.Value) && value.Kind == yaml.MappingNode && len(value.Content) > 0:
			partsOf(key.Value, value, each)
		case !(goesOn && last):
			each(entry{section: key.Value, key: key, value: value, flow: isFlow(root)})
		}
	}
}

// partsOf calls each for the parts in a section.
func partsOf(section string, n *yaml.Node, each func(entry)) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !isName(key) {
			each(odd(section, key, value))
			continue
		}
		each(entry{section: section, name: key.Value, key: key, value: value, flow: isFlow(n)})
	}
}

// isName reports whether a path can lead through a key.
func isName(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value != "" && !strings.Contains(key.Value, "/")
}

// odd is an entry whose key is no name, so that no path leads to it: it ends
// in a slash.
func odd(section string, key, value *yaml.Node) entry {
	return entry{section: section + "/", key: key, value: &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{key, value}}}
}

// isFlow reports whether a collection is written between brackets or braces.
func isFlow(n *yaml.Node) bool { return n.Style&yaml.FlowStyle != 0 }
