package modelfile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"tightrope/internal/model"
)

// Bounds of what Apply takes.
const (
	// MaxEdits is how many edits are applied at once.
	MaxEdits = 1_000
	// maxText is how long the path and the text of an edit may be, in bytes.
	maxText = 1_000
)

// An Edit sets one single value of a model.
type Edit struct {
	// Path leads to the value by keys and positions (from 0), as the model is
	// written: risks/bad-release/chance, services/booking/needs/1/impact. It
	// does not name the file.
	Path string
	// Text is the value, on one line, as a person writes it where YAML has no
	// say in it: it needs no quotes, and what is in it stays in it.
	Text string
}

// Placed is what became of an edit.
type Placed struct {
	Edit Edit
	// Key is where the key of the value is written, or the value itself in a
	// list; Pos is where the value begins and End where the text goes on after
	// it. They are places in the new text, and known unless the edit was refused.
	Key, Pos, End model.Pos
	// Problem is why the edit was refused, or nil.
	Problem *model.Problem
}

// Holds reports whether the edit wrote what is at pos, so that a problem that
// Parse then finds there is one of the edit.
func (p Placed) Holds(pos model.Pos) bool {
	return p.Pos.Known() && pos.File == p.Pos.File && !before(pos, p.Key) && before(pos, p.End)
}

// before reports whether a is before b in the same file.
func before(a, b model.Pos) bool { return a.Line < b.Line || a.Line == b.Line && a.Col < b.Col }

// Apply sets single values of a model in the text of its files, as one edit
// after the other would; of several with one path the last counts. Everything
// else stays as it is, byte for byte. A key that is not written yet is added to
// a map that is, and a need that is a bare name becomes a map where more is
// said about it. Parse tells whether the result is a model.
//
// Either all edits are applied, or none: the files are nil where there are
// problems, which are those of files that are no YAML, and of edits that lead
// nowhere (no-such-setting), whose text cannot be a value (bad-value), which
// are too many (too-big), or which would change more than they say
// (cannot-edit). The places are those of the edits, in their order.
func Apply(files []File, edits []Edit) ([]File, []Placed, []model.Problem) {
	return applyBy(files, edits, partSize)
}

// applyBy is Apply with parts of about size bytes.
func applyBy(files []File, edits []Edit, size int) ([]File, []Placed, []model.Problem) {
	if len(edits) > MaxEdits {
		return nil, nil, []model.Problem{{Code: "too-big", Message: fmt.Sprintf("expected at most %d edits at once, got %d", MaxEdits, len(edits))}}
	}
	a := newEditor(edits)
	changes := make([]*change, len(files))
	total := 0
	for i, f := range files {
		if total += len(f.Data); total > MaxBytes {
			return nil, a.placed, []model.Problem{{Pos: model.Pos{File: f.Name, Line: 1, Col: 1}, Code: "too-big", Message: "expected a model of at most 16 MiB in all files together; this file goes beyond it"}}
		}
		changes[i] = a.read(f, size)
	}
	a.leftOver()
	if problems := a.all(); problems != nil {
		return nil, a.placed, problems
	}
	out := slices.Clone(files)
	for i, c := range changes {
		if len(c.pieces) > 0 {
			out[i].Data = a.write(c, size)
		}
	}
	if problems := a.all(); problems != nil {
		return nil, a.placed, problems
	}
	return out, a.placed, nil
}

// An editor finds what edits are about, file by file.
type editor struct {
	root     *form
	placed   []Placed
	wanted   map[string][]int // edits by the head of their entry, the last of each path
	rest     [][]string       // what leads on from there
	same     [][]int          // for the last edit of a path, all of that path
	problems []model.Problem  // of files

	done     map[string]bool      // heads of entries that were found
	sections map[string]model.Pos // where the first entry of each section is
	names    map[string][]string  // of the parts of sections that edits are about
}

func newEditor(edits []Edit) *editor {
	a := &editor{
		root: documentForm(), placed: make([]Placed, len(edits)), wanted: map[string][]int{},
		rest: make([][]string, len(edits)), same: make([][]int, len(edits)),
		done: map[string]bool{}, sections: map[string]model.Pos{}, names: map[string][]string{},
	}
	paths := map[string][]int{}
	var order []string
	for i, e := range edits {
		a.placed[i].Edit = e
		if err := checkText(e.Text); err != nil {
			a.refuse(i, model.Pos{}, "bad-value", err.Error())
		}
		if paths[e.Path] == nil {
			order = append(order, e.Path)
		}
		paths[e.Path] = append(paths[e.Path], i)
	}
	// What is added is added in the order in which it was first asked for.
	for _, path := range order {
		all := paths[path]
		last := all[len(all)-1]
		head, rest, message := splitPath(path)
		if message != "" {
			for _, i := range all {
				a.refuse(i, model.Pos{}, "no-such-setting", message)
			}
			continue
		}
		a.rest[last], a.same[last] = rest, all
		a.wanted[head] = append(a.wanted[head], last)
		section, _, _ := strings.Cut(head, "/")
		a.names[section] = []string{}
	}
	return a
}

