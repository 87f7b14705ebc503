// Package diff says what differs between two versions of a model: what was
// changed in it, and what that does to each promise and to the plan, with the
// changes that are the cause.
package diff

import (
	"slices"
	"strings"

	"tightrope/internal/model"
)

// Kind says what was done to an element of a model.
type Kind string

// The kinds of changes.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
)

// A Change is one difference between two models. Texts are as written in the
// files.
type Change struct {
	Kind    Kind
	Element string // "risk", "safety net", …; "model" for what concerns the whole
	Name    string // of the element; empty for the model
	Field   string // empty: the whole element was added or removed
	// Old and New are what was said before and after; empty where nothing was. Of
	// a whole element they are a few words about it.
	Old, New string
	// Reordered: the same things in another order, where the order matters.
	Reordered      bool
	OldPos, NewPos model.Pos

	bears model.Bearing
	group string
	// idle: nothing in a forecast hangs on it, as the net does not stand.
	idle bool
}

// Pos is where the change is to be seen: in the new model, if it is there.
func (c *Change) Pos() model.Pos {
	if c.NewPos.Known() {
		return c.NewPos
	}
	return c.OldPos
}

// unit is the element that a change belongs to.
func (c *Change) unit() unit { return unit{c.Element, c.Name} }

// A unit names an element of a model.
type unit struct{ element, name string }

// The elements that are no parts with a name.
const (
	theModel = "model"
	theNets  = "order of safety nets"
)

// Models lists what was changed from the old model to the new one, element by
// element in the order of the documentation. Where something is written, how it
// is spelled and in which order is no change, except for an order that matters:
// that in which recoveries are tried.
func Models(before, after *model.Model) []*Change {
	var out []*Change
	out = append(out, sheetChanges(unit{element: theModel}, modelSheet(before), modelSheet(after))...)
	for _, k := range kinds {
		out = append(out, k.changes(before, after)...)
	}
	return append(out, orderOfNets(before, after)...)
}

func modelSheet(m *model.Model) *sheet {
	out := &sheet{}
	describe(out, model.ModelKeys(), m, nil)
	under(out, ratesPrefix, "", model.RateKeys(), m, nil)
	return out
}

// ratesPrefix stands before the prices of effort.
const ratesPrefix = "rates "

// sheetChanges compares what one element says before and after.
func sheetChanges(u unit, before, after *sheet) []*Change {
	var out []*Change
	add := func(prefix, group string, b, a *field, bpos, apos model.Pos) {
		f := a
		if f == nil || len(f.values) == 0 && b != nil {
			f = b
		}
		var old, now []value
		if b != nil {
			old = b.values
		}
		if a != nil {
			now = a.values
		}
		same, moved := sameValues(old, now, f.ordered)
		if same {
			return
		}
		c := &Change{
			Kind: Changed, Element: u.element, Name: u.name, Field: f.called(), Old: texts(old), New: texts(now),
			Reordered: moved, OldPos: placeOf(old, bpos), NewPos: placeOf(now, apos), bears: f.bears, group: f.group,
		}
		if strings.HasSuffix(c.Old, byDefault) && strings.HasSuffix(c.New, byDefault) {
			return // it follows from another field
		}
		if b != nil && a != nil && b.form != a.form {
			c.Field, c.Old, c.New = f.key, b.whole, a.whole
		}
		if prefix != "" {
			c.Field, c.group = prefix+" "+c.Field, group
		}
		out = append(out, c)
	}
	fields := func(prefix, group string, before, after *sheet) {
		for i := range after.fields {
			add(prefix, group, find(before.fields, after.fields[i].key), &after.fields[i], before.pos, after.pos)
		}
		for i := range before.fields {
			if find(after.fields, before.fields[i].key) == nil {
				add(prefix, group, &before.fields[i], nil, before.pos, after.pos)
			}
		}
	}
	fields("", "", before, after)
	part := func(kind Kind, p *sheet) {
		c := &Change{Kind: kind, Element: u.element, Name: u.name, Field: p.label, bears: p.bears, group: p.group}
		text := p.summary
		if text == "" {
			text = "there"
		}
		if kind == Added {
			c.New, c.NewPos, c.OldPos = text, p.pos, before.pos
		} else {
			c.Old, c.OldPos, c.NewPos = text, p.pos, after.pos
		}
		out = append(out, c)
	}
	gone := slices.Clone(before.parts)
	for _, p := range after.parts {
		i := slices.IndexFunc(gone, func(q *sheet) bool { return q.key == p.key })
		if i < 0 {
			part(Added, p)
			continue
		}
		fields(p.label, p.group, gone[i], p)
		gone = slices.Delete(gone, i, i+1)
	}
	for _, p := range gone {
		part(Removed, p)
	}
	return out
}

func find(fields []field, key string) *field {
	for i := range fields {
		if fields[i].key == key {
			return &fields[i]
		}
	}
	return nil
}

// orderOfNets tells nets apart that were put into another order, where two of
// them act on one thing so that the order matters: recoveries are tried in the
// order of the files, and of two that set one number the last counts.
func orderOfNets(before, after *model.Model) []*Change {
	was, is := actors(before), actors(after)
	for _, target := range is.targets {
		both := func(in, other []string) (out []string) {
			for _, n := range in {
				if slices.Contains(other, n) {
					out = append(out, n)
				}
			}
			return out
		}
		a, b := both(was.nets[target], is.nets[target]), both(is.nets[target], was.nets[target])
		if slices.Equal(a, b) {
			continue
		}
		return []*Change{{
			Kind: Changed, Element: theNets, Field: "order", Old: strings.Join(a, ", "), New: strings.Join(b, ", "), Reordered: true,
			OldPos: before.Net(a[0]).Pos, NewPos: after.Net(b[0]).Pos, bears: model.BadTime, group: "order",
		}}
	}
	return nil
}

// acting lists, by what it acts on, the nets whose order matters.
type acting struct {
	targets []string
	nets    map[string][]string
}

func actors(m *model.Model) acting {
	out := acting{nets: map[string][]string{}}
	on := func(target, net string) {
		if out.nets[target] == nil {
			out.targets = append(out.targets, target)
		}
		if !slices.Contains(out.nets[target], net) {
			out.nets[target] = append(out.nets[target], net)
		}
	}
	for _, n := range m.Nets {
		for _, s := range effectSheets(n.Effects) {
			for _, f := range s.fields {
				if !f.ordered {
					continue
				}
				change, per := strings.CutPrefix(s.key, "risks_per ")
				if !per {
					on(f.key+" of "+s.key, n.Name)
					continue
				}
				for _, r := range m.Risks {
					if r.Per != nil && r.Per.Name == change {
						on(f.key+" of "+r.Name, n.Name)
					}
				}
			}
		}
	}
	return out
}

// Words reports whether the change is one of words that no number hangs on: a
// title, an owner, a source.
func (c *Change) Words() bool { return c.bears == model.Words }
