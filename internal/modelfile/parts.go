package modelfile

import (
	"bytes"
	"errors"
	"io"
	"regexp"

	"go.yaml.in/yaml/v3"
)

// partSize is about how much of a file is held as a tree at once. Trees take
// more than thirty times the memory of their text.
const partSize = 256 << 10

// A part is some lines of a file that are YAML by themselves: top-level keys,
// or the next entries of a section that began in the part before.
type part struct {
	data    []byte
	line    int    // lines of the file before it
	section string // whose entries these are; "" begins with a top-level key
	goesOn  bool   // the next part has more entries of the same section
}

var sectionHead = regexp.MustCompile(`^([a-z_]+): *(#.*)?\r?$`)

// cut divides a file written in blocks into parts of about size bytes; it
// returns nil where that cannot be told from the beginnings of lines. What
// looks like the beginning of an entry may be inside a quoted text or a flow
// collection; the part before it is then unfinished and no YAML.
func cut(data []byte, size int) []part {
	if len(data) <= size {
		return nil
	}
	var (
		parts   []part
		now     part
		start   int // of now
		section string
		indent  int // of the entries of section; 0 before the first
		topped  bool
	)
	end := func(at, line int, next string) {
		if at > start {
			now.data, now.goesOn = data[start:at], next != ""
			parts = append(parts, now)
		}
		now, start = part{line: line, section: next}, at
	}
	for at, line := 0, 0; at < len(data); line++ {
		length := bytes.IndexByte(data[at:], '\n') + 1
		if length == 0 {
			length = len(data) - at
		}
		row := bytes.TrimSuffix(data[at:at+length], []byte("\n"))
		text := bytes.TrimLeft(row, " ")
		spaces, full := len(row)-len(text), at-start >= size
		switch {
		case len(text) == 0 || text[0] == '#' || text[0] == '\r':
		case spaces == 0 && beginsEntry(text):
			if topped && (full || now.section != "") {
				end(at, line, "")
			}
			topped, section, indent = true, "", 0
			if head := sectionHead.FindSubmatch(text); head != nil {
				section = string(head[1])
			}
		case spaces == 0 && (topped || !bytes.HasPrefix(text, []byte("---"))):
			return nil // a marker of documents, or nothing that begins a section
		case section != "" && indent == 0:
			if indent = spaces; !beginsEntry(text) {
				section = ""
			}
		case section != "" && full && spaces == indent && beginsEntry(text):
			end(at, line, section)
		}
		at += length
	}
	end(len(data), 0, "")
	if len(parts) == 1 {
		return nil
	}
	return parts
}

// beginsEntry reports whether a line can begin only with a plain key.
func beginsEntry(text []byte) bool {
	c := text[0]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// errWhole says that a file must be read as a whole, because its parts alone
// are not what they are together, or have problems of YAML itself.
var errWhole = errors.New("expected parts that are models by themselves")

// inParts reads a file part by part, so that only one tree is held at a time,
// and stops where there are more problems than are told.
func (r *reader) inParts(parts []part) error {
	seen := map[string]bool{}
	for _, p := range parts {
		root, err := r.tree(p)
		if err != nil {
			return err
		}
		if p.section != "" {
			field := documentObject.field(p.section)
			if field == nil || !field.entries {
				return errWhole
			}
			field.read(r, root, r)
		} else {
			for i := 0; i+1 < len(root.Content); i += 2 {
				key := root.Content[i].Value
				if seen[key] || documentObject.field(key) == nil {
					return errWhole
				}
				seen[key] = true
			}
			if last := root.Content[len(root.Content)-1]; p.goesOn && last.Kind != yaml.MappingNode && !isNothing(last) {
				return errWhole
			}
			r.document(root)
		}
		if r.full() {
			return nil
		}
	}
	return nil
}

// tree makes the node tree of a part, with the lines of the file.
func (r *reader) tree(p part) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(p.data))
	var doc, second yaml.Node
	if decoder.Decode(&doc) != nil || !errors.Is(decoder.Decode(&second), io.EOF) || len(doc.Content) != 1 {
		return nil, errWhole
	}
	root, depth := doc.Content[0], 1
	if root.Kind != yaml.MappingNode || len(root.Content) == 0 {
		return nil, errWhole
	}
	if p.section != "" {
		depth = 2
	}
	move(root, p.line)
	before := r.count
	if r.plain(root, depth); r.count > before {
		return nil, errWhole
	}
	return root, nil
}

// move adds lines to the place of every node.
func move(n *yaml.Node, lines int) {
	n.Line += lines
	for _, child := range n.Content {
		move(child, lines)
	}
}
