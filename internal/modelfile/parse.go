package modelfile

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// Parse reads files that together make one model. The model is nil where
// there are problems, which are in the order of the files.
func Parse(files []File) (*model.Model, []model.Problem) { return parseBy(files, partSize) }

// parseBy is Parse with parts of about size bytes.
func parseBy(files []File, size int) (*model.Model, []model.Problem) {
	m, problems, err := newReader(size).files(files)
	if err != nil {
		// Nothing of the first attempt is kept: what was read of the file
		// would be there twice.
		m, problems, _ = newReader(math.MaxInt).files(files)
	}
	return m, problems
}

func newReader(size int) *reader {
	return &reader{
		size:   size,
		model:  &model.Model{},
		whole:  true,
		said:   map[string]model.Text{},
		unread: model.Unread{Keys: map[model.Pos]map[string]bool{}, Names: map[string]bool{}},
	}
}

// files reads all files of a model; the error says that one of them cannot be
// read in parts.
func (r *reader) files(files []File) (*model.Model, []model.Problem, error) {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	total := 0
	for _, f := range files {
		r.file = f.Name
		if total += len(f.Data); total > MaxBytes {
			r.whole = false
			r.problemAt(model.Pos{File: f.Name, Line: 1, Col: 1}, "too-big", "expected a model of at most 16 MiB in all files together; this file goes beyond it")
			break
		}
		if err := r.one(f.Data); err != nil {
			return nil, nil, err
		}
		if r.full() {
			r.stopped, r.whole = true, false
			break
		}
	}
	if r.whole {
		var start model.Pos
		if len(files) > 0 {
			start = model.Pos{File: files[0].Name, Line: 1, Col: 1}
		}
		r.complete(start)
	}
	r.model.Index()
	if r.whole {
		problems, more := model.CheckRead(r.model, r.unread, maxProblems-len(r.problems))
		r.problems = append(r.problems, problems...)
		r.count += len(problems) + more
	}
	if r.count > 0 {
		return nil, r.settle(names), nil
	}
	return r.model, nil, nil
}

// one reads one file, in parts where it is long; the error says that this
// cannot be done.
func (r *reader) one(data []byte) error {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !r.encoded(data) || !r.bearable(data) {
		return nil
	}
	if parts := cut(data, r.size); parts != nil {
		return r.inParts(parts)
	}
	if root := r.guarded(data); root != nil {
		r.document(root)
	}
	return nil
}

// complete reports what every model has.
func (r *reader) complete(start model.Pos) {
	if !r.version {
		r.problemAt(start, "no-version", "no version; write version: 1 on the first line")
	}
	// Services whose names could not be read are not missing as well.
	if !r.services && len(r.unread.Names) == 0 {
		r.problemAt(start, "no-service", "no service; write at least one under services")
	}
}

// settle sorts the problems, tells each once, and says how many are not told.
func (r *reader) settle(files []string) []model.Problem {
	more := r.count - len(r.problems)
	model.SortProblems(r.problems, files)
	problems := slices.Compact(r.problems)
	if more > 0 {
		message := fmt.Sprintf("%d more problems are not shown", more)
		if r.stopped {
			message = "more problems are not shown, and what follows was not read to its end"
		}
		problems = append(problems, model.Problem{Pos: problems[len(problems)-1].Pos, Code: "too-many", Message: message})
	}
	return problems
}

// document reads one file.
func (r *reader) document(root *yaml.Node) {
	if root.Kind != yaml.MappingNode {
		r.whole = false
		r.problem(root, "wrong-type", "expected a model with keys such as version and services, found %s", found(root))
		return
	}
	documentObject.read(r, root, site{place: root, who: "the model"}, r)
}

// section is a top-level mapping from names to parts of the model. Names are
// unique in it across all files.
func section[T any](key string, o *object[T], doc string, keep func(r *reader, name model.Ref, v *T)) field[reader] {
	return field[reader]{
		trait: trait{key: key, doc: doc, entries: true, schema: mapOf(ref(o.name))},
		read: func(r *reader, n *yaml.Node, _ *reader) {
			named(r, n, o, func(name model.Ref, v *T) {
				keep(r, name, v)
			})
		},
	}
}

