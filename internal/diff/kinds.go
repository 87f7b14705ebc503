package diff

import (
	"slices"

	"tightrope/internal/model"
)

// A kind is one kind of element: how to list them, what each says, and how to
// exchange them.
type kind interface {
	element() string
	changes(before, after *model.Model) []*Change
	// has reports whether the model has an element of that name.
	has(m *model.Model, name string) bool
	// mix puts into m, a copy of the old model, what take asks for of the new
	// one.
	mix(m, after *model.Model, take choice)
}

// kinds lists every kind in the order of the documentation.
var kinds = []kind{
	&kindOf[model.Service]{"service", func(m *model.Model) *[]*model.Service { return &m.Services }, func(s *model.Service) string { return s.Name }, serviceSheet, putService},
	&kindOf[model.Change]{"change", func(m *model.Model) *[]*model.Change { return &m.Changes }, func(c *model.Change) string { return c.Name }, changeSheet, put(model.ChangeKeys())},
	&kindOf[model.Risk]{"risk", func(m *model.Model) *[]*model.Risk { return &m.Risks }, func(r *model.Risk) string { return r.Name }, riskSheet, put(model.RiskKeys())},
	&kindOf[model.Detection]{"detection", func(m *model.Model) *[]*model.Detection { return &m.Detections }, func(d *model.Detection) string { return d.Name }, detectionSheet, put(model.DetectionKeys())},
	&kindOf[model.Recovery]{"recovery", func(m *model.Model) *[]*model.Recovery { return &m.Recoveries }, func(r *model.Recovery) string { return r.Name }, recoverySheet, put(model.RecoveryKeys())},
	&kindOf[model.Responder]{"responder", func(m *model.Model) *[]*model.Responder { return &m.Responders }, func(r *model.Responder) string { return r.Name }, responderSheet, put(model.ResponderKeys())},
	&kindOf[model.Net]{safetyNet, func(m *model.Model) *[]*model.Net { return &m.Nets }, func(n *model.Net) string { return n.Name }, netSheet, put(model.NetKeys())},
}

const safetyNet = "safety net"

// kindOf is a kind of element that is held in a slice of T.
type kindOf[T any] struct {
	word  string
	list  func(*model.Model) *[]*T
	name  func(*T) string
	sheet func(*T) *sheet
	// put takes one group of fields over from src.
	put func(dst, src *T, group string)
}

func (k *kindOf[T]) element() string { return k.word }

func (k *kindOf[T]) index(m *model.Model) map[string]*T {
	out := map[string]*T{}
	for _, v := range *k.list(m) {
		out[k.name(v)] = v
	}
	return out
}

func (k *kindOf[T]) has(m *model.Model, name string) bool {
	return slices.ContainsFunc(*k.list(m), func(v *T) bool { return k.name(v) == name })
}

func (k *kindOf[T]) changes(before, after *model.Model) []*Change {
	var out []*Change
	was, is := k.index(before), k.index(after)
	for _, v := range *k.list(after) {
		name := k.name(v)
		old, there := was[name]
		var list []*Change
		if there {
			list = sheetChanges(unit{k.word, name}, k.sheet(old), k.sheet(v))
		} else {
			s := k.sheet(v)
			list = []*Change{{Kind: Added, Element: k.word, Name: name, New: s.summary, NewPos: s.pos, bears: model.BadTime}}
		}
		for _, c := range list {
			c.idle = !stands(old) && !stands(v)
		}
		out = append(out, list...)
	}
	for _, v := range *k.list(before) {
		if name := k.name(v); is[name] == nil {
			s := k.sheet(v)
			out = append(out, &Change{Kind: Removed, Element: k.word, Name: name, Old: s.summary, OldPos: s.pos, bears: model.BadTime, idle: !stands(v)})
		}
	}
	return out
}

// stands reports whether an element has a part in a forecast: all but nets that
// do not stand.
func stands[T any](v *T) bool {
	if n, ok := any(v).(*model.Net); ok {
		return n != nil && n.Status == model.InPlace
	}
	return v != nil
}

func (k *kindOf[T]) mix(m, after *model.Model, take choice) {
	list := slices.Clone(*k.list(m))
	is := k.index(after)
	kept := list[:0]
	for _, v := range list {
		groups, asked := take[unit{k.word, k.name(v)}]
		src := is[k.name(v)]
		switch {
		case !asked:
		case src == nil:
			continue
		case groups == nil:
			v = src
		default:
			part := *v
			for _, g := range groups {
				k.put(&part, src, g)
			}
			v = &part
		}
		kept = append(kept, v)
	}
	// What is new comes behind what it stands behind in the new model.
	at := 0
	for _, v := range *k.list(after) {
		name := k.name(v)
		if i := slices.IndexFunc(kept, func(w *T) bool { return k.name(w) == name }); i >= 0 {
			at = i + 1
		} else if _, asked := take[unit{k.word, name}]; asked {
			kept = slices.Insert(kept, at, v)
			at++
		}
	}
	*k.list(m) = kept
}

// put takes one group of fields over from src.
func put[T any](keys []model.Key[T]) func(dst, src *T, group string) {
	return func(dst, src *T, group string) { take(keys, dst, src, group) }
}

func putService(dst, src *model.Service, group string) {
	switch {
	case group == "stated":
		dst.Stated = src.Stated
	case !take(model.ServiceKeys(), dst, src, group):
		dst.Objectives = exchange(dst.Objectives, src.Objectives, func(o *model.Objective) string { return "objective " + o.Name }, group)
		dst.Needs = exchange(dst.Needs, src.Needs, func(n *model.Need) string { _, key := needName(n); return key }, group)
	}
}

// exchange takes the parts of one key over from src.
func exchange[T any](dst, src []*T, key func(*T) string, which string) []*T {
	var out []*T
	from := slices.DeleteFunc(slices.Clone(src), func(v *T) bool { return key(v) != which })
	for _, v := range dst {
		if key(v) != which {
			out = append(out, v)
		} else if len(from) > 0 {
			out, from = append(out, from[0]), from[1:]
		}
	}
	return append(out, from...)
}
