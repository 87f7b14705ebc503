package modelfile

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// maxDepth is how deep maps and lists may be nested.
const maxDepth = 64

// guarded makes a node tree of a text that was held to encoded and bearable,
// or reports why there is none and returns nil. What passes is one document without anchors, aliases and tags.
func (r *reader) guarded(data []byte) *yaml.Node {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var root, second yaml.Node
	if err := decoder.Decode(&root); errors.Is(err, io.EOF) {
		r.stop(model.Pos{File: r.file, Line: 1, Col: 1}, "empty-model", "the file is empty; a model begins with version: 1 and has at least one service")
		return nil
	} else if err != nil {
		r.syntax(data, err)
		return nil
	}
	if err := decoder.Decode(&second); err == nil {
		pos := r.pos(&second)
		r.stop(pos, "yaml-feature", "a file holds one document; move this one into a file of its own")
		return nil
	} else if !errors.Is(err, io.EOF) {
		r.syntax(data, err)
		return nil
	}
	if len(root.Content) != 1 || isNothing(root.Content[0]) {
		r.stop(model.Pos{File: r.file, Line: 1, Col: 1}, "empty-model", "the file is empty; a model begins with version: 1 and has at least one service")
		return nil
	}
	before := r.count
	r.plain(root.Content[0], 1)
	if r.count > before {
		r.whole = false
		return nil
	}
	return root.Content[0]
}

// stop reports a problem with which a file cannot be read any further.
func (r *reader) stop(pos model.Pos, code, format string, args ...any) {
	r.whole = false
	r.problemAt(pos, code, format, args...)
}

// encoded reports where a file is not UTF-8 text.
func (r *reader) encoded(data []byte) bool {
	at := func(offset int) model.Pos {
		start := bytes.LastIndexByte(data[:offset], '\n') + 1
		return model.Pos{File: r.file, Line: bytes.Count(data[:offset], []byte("\n")) + 1, Col: utf8.RuneCount(data[start:offset]) + 1}
	}
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			r.stop(at(i), "encoding", "expected UTF-8 text, found the byte 0x%02x", data[i])
			return false
		case c < ' ' && c != '\n' && c != '\t' && c != '\r', c == 0x7f:
			r.stop(at(i), "encoding", "expected text, found the control character U+%04X", c)
			return false
		case c == '\r' && !bytes.HasPrefix(data[i+1:], []byte("\n")), c == 0x85, c == 0x2028, c == 0x2029:
			// YAML counts these as ends of lines and editors do not, so that
			// places would be wrong.
			r.stop(at(i), "encoding", "expected lines that end with a line feed, found U+%04X", c)
			return false
		}
		i += size
	}
	return true
}

const (
	// maxAliases is how many anchors and aliases are read to be refused one by
	// one; with more, a file is refused before its tree is made.
	maxAliases = 1_000
	// maxValues is how many values a file may hold. At 16 MiB it is one for
	// every four bytes, which no model written by people or programs comes near.
	maxValues = 4 << 20
)

// bearable reports a file whose tree would be out of all proportion to it. It
// counts what may be anchors, aliases and values by the characters around
// them, so that the numbers are upper bounds.
func (r *reader) bearable(data []byte) bool {
	aliases, anchors, values := 0, 0, 0
	before := byte('\n') // the last character that is no space
	for i, c := range data {
		spaced := i == 0 || data[i-1] == ' ' || data[i-1] == '\t' || data[i-1] == '\n'
		switch c {
		case ' ', '\t', '\r':
			continue
		case ',', '[', '{':
			values++
		case ':':
			values += 2
		case '-', '?':
			if spaced {
				values++
			}
		case '&', '*':
			if bytes.IndexByte([]byte("\n,[{:-?"), before) < 0 {
				break
			}
			if c == '&' {
				anchors++
			} else if i+1 < len(data) && data[i+1] != ' ' && data[i+1] != '*' {
				aliases++
			}
		}
		before = c
	}
	start := model.Pos{File: r.file, Line: 1, Col: 1}
	switch {
	case anchors > 0 && anchors+aliases > maxAliases:
		r.stop(start, "yaml-feature", "the model language has no anchors and aliases; this file has more than %d", maxAliases)
	case values > maxValues:
		r.stop(start, "too-big", "expected at most %d values in a file", maxValues)
	default:
		return true
	}
	return false
}

// plain reports what the model language does not take from YAML: nesting
// without end, anchors, aliases, merge keys and tags.
func (r *reader) plain(n *yaml.Node, depth int) {
	switch {
	case depth > maxDepth:
		r.problem(n, "too-deep", "expected maps and lists at most %d deep", maxDepth)
		return
	case n.Kind == yaml.AliasNode:
		r.problem(n, "yaml-feature", "the model language has no aliases; write out what *%s stands for", n.Value)
		return
	case n.Anchor != "":
		r.problem(n, "yaml-feature", "the model language has no anchors; leave out &%s", n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		r.problem(n, "yaml-feature", "the model language has no tags; leave out %s", quote(n.Tag))
	}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && child.Tag == "!!merge" {
			r.problem(child, "yaml-feature", "the model language has no merge keys; write out what << brings in")
			continue
		}
		if isNothing(child) && n.Kind == yaml.MappingNode && i%2 == 1 {
			// A value that was left out has no place of its own.
			child.Line, child.Column = n.Content[i-1].Line, n.Content[i-1].Column
		}
		r.plain(child, depth+1)
	}
}

var syntaxError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntax reports a file that is no YAML. The library names a line, which for
// errors of its parser (rather than its scanner) is one less than the place.
func (r *reader) syntax(data []byte, err error) {
	line, message := 1, err.Error()
	if parts := syntaxError.FindStringSubmatch(message); parts != nil {
		message = parts[2]
		if n, err := strconv.Atoi(parts[1]); err == nil {
			line = n
		}
	}
	if strings.Contains(message, "exceeded max depth") {
		r.stop(model.Pos{File: r.file, Line: 1, Col: 1}, "too-deep", "expected maps and lists at most %d deep", maxDepth)
		return
	}
	if strings.HasPrefix(message, "did not find expected") {
		line++
	}
	lines := bytes.SplitN(data, []byte("\n"), line+1)
	line = min(line, len(lines))
	text := lines[line-1]
	col := len(text) - len(bytes.TrimLeft(text, " \t")) + 1
	if strings.Contains(message, "cannot start any token") && bytes.ContainsRune(text, '\t') {
		message += "; YAML is indented with spaces, not tabs"
		col = utf8.RuneCount(text[:bytes.IndexByte(text, '\t')]) + 1
	}
	r.stop(model.Pos{File: r.file, Line: line, Col: col}, "yaml-syntax", "this is not YAML: %s", strings.Join(strings.Fields(message), " "))
}