// documentObject is a whole file. It reads into the reader, whose model all
// files share.
var documentObject = object[reader]{
	name: "model",
	doc:  "A model of services, what can go wrong with them, and their safety nets.",
	fields: slices.Concat([]field[reader]{
		about("the version of the language: 1", with("version", aVersion, func(*reader, int) {})),
	}, shared(model.ModelKeys(), in("currency", aCurrency, func(m *model.Model) *model.Text { return &m.Currency })), []field[reader]{
		about("prices of effort", with("rates", ratesObject.kind(), func(r *reader, v model.Model) { once(r, model.RateKeys(), &v) })),
		section("services", &serviceObject, "services by name", func(r *reader, name model.Ref, v *model.Service) {
			v.Name, r.services = name.Name, true
			r.model.Services = append(r.model.Services, v)
		}),
		section("changes", &changeObject, "changes by name", func(r *reader, name model.Ref, v *model.Change) {
			v.Name = name.Name
			r.model.Changes = append(r.model.Changes, v)
		}),
		section("risks", &riskObject, "risks by name", func(r *reader, name model.Ref, v *model.Risk) {
			v.Name = name.Name
			r.model.Risks = append(r.model.Risks, v)
		}),
		section("detection", &detectionObject, "detections by name", func(r *reader, name model.Ref, v *model.Detection) {
			v.Name = name.Name
			r.notLikeTime(name, "detection")
			r.model.Detections = append(r.model.Detections, v)
		}),
		section("recovery", &recoveryObject, "recoveries by name", func(r *reader, name model.Ref, v *model.Recovery) {
			v.Name = name.Name
			r.notLikeTime(name, "recovery")
			r.model.Recoveries = append(r.model.Recoveries, v)
		}),
		section("responders", &responderObject, "responders by name", func(r *reader, name model.Ref, v *model.Responder) {
			v.Name = name.Name
			r.model.Responders = append(r.model.Responders, v)
		}),
		section("safety_nets", &netObject, "safety nets by name", func(r *reader, name model.Ref, v *model.Net) {
			v.Name = name.Name
			r.model.Nets = append(r.model.Nets, v)
		}),
	}),
	finish: func(r *reader, _ *reader, at site) {
		r.version = r.version || at.seen.has("version")
		// Services under a mistyped key are not missing as well.
		if key := at.seen["services"]; key != nil && key.Value != "services" {
			r.services = true
		}
	},
}

// shared makes fields of a whole file out of keys of the model that several
// files may say to one answer.
func shared(keys []model.Key[model.Model], own ...field[model.Model]) []field[reader] {
	var out []field[reader]
	for _, f := range described(keys, own...) {
		out = append(out, field[reader]{trait: f.trait, read: func(r *reader, n *yaml.Node, _ *reader) {
			var v model.Model
			f.read(r, n, &v)
			once(r, keys, &v)
		}})
	}
	return out
}

// once keeps what a file says under keys of the model, where it is the first.
func once(r *reader, keys []model.Key[model.Model], v *model.Model) {
	for i := range keys {
		k := &keys[i]
		var said model.Text
		switch x := k.At(v).(type) {
		case *model.Text:
			said = *x
		case **model.Amount:
			if *x != nil {
				said = model.Text{S: (*x).Text, Pos: (*x).Pos}
			}
		default:
			panic("modelfile: nobody knows how " + k.Name + " is said by several files")
		}
		if said.S != "" && r.first(k.Name, said) {
			model.Take(k, r.model, v)
		}
	}
}

var ratesObject = object[model.Model]{
	name:   "rates",
	doc:    "Prices of effort.",
	fields: described(model.RateKeys()),
	finish: func(r *reader, m *model.Model, _ site) {
		if m.PersonDay != nil && m.PersonDay.Per != 0 {
			r.problemAt(m.PersonDay.Pos, "period", "the price of one person-day has no period, found %s", quote(m.PersonDay.Text))
		}
	},
}

// first holds values that several files may say to one answer; it reports
// whether this is the first time.
func (r *reader) first(what string, v model.Text) bool {
	said, again := r.said[what]
	if !again {
		r.said[what] = v
	} else if said.S != v.S {
		r.problemAt(v.Pos, "two-ways", "%s is %s here and %s at %s:%d:%d", what, quote(v.S), quote(said.S), said.Pos.File, said.Pos.Line, said.Pos.Col)
	}
	return !again
}

// notLikeTime refuses names that a bare detect or recover would read as a
// time.
func (r *reader) notLikeTime(name model.Ref, what string) {
	if looksLikeTime(name.Name) {
		r.problemAt(name.Pos, "bad-name", "a %s cannot be named %s, which reads as a time", what, quote(name.Name))
	}
}
