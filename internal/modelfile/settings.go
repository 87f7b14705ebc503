package modelfile

import (
	"maps"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// A Setting is a single value of a model.
type Setting struct {
	// Path says where in the model the value is, in the keys and positions
	// (from 0) that lead to it: services/booking/needs/1/impact.
	Path string
	Text string // the value, as YAML reads it
	// Kind says how it is written, as the schema calls it: share, time, rate,
	// interval, amount, … A choice of words is called by its key: status.
	Kind string
	Pos  model.Pos // where the value stands; nowhere for a default
	// Default says that the value is not written, and what it then is.
	Default bool
}

// turnable are the kinds of values that say how much of something there is,
// and that people turn to see what follows.
var turnable = map[string]bool{
	"share": true, "target": true, "confidence": true, "signed": true,
	"rate": true, "interval": true, "time": true, "duration": true,
	"amount": true, "effort": true, "revenue-share": true,
	"count": true, "more": true, "stage": true,
}

// Settings returns the numbers of a model that somebody may want to turn, in
// the order of the files: no names, texts and dates, and nothing of the record
// of the past. An objective also has those that are left out, with what they
// then are, after those that are written. Of a part or a key that is written
// twice it has the first. Files that are no YAML have no settings; other
// mistakes do not matter.
func Settings(files []File) []Setting { return settingsBy(files, partSize) }

// settingsBy is Settings with parts of about size bytes.
func settingsBy(files []File, size int) []Setting {
	root := documentForm()
	w := walker{}
	seen := map[string]bool{} // heads of entries in the files before
	for _, f := range files {
		w.file = f.Name
		start := len(w.settings)
		var here map[string]bool
		begin := func() { w.settings, here = w.settings[:start], map[string]bool{} }
		problems := entries(f, size, begin, func(e entry) {
			if head := e.head(); !seen[head] && !here[head] {
				here[head] = true
				w.entry(e, root)
			}
		})
		if problems != nil {
			w.settings = w.settings[:start]
			continue
		}
		maps.Copy(seen, here)
	}
	return w.settings
}

// A walker collects the settings of trees.
type walker struct {
	file     string
	path     []string
	settings []Setting
}

// entry collects the settings of an entry. A key that is written twice may give
// a path twice.
func (w *walker) entry(e entry, root *form) {
	f, start := root.tables[0].forms[e.section], len(w.settings)
	w.path = append(w.path[:0], e.section)
	if e.name != "" && f != nil {
		w.path, f = append(w.path, e.name), f.values
	}
	w.value(e.value, f)
	seen := map[string]bool{}
	once := w.settings[:start]
	for _, s := range w.settings[start:] {
		if !seen[s.Path] {
			seen[s.Path] = true
			once = append(once, s)
		}
	}
	w.settings = once
}

func (w *walker) value(n *yaml.Node, f *form) {
	switch {
	case f == nil || isNothing(n):
	case n.Kind == yaml.MappingNode:
		w.mapping(n, f)
	case n.Kind == yaml.SequenceNode:
		for i, item := range n.Content {
			w.under(strconv.Itoa(i), item, f.items)
		}
	case n.Kind == yaml.ScalarNode:
		if kind := f.kind(w.path[len(w.path)-1], n.Value); turnable[kind] {
			w.settings = append(w.settings, Setting{
				Path: strings.Join(w.path, "/"), Text: n.Value, Kind: kind,
				Pos: model.Pos{File: w.file, Line: n.Line, Col: n.Column},
			})
		}
	}
}

func (w *walker) mapping(n *yaml.Node, f *form) {
	t := f.table(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case !isName(key):
		case t == nil:
			w.under(key.Value, value, f.values)
		case !t.recorded[key.Value]:
			w.under(key.Value, value, t.forms[key.Value])
		}
	}
	if t == nil {
		return
	}
	for _, d := range t.offered {
		if key, _ := entryOf(n, d.Path); key == nil {
			d.Path, d.Default = strings.Join(w.path, "/")+"/"+d.Path, true
			w.settings = append(w.settings, d)
		}
	}
}

// under goes on with the value of a key.
func (w *walker) under(key string, n *yaml.Node, f *form) {
	w.path = append(w.path, key)
	w.value(n, f)
	w.path = w.path[:len(w.path)-1]
}

// Get returns the single value at a path, whatever its kind; ok is false where
// there is none. For a value that is left out it returns the default, where
// Settings does.
func Get(files []File, path string) (s Setting, ok bool) {
	head, rest, message := splitPath(path)
	if message != "" {
		return Setting{}, false
	}
	root := documentForm()
	for _, f := range files {
		met := false
		problems := entries(f, partSize, func() { s, ok, met = Setting{}, false, false }, func(e entry) {
			if met || e.head() != head {
				return
			}
			met = true
			if at, refused := locate(root, e, rest); refused == nil {
				s, ok = at.setting(f.Name, path)
			}
		})
		if met && problems == nil {
			return s, ok
		}
	}
	return Setting{}, false
}

// setting returns what stands at a spot, or the default for what is missing.
func (at spot) setting(file, path string) (s Setting, ok bool) {
	if at.missing != "" {
		if at.value.Kind != yaml.MappingNode || at.table == nil {
			return Setting{}, false
		}
		for _, d := range at.table.offered {
			if d.Path == at.missing {
				d.Path, d.Default = path, true
				return d, true
			}
		}
		return Setting{}, false
	}
	if at.value.Kind != yaml.ScalarNode || isNothing(at.value) {
		return Setting{}, false
	}
	key := path[strings.LastIndexByte(path, '/')+1:]
	return Setting{
		Path: path, Text: at.value.Value, Kind: at.form.kind(key, at.value.Value),
		Pos: model.Pos{File: file, Line: at.value.Line, Col: at.value.Column},
	}, true
}
