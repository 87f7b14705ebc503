package modelfile

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// A source is the text of a file, in which places can be found. Positions
// count characters, so that every 1,024th is remembered: a file may be one
// line of 16 MB.
type source struct {
	data  []byte
	lines []int // offset of each line
	chars []int // characters before each line
	steps []int // offset of every stepth character
}

const step = 1024

func newSource(data []byte) *source {
	s := &source{data: data, lines: []int{0}, chars: []int{0}}
	count := 0
	for i, c := range data {
		if utf8.RuneStart(c) {
			if count%step == 0 {
				s.steps = append(s.steps, i)
			}
			count++
		}
		if c == '\n' {
			s.lines, s.chars = append(s.lines, i+1), append(s.chars, count)
		}
	}
	return s
}

// offset returns where a node begins; ok is false where it has no place.
func (s *source) offset(n *yaml.Node) (at int, ok bool) {
	if n.Line < 1 || n.Line > len(s.lines) || n.Column < 1 {
		return 0, false
	}
	char := s.chars[n.Line-1] + n.Column - 1
	if char/step >= len(s.steps) {
		return 0, false
	}
	at = s.steps[char/step]
	for range char % step {
		_, size := utf8.DecodeRune(s.data[at:])
		at += size
	}
	return at, at < len(s.data)
}

// place returns the line and the column of an offset, which count from 1.
func (s *source) place(at int) (line, col int) {
	line = sort.Search(len(s.lines), func(i int) bool { return s.lines[i] > at })
	i := sort.Search(len(s.steps), func(i int) bool { return s.steps[i] > at }) - 1
	char := 0
	if i >= 0 {
		char = i*step + utf8.RuneCount(s.data[s.steps[i]:at])
	}
	return line, char - s.chars[line-1] + 1
}

// scalar returns where a single value that is written begins and ends; ok is
// false for blocks of text, and where the file does not hold what YAML read.
func (s *source) scalar(n *yaml.Node) (start, end int, ok bool) {
	if start, ok = s.offset(n); !ok {
		return 0, 0, false
	}
	switch n.Style &^ yaml.TaggedStyle {
	case yaml.DoubleQuotedStyle:
		end, ok = s.quoted(start, '"')
	case yaml.SingleQuotedStyle:
		end, ok = s.quoted(start, '\'')
	case 0:
		end, ok = s.plain(start, n.Value)
	default:
		return 0, 0, false
	}
	return start, end, ok
}

// quoted returns the end of a quoted text.
func (s *source) quoted(start int, mark byte) (end int, ok bool) {
	if s.data[start] != mark {
		return 0, false
	}
	for i := start + 1; i < len(s.data); i++ {
		switch {
		case s.data[i] == '\\' && mark == '"':
			i++
		case s.data[i] != mark:
		case mark == '\'' && i+1 < len(s.data) && s.data[i+1] == mark:
			i++
		default:
			return i + 1, true
		}
	}
	return 0, false
}

// plain returns the end of a text without quotes, which may go over several
// lines: YAML then has another white space where the file has its own.
func (s *source) plain(start int, value string) (end int, ok bool) {
	at, words := start, strings.FieldsFunc(value, func(c rune) bool { return strings.ContainsRune(spaces, c) })
	if len(words) == 0 {
		return 0, false
	}
	for i, word := range words {
		if i > 0 {
			at += len(s.data[at:]) - len(bytes.TrimLeft(s.data[at:], spaces))
		}
		if !bytes.HasPrefix(s.data[at:], []byte(word)) {
			return 0, false
		}
		at += len(word)
	}
	return at, true
}

// spaces are what may stand between the words of a text over several lines.
const spaces = " \t\r\n"

// colon returns where the colon after a key ends.
func (s *source) colon(key *yaml.Node) (end int, ok bool) {
	if key == nil {
		return 0, false
	}
	_, end, ok = s.scalar(key)
	for ok && end < len(s.data) && (s.data[end] == ' ' || s.data[end] == '\t') {
		end++
	}
	return end + 1, ok && end < len(s.data) && s.data[end] == ':'
}

// nothing returns where the value of a key is that was left out, or written as
// null on the line of the key: the reader puts both at the key.
func (s *source) nothing(n, key *yaml.Node) (start, end int, ok bool) {
	if start, ok = s.colon(key); !ok || n.Value == "" {
		return start, start, ok
	}
	row := s.line(start)
	start += len(row) - len(bytes.TrimLeft(row, " \t"))
	end, ok = s.plain(start, n.Value)
	return start, end, ok
}

