package report

import (
	"io"

	rhythm "tightrope/internal/cadence"
	"tightrope/internal/forecast"
)

// CadenceFormat is the name and version of the JSON document.
const CadenceFormat = "tightrope.cadence/1"

// CadenceJSON writes the rhythms of a change for machines, as ExplainJSON does.
func CadenceJSON(w io.Writer, r *rhythm.Result, currency string) error {
	doc := cadenceDocument{
		Format: CadenceFormat, Change: r.Change, jsonTitle: titleJSON(r.Title), Service: r.Service, Risks: list(r.Risks),
		Rhythms: make([]jsonRhythm, 0, len(r.Rows)), With: list(r.With), Without: list(r.Without), Ignored: list(r.Ignored),
		Fastest: fastestJSON(r, false), Currency: known(currency), Assumed: saidIn(r.Assumed), Warnings: jsonWarnings(r.Warnings),
		jsonPlace: placeJSON(r.Pos),
	}
	for _, row := range r.Rows {
		j := jsonRhythm{Every: row.Text, EverySeconds: row.Every, PerYear: row.PerYear, Present: row.Present, Plain: caseJSON(row.Plain)}
		if row.Nets != nil {
			j.WithNets = caseJSON(row.Nets)
			doc.FastestWithNets = fastestJSON(r, true)
		}
		doc.Rhythms = append(doc.Rhythms, j)
	}
	return encode(w, "rhythms", doc)
}

// The order of the fields below is the order of the keys in the document.
type (
	cadenceDocument struct {
		Format string `json:"format"`
		Change string `json:"change"`
		jsonTitle
		Service         string        `json:"service"`
		Risks           []string      `json:"risks"`
		Rhythms         []jsonRhythm  `json:"rhythms"`
		Fastest         *string       `json:"fastest"`
		FastestWithNets *string       `json:"fastest_with_nets"`
		With            []string      `json:"with"`
		Without         []string      `json:"without"`
		Ignored         []string      `json:"ignored"`
		Currency        *string       `json:"currency"`
		Assumed         []string      `json:"assumed"`
		Warnings        []jsonWarning `json:"warnings"`
		jsonPlace
	}

	jsonRhythm struct {
		Every        string    `json:"every"`
		EverySeconds float64   `json:"every_seconds"`
		PerYear      float64   `json:"per_year"`
		Present      bool      `json:"present"`
		Plain        *jsonCase `json:"as_it_stands"`
		WithNets     *jsonCase `json:"with_nets"`
	}

	jsonCase struct {
		Objectives          []jsonAtRhythm `json:"objectives"`
		PagesPerWeek        float64        `json:"pages_per_week"`
		NightPagesPerWeek   float64        `json:"night_pages_per_week"`
		ManualHoursPerYear  float64        `json:"manual_hours_per_year"`
		ProcessHoursPerYear float64        `json:"process_hours_per_year"`
		PeopleCostPerYear   *float64       `json:"people_cost_per_year"`
	}

	jsonAtRhythm struct {
		Service             string           `json:"service"`
		Objective           *jsonObjective   `json:"objective"`
		WindowSeconds       float64          `json:"window_seconds"`
		Verdict             forecast.Verdict `json:"verdict"`
		MetProbability      *float64         `json:"met_probability"`
		MetProbabilityError *float64         `json:"met_probability_error"`
		MetProbabilityBand  *[2]float64      `json:"met_probability_band"`
		AchievableTarget    float64          `json:"achievable_target"`
		BadSecondsMean      float64          `json:"bad_seconds_mean"`
		BadSecondsPerYear   float64          `json:"bad_seconds_per_year"`
		PlannedSecondsMean  float64          `json:"planned_seconds_mean"`
		BrokenSecondsMean   float64          `json:"broken_seconds_mean"`
		Room                *int             `json:"room"`
		Compare             []jsonChance     `json:"compare"`
	}
)

func fastestJSON(r *rhythm.Result, nets bool) *string {
	if i, ok := r.Fastest(nets); ok {
		return &r.Rows[i].Text
	}
	return nil
}

func caseJSON(c *rhythm.Case) *jsonCase {
	out := &jsonCase{
		Objectives: make([]jsonAtRhythm, 0, len(c.Objectives)), PagesPerWeek: c.PagesPerWeek, NightPagesPerWeek: c.NightPagesPerWeek,
		ManualHoursPerYear: c.ManualHoursPerYear, ProcessHoursPerYear: c.ProcessHoursPerYear, PeopleCostPerYear: c.PeopleCostPerYear,
	}
	for _, o := range c.Objectives {
		j := jsonAtRhythm{
			Service: o.Service, WindowSeconds: o.Window, Verdict: o.Verdict, AchievableTarget: o.Achievable, BadSecondsMean: o.Mean,
			BadSecondsPerYear: o.PerYear, PlannedSecondsMean: o.Planned, BrokenSecondsMean: o.Broken, Room: o.Room, Compare: chancesJSON(o.Compare),
		}
		if o.Budget != nil {
			j.Objective = &jsonObjective{o.Name, o.Target.Float(), o.Window, *o.Budget, o.Confidence}
		}
		if m := o.Met; m != nil {
			j.MetProbability, j.MetProbabilityError, j.MetProbabilityBand = &m.Value, &m.Error, &[2]float64{m.Low, m.High}
		}
		out.Objectives = append(out.Objectives, j)
	}
	return out
}
