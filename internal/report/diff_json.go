package report

import (
	"io"

	"tightrope/internal/diff"
	"tightrope/internal/forecast"
)

// DiffFormat is the name and version of the JSON document of a comparison.
const DiffFormat = "tightrope.diff/1"

// DiffJSON writes a comparison for machines: one document, with numbers in full,
// in seconds or plain ratios, and null for what is unknown or not there. Keys are
// only ever added, at the end of their object. It returns the error of w.
func DiffJSON(w io.Writer, r *diff.Result) error {
	doc := diffDocument{
		Format: DiffFormat, Same: r.Same,
		Changes:    make([]jsonChange, 0, len(r.Changes)),
		Objectives: make([]jsonMoved, 0, len(r.Objectives)),
		Warnings:   saidIn(r.Warnings),
	}
	for _, c := range r.Changes {
		doc.Changes = append(doc.Changes, changeJSON(c))
	}
	for _, o := range r.Objectives {
		doc.Objectives = append(doc.Objectives, movedJSON(o))
	}
	if p := r.Plan; p != nil {
		doc.Plan = &jsonPlanDiff{Old: plannedJSON(p.Old), New: plannedJSON(p.New), Causes: []jsonPlanCause{}, Changed: p.Changed()}
		for _, c := range p.Causes {
			doc.Plan.Causes = append(doc.Plan.Causes, jsonPlanCause{Changes: causeChangesJSON(c.Changes), Added: list(c.Added), Dropped: list(c.Dropped), All: c.All})
		}
	}
	if c := r.Costs; c != nil {
		doc.Costs = &jsonCostsDiff{costsJSON(c.Old), costsJSON(c.New)}
	}
	return encode(w, "comparison", doc)
}

// The order of the fields below is the order of the keys in the document.
type (
	diffDocument struct {
		Format     string         `json:"format"`
		Same       bool           `json:"same"`
		Changes    []jsonChange   `json:"changes"`
		Objectives []jsonMoved    `json:"objectives"`
		Plan       *jsonPlanDiff  `json:"plan"`
		Costs      *jsonCostsDiff `json:"costs"`
		Warnings   []string       `json:"warnings"`
	}

	jsonChange struct {
		Kind      diff.Kind `json:"kind"`
		Element   string    `json:"element"`
		Name      *string   `json:"name"`
		Field     *string   `json:"field"`
		Old       *string   `json:"old"`
		New       *string   `json:"new"`
		File      *string   `json:"file"`
		Line      *int      `json:"line"`
		OldFile   *string   `json:"old_file"`
		OldLine   *int      `json:"old_line"`
		Reordered bool      `json:"reordered"`
	}

	jsonMoved struct {
		Service   string          `json:"service"`
		Objective *string         `json:"objective"`
		Old       *jsonState      `json:"old"`
		New       *jsonState      `json:"new"`
		Causes    []jsonCause     `json:"causes"`
		Touched   bool            `json:"touched"`
		MovedBy   *diff.Move      `json:"moved_by"`
		Joint     bool            `json:"joint"`
		Sources   []jsonMoveOfBad `json:"sources"`
	}

	jsonState struct {
		MetProbability     *float64         `json:"met_probability"`
		AchievableTarget   float64          `json:"achievable_target"`
		BadSecondsMean     float64          `json:"bad_seconds_mean"`
		Verdict            forecast.Verdict `json:"verdict"`
		Target             *float64         `json:"target"`
		WindowSeconds      float64          `json:"window_seconds"`
		Confidence         float64          `json:"confidence"`
		BadSecondsPerYear  float64          `json:"bad_seconds_per_year"`
		MetProbabilityBand *[2]float64      `json:"met_probability_band"`
	}

	jsonCauseChange struct {
		Element string  `json:"element"`
		Name    *string `json:"name"`
		Field   *string `json:"field"`
		Old     *string `json:"old"`
		New     *string `json:"new"`
	}

	jsonCause struct {
		jsonCauseChange
		Effect           float64           `json:"effect"`
		EffectBadPerYear float64           `json:"effect_bad_seconds_per_year"`
		With             []jsonCauseChange `json:"with"`
	}

	jsonMoveOfBad struct {
		Name    string              `json:"name"`
		Kind    forecast.SourceKind `json:"kind"`
		Service string              `json:"service"`
		Old     float64             `json:"old_bad_seconds_per_year"`
		New     float64             `json:"new_bad_seconds_per_year"`
	}

	jsonPlanDiff struct {
		Old     *jsonPlanned    `json:"old"`
		New     *jsonPlanned    `json:"new"`
		Causes  []jsonPlanCause `json:"causes"`
		Changed bool            `json:"changed"`
	}

	jsonPlanned struct {
		Nets           []string `json:"nets"`
		AnnualCost     float64  `json:"annual_cost"`
		MetProbability float64  `json:"met_probability"`
		Feasible       bool     `json:"feasible"`
		Recommended    *string  `json:"recommended_target"`
		Unknown        bool     `json:"unknown"`
	}

	jsonPlanCause struct {
		Changes []jsonCauseChange `json:"changes"`
		Added   []string          `json:"added"`
		Dropped []string          `json:"dropped"`
		All     bool              `json:"all"`
	}

	jsonCostsDiff struct {
		Old *jsonCosts `json:"old"`
		New *jsonCosts `json:"new"`
	}

	jsonCosts struct {
		Currency     *string  `json:"currency"`
		NetsPerYear  *float64 `json:"nets_per_year"`
		LossPerYear  *float64 `json:"expected_loss_per_year"`
		LossError    *float64 `json:"expected_loss_per_year_error"`
		PagesPerWeek *float64 `json:"pages_per_week"`
		HoursPerYear *float64 `json:"hours_per_year"`
	}
)

