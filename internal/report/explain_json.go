package report

import (
	"io"

	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/worth"
)

// ExplainFormat is the name and version of the JSON document.
const ExplainFormat = "tightrope.explain/1"

// ExplainJSON writes an explanation for machines: one document, with numbers in
// full, in seconds or plain ratios, and null for what is unknown. Keys are only
// ever added, at the end of their object. It returns the error of w.
func ExplainJSON(w io.Writer, r *explain.Result, o ExplainOptions) error {
	doc := explainDocument{
		Format: ExplainFormat, Name: r.Name, Kind: r.Kind(), Today: dateJSON(o.Today), Currency: known(o.Currency),
		With: list(o.With), Without: list(o.Without), Warnings: jsonWarnings(r.Warnings),
	}
	switch {
	case r.Risk != nil:
		doc.Risk = riskJSON(r.Risk)
	case r.Net != nil:
		doc.Net = netJSON(r.Net)
	case r.Service != nil:
		doc.Service = serviceJSON(r.Service)
	}
	return encode(w, "explanation", doc)
}

// The order of the fields below is the order of the keys in the document.
type (
	explainDocument struct {
		Format   string           `json:"format"`
		Name     string           `json:"name"`
		Kind     string           `json:"kind"`
		Risk     *jsonRiskSaid    `json:"risk"`
		Net      *jsonNetSaid     `json:"net"`
		Service  *jsonServiceSaid `json:"service"`
		Today    *string          `json:"today"`
		Currency *string          `json:"currency"`
		With     []string         `json:"with"`
		Without  []string         `json:"without"`
		Warnings []jsonWarning    `json:"warnings"`
	}

	jsonPlace struct {
		File   *string `json:"file"`
		Line   *int    `json:"line"`
		Column *int    `json:"column"`
	}

	jsonRiskSaid struct {
		Service string `json:"service"`
		jsonTitle
		Owner              *string        `json:"owner"`
		IncidentsPerYear   float64        `json:"incidents_per_year"`
		Written            *string        `json:"written"`
		Units              int            `json:"units"`
		Per                *string        `json:"per"`
		ChangesPerYear     *float64       `json:"changes_per_year"`
		Chance             *float64       `json:"chance"`
		LosesEach          *float64       `json:"loses_each"`
		DetectSeconds      float64        `json:"detect_seconds"`
		AcknowledgeSeconds float64        `json:"acknowledge_seconds"`
		RecoverSeconds     float64        `json:"recover_seconds"`
		BadSecondsEach     float64        `json:"bad_seconds_per_incident"`
		Reaches            []jsonReach    `json:"reaches"`
		Further            int            `json:"not_asked"`
		Layers             []jsonLayer    `json:"layers"`
		Angles             []string       `json:"angles"`
		Remarks            []jsonRemark   `json:"remarks"`
		Provenance         jsonProvenance `json:"provenance"`
		Accepted           *jsonAccepted  `json:"accepted"`
		jsonPlace
		Steps []jsonWhyStep `json:"steps"`
	}

	jsonReach struct {
		Service           string           `json:"service"`
		Objective         *string          `json:"objective"`
		WindowSeconds     float64          `json:"window_seconds"`
		Impact            float64          `json:"impact"`
		IncidentsPerYear  float64          `json:"incidents_per_year"`
		BadSecondsPerYear float64          `json:"bad_seconds_per_year"`
		BudgetShare       *float64         `json:"budget_share"`
		Rating            *forecast.Rating `json:"rating"`
		SavedSeconds      *float64         `json:"saved_seconds_per_year"`
		Redundant         bool             `json:"redundant"`
	}

	jsonShares struct {
		Service           string      `json:"service"`
		Objective         *string     `json:"objective"`
		BadSecondsPerYear float64     `json:"bad_seconds_per_year"`
		Rows              []jsonShare `json:"rows"`
		Redundant         bool        `json:"redundant"`
		NotRemoved        int         `json:"not_removed"`
		Overlap           float64     `json:"overlap_seconds_per_year"`
	}

	jsonShare struct {
		Kind forecast.SourceKind `json:"kind"`
		Name string              `json:"name"`
		jsonTitle
		Service           string   `json:"service"`
		BadSecondsPerYear float64  `json:"bad_seconds_per_year"`
		Alone             float64  `json:"alone_seconds_per_year"`
		Together          float64  `json:"together_seconds_per_year"`
		NotChangedOver    float64  `json:"not_changed_over_seconds_per_year"`
		ChangingOver      float64  `json:"changing_over_seconds_per_year"`
		SavedSeconds      *float64 `json:"saved_seconds_per_year"`
		jsonPlace
	}

	jsonLayer struct {
		Step explain.Step      `json:"step"`
		Kind explain.LayerKind `json:"kind"`
		Name *string           `json:"name"`
		jsonTitle
		Net           *string          `json:"net"`
		NetTitle      *string          `json:"net_title"`
		Status        *model.NetStatus `json:"status"`
		Stands        bool             `json:"stands"`
		Counts        bool             `json:"counts"`
		Angle         *string          `json:"angle"`
		Stops         *float64         `json:"stops"`
		StopsBand     *[2]float64      `json:"stops_band"`
		Of            *explain.Stopped `json:"of"`
		Seconds       *float64         `json:"seconds"`
		FirstChance   *float64         `json:"first_probability"`
		ReachedChance *float64         `json:"reached_probability"`
		By            *string          `json:"by"`
		Automatic     bool             `json:"automatic"`
		Unnamed       bool             `json:"unnamed"`
		Runbook       *string          `json:"runbook"`
		Drilled       *string          `json:"drilled"`
		jsonPlace
	}

	jsonRemark struct {
		Code  explain.RemarkCode `json:"code"`
		Risk  string             `json:"risk"`
		Names []string           `json:"names"`
		Date  *string            `json:"date"`
		Days  *int               `json:"days"`
		jsonPlace
	}

	jsonProvenance struct {
		Source        *string  `json:"source"`
		AsOf          *string  `json:"asof"`
		ReviewSeconds *float64 `json:"review_seconds"`
		Due           *string  `json:"due"`
		Overdue       *bool    `json:"overdue"`
	}

	jsonAccepted struct {
		By      *string `json:"by"`
		Because *string `json:"because"`
		Since   *string `json:"since"`
		Until   *string `json:"until"`
		RunOut  *bool   `json:"run_out"`
		jsonPlace
	}

	jsonNetSaid struct {
		jsonTitle
		Owner               *string               `json:"owner"`
		Kind                model.NetKind         `json:"kind"`
		Status              model.NetStatus       `json:"status"`
		Ready               *string               `json:"ready"`
		Angle               string                `json:"angle"`
		LeadTimeSeconds     *float64              `json:"lead_time_seconds"`
		Cost                jsonNetCost           `json:"cost"`
		Requires            []jsonOther           `json:"requires"`
		Excludes            []jsonOther           `json:"excludes"`
		Replaces            []jsonOther           `json:"replaces"`
		RequiredBy          []string              `json:"required_by"`
		SameAngle           []string              `json:"same_angle"`
		AlsoStanding        []string              `json:"also_standing"`
		Gone                []string              `json:"gone"`
		Impossible          *string               `json:"impossible"`
		Risks               []jsonRiskChange      `json:"risks"`
		Objectives          []jsonObjectiveChange `json:"objectives"`
		PagesPerWeek        *jsonFromTo           `json:"pages_per_week"`
		ManualHoursPerYear  *jsonFromTo           `json:"manual_hours_per_year"`
		ProcessHoursPerYear *jsonFromTo           `json:"process_hours_per_year"`
		LossPerYear         *jsonFromTo           `json:"expected_loss_per_year"`
		LossError           *jsonFromTo           `json:"expected_loss_per_year_error"`
		LossUnknown         []string              `json:"loss_unknown"`
		jsonPlace
	}

	jsonNetCost struct {
		Annual               *float64    `json:"annual"`
		AnnualBand           *[2]float64 `json:"annual_band"`
		Build                *float64    `json:"build"`
		RunPerYear           *float64    `json:"run_per_year"`
		BuildPersonDays      *float64    `json:"build_person_days"`
		RunPersonDaysPerYear *float64    `json:"run_person_days_per_year"`
		LastsYears           float64     `json:"lasts_years"`
		Unpriced             *string     `json:"unpriced"`
	}

	jsonOther struct {
		Name string `json:"name"`
		jsonTitle
		Status model.NetStatus `json:"status"`
		Stands bool            `json:"stands"`
	}

	// jsonFromTo is a number without a net, and with it.
	jsonFromTo struct {
		Before float64 `json:"before"`
		After  float64 `json:"after"`
	}

	jsonRiskChange struct {
		Name string `json:"name"`
		jsonTitle
		Kind              forecast.SourceKind `json:"kind"`
		Service           string              `json:"service"`
		To                string              `json:"to"`
		Objective         *string             `json:"objective"`
		IncidentsPerYear  jsonFromTo          `json:"incidents_per_year"`
		BadSecondsEach    jsonFromTo          `json:"bad_seconds_per_incident"`
		BadSecondsPerYear jsonFromTo          `json:"bad_seconds_per_year"`
	}

	jsonObjectiveChange struct {
		Service           string           `json:"service"`
		Objective         string           `json:"objective"`
		Target            float64          `json:"target"`
		WindowSeconds     float64          `json:"window_seconds"`
		MetProbability    jsonFromTo       `json:"met_probability"`
		MetBandBefore     [2]float64       `json:"met_probability_band_before"`
		MetBandAfter      [2]float64       `json:"met_probability_band_after"`
		BadSecondsPerYear jsonFromTo       `json:"bad_seconds_per_year"`
		AchievableTarget  jsonFromTo       `json:"achievable_target"`
		VerdictBefore     forecast.Verdict `json:"verdict_before"`
		VerdictAfter      forecast.Verdict `json:"verdict_after"`
	}

	jsonServiceSaid struct {
		jsonTitle
		Owner                *string           `json:"owner"`
		Outside              bool              `json:"outside"`
		Entries              []jsonEntry       `json:"entries"`
		OwnBadSecondsPerYear float64           `json:"own_bad_seconds_per_year"`
		Several              float64           `json:"in_several_needs_bad_seconds_per_year"`
		Needs                []jsonNeedSaid    `json:"needs"`
		SinglePoints         []jsonSingle      `json:"single_points"`
		Risks                []string          `json:"risks"`
		Reached              []string          `json:"reached_by"`
		NeededBy             []string          `json:"needed_by"`
		Remarks              []jsonRemark      `json:"remarks"`
		Worth                *jsonServiceWorth `json:"worth"`
		jsonPlace
		Shares []jsonShares `json:"shares"`
	}

	jsonNeedSaid struct {
		Kind              string   `json:"kind"`
		Members           []string `json:"members"`
		AtLeast           *int     `json:"at_least"`
		Counts            bool     `json:"counts"`
		Impact            float64  `json:"impact"`
		RidesOutSeconds   *float64 `json:"rides_out_seconds"`
		BadSecondsPerYear float64  `json:"bad_seconds_per_year"`
		Shared            []string `json:"shared"`
		jsonPlace
		Changed []jsonChanged `json:"changed"`
	}

	// jsonChanged is a value that nets give a need: as written, and with them.
	jsonChanged struct {
		What string   `json:"what"`
		By   []string `json:"by"`
		jsonFromTo
	}

	jsonSingle struct {
		Service string `json:"service"`
		jsonTitle
		Outside           bool    `json:"outside"`
		Copies            int     `json:"copies"`
		Direct            bool    `json:"direct"`
		BadSecondsPerYear float64 `json:"bad_seconds_per_year"`
	}

	jsonServiceWorth struct {
		RevenuePerYear     *float64    `json:"revenue_per_year"`
		RevenuePerUserYear *float64    `json:"revenue_per_user_year"`
		Users              *int        `json:"users"`
		LostShare          float64     `json:"lost_share"`
		PerBadMinute       *float64    `json:"lost_per_bad_minute"`
		PerBadMinuteBand   *[2]float64 `json:"lost_per_bad_minute_band"`
		Clauses            []string    `json:"clauses"`
	}
)

