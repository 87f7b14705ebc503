package report

import (
	"io"

	"tightrope/internal/plan"
	"tightrope/internal/worth"
)

// PlanFormat is the name and version of the JSON document.
const PlanFormat = "tightrope.plan/1"

// PlanJSON writes a plan for machines: one document, with numbers in full, in
// seconds, plain ratios, or money of the model's currency a year, and null for
// what is unknown. Keys are only ever added, at the end of their object. It
// returns the error of w.
func PlanJSON(w io.Writer, r *plan.Result, o PlanOptions) error {
	p := planReportOf(r, o)
	doc := planDocument{
		Format: PlanFormat, Objective: r.Mode, jsonPlan: planJSON(r.Best), Optimal: r.Optimal, Gap: finite(r.Gap, true),
		Frontier: make([]jsonPoint, 0, len(r.Frontier)), Nines: make([]jsonNine, 0, len(r.Nines)),
		Feasible: r.Best != nil, Currency: known(o.Model.Currency.S), Explored: r.Explored,
		Limits:           jsonLimits{o.Asked.Money, o.Asked.Effort, o.Asked.MaxPages, list(o.Asked.Keep), list(o.Asked.Forbid), o.Asked.Review},
		FrontierComplete: r.FrontierComplete, FrontierApart: r.FrontierApart, NotRecommended: known(english().Message(r.NotRecommended)),
		Conflict: make([]jsonConstraint, 0, len(r.Conflict)), Roadmap: make([]jsonStep, 0, len(r.Roadmap)),
		BreakEven: make([]jsonBreakEven, 0, len(r.BreakEven)), Warnings: jsonWarnings(r.Warnings), Assumed: saidIn(r.Assumed),
	}
	if r.Mode == plan.Spend {
		doc.For = "chance"
		if o.Asked.ForLoss {
			doc.For = "loss"
		}
	}
	doc.Corrected, doc.Compared, doc.Moved = r.Corrected, r.Beside, r.Moved
	if r.Moved && r.Gap == 0 {
		doc.Gap = nil // of what the sum says
	}
	doc.RunnerUp = runnerUpJSON(r.RunnerUp)
	for _, x := range r.Frontier {
		doc.Frontier = append(doc.Frontier, jsonPoint{list(x.Nets), x.AnnualCost, x.Met, x.BadMean, x.Effort, x.Loss, lossError(x)})
	}
	for i := range r.Nines {
		doc.Nines = append(doc.Nines, nineJSON(&r.Nines[i]))
	}
	doc.Recommendation, doc.Missing = recommendationJSON(r.Recommendation), list(r.Missing)
	if x := r.Recommendation; x != nil && x.Target != nil {
		doc.RecommendedTarget = &x.Target.Text
	}
	if x := r.Today; x != nil {
		doc.Today = standingJSON(x)
	}
	if x := p.closest(); x != nil {
		then := standingJSON(x)
		if r.Best == nil {
			doc.Reachable, doc.Reached = then, &r.Reached
		}
		doc.Removed, doc.SavedPerYear = then.Removed, &then.SavedPerYear
		doc.Objectives, doc.Total, doc.LossError = then.Objectives, x.Total, then.LossError
		doc.PaybackYears = p.payback(x).years()
		if r.Best == nil {
			doc.Removed, doc.SavedPerYear, doc.Objectives, doc.Total, doc.LossError, doc.PaybackYears = nil, nil, nil, nil, nil, nil
		}
	}
	for _, c := range r.Conflict {
		j := jsonConstraint{Text: english().Message(c.Text)}
		j.File, j.Line, j.Column = place(c.Pos)
		doc.Conflict = append(doc.Conflict, j)
	}
	for _, s := range r.Roadmap {
		doc.Roadmap = append(doc.Roadmap, jsonStep{s.Net, s.Months, s.Assumed, s.Plan.Met, s.Gain, s.Plan.AnnualCost, s.Avoided})
	}
	for _, b := range r.BreakEven {
		doc.BreakEven = append(doc.BreakEven, jsonBreakEven{b.Net, b.Scale, b.By, saidIn(b.Effects), known(string(b.Pays))})
	}
	doc.Unknown = make([]jsonUnknown, 0, len(r.Unknown))
	for _, u := range r.Unknown {
		doc.Unknown = append(doc.Unknown, jsonUnknown{u.Service, u.Objective, u.Target.Text, u.Window, u.Confidence})
	}
	doc.Load = jsonLoads{loadJSON(o.Today), loadJSON(o.Then)}
	switch o.Ended {
	case TimeIsUp:
		doc.Ended = "time"
	case Stopped:
		doc.Ended = "stopped"
	default:
		doc.Ended = "done"
	}
	return encode(w, "plan", doc)
}

