package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// A State is what a link says of the model: which safety nets are taken as
// standing or taken away, and which numbers are other ones than in the files.
// The zero State is the model as it stands.
type State struct {
	With, Without []string         // names of nets, in order, each once
	Set           []modelfile.Edit // by path, each once
	OnlyListed    bool             // what histories have besides is left out
}

// mostSet is how many numbers a link may change.
const mostSet = 200

// The names under which a link holds a state.
const (
	inWith    = "with"
	inWithout = "without"
	inSet     = "set"
	inListed  = "only_listed"
)

// stateOf reads the state of a link. Its error is for whoever wrote the link.
func stateOf(q url.Values) (State, error) {
	s := State{With: namesIn(q[inWith]), Without: namesIn(q[inWithout])}
	for _, x := range q[inListed] {
		only, err := onlyListed(x)
		if err != nil {
			return State{}, err
		}
		s.OnlyListed = only
	}
	for _, x := range q[inSet] {
		path, text, ok := strings.Cut(x, "=")
		if !ok || path == "" {
			return State{}, fmt.Errorf("%s=%s: expected a number of the model and its value, such as set=risks/disk/rate=2/y", inSet, short(x))
		}
		s.Set = append(s.Set, modelfile.Edit{Path: path, Text: text})
	}
	if len(s.Set) > mostSet {
		return State{}, fmt.Errorf("%s: %d numbers are changed, expected at most %d", inSet, len(s.Set), mostSet)
	}
	return s.tidy(), nil
}

// onlyListed reads whether what histories have besides is left out.
func onlyListed(text string) (bool, error) {
	if text == "" {
		return false, nil
	}
	only, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%s=%s: expected 1 or 0", inListed, short(text))
	}
	return only, nil
}

// short cuts a text that is repeated to whoever sent it.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func namesIn(lists []string) []string {
	var out []string
	for _, l := range lists {
		for name := range strings.SplitSeq(l, ",") {
			if name = strings.TrimSpace(name); name != "" {
				out = append(out, name)
			}
		}
	}
	return out
}