func placeJSON(p model.Pos) (out jsonPlace) {
	out.File, out.Line, out.Column = place(p)
	return out
}

func dateJSON(d *model.Date) *string {
	if d == nil {
		return nil
	}
	return known(d.Text)
}

func fromToJSON(c explain.Change) jsonFromTo { return jsonFromTo{c.Before, c.After} }

// bandOf is a band that is known from both ends.
func bandOf(low, high *float64) *[2]float64 {
	if low == nil || high == nil {
		return nil
	}
	return &[2]float64{*low, *high}
}

func riskJSON(r *explain.Risk) *jsonRiskSaid {
	out := &jsonRiskSaid{
		Service: r.Service, jsonTitle: titleJSON(r.Title), Owner: known(r.Owner), IncidentsPerYear: r.IncidentsPerYear, Written: known(r.Often),
		Units: r.Units, Per: known(r.Per), LosesEach: r.LosesEach, DetectSeconds: r.Detect, AcknowledgeSeconds: r.Acknowledge,
		RecoverSeconds: r.Recover, BadSecondsEach: r.Bad, Reaches: make([]jsonReach, 0, len(r.Reaches)), Further: r.Further,
		Layers: make([]jsonLayer, 0, len(r.Layers)), Angles: list(r.Angles), Remarks: remarksJSON(r.Remarks),
		Provenance: jsonProvenance{known(r.From.Source.In("en")), dateJSON(r.From.AsOf), r.From.Review, dateJSON(r.From.Due), r.From.Overdue},
		jsonPlace:  placeJSON(r.Pos), Steps: whySteps(r.Steps),
	}
	if r.Per != "" {
		out.ChangesPerYear, out.Chance = &r.ChangesPerYear, &r.Chance
	}
	for _, x := range r.Reaches {
		j := jsonReach{x.Service, known(x.Objective), x.Window, x.Impact, x.IncidentsPerYear, x.BadPerYear, x.BudgetShare, nil, x.Saves, x.Redundant}
		if x.Rating != "" {
			j.Rating = &x.Rating
		}
		out.Reaches = append(out.Reaches, j)
	}
	for _, l := range r.Layers {
		out.Layers = append(out.Layers, layerJSON(&l))
	}
	if a := r.Accepted; a != nil {
		out.Accepted = &jsonAccepted{known(a.By.In("en")), known(a.Because.In("en")), dateJSON(a.Since), dateJSON(a.Until), a.RunOut, placeJSON(a.Pos)}
	}
	return out
}

