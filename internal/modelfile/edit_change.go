package modelfile

import (
	"cmp"
	"crypto/sha256"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A change is what edits do to one file.
type change struct {
	file    File
	source  *source // made with the first edit
	found   map[string]bool
	pieces  []piece
	at      map[*yaml.Node]int   // of the entry at hand, the piece that sets a value
	more    map[*yaml.Node]*room // and the maps to which keys are added
	later   []func()             // what the edits do to the tree of the entry at hand
	expects [][sha256.Size]byte  // what each entry is to be, in the order of the file
	edited  map[int][]int        // the edits of an entry, by its index in expects
	now     []int                // the edits of the entry at hand
}

// A piece is a text that takes the place of some of the old one.
type piece struct {
	start, end int // in the old text
	// Several may be at one place: what is deeper comes first, then what opens
	// a map comes before what is in it.
	depth, rank int
	text        string
	// Where in text the key, the value and what follows it begin, for a piece
	// that sets a value; a key that is in the old text is before the beginning.
	key, value, past int
	edits            []int
}

// Ranks of pieces at one place.
const (
	opens  = iota // of a map: the brace before the value
	sets          // the value itself
	starts        // a map where nothing was
	adds          // a key
	closes        // the brace after it
)

func newChange(f File) *change {
	return &change{file: f, found: map[string]bool{}, at: map[*yaml.Node]int{}, more: map[*yaml.Node]*room{}, edited: map[int][]int{}}
}

// set prepares to write a text at a spot.
func (c *change) set(at spot, edit int, text string) *refusal {
	if c.source == nil {
		c.source = newSource(trimmed(c.file))
	}
	var s *refusal
	if at.missing != "" {
		s = c.add(at, edit, text)
	} else {
		s = c.replace(at, edit, text)
	}
	if s == nil {
		c.now = append(c.now, edit)
	}
	return s
}

// replace writes a text in the place of a single value, or after the colon
// where there is none.
func (c *change) replace(at spot, edit int, text string) *refusal {
	n := at.value
	p, refused := c.value(at, text)
	if refused != nil {
		return refused
	}
	p.past, p.key = len(p.text), p.value
	if at.key != nil {
		if key, ok := c.source.offset(at.key); ok {
			p.key = key - p.start
		}
	}
	p.edits = []int{edit}
	if i, again := c.at[n]; !again {
		c.at[n] = len(c.pieces)
		c.pieces = append(c.pieces, p)
	} else {
		// A need by its bare name has two paths; the last edit counts.
		edits := append(c.pieces[i].edits, edit)
		if edit < slices.Max(edits) {
			c.pieces[i].edits = edits
			return nil
		}
		p.edits = edits
		c.pieces[i] = p
	}
	c.later = append(c.later, func() {
		if n.Kind == yaml.MappingNode {
			n = n.Content[1] // it became one meanwhile
		}
		n.Value, n.Tag = text, "!!str"
	})
	return nil
}

// value returns what makes a text of the single value at a spot.
func (c *change) value(at spot, text string) (p piece, _ *refusal) {
	n, ok := at.value, false
	p = piece{depth: at.depth, rank: sets, text: encode(text, at.value.Style, at.flow)}
	switch {
	case n.Kind != yaml.ScalarNode:
		return p, several(n)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return p, refuseAt(n, "cannot-edit", "it is written as a block of lines; write it on one line first")
	case isNothing(n) && !at.form.single():
		return p, refuseAt(n, "no-such-setting", "expected the path of a single value; nothing is written there, and no single value may be")
	case isNothing(n):
		if p.start, p.end, ok = c.source.nothing(n, at.key); !ok {
			return p, refuseAt(n, "cannot-edit", "nothing is written there; write a value first")
		}
		if n.Value == "" {
			p.text, p.value = " "+p.text, 1
		}
		return p, nil
	}
	if p.start, p.end, ok = c.source.scalar(n); !ok {
		return p, refuseAt(n, "cannot-edit", "its place in the text is not clear; change it by hand")
	}
	if text == n.Value {
		p.text = string(c.source.data[p.start:p.end]) // however it is written
	}
	return p, nil
}

// add writes a key that is missing, with its value.
func (c *change) add(at spot, edit int, text string) *refusal {
	n := at.value
	m := c.more[n]
	if m == nil {
		var ok bool
		if m, ok = c.room(at); !ok {
			return refuseAt(n, "cannot-edit", "there is no place in the text where %s can be added; write it by hand", at.missing)
		}
		c.more[n] = m
	}
	key := encode(at.missing, 0, true)
	p := piece{start: m.at, end: m.at, depth: at.depth, rank: adds, edits: []int{edit}}
	p.key = len(m.before)
	p.value = p.key + len(key) + len(": ")
	p.text = m.before + key + ": " + encode(text, 0, m.flow)
	p.past = len(p.text)
	if m.flow {
		m.before = ", "
	}
	c.pieces = append(c.pieces, p)
	c.later = append(c.later, func() { grow(n, at.missing, text) })
	return nil
}

// room is where keys are added to a map.
type room struct {
	at     int
	before string // each key
	flow   bool
}

// room finds where keys are added to what is at a spot, and makes a map of it
// where it is none yet.
func (c *change) room(at spot) (m *room, ok bool) {
	n := at.value
	m = &room{flow: true}
	switch {
	case n.Kind == yaml.ScalarNode:
		if m.at, ok = c.becomes(at); !isNothing(n) {
			m.before = ", "
		}
	case isFlow(n):
		if m.at, ok = c.inBraces(n); len(n.Content) > 0 {
			m.before = ", "
		}
	default:
		var mark string
		if m.at, ok = c.source.end(n, at.key, at.indent); ok {
			m.at, mark = c.source.lineEnd(m.at)
		}
		m.flow, m.before = false, mark+strings.Repeat(" ", n.Content[0].Column-1)
	}
	return m, ok
}

// inBraces returns where a key is added between the braces of a map.
func (c *change) inBraces(n *yaml.Node) (at int, ok bool) {
	at, ok = c.source.offset(n)
	if !ok || c.source.data[at] != '{' {
		return 0, false
	}
	if last := len(n.Content) - 1; last > 0 {
		return c.source.end(n.Content[last], n.Content[last-1], 0)
	}
	return at + 1, true
}

// becomes writes the braces that make a map of a single value, and returns
// where keys are added to it.
func (c *change) becomes(at spot) (end int, ok bool) {
	n := at.value
	opening := piece{depth: at.depth, rank: opens}
	switch {
	case !isNothing(n):
		opening.text = "{" + at.form.tables[0].targets[0] + ": "
		opening.start, end, ok = c.source.scalar(n)
	case n.Value == "": // and not null in so many letters
		opening.text, opening.rank = " {", starts
		opening.start, ok = c.source.colon(at.key)
		end = opening.start
	}
	if ok {
		opening.end = opening.start
		c.pieces = append(c.pieces, opening, piece{start: end, end: end, depth: at.depth, rank: closes, text: "}"})
	}
	return end, ok
}

// grow adds an entry to the tree of a map, of a nothing or of a bare need.
func grow(n *yaml.Node, key, text string) {
	if n.Kind == yaml.ScalarNode {
		was := *n
		*n = yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		if !isNothing(&was) {
			n.Content = []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!str", Value: needObject.oneOf[0]}, &was}
		}
	}
	n.Content = append(n.Content,
		&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key},
		&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text})
}

