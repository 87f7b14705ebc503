package diff

import (
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// A sheet is an element of a model, or a part of one, as a list of what it says.
type sheet struct {
	key     string // of a part within its element: parts of one key are the same
	label   string // what a part is called: "needs postgres"
	summary string // said where the whole is added or removed
	pos     model.Pos
	group   string // of a part: see field.group
	bears   model.Bearing
	fields  []field
	parts   []*sheet
}

// A field is one thing that an element says.
type field struct {
	key     string
	values  []value // none that is not there
	ordered bool    // the order of the values matters
	bears   model.Bearing
	// group names what is exchanged together with it, so that what is left is a
	// model; empty is the key.
	group string
	// name is what the field is called where that is not its key, form how it is
	// said, and whole all that is said: a frequency may be an interval, a rate or
	// a chance. Of two forms the whole is told.
	name, form, whole string
}

// called is what people know the field by.
func (f *field) called() string {
	if f.name != "" {
		return f.name
	}
	return f.key
}

// add appends a field; values that are not there are left out.
func (s *sheet) add(bears model.Bearing, group, key string, vs ...value) *field {
	f := field{key: key, bears: bears, group: group}
	for _, v := range vs {
		if v.there() {
			f.values = append(f.values, v)
		}
	}
	if f.group == "" {
		f.group = key
	}
	s.fields = append(s.fields, f)
	return &s.fields[len(s.fields)-1]
}

func serviceSheet(s *model.Service) *sheet {
	out := &sheet{pos: s.Pos}
	describe(out, model.ServiceKeys(), s, special[model.Service]{
		"objective": nil,
		"objectives": func(out *sheet, s *model.Service) {
			for _, o := range s.Objectives {
				out.parts = append(out.parts, objectiveSheet(o))
			}
		},
		"needs": func(out *sheet, s *model.Service) {
			for _, n := range s.Needs {
				out.parts = append(out.parts, needSheet(n))
			}
		},
	})
	if st := s.Stated; st != nil {
		describe(out, model.StatedKeys(), st, special[model.Stated]{
			"every": func(out *sheet, st *model.Stated) {
				if st.Every != nil {
					out.frequency("stated", st.Every)
				}
			},
			"rate": nil,
		})
	}
	switch {
	case len(s.Objectives) > 0:
		out.summary = out.parts[0].label + " " + out.parts[0].summary
	case s.Stated != nil && s.Stated.Availability != nil:
		out.summary = "availability " + s.Stated.Availability.Text
	case s.Stated != nil:
		out.summary = often(s.Stated.Every)
	}
	return out
}

// frequency appends a rate, which is written as an interval or as a rate.
func (s *sheet) frequency(group string, r *model.Rate) {
	f := s.add(model.BadTime, group, "frequency", rateOf(r))
	f.name, f.whole = "rate", often(r)
	if interval(r) {
		f.name = "every"
	}
	f.form = f.name
}

func objectiveSheet(o *model.Objective) *sheet {
	out := &sheet{key: "objective " + o.Name, label: "objectives " + o.Name, pos: o.Pos, bears: model.BadTime}
	if o.Name == "available" {
		out.label = "objective"
	}
	out.group = out.key
	describe(out, model.ObjectiveKeys(), o, nil)
	out.summary = shareOf(&o.Target).text + " over " + texts(find(out.fields, "over").values)
	return out
}

func changeSheet(c *model.Change) *sheet {
	out := &sheet{pos: c.Pos, summary: often(&c.Every)}
	describe(out, model.ChangeKeys(), c, nil)
	return out
}

// frequencyKeys is the group of the keys that say how often a risk happens.
const frequencyKeys = "frequency"

func riskSheet(r *model.Risk) *sheet {
	out := &sheet{pos: r.Pos, summary: frequency(r)}
	if r.Service.Name != "" {
		out.summary += " on " + r.Service.Name
	}
	describe(out, model.RiskKeys(), r, special[model.Risk]{
		"every": func(out *sheet, r *model.Risk) {
			switch {
			case r.Per != nil:
				v := shareOf(r.Chance)
				v.meaning += " per " + r.Per.Name
				f := out.add(model.BadTime, frequencyKeys, "frequency", v)
				f.name, f.form, f.whole = "chance", "per "+r.Per.Name, frequency(r)
			case r.Rate != nil:
				out.frequency(frequencyKeys, r.Rate)
			}
		},
		"rate": nil, "per": nil, "chance": nil,
		"strikes": func(out *sheet, r *model.Risk) { out.add(model.BadTime, "strikes", "strikes", strikesOf(r)) },
		"detect": func(out *sheet, r *model.Risk) {
			out.add(model.BadTime, "detect", "detect", waysOf(r.Detect, r.DetectInline)...)
		},
		"recover": func(out *sheet, r *model.Risk) {
			out.add(model.BadTime, "recover", "recover", waysOf(r.Recover, r.RecoverInline)...).ordered = true
		},
	})
	return out
}

// waysOf are named detections or recoveries, or the one time that stands in
// their place.
func waysOf(refs []model.Ref, inline *model.Time) []value {
	if inline != nil {
		return []value{timeOf(inline)}
	}
	return refsOf(refs)
}

func strikesOf(r *model.Risk) value {
	v := value{text: "one", meaning: "one", pos: r.Pos}
	if scenario.StrikesAll(r) {
		v.text, v.meaning = "all", "all"
	}
	if r.Strikes == model.StrikesDefault {
		v.text += byDefault
	}
	return v
}

// often says a rate as written, and which of the two ways that is.
func often(r *model.Rate) string {
	if r == nil {
		return ""
	}
	if interval(r) {
		return "every " + r.Text
	}
	return rateOf(r).text
}

func frequency(r *model.Risk) string {
	if r.Per != nil {
		return shareOf(r.Chance).text + " per " + r.Per.Name
	}
	return often(r.Rate)
}

func detectionSheet(d *model.Detection) *sheet {
	out := &sheet{pos: d.Pos, summary: detectionOf(d).text}
	describe(out, model.DetectionKeys(), d, nil)
	return out
}

func recoverySheet(r *model.Recovery) *sheet {
	out := &sheet{pos: r.Pos, summary: recoveryOf(r).text}
	describe(out, model.RecoveryKeys(), r, nil)
	return out
}

func responderSheet(r *model.Responder) *sheet {
	out := &sheet{pos: r.Pos, summary: "acknowledges " + timeOf(&r.Acknowledges).text}
	describe(out, model.ResponderKeys(), r, nil)
	return out
}