func layerJSON(l *explain.Layer) jsonLayer {
	out := jsonLayer{
		Step: l.Step, Kind: l.Kind, Name: known(l.Name), jsonTitle: titleJSON(l.Title), Net: known(l.Net), NetTitle: known(l.NetTitle.In("en")),
		Stands: l.Stands, Counts: l.Counts, Angle: known(l.Angle), Stops: l.Stops, StopsBand: bandOf(l.Low, l.High),
		Seconds: l.Time, FirstChance: l.First, ReachedChance: l.Reached, By: known(l.Who), Automatic: l.Automatic, Unnamed: l.Unnamed,
		Runbook: known(l.Runbook), Drilled: dateJSON(l.Drilled), jsonPlace: placeJSON(l.Pos),
	}
	if l.Status != "" {
		out.Status = &l.Status
	}
	if l.Of != "" {
		out.Of = &l.Of
	}
	return out
}

func remarksJSON(remarks []explain.Remark) []jsonRemark {
	out := make([]jsonRemark, 0, len(remarks))
	for _, m := range remarks {
		j := jsonRemark{Code: m.Code, Risk: m.Risk, Names: list(m.Names), Date: dateJSON(m.Date), jsonPlace: placeJSON(m.Pos)}
		if m.Date != nil {
			j.Days = &m.Days
		}
		out = append(out, j)
	}
	return out
}