// expect remembers what an entry is to be once its edits are applied.
func (c *change) expect(e entry) {
	for _, apply := range c.later {
		apply()
	}
	if len(c.now) > 0 {
		c.edited[len(c.expects)] = c.now
	}
	c.later, c.now = nil, nil
	clear(c.at)
	clear(c.more)
	c.expects = append(c.expects, digest(e))
}

// digest stands for all that an entry says: equal digests, equal entries.
func digest(e entry) (sum [sha256.Size]byte) {
	h := sha256.New()
	writeText(h, e.section)
	writeText(h, e.name)
	writeNode(h, e.value)
	h.Sum(sum[:0])
	return sum
}

func writeText(h hash.Hash, s string) {
	io.WriteString(h, strconv.Itoa(len(s)))
	io.WriteString(h, " ")
	io.WriteString(h, s)
}

func writeNode(h hash.Hash, n *yaml.Node) {
	switch {
	case isNothing(n):
		io.WriteString(h, "nothing ")
	case n.Kind == yaml.ScalarNode:
		io.WriteString(h, "text ")
		writeText(h, n.Value)
	default:
		io.WriteString(h, "of kind "+strconv.Itoa(int(n.Kind))+" ")
		io.WriteString(h, strconv.Itoa(len(n.Content))+" ")
		for _, child := range n.Content {
			writeNode(h, child)
		}
	}
}

// differs returns the edits of the entries of the new text that are not what
// they are to be; nil where all are.
func (c *change) differs(f File, size int) []int {
	var got [][sha256.Size]byte
	problems := entries(f, size, func() { got = got[:0] }, func(e entry) { got = append(got, digest(e)) })
	if problems == nil && slices.Equal(got, c.expects) {
		return nil
	}
	var wrong []int
	if problems == nil && len(got) == len(c.expects) {
		for i := range got {
			if got[i] != c.expects[i] {
				wrong = append(wrong, c.edited[i]...)
			}
		}
	}
	if wrong == nil {
		wrong = slices.Concat(slices.Collect(maps.Values(c.edited))...)
	}
	return wrong
}

// An offset is where a value ended up in the new text.
type offset struct {
	edits           []int
	key, value, end int
}

// text puts the pieces into the old text.
func (c *change) text() ([]byte, []offset) {
	slices.SortStableFunc(c.pieces, func(a, b piece) int {
		return cmp.Or(a.start-b.start, b.depth-a.depth, a.rank-b.rank)
	})
	old := c.source.data
	out := make([]byte, 0, len(old)+1<<10)
	var offsets []offset
	at := 0
	for _, p := range c.pieces {
		out = append(out, old[at:p.start]...)
		if p.edits != nil {
			now := len(out)
			offsets = append(offsets, offset{edits: p.edits, key: now + p.key, value: now + p.value, end: now + p.past})
		}
		out = append(out, p.text...)
		at = p.end
	}
	return append(out, old[at:]...), offsets
}