// planJSON are the keys of a plan; of none all are null.
func planJSON(x *plan.Plan) jsonPlan {
	if x == nil {
		return jsonPlan{}
	}
	return jsonPlan{list(x.Nets), &x.AnnualCost, &x.Effort, &x.Met, jsonMeanBad{&x.BadMean}, x.Loss}
}

// lossError is how far the loss of a plan may be off, as far as that is known.
func lossError(x *plan.Plan) *float64 {
	if x.Loss == nil {
		return nil
	}
	return &x.LossError
}

func runnerUpJSON(x *plan.Plan) *jsonRunnerUp {
	if x == nil {
		return nil
	}
	return &jsonRunnerUp{planJSON(x), lossError(x)}
}

func standingJSON(x *plan.Plan) *jsonStanding {
	out := &jsonStanding{jsonPlan: planJSON(x), Total: x.Total, Removed: list(x.Removed), SavedPerYear: x.SavedPerYear, MetError: x.MetError, MetModel: x.MetModel, Corrected: x.Corrected, LossError: lossError(x)}
	for i := range x.Objectives {
		k := &x.Objectives[i]
		out.Objectives = append(out.Objectives, jsonKept{
			k.Service, k.Objective, k.Target.Text, k.Window, k.Budget, k.Confidence, k.Met, k.Error, k.BadMean, k.OK, k.Model, k.Corrected, k.Contradicts,
		})
	}
	return out
}

func nineJSON(n *plan.Nine) jsonNine {
	out := jsonNine{Target: n.Target.Text, Feasible: n.Feasible, Visible: n.Visible, Optimal: n.Optimal, Own: n.Own}
	if x := n.Plan; x != nil && n.Feasible {
		out.Nets, out.AnnualCost, out.Loss, out.LossError, out.Total, out.Effort, out.Met = list(x.Nets), &x.AnnualCost, x.Loss, lossError(x), x.Total, &x.Effort, &n.Chance
		if out.Gap = finite(n.Gap, true); n.Moved && n.Gap == 0 {
			out.Gap = nil
		}
	}
	if x := n.Least; x != nil {
		out.Least = &jsonLeast{list(x.Nets), list(x.Removed), x.AnnualCost, x.Loss, lossError(x), x.Total, n.LeastOptimal}
	}
	return out
}

// recommendationJSON is what is recommended by money.
func recommendationJSON(x *plan.Recommendation) *jsonRecommendation {
	if x == nil {
		return nil
	}
	out := &jsonRecommendation{jsonStanding: *standingJSON(x.Plan), Optimal: x.Optimal, Gap: finite(x.Gap, true), Achievable: x.Achievable, Keeps: x.Keeps}
	if x.Moved && x.Gap == 0 {
		out.Gap = nil
	}
	if x.Target != nil {
		out.Target = &x.Target.Text
	}
	if x.Kept != nil {
		out.Kept = &x.Kept.Text
	}
	if x.Beyond != nil {
		out.Beyond, out.More = standingJSON(x.Beyond), &x.More
	}
	return out
}

func loadJSON(l *worth.Load) *jsonLoad {
	if l == nil {
		return nil
	}
	out := &jsonLoad{l.PagesPerWeek, l.ManualHoursPerYear, l.ProcessHoursPerYear, l.RunDaysPerYear, l.PeopleCostPerYear, make([]jsonResponder, 0, len(l.Responders))}
	for _, r := range l.Responders {
		out.Responders = append(out.Responders, jsonResponder{
			r.Name, r.People, r.PagesPerWeek, r.NightPagesPerWeek, r.PagesPerPersonWeek, r.NightPagesPerPersonWeek, r.HoursPerYear,
		})
	}
	return out
}