func netJSON(n *explain.Net) *jsonNetSaid {
	out := &jsonNetSaid{
		jsonTitle: titleJSON(n.Title), Owner: known(n.Owner), Kind: n.Kind, Status: n.Status, Ready: dateJSON(n.Ready), Angle: n.Angle,
		LeadTimeSeconds: n.LeadTime, Cost: costJSON(n.Cost), Requires: boundJSON(n.Requires), Excludes: boundJSON(n.Excludes),
		Replaces: boundJSON(n.Replaces), RequiredBy: list(n.RequiredBy), SameAngle: list(n.SameAngle), AlsoStanding: list(n.With),
		Gone: list(n.Gone), Impossible: known(n.Impossible), Risks: make([]jsonRiskChange, 0, len(n.Risks)),
		Objectives: make([]jsonObjectiveChange, 0, len(n.Objectives)), LossUnknown: list(n.LossOpen), jsonPlace: placeJSON(n.Pos),
	}
	if n.Impossible == "" {
		load, manual, process := fromToJSON(n.Load), fromToJSON(n.Manual), fromToJSON(n.Process)
		out.PagesPerWeek, out.ManualHoursPerYear, out.ProcessHoursPerYear = &load, &manual, &process
	}
	if n.Loss != nil {
		loss, off := fromToJSON(*n.Loss), fromToJSON(n.LossError)
		out.LossPerYear, out.LossError = &loss, &off
	}
	for _, c := range n.Risks {
		out.Risks = append(out.Risks, jsonRiskChange{
			c.Name, madeJSON(c.Title, c.Made), c.Kind, c.Service, c.To, known(c.Objective),
			fromToJSON(c.IncidentsPerYear), fromToJSON(c.BadPerIncident), fromToJSON(c.BadPerYear),
		})
	}
	for _, c := range n.Objectives {
		out.Objectives = append(out.Objectives, jsonObjectiveChange{
			c.Service, c.Objective, c.Target.Float(), c.Window, fromToJSON(c.Met), c.BandBefore, c.BandAfter,
			fromToJSON(c.BadPerYear), fromToJSON(c.Achievable), c.Verdict[0], c.Verdict[1],
		})
	}
	return out
}

