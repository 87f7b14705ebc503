package diff

import (
	"math/big"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// bearing says what a field of the model has a bearing on.
type bearing int

const (
	onWords bearing = iota // titles, owners, sources: people read them
	onMoney                // costs and worth: plans and expected losses
	onTime                 // forecasts, and all else with them
)

// A sheet is an element of a model, or a part of one, as a list of what it says.
type sheet struct {
	key     string // of a part within its element: parts of one key are the same
	label   string // what a part is called: "needs postgres"
	summary string // said where the whole is added or removed
	pos     model.Pos
	group   string // of a part: see field.group
	bears   bearing
	fields  []field
	parts   []*sheet
}

// A field is one thing that an element says.
type field struct {
	key     string
	values  []value // none that is not there
	ordered bool    // the order of the values matters
	bears   bearing
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
func (s *sheet) add(bears bearing, group, key string, vs ...value) *field {
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

func (s *sheet) words(key string, v value) { s.add(onWords, "words", key, v) }

func serviceSheet(s *model.Service) *sheet {
	out := &sheet{pos: s.Pos}
	out.words("title", textOf(s.Title))
	out.words("owner", textOf(s.Owner))
	out.add(onTime, "", "outside", boolOf(s.Outside, false, s.Pos))
	for _, o := range s.Objectives {
		out.parts = append(out.parts, objectiveSheet(o))
	}
	out.add(onTime, "", "background", shareOf(s.Background))
	if h := s.History; h != nil {
		out.add(onWords, "history", "history over", durationOf(&h.Over))
		out.add(onWords, "history", "history bad", durationOf(h.Bad))
		out.add(onWords, "history", "history incidents", countOf(h.Incidents))
		if h.Missed != nil {
			c, of := countOf(&model.Count{N: h.Missed.N}), countOf(&model.Count{N: h.Missed.Of})
			out.add(onWords, "history", "history missed", value{c.text + " of " + of.text, c.meaning + " of " + of.meaning, h.Missed.Pos})
		}
	}
	if w := s.Worth; w != nil {
		out.add(onMoney, "worth", "worth revenue", amountOf(w.Revenue))
		out.add(onMoney, "worth", "worth lost", shareOf(w.Lost))
		out.add(onMoney, "worth", "worth users", countOf(w.Users))
		var clauses []value
		for _, c := range w.SLA {
			clauses = append(clauses, clauseOf(c))
		}
		out.add(onMoney, "worth", "worth sla", clauses...)
	}
	for _, n := range s.Needs {
		out.parts = append(out.parts, needSheet(n))
	}
	out.add(onTime, "copies", "copies", countOf(s.Copies).or("1", whole))
	out.add(onTime, "copies", "need", countOf(s.Need).or("1", whole))
	out.add(onTime, "copies", "switch", switchOf(s.Switch))
	out.add(onTime, "copies", "common_cause", shareOf(s.CommonCause).or(percent(scenario.DefaultCommonCause()), exactly(scenario.DefaultCommonCause())))
	if st := s.Stated; st != nil {
		out.add(onTime, "stated", "availability", shareOf(st.Availability))
		if st.Every != nil {
			out.frequency("stated", st.Every)
		}
		out.add(onTime, "stated", "outage", timeOf(&st.Outage))
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
	f := s.add(onTime, group, "frequency", rateOf(r))
	f.name, f.whole = "rate", often(r)
	if interval(r) {
		f.name = "every"
	}
	f.form = f.name
}

// percent says an exact share.
func percent(share *big.Rat) string {
	return decimal(new(big.Rat).Mul(share, big.NewRat(100, 1))) + "%"
}

func objectiveSheet(o *model.Objective) *sheet {
	out := &sheet{key: "objective " + o.Name, label: "objectives " + o.Name, pos: o.Pos, bears: onTime}
	if o.Name == "available" {
		out.label = "objective"
	}
	out.group = out.key
	window, text, _ := scenario.Window(nil)
	confidence, _ := scenario.Confidence(nil)
	over := durationOf(o.Over).or(text, exactly(window))
	out.add(onTime, "", "target", shareOf(&o.Target))
	out.add(onTime, "", "over", over)
	out.add(onTime, "", "confidence", shareOf(o.Confidence).or(percent(confidence), exactly(confidence)))
	out.summary = shareOf(&o.Target).text + " over " + over.text
	return out
}

func changeSheet(c *model.Change) *sheet {
	out := &sheet{pos: c.Pos, summary: often(&c.Every)}
	out.words("title", textOf(c.Title))
	out.words("owner", textOf(c.Owner))
	out.add(onTime, "", "service", refOf(c.Service))
	out.add(onTime, "", "every", rateOf(&c.Every))
	out.add(onTime, "", "downtime", timeOf(c.Downtime).or("0s", nothing))
	out.add(onTime, "", "impact", impactOf(c.Impact)...)
	out.add(onTime, "", "stages", stagesOf(c.Stages)...).ordered = true
	out.add(onTime, "", "excluded", boolOf(c.Excluded, false, c.Pos))
	return out
}

func riskSheet(r *model.Risk) *sheet {
	out := &sheet{pos: r.Pos, summary: frequency(r)}
	if r.Service.Name != "" {
		out.summary += " on " + r.Service.Name
	}
	out.words("title", textOf(r.Title))
	out.add(onTime, "", "service", refOf(r.Service))
	switch {
	case r.Per != nil:
		v := shareOf(r.Chance)
		v.meaning += " per " + r.Per.Name
		f := out.add(onTime, "frequency", "frequency", v)
		f.name, f.form, f.whole = "chance", "per "+r.Per.Name, frequency(r)
	case r.Rate != nil:
		out.frequency("frequency", r.Rate)
	}
	out.add(onTime, "frequency", "units", countOf(r.Units).or("1", whole))
	out.add(onTime, "", "impact", impactOf(r.Impact)...)
	out.add(onTime, "", "strikes", strikesOf(r))
	out.add(onMoney, "", "loses", amountOf(r.Loses))
	out.add(onTime, "", "before_nets", boolOf(r.BeforeNets, false, r.Pos))
	detect, recover := refsOf(r.Detect), refsOf(r.Recover)
	if r.DetectInline != nil {
		detect = []value{timeOf(r.DetectInline)}
	}
	if r.RecoverInline != nil {
		recover = []value{timeOf(r.RecoverInline)}
	}
	out.add(onTime, "", "detect", detect...)
	out.add(onTime, "", "recover", recover...).ordered = true
	out.words("owner", textOf(r.Owner))
	out.words("source", textOf(r.Source))
	out.words("asof", dateOf(r.AsOf))
	out.words("review", durationOf(r.Review))
	if a := r.Accepted; a != nil {
		out.words("accepted by", textOf(a.By))
		out.words("accepted since", dateOf(a.Since))
		out.words("accepted until", dateOf(a.Until))
		out.words("accepted because", textOf(a.Because))
	}
	return out
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
	out.words("title", textOf(d.Title))
	out.add(onTime, "", "after", timeOf(&d.After))
	out.add(onTime, "", "catches", shareOf(d.Catches).or("100%", whole))
	out.add(onMoney, "", "false_alarms", rateOf(d.FalseAlarms))
	return out
}

func recoverySheet(r *model.Recovery) *sheet {
	out := &sheet{pos: r.Pos, summary: recoveryOf(r).text}
	out.words("title", textOf(r.Title))
	out.add(onTime, "", "takes", timeOf(&r.Takes))
	out.add(onTime, "", "works", shareOf(r.Works).or("100%", whole))
	out.add(onTime, "", "restores", shareOf(r.Restores).or("100%", whole))
	out.add(onTime, "", "by", refOf(r.By))
	out.words("runbook", textOf(r.Runbook))
	out.words("drilled", dateOf(r.Drilled))
	return out
}

func responderSheet(r *model.Responder) *sheet {
	out := &sheet{pos: r.Pos, summary: "acknowledges " + timeOf(&r.Acknowledges).text}
	out.words("title", textOf(r.Title))
	out.add(onTime, "", "acknowledges", timeOf(&r.Acknowledges))
	out.add(onMoney, "", "people", countOf(r.People))
	return out
}
