package report

import (
	"io"
	"math"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// Format is the name and version of the JSON document.
const Format = "tightrope.forecast/1"

// JSON writes a forecast for machines: one document, with numbers in full, in
// seconds or plain ratios, and null for what is unknown. Keys are only ever
// added, at the end of their object. It returns the error of w.
func JSON(w io.Writer, r *forecast.Result, o Options) error {
	doc := forecastDocument{
		Format:   Format,
		Services: make([]jsonEntry, 0, len(r.Entries)),
		Warnings: jsonWarnings(r.Warnings),
		Standing: list(r.Standing),
		With:     list(r.With),
		Without:  list(r.Without),
		Check:    checkJSON(o.Check),
	}
	for _, e := range r.Entries {
		doc.Services = append(doc.Services, entryJSON(e))
	}
	return encode(w, "forecast", doc)
}

// The order of the fields below is the order of the keys in the document.
type (
	forecastDocument struct {
		Format   string        `json:"format"`
		Services []jsonEntry   `json:"services"`
		Warnings []jsonWarning `json:"warnings"`
		Standing []string      `json:"standing"`
		With     []string      `json:"with"`
		Without  []string      `json:"without"`
		Check    *jsonCheck    `json:"check,omitempty"`
	}

	jsonEntry struct {
		Service string `json:"service"`
		jsonTitle
		Objective           *jsonObjective   `json:"objective"`
		Verdict             forecast.Verdict `json:"verdict"`
		MetProbability      *float64         `json:"met_probability"`
		MetProbabilityError *float64         `json:"met_probability_error"`
		MetProbabilityBand  *[2]float64      `json:"met_probability_band"`
		AchievableTarget    float64          `json:"achievable_target"`
		SuggestedTarget     *float64         `json:"suggested_target"`
		NoneProbability     float64          `json:"none_probability"`
		BadSeconds          jsonBad          `json:"bad_seconds"`
		BadSecondsPerYear   float64          `json:"bad_seconds_per_year"`
		MissesPerYear       *float64         `json:"misses_per_year"`
		Felt                jsonFelt         `json:"felt"`
		Sources             []jsonSource     `json:"sources"`
		Compare             []jsonChance     `json:"compare"`
		History             *jsonHistory     `json:"history"`
		Warnings            []jsonWarning    `json:"warnings"`
		WindowSeconds       float64          `json:"window_seconds"`
		Confidence          float64          `json:"confidence"`
		CertainSeconds      float64          `json:"certain_seconds"`
		Owner               *string          `json:"owner"`
		Outside             bool             `json:"outside"`
		UsualTargets        []jsonUsual      `json:"usual_targets"`
		Unsure              []jsonUnsure     `json:"unsure"`
		Assumed             []string         `json:"assumed"`
		File                *string          `json:"file"`
		Line                *int             `json:"line"`
		Column              *int             `json:"column"`

		ExpectedAvailability      *float64          `json:"expected_availability"`
		ExpectedAvailabilityError *float64          `json:"expected_availability_error"`
		NapkinAvailability        *float64          `json:"napkin_availability"`
		NapkinShared              *string           `json:"napkin_shared"`
		Requirements              []jsonRequirement `json:"requirements"`
		Behind                    []jsonBehind      `json:"behind"`

		MetProbabilityErrorIsBound          *bool    `json:"met_probability_error_is_bound"`
		MetProbabilityModelError            *float64 `json:"met_probability_model_error"`
		MetProbabilitySum                   *float64 `json:"met_probability_sum"`
		MetProbabilityBelow                 *float64 `json:"met_probability_below"`
		MetProbabilityAbove                 *float64 `json:"met_probability_above"`
		Corrected                           bool     `json:"corrected"`
		Contradicts                         bool     `json:"contradicts"`
		Unsolved                            bool     `json:"unsolved"`
		AchievableTargetError               *float64 `json:"achievable_target_error"`
		ExpectedUnavailability              *float64 `json:"expected_unavailability"`
		ExpectedUnavailabilityRelativeError *float64 `json:"expected_unavailability_relative_error"`
	}

	// jsonBehind is what hits users only through a group.
	jsonBehind struct {
		Name    string              `json:"name"`
		Kind    forecast.SourceKind `json:"kind"`
		Service string              `json:"service"`
		jsonTitle
		Importance jsonImportance `json:"importance"`
	}

	jsonRequirement struct {
		Service string `json:"service"`
		jsonTitle
		Direct   bool     `json:"direct"`
		Outside  bool     `json:"outside"`
		Required *float64 `json:"required_availability"`
		Offers   float64  `json:"offers"`
	}

	jsonObjective struct {
		Name          string  `json:"name"`
		Target        float64 `json:"target"`
		WindowSeconds float64 `json:"window_seconds"`
		BudgetSeconds float64 `json:"budget_seconds"`
		Confidence    float64 `json:"confidence"`
	}

	jsonBad struct {
		Mean float64 `json:"mean"`
		SD   float64 `json:"sd"`
		// null where unknown
		P50 *float64 `json:"p50"`
		P80 *float64 `json:"p80"`
		P90 *float64 `json:"p90"`
		P95 *float64 `json:"p95"`
		P99 *float64 `json:"p99"`

		SumMean float64  `json:"sum_mean"`
		P50Err  *float64 `json:"p50_error"`
		P80Err  *float64 `json:"p80_error"`
		P90Err  *float64 `json:"p90_error"`
		P95Err  *float64 `json:"p95_error"`
		P99Err  *float64 `json:"p99_error"`
	}

	jsonFelt struct {
		BadSecondsMean float64    `json:"bad_seconds_mean"`
		MetProbability *float64   `json:"met_probability"`
		Hands          *jsonHands `json:"hands"`
	}

	jsonHands struct {
		Ours            float64 `json:"ours_seconds"`
		Outside         float64 `json:"outside_seconds"`
		WithNextNine    float64 `json:"with_next_nine_seconds"`
		NextNineVisible bool    `json:"next_nine_visible"`
	}

	jsonSource struct {
		Name               string              `json:"name"`
		Kind               forecast.SourceKind `json:"kind"`
		Service            string              `json:"service"`
		IncidentsPerYear   float64             `json:"incidents_per_year"`
		Impact             float64             `json:"impact"`
		DetectSeconds      float64             `json:"detect_seconds"`
		AcknowledgeSeconds float64             `json:"acknowledge_seconds"`
		RecoverSeconds     float64             `json:"recover_seconds"`
		BadSecondsPerYear  float64             `json:"bad_seconds_per_year"`
		BudgetShare        *float64            `json:"budget_share"`
		Rating             *forecast.Rating    `json:"rating"`
		jsonTitle
		Per                   *string         `json:"per"`
		BadSecondsPerIncident float64         `json:"bad_seconds_per_incident"`
		CertainSeconds        float64         `json:"certain_seconds"`
		Room                  *int            `json:"room"`
		Importance            *jsonImportance `json:"importance"`
	}

	jsonImportance struct {
		Birnbaum       float64 `json:"birnbaum"`
		FussellVesely  float64 `json:"fussell_vesely"`
		BrokeGivenDown float64 `json:"broke_given_down"`
	}

	jsonChance struct {
		Target         float64    `json:"target"`
		BudgetSeconds  float64    `json:"budget_seconds"`
		MetProbability float64    `json:"met_probability"`
		Error          float64    `json:"met_probability_error"`
		Band           [2]float64 `json:"met_probability_band"`
		Bound          bool       `json:"met_probability_error_is_bound"`
		ModelError     float64    `json:"met_probability_model_error"`
		Sum            *float64   `json:"met_probability_sum"`
		Below          *float64   `json:"met_probability_below"`
		Above          *float64   `json:"met_probability_above"`
	}

	// jsonUsual has no band: that of the usual targets is not computed.
	jsonUsual struct {
		Target         float64 `json:"target"`
		BudgetSeconds  float64 `json:"budget_seconds"`
		MetProbability float64 `json:"met_probability"`
		Error          float64 `json:"met_probability_error"`
		ModelError     float64 `json:"met_probability_model_error"`
	}

	jsonHistory struct {
		ExplainedShare            *float64 `json:"explained_share"`
		OverSeconds               float64  `json:"over_seconds"`
		BadSeconds                *float64 `json:"bad_seconds"`
		ExpectedBadSeconds        float64  `json:"expected_bad_seconds"`
		Incidents                 *int     `json:"incidents"`
		ExpectedIncidents         float64  `json:"expected_incidents"`
		UnlistedBadSecondsPerYear float64  `json:"unlisted_bad_seconds_per_year"`
		Counted                   bool     `json:"counted"`
		Windows                   *int     `json:"windows"`
		Missed                    *int     `json:"missed"`
		ExpectedMissed            *float64 `json:"expected_missed"`
	}

	jsonWarning struct {
		Code    string  `json:"code"`
		Message string  `json:"message"`
		File    *string `json:"file"`
		Line    *int    `json:"line"`
		Column  *int    `json:"column"`
	}

	jsonUnsure struct {
		What   string  `json:"what"`
		Text   string  `json:"text"`
		File   *string `json:"file"`
		Line   *int    `json:"line"`
		Column *int    `json:"column"`
	}
)

func entryJSON(e *forecast.Entry) jsonEntry {
	q := e.Quantiles
	out := jsonEntry{
		Service:          e.Service,
		jsonTitle:        titleJSON(e.Title),
		Verdict:          e.Verdict,
		AchievableTarget: e.Achievable,
		NoneProbability:  e.None,
		BadSeconds: jsonBad{
			e.Mean, e.SD, finiteOr(q.P50), finiteOr(q.P80), finiteOr(q.P90), finiteOr(q.P95), finiteOr(q.P99),
			e.SumMean, finiteOr(q.Error.P50), finiteOr(q.Error.P80), finiteOr(q.Error.P90), finiteOr(q.Error.P95), finiteOr(q.Error.P99),
		},
		BadSecondsPerYear: e.PerYear,
		MissesPerYear:     e.MissesPerYear,
		Felt:              jsonFelt{BadSecondsMean: e.Felt.Mean},
		Sources:           make([]jsonSource, 0, len(e.Sources)),
		Compare:           chancesJSON(e.Compare),
		Warnings:          jsonWarnings(e.Warnings),
		WindowSeconds:     e.Window,
		Confidence:        e.Confidence,
		CertainSeconds:    e.Certain,
		Owner:             known(e.Owner),
		Outside:           e.Outside,
		UsualTargets:      usualJSON(e.Usual),
		Unsure:            make([]jsonUnsure, 0, len(e.Unsure)),
		Assumed:           saidIn(e.Assumed),
		Requirements:      make([]jsonRequirement, 0, len(e.Requirements)),
		Behind:            make([]jsonBehind, 0, len(e.Behind)),

		Corrected:             e.Corrected,
		Contradicts:           e.Contradicts,
		Unsolved:              e.Unsolved,
		AchievableTargetError: finiteOr(e.AchievableError),
	}
	out.File, out.Line, out.Column = place(e.Pos)
	if o := e.Objective; o != nil {
		budget, _ := o.Budget.Float64()
		out.Objective = &jsonObjective{o.Name, o.Target.Float(), e.Window, budget, o.Confidence}
	}
	if p := e.Met; p != nil {
		out.MetProbability, out.MetProbabilityError = &p.Value, &p.Error
		out.MetProbabilityBand = &[2]float64{p.Low, p.High}
		out.MetProbabilityErrorIsBound, out.MetProbabilityModelError, out.MetProbabilitySum = &p.Bound, &p.Model, p.Sum
		out.MetProbabilityBelow, out.MetProbabilityAbove = sides(p)
	}
	if e.Suggested != nil {
		suggested := e.Suggested.Float()
		out.SuggestedTarget = &suggested
	}
	if e.Felt.Met != nil {
		out.Felt.MetProbability = &e.Felt.Met.Value
	}
	if h := e.Felt.Hands; h != nil {
		out.Felt.Hands = &jsonHands{h.Ours, h.Theirs, h.NextNine, h.Visible}
	}
	if a := e.Availability; a != nil {
		out.ExpectedAvailability, out.ExpectedAvailabilityError = &a.Expected, &a.Error
		out.NapkinAvailability, out.NapkinShared = &a.Napkin, known(a.Shared)
		out.ExpectedUnavailability = &a.Unavailable
		if a.Unavailable > 0 {
			out.ExpectedUnavailabilityRelativeError = finiteOr(a.Error / a.Unavailable)
		}
	}
	for _, q := range e.Requirements {
		out.Requirements = append(out.Requirements, jsonRequirement{q.Service, titleJSON(q.Title), q.Direct, q.Outside, q.Required, q.Offers})
	}
	for _, s := range e.Sources {
		out.Sources = append(out.Sources, sourceJSON(s))
	}
	for _, b := range e.Behind {
		i := b.Importance
		out.Behind = append(out.Behind, jsonBehind{b.Name, b.Kind, b.Service, madeJSON(b.Title, b.Made), jsonImportance{i.Birnbaum, i.FussellVesely, i.BrokeGivenDown}})
	}
	if h := e.History; h != nil {
		out.History = historyJSON(h)
	}
	for _, u := range e.Unsure {
		j := jsonUnsure{What: english().Message(u.What), Text: u.Text}
		j.File, j.Line, j.Column = place(u.Pos)
		out.Unsure = append(out.Unsure, j)
	}
	return out
}

func historyJSON(h *forecast.Explained) *jsonHistory {
	out := &jsonHistory{
		ExplainedShare: h.Share, OverSeconds: h.Over, BadSeconds: h.Bad, ExpectedBadSeconds: h.Expected,
		Incidents: h.Incidents, ExpectedIncidents: h.ExpectedIncidents,
		UnlistedBadSecondsPerYear: h.Unlisted, Counted: h.Counted,
	}
	if h.Windows > 0 {
		out.Windows, out.Missed, out.ExpectedMissed = &h.Windows, &h.Missed, &h.ExpectedMissed
	}
	return out
}

func sourceJSON(s *forecast.Source) jsonSource {
	out := jsonSource{
		Name: s.Name, Kind: s.Kind, Service: s.Service,
		IncidentsPerYear: s.IncidentsPerYear, Impact: s.Impact,
		DetectSeconds: s.Detect, AcknowledgeSeconds: s.Acknowledge, RecoverSeconds: s.Recover,
		BadSecondsPerYear: s.PerYear, BudgetShare: s.BudgetShare,
		jsonTitle: madeJSON(s.Title, s.Made), Per: known(s.Per),
		BadSecondsPerIncident: s.PerIncident, CertainSeconds: s.Certain, Room: s.Room,
	}
	if s.Rating != "" {
		out.Rating = &s.Rating
	}
	if i := s.Importance; i != nil {
		out.Importance = &jsonImportance{i.Birnbaum, i.FussellVesely, i.BrokeGivenDown}
	}
	return out
}

func chancesJSON(chances []forecast.Chance) []jsonChance {
	out := make([]jsonChance, 0, len(chances))
	for _, c := range chances {
		below, above := sides(&c.Met)
		out = append(out, jsonChance{
			c.Target.Float(), c.Budget, c.Met.Value, c.Met.Error, [2]float64{c.Met.Low, c.Met.High},
			c.Met.Bound, c.Met.Model, c.Met.Sum, below, above,
		})
	}
	return out
}

func usualJSON(chances []forecast.Chance) []jsonUsual {
	out := make([]jsonUsual, 0, len(chances))
	for _, c := range chances {
		out = append(out, jsonUsual{c.Target.Float(), c.Budget, c.Met.Value, c.Met.Error, c.Met.Model})
	}
	return out
}

func jsonWarnings(ws []forecast.Warning) []jsonWarning {
	out := make([]jsonWarning, 0, len(ws))
	for _, w := range ws {
		j := jsonWarning{Code: w.Code, Message: english().Message(w.Message)}
		j.File, j.Line, j.Column = place(w.Pos)
		out = append(out, j)
	}
	return out
}

// place is where something stands, or nothing.
func place(p model.Pos) (file *string, line, column *int) {
	if !p.Known() {
		return nil, nil, nil
	}
	return &p.File, &p.Line, &p.Col
}

// sides are the chances just below and above a budget beside a jump, where it
// is not known on which side it lies; else nothing.
func sides(p *forecast.Probability) (below, above *float64) {
	if p.Below == 0 && p.Above == 0 {
		return nil, nil
	}
	return &p.Below, &p.Above
}

// finiteOr is v, or nothing where it is no number: it is not known then.
func finiteOr(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// known is s, or nothing where it is empty.
func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// list is names as a list, which is empty rather than null without any.
func list(names []string) []string { return append([]string{}, names...) }