// The order of the fields below is the order of the keys in the document.
type (
	planDocument struct {
		Format    string    `json:"format"`
		Objective plan.Mode `json:"objective"`
		jsonPlan
		Optimal           bool          `json:"optimal"`
		Gap               *float64      `json:"gap"`
		RunnerUp          *jsonRunnerUp `json:"runner_up"`
		Frontier          []jsonPoint   `json:"frontier"`
		Nines             []jsonNine    `json:"nines"`
		RecommendedTarget *string       `json:"recommended_target"`

		Feasible         bool             `json:"feasible"`
		Reachable        *jsonStanding    `json:"reachable"`
		Conflict         []jsonConstraint `json:"conflict"`
		Today            *jsonStanding    `json:"today"`
		Total            *float64         `json:"total"`
		LossError        *float64         `json:"expected_loss_per_year_error"`
		Removed          []string         `json:"removed"`
		SavedPerYear     *float64         `json:"saved_per_year"`
		Objectives       []jsonKept       `json:"objectives"`
		PaybackYears     *float64         `json:"payback_years"`
		For              string           `json:"for,omitempty"`
		Limits           jsonLimits       `json:"limits"`
		FrontierComplete bool             `json:"frontier_complete"`
		FrontierApart    float64          `json:"frontier_apart"`
		NotRecommended   *string          `json:"not_recommended"`
		Roadmap          []jsonStep       `json:"roadmap"`
		BreakEven        []jsonBreakEven  `json:"break_even"`
		Load             jsonLoads        `json:"load"`
		Currency         *string          `json:"currency"`
		Ended            string           `json:"ended"`
		Explored         int              `json:"explored"`
		Warnings         []jsonWarning    `json:"warnings"`
		Assumed          []string         `json:"assumed"`
		Reached          *bool            `json:"reachable_proven"`
		Corrected        bool             `json:"corrected"`
		Compared         int              `json:"compared"`
		Moved            bool             `json:"best_by_sum_differs"`

		Recommendation *jsonRecommendation `json:"recommendation"`
		Missing        []string            `json:"missing_for_recommendation"`

		Unknown []jsonUnknown `json:"unknown_objectives"`
	}

	jsonUnknown struct {
		Service    string  `json:"service"`
		Name       string  `json:"name"`
		Target     string  `json:"target"`
		Window     float64 `json:"window_seconds"`
		Confidence float64 `json:"confidence"`
	}

	jsonRecommendation struct {
		jsonStanding
		Optimal    bool          `json:"optimal"`
		Gap        *float64      `json:"gap"`
		Target     *string       `json:"target"`
		Kept       *string       `json:"highest_target_kept"`
		Achievable *float64      `json:"achievable"`
		Keeps      bool          `json:"keeps_objectives"`
		Beyond     *jsonStanding `json:"least_total_that_keeps_objectives"`
		More       *float64      `json:"costs_beyond_per_year"`
	}

	jsonLeast struct {
		Nets       []string `json:"nets"`
		Removed    []string `json:"removed"`
		AnnualCost float64  `json:"annual_cost"`
		Loss       *float64 `json:"expected_loss_per_year"`
		LossError  *float64 `json:"expected_loss_per_year_error"`
		Total      *float64 `json:"total"`
		Optimal    bool     `json:"optimal"`
	}

	jsonPlan struct {
		Nets       []string    `json:"nets"`
		AnnualCost *float64    `json:"annual_cost"`
		Effort     *float64    `json:"effort_person_days"`
		Met        *float64    `json:"met_probability"`
		Bad        jsonMeanBad `json:"bad_seconds"`
		Loss       *float64    `json:"expected_loss_per_year"`
	}

	jsonMeanBad struct {
		Mean *float64 `json:"mean"`
	}

	jsonRunnerUp struct {
		jsonPlan
		LossError *float64 `json:"expected_loss_per_year_error"`
	}

	jsonStanding struct {
		jsonPlan
		Total        *float64   `json:"total"`
		Removed      []string   `json:"removed"`
		SavedPerYear float64    `json:"saved_per_year"`
		MetError     float64    `json:"met_probability_error"`
		Objectives   []jsonKept `json:"objectives"`
		MetModel     float64    `json:"met_probability_model_error"`
		Corrected    bool       `json:"corrected"`
		LossError    *float64   `json:"expected_loss_per_year_error"`
	}

	jsonKept struct {
		Service    string  `json:"service"`
		Name       string  `json:"name"`
		Target     string  `json:"target"`
		Window     float64 `json:"window_seconds"`
		Budget     float64 `json:"budget_seconds"`
		Confidence float64 `json:"confidence"`
		Met        float64 `json:"met_probability"`
		Error      float64 `json:"met_probability_error"`
		BadMean    float64 `json:"mean_bad_seconds"`
		OK         bool    `json:"kept"`

		Model       float64 `json:"met_probability_model_error"`
		Corrected   bool    `json:"corrected"`
		Contradicts bool    `json:"contradicts"`
	}

	jsonPoint struct {
		Nets       []string `json:"nets"`
		AnnualCost float64  `json:"annual_cost"`
		Met        float64  `json:"met_probability"`
		BadMean    float64  `json:"mean_bad_seconds"`
		Effort     float64  `json:"effort_person_days"`
		Loss       *float64 `json:"expected_loss_per_year"`
		LossError  *float64 `json:"expected_loss_per_year_error"`
	}

	jsonNine struct {
		Target     string   `json:"target"`
		Feasible   bool     `json:"feasible"`
		Nets       []string `json:"nets"`
		AnnualCost *float64 `json:"annual_cost"`
		Loss       *float64 `json:"expected_loss_per_year"`
		Total      *float64 `json:"total"`
		Effort     *float64 `json:"effort_person_days"`
		Met        *float64 `json:"met_probability"`
		Visible    bool     `json:"visible"`
		Own        bool     `json:"own"`
		Optimal    bool     `json:"optimal"`
		Gap        *float64 `json:"gap"`

		Least     *jsonLeast `json:"least_total"`
		LossError *float64   `json:"expected_loss_per_year_error"`
	}

	jsonConstraint struct {
		Text   string  `json:"text"`
		File   *string `json:"file"`
		Line   *int    `json:"line"`
		Column *int    `json:"column"`
	}

	jsonStep struct {
		Net        string   `json:"net"`
		Months     float64  `json:"lead_months"`
		Assumed    bool     `json:"lead_assumed"`
		Met        float64  `json:"met_probability"`
		Gain       float64  `json:"met_probability_gain"`
		AnnualCost float64  `json:"annual_cost"`
		Avoided    *float64 `json:"loss_avoided_per_year"`
	}

	jsonBreakEven struct {
		Net     string   `json:"net"`
		Scale   *float64 `json:"pays_from"`
		By      string   `json:"by"`
		Effects []string `json:"effects"`
		Pays    *string  `json:"pays"`
	}

	jsonLimits struct {
		AnnualCost *float64 `json:"annual_cost"`
		Effort     *float64 `json:"effort_person_days"`
		MaxPages   *float64 `json:"pages_per_person_week"`
		Keep       []string `json:"keep"`
		Forbid     []string `json:"forbid"`
		Review     bool     `json:"review"`
	}

	jsonLoads struct {
		Today *jsonLoad `json:"today"`
		Then  *jsonLoad `json:"then"`
	}

	jsonLoad struct {
		Pages        float64         `json:"pages_per_week"`
		ManualHours  float64         `json:"manual_hours_per_year"`
		ProcessHours float64         `json:"process_hours_per_year"`
		RunDays      float64         `json:"run_person_days_per_year"`
		PeopleCost   *float64        `json:"people_cost_per_year"`
		Responders   []jsonResponder `json:"responders"`
	}

	jsonResponder struct {
		Name           string   `json:"responder"`
		People         *int     `json:"people"`
		Pages          float64  `json:"pages_per_week"`
		NightPages     float64  `json:"night_pages_per_week"`
		PagesEach      *float64 `json:"pages_per_person_week"`
		NightPagesEach *float64 `json:"night_pages_per_person_week"`
		HoursPerYear   float64  `json:"manual_hours_per_year"`
	}
)