// costJSON leaves out amounts that are not told: all of them where no cost is
// written, and those with effort in them where it has no price.
func costJSON(c worth.Cost) jsonNetCost {
	out := jsonNetCost{LastsYears: c.LastsYears}
	if c.Free {
		return out
	}
	out.BuildPersonDays, out.RunPersonDaysPerYear = &c.BuildDays, &c.RunDaysPerYear
	if c.Unpriced {
		out.Unpriced = known(english().Message(c.Why))
		return out
	}
	out.Annual, out.AnnualBand = &c.Annual, &[2]float64{c.AnnualLow, c.AnnualHigh}
	out.Build, out.RunPerYear = &c.Build, &c.RunPerYear
	return out
}

func boundJSON(others []explain.Other) []jsonOther {
	out := make([]jsonOther, 0, len(others))
	for _, x := range others {
		out = append(out, jsonOther{x.Name, titleJSON(x.Title), x.Status, x.Stands})
	}
	return out
}

// needKinds are the kinds of needs in words of the model.
var needKinds = map[model.NeedKind]string{
	model.NeedOne: "service", model.NeedAny: "any", model.NeedAtLeast: "at_least", model.NeedSplit: "split",
}

func serviceJSON(s *explain.Service) *jsonServiceSaid {
	out := &jsonServiceSaid{
		jsonTitle: titleJSON(s.Title), Owner: known(s.Owner), Outside: s.Outside, Entries: make([]jsonEntry, 0, len(s.Entries)),
		OwnBadSecondsPerYear: s.Own, Several: s.Several, Needs: make([]jsonNeedSaid, 0, len(s.Needs)), SinglePoints: make([]jsonSingle, 0, len(s.SinglePoints)),
		Risks: list(s.Risks), Reached: list(s.Reached), NeededBy: list(s.NeededBy), Remarks: remarksJSON(s.Remarks), jsonPlace: placeJSON(s.Pos),
		Shares: make([]jsonShares, 0, len(s.Shares)),
	}
	for _, e := range s.Entries {
		out.Entries = append(out.Entries, entryJSON(e))
	}
	for _, n := range s.Needs {
		j := jsonNeedSaid{
			Kind: needKinds[n.Kind], Members: list(n.Members), Counts: n.Counts, Impact: n.Impact, RidesOutSeconds: n.Rides,
			BadSecondsPerYear: n.BadPerYear, Shared: list(n.Shared), jsonPlace: placeJSON(n.Pos),
		}
		if n.Kind == model.NeedAtLeast {
			j.AtLeast = &n.AtLeast
		}
		j.Changed = make([]jsonChanged, 0, len(n.Changed))
		for _, c := range n.Changed {
			j.Changed = append(j.Changed, jsonChanged{c.What, list(c.By), jsonFromTo{c.Before, c.After}})
		}
		out.Needs = append(out.Needs, j)
	}
	for _, x := range s.Shares {
		j := jsonShares{x.Service, known(x.Objective), x.PerYear, make([]jsonShare, 0, len(x.Rows)), x.Redundant, x.Left, x.Twice}
		for _, r := range x.Rows {
			j.Rows = append(j.Rows, jsonShare{
				r.Kind, r.Name, titleJSON(r.Title), r.Service, r.PerYear, r.Alone, r.Together, r.Failed, r.Waiting, r.Saves, placeJSON(r.Pos),
			})
		}
		out.Shares = append(out.Shares, j)
	}
	for _, p := range s.SinglePoints {
		out.SinglePoints = append(out.SinglePoints, jsonSingle{p.Service, titleJSON(p.Title), p.Outside, p.Copies, !p.Indirect, p.BadPerYear})
	}
	if v := s.Value; v.Known {
		out.Worth = &jsonServiceWorth{
			RevenuePerYear: v.RevenuePerYear, RevenuePerUserYear: v.RevenuePerUserYear, Users: v.Users, LostShare: v.Lost,
			PerBadMinute: v.PerBadMinute, PerBadMinuteBand: bandOf(v.PerBadMinuteLow, v.PerBadMinuteHigh), Clauses: clausesSaid(v.Clauses),
		}
	}
	return out
}

func clausesSaid(clauses []*model.Clause) []string {
	out := make([]string, 0, len(clauses))
	for _, c := range clauses {
		out = append(out, c.If.S)
	}
	return out
}