// tidy puts a state into the form in which equal states are equal: names and
// paths in order, of two values of one number the last.
func (s State) tidy() State {
	out := State{With: slices.Clone(s.With), Without: slices.Clone(s.Without), OnlyListed: s.OnlyListed}
	slices.Sort(out.With)
	slices.Sort(out.Without)
	out.With, out.Without = slices.Compact(out.With), slices.Compact(out.Without)
	at := map[string]int{}
	for _, e := range s.Set {
		if i, ok := at[e.Path]; ok {
			out.Set[i] = e
			continue
		}
		at[e.Path] = len(out.Set)
		out.Set = append(out.Set, e)
	}
	slices.SortFunc(out.Set, func(a, b modelfile.Edit) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// Plain reports whether it is the model as it stands.
func (s State) Plain() bool { return len(s.With)+len(s.Without)+len(s.Set) == 0 && !s.OnlyListed }

// base is the model as it stands, with as much of its histories.
func (s State) base() State { return State{OnlyListed: s.OnlyListed} }

// values adds the state to what a link says.
func (s State) values(q url.Values) url.Values {
	if len(s.With) > 0 {
		q.Set(inWith, strings.Join(s.With, ","))
	}
	if len(s.Without) > 0 {
		q.Set(inWithout, strings.Join(s.Without, ","))
	}
	for _, e := range s.Set {
		q.Add(inSet, e.Path+"="+e.Text)
	}
	if s.OnlyListed {
		q.Set(inListed, "1")
	}
	return q
}

// key names the state: equal states have the same, and no others.
func (s State) key() string { return s.values(url.Values{}).Encode() }

// shape names the kind of state: answers about states of one kind are likely to
// take about as long.
func (s State) shape() string {
	var b strings.Builder
	if len(s.With)+len(s.Without) > 0 {
		b.WriteString("nets ")
	}
	for _, e := range s.Set {
		b.WriteString(e.Path)
		b.WriteByte(' ')
	}
	return b.String()
}

// known leaves out what this model has no net for, or what would change nothing,
// and says which nets those are that it does not have.
func (s State) known(m *model.Model) (out State, unknown []string) {
	keep := func(names []string, stands bool) []string {
		var list []string
		for _, name := range names {
			switch n := m.Net(name); {
			case n == nil:
				unknown = append(unknown, name)
			case (n.Status == model.InPlace) == stands:
				list = append(list, name)
			}
		}
		return list
	}
	out = s
	out.With, out.Without = keep(s.With, false), keep(s.Without, true)
	out.With = slices.DeleteFunc(out.With, func(n string) bool { return slices.Contains(out.Without, n) })
	return out, unknown
}

// switched returns the state with one more net switched, where standing tells
// which nets stand in s. Nets that cannot stand with it, or without it, are
// switched off, and listed.
func (s State) switched(m *model.Model, standing map[string]bool, name string, on bool) (State, []string) {
	out := s.tidy()
	stands := map[string]bool{}
	for n, ok := range standing {
		stands[n] = ok
	}
	var also []string
	// off takes a net away; gives says that it gives its place to another, with
	// which it goes, and without which it comes back.
	var off func(name string, gives bool)
	off = func(name string, gives bool) {
		if !stands[name] && !slices.Contains(out.With, name) {
			return
		}
		stands[name] = false
		out.With = slices.DeleteFunc(out.With, func(n string) bool { return n == name })
		if n := m.Net(name); !gives && n.Status == model.InPlace && !slices.Contains(out.Without, name) {
			out.Without = append(out.Without, name)
		}
		for _, o := range m.Nets {
			if stands[o.Name] && refers(o.Requires, name) {
				also = append(also, o.Name)
				off(o.Name, false)
			}
		}
	}
	n := m.Net(name)
	if n == nil || standing[name] == on {
		return out, nil
	}
	if !on {
		off(name, false)
		return out.settled(m, stands), also
	}
	var turn func(n *model.Net)
	turn = func(n *model.Net) {
		if stands[n.Name] {
			return
		}
		stands[n.Name] = true
		out.Without = slices.DeleteFunc(out.Without, func(x string) bool { return x == n.Name })
		for _, o := range m.Nets {
			// What excludes it cannot stay, nor can what took its place.
			if stands[o.Name] && o != n && (refers(n.Excludes, o.Name) || refers(o.Excludes, n.Name) || refers(o.Replaces, n.Name)) {
				also = append(also, o.Name)
				off(o.Name, false)
			}
			if stands[o.Name] && o != n && n.Status != model.InPlace && refers(n.Replaces, o.Name) {
				off(o.Name, true)
			}
		}
		for _, r := range n.Requires {
			if o := m.Net(r.Name); o != nil {
				turn(o)
			}
		}
	}
	turn(n)
	if n.Status != model.InPlace {
		out.With = append(out.With, name)
	}
	return out.settled(m, stands), also
}

// settled returns the state in which no net comes back by itself that cannot
// stand beside those that stand: one that was replaced by a net that is switched
// off, or that stood only because such a net requires it.
func (s State) settled(m *model.Model, stands map[string]bool) State {
	asked := map[string]bool{}
	var ask func(name string)
	ask = func(name string) {
		if n := m.Net(name); n != nil && !asked[name] {
			asked[name] = true
			for _, r := range n.Requires {
				ask(r.Name)
			}
		}
	}
	for _, name := range s.With {
		ask(name)
	}
	for _, n := range m.Nets {
		if n.Status != model.InPlace && !asked[n.Name] {
			stands[n.Name] = false
		}
	}
	var back []*model.Net
	for _, n := range m.Nets {
		replaced := slices.ContainsFunc(m.Nets, func(o *model.Net) bool {
			return stands[o.Name] && o.Status != model.InPlace && refers(o.Replaces, n.Name)
		})
		if n.Status == model.InPlace && !stands[n.Name] && !replaced && !slices.Contains(s.Without, n.Name) {
			back = append(back, n)
		}
	}
	fits := func(n *model.Net) bool {
		for _, o := range m.Nets {
			if stands[o.Name] && (refers(n.Excludes, o.Name) || refers(o.Excludes, n.Name)) {
				return false
			}
		}
		return !slices.ContainsFunc(n.Requires, func(r model.Ref) bool { return !stands[r.Name] })
	}
	for again := true; again; { // what comes back may be what another requires
		again = false
		back = slices.DeleteFunc(back, func(n *model.Net) bool {
			stands[n.Name] = fits(n)
			again = again || stands[n.Name]
			return stands[n.Name]
		})
	}
	for _, n := range back {
		s.Without = append(s.Without, n.Name)
	}
	return s.tidy()
}

func refers(list []model.Ref, name string) bool {
	return slices.ContainsFunc(list, func(r model.Ref) bool { return r.Name == name })
}

// widens reports whether a number is set to a range.
func (s State) widens() bool {
	return slices.ContainsFunc(s.Set, func(e modelfile.Edit) bool { return strings.Contains(e.Text, "..") })
}