// end returns where a value ends, be it written in lines or between braces.
// key is what it belongs to, or nil; indent is that of the key or dash.
func (s *source) end(n, key *yaml.Node, indent int) (end int, ok bool) {
	switch {
	case isFlow(n):
		return s.closing(n)
	case n.Kind == yaml.MappingNode:
		last := len(n.Content) - 1
		return s.end(n.Content[last], n.Content[last-1], n.Content[last-1].Column)
	case n.Kind == yaml.SequenceNode:
		return s.end(n.Content[len(n.Content)-1], nil, n.Column)
	case isNothing(n):
		if _, end, ok = s.nothing(n, key); !ok && key != nil {
			_, end, ok = s.scalar(key)
		}
		return end, ok
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return s.block(n, indent)
	}
	_, end, ok = s.scalar(n)
	return end, ok
}

// closing returns where a collection between braces or brackets ends.
func (s *source) closing(n *yaml.Node) (end int, ok bool) {
	closes := map[yaml.Kind]string{yaml.MappingNode: "{}", yaml.SequenceNode: "[]"}[n.Kind]
	at, ok := s.offset(n)
	if !ok || s.data[at] != closes[0] {
		return 0, false
	}
	at++
	if last := len(n.Content) - 1; last >= 0 {
		var key *yaml.Node
		if n.Kind == yaml.MappingNode {
			key = n.Content[last-1]
		}
		if at, ok = s.end(n.Content[last], key, 0); !ok {
			return 0, false
		}
	}
	for ; at < len(s.data); at++ {
		switch c := s.data[at]; c {
		case ' ', '\t', '\r', '\n', ',':
		case '#':
			at += len(s.line(at)) - 1
		default:
			return at + 1, c == closes[1]
		}
	}
	return 0, false
}

// block returns where a text ends that is written as a block of lines after |
// or >: before the first line with a character that is not deeper than what
// the text belongs to.
func (s *source) block(n *yaml.Node, indent int) (end int, ok bool) {
	at, ok := s.offset(n)
	if !ok {
		return 0, false
	}
	head := s.line(at)
	keep := bytes.Contains(head, []byte("+")) // blank lines at its end are part of it
	end = at + len(bytes.TrimRight(head, "\r"))
	for at += len(head) + 1; at < len(s.data); {
		row := s.line(at)
		text := bytes.TrimLeft(row, " ")
		blank := len(bytes.Trim(text, spaces)) == 0
		if !blank && len(row)-len(text) < indent {
			break
		}
		if !blank || keep {
			end = at + len(bytes.TrimRight(row, "\r"))
		}
		at += len(row) + 1
	}
	return end, true
}

// line returns the rest of a line from an offset on, without its line feed.
func (s *source) line(at int) []byte {
	if i := bytes.IndexByte(s.data[at:], '\n'); i >= 0 {
		return s.data[at : at+i]
	}
	return s.data[at:]
}

// lineEnd returns where the line of an offset ends, and how lines end there.
func (s *source) lineEnd(at int) (end int, mark string) {
	end = at + len(s.line(at))
	feed := end
	if end == len(s.data) {
		// The last line has no end; the one before it has.
		feed = bytes.LastIndexByte(s.data, '\n')
	}
	if feed < 1 || s.data[feed-1] != '\r' {
		return end, "\n"
	}
	if feed == end {
		end--
	}
	return max(end, at), "\r\n"
}

// checkText says why a text cannot be a single value on one line.
func checkText(text string) error {
	if len(text) > maxText {
		return fmt.Errorf("expected a value of at most %d bytes, found one of %d", maxText, len(text))
	}
	if !utf8.ValidString(text) {
		return fmt.Errorf("expected a value in UTF-8, found %s", quote(text))
	}
	for _, c := range text {
		if c == '\n' || c == '\r' {
			return fmt.Errorf("expected a value on one line, found %s", quote(text))
		}
		// What does not show, or what YAML takes for the end of a line.
		if unicode.IsControl(c) || c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff {
			return fmt.Errorf("expected a value without control characters, found U+%04X in %s", c, quote(text))
		}
	}
	return nil
}

// encode writes a text as one YAML scalar: in the style that the value had,
// where a text without quotes gets them if YAML would not read it as itself.
// The text holds no control characters.
func encode(text string, style yaml.Style, flow bool) string {
	switch {
	case style&yaml.SingleQuotedStyle != 0:
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case style&yaml.DoubleQuotedStyle == 0 && isPlain(text, flow):
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// isPlain reports whether a text is read as itself without quotes. It may say
// no where YAML would not mind. Numbers and truth values are read as texts.
func isPlain(text string, flow bool) bool {
	switch text {
	case "", "~", "null", "Null", "NULL", "-", "=", "<<":
		return false
	}
	switch {
	case strings.TrimFunc(text, unicode.IsSpace) != text,
		strings.ContainsRune("?:,[]{}#&*!|>'\"%@`", rune(text[0])),
		strings.HasPrefix(text, "- "), strings.HasPrefix(text, "---"), strings.HasPrefix(text, "..."),
		strings.Contains(text, ": "), strings.HasSuffix(text, ":"), strings.Contains(text, " #"),
		flow && strings.ContainsAny(text, ",[]{}?"):
		return false
	}
	return true
}