// refuse keeps the first problem of an edit.
func (a *editor) refuse(i int, pos model.Pos, code, message string) {
	if a.placed[i].Problem == nil {
		message = fmt.Sprintf("cannot set %s: %s", quote(a.placed[i].Edit.Path), message)
		a.placed[i].Problem = &model.Problem{Pos: pos, Code: code, Message: message}
	}
}

// all returns the problems of files, then those of edits.
func (a *editor) all() []model.Problem {
	problems := a.problems
	for _, p := range a.placed {
		if p.Problem != nil {
			problems = append(problems, *p.Problem)
		}
	}
	return problems
}

// read finds what is to be changed in a file. An entry that is there twice is
// the first of them.
func (a *editor) read(f File, size int) *change {
	var c *change
	begin := func() { c = newChange(f) }
	problems := entries(f, size, begin, func(e entry) {
		a.remember(e, f.Name)
		head := e.head()
		if todo := a.wanted[head]; len(todo) > 0 && !a.done[head] && !c.found[head] {
			c.found[head] = true
			for _, i := range todo {
				a.one(c, e, i)
			}
		}
		c.expect(e)
	})
	a.problems = append(a.problems, problems...)
	for head := range c.found {
		a.done[head] = true
	}
	return c
}

// one finds what one edit changes in its entry.
func (a *editor) one(c *change, e entry, i int) {
	at, s := locate(a.root, e, a.rest[i])
	if s == nil {
		s = c.set(at, i, a.placed[i].Edit.Text)
	}
	if s != nil {
		pos := model.Pos{File: c.file.Name, Line: s.node.Line, Col: s.node.Column}
		for _, j := range a.same[i] {
			a.refuse(j, pos, s.code, s.message)
		}
	}
}

// remember keeps what helps to say what an edit may have meant.
func (a *editor) remember(e entry, file string) {
	if _, known := a.sections[e.section]; !known {
		a.sections[e.section] = model.Pos{File: file, Line: e.key.Line, Col: e.key.Column}
	}
	if names := a.names[e.section]; names != nil && e.name != "" && len(names) < 20*maxNames {
		a.names[e.section] = append(names, e.name)
	}
}

// leftOver refuses the edits whose entry is in no file.
func (a *editor) leftOver() {
	if a.problems != nil {
		return // it may be in a file that could not be read
	}
	const most = 10 // guesses, each of which looks at all names
	guesses := 0
	for i := range a.placed {
		path := a.placed[i].Edit.Path
		head, _, wrong := splitPath(path)
		if wrong != "" || a.done[head] {
			continue
		}
		section, name, named := strings.Cut(head, "/")
		if hasParts(head) {
			a.refuse(i, a.sections[section], "no-such-setting", "expected a name and a key after the section, as in "+section+"/NAME/title")
			continue
		}
		message, names := fmt.Sprintf("the model has no %s", quote(section)), documentObject.keyNames()
		if named {
			message, names = fmt.Sprintf("there is no %s in %s", quote(name), section), a.names[section]
		} else {
			name = section
		}
		if guesses++; guesses <= most {
			message += meant(name, names)
		}
		a.refuse(i, a.sections[section], "no-such-setting", message)
	}
}

// write makes the new text of a file, and refuses its edits where YAML does
// not read from it what was there before and what the edits say.
func (a *editor) write(c *change, size int) []byte {
	data, offsets := c.text()
	bom := c.file.Data[:len(c.file.Data)-len(c.source.data)]
	out := slices.Concat(bom, data)
	if wrong := c.differs(File{Name: c.file.Name, Data: out}, size); wrong != nil {
		for _, i := range wrong {
			for _, j := range a.same[i] {
				a.refuse(j, model.Pos{File: c.file.Name, Line: 1, Col: 1}, "cannot-edit", "the file is written there in a way that this would break; change it by hand")
			}
		}
		return nil
	}
	s := newSource(data)
	for _, o := range offsets {
		for _, i := range o.edits {
			for _, j := range a.same[i] {
				p := &a.placed[j]
				p.Key, p.Pos, p.End = c.pos(s, o.key), c.pos(s, o.value), c.pos(s, o.end)
			}
		}
	}
	return out
}

// pos is the place of an offset in the new text.
func (c *change) pos(s *source, at int) model.Pos {
	line, col := s.place(at)
	return model.Pos{File: c.file.Name, Line: line, Col: col}
}

// trimmed is the text of a file without the mark that some editors begin it
// with; places do not count it.
func trimmed(f File) []byte { return bytes.TrimPrefix(f.Data, []byte("\ufeff")) }