func changeJSON(c *diff.Change) jsonChange {
	one := causeChangeJSON(c)
	out := jsonChange{Kind: c.Kind, Element: one.Element, Name: one.Name, Field: one.Field, Old: one.Old, New: one.New, Reordered: c.Reordered}
	out.File, out.Line, _ = place(c.Pos())
	out.OldFile, out.OldLine, _ = place(c.OldPos)
	return out
}

func causeChangeJSON(c *diff.Change) jsonCauseChange {
	out := jsonCauseChange{Element: c.Element, Name: known(c.Name), Field: known(c.Field), Old: known(c.Old), New: known(c.New)}
	return out
}

func causeChangesJSON(changes []*diff.Change) []jsonCauseChange {
	out := make([]jsonCauseChange, 0, len(changes))
	for _, c := range changes {
		out = append(out, causeChangeJSON(c))
	}
	return out
}

func movedJSON(o *diff.Objective) jsonMoved {
	out := jsonMoved{
		Service: o.Service, Objective: known(o.Name), Old: stateJSON(o.Old, o.Touched), New: stateJSON(o.New, o.Touched),
		Causes: []jsonCause{}, Touched: o.Touched, Joint: o.Joint, Sources: []jsonMoveOfBad{},
	}
	if o.By != diff.Nowhere {
		out.MovedBy = &o.By
	}
	for _, c := range o.Causes {
		changes := causeChangesJSON(c.Changes)
		if len(changes) == 0 {
			continue
		}
		out.Causes = append(out.Causes, jsonCause{changes[0], c.Effect, c.Longer, changes[1:]})
	}
	for _, s := range o.Sources {
		out.Sources = append(out.Sources, jsonMoveOfBad{s.Name, s.Kind, s.Service, s.Old, s.New})
	}
	return out
}

// stateJSON has the band of the chance only where it was computed.
func stateJSON(e *forecast.Entry, banded bool) *jsonState {
	if e == nil {
		return nil
	}
	out := &jsonState{
		AchievableTarget: e.Achievable, BadSecondsMean: e.Mean, Verdict: e.Verdict,
		WindowSeconds: e.Window, Confidence: e.Confidence, BadSecondsPerYear: e.PerYear,
	}
	if e.Met != nil {
		out.MetProbability = &e.Met.Value
		if banded {
			out.MetProbabilityBand = &[2]float64{e.Met.Low, e.Met.High}
		}
	}
	if e.Objective != nil {
		target := e.Objective.Target.Float()
		out.Target = &target
	}
	return out
}

func plannedJSON(p *diff.Planned) *jsonPlanned {
	if p == nil {
		return nil
	}
	return &jsonPlanned{list(p.Nets), p.AnnualCost, p.Met, p.Feasible, known(p.Recommended), p.Unknown}
}

func costsJSON(c *diff.Costs) *jsonCosts {
	if c == nil {
		return nil
	}
	return &jsonCosts{known(c.Currency), c.NetsPerYear, c.LossPerYear, c.LossError, c.PagesPerWeek, c.HoursPerYear}
}
