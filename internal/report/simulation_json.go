package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"tightrope/internal/safetext"
	"tightrope/internal/simulate"
)

// SimulationFormat and TimelineFormat are the names and versions of the JSON
// documents.
const (
	SimulationFormat = "tightrope.simulate/1"
	TimelineFormat   = "tightrope.timeline/1"
)

// SimulationJSON writes what a simulation saw for machines: one document, with
// numbers in full, in seconds or plain ratios, and null for what is unknown.
// Keys are only ever added, at the end of their object. It returns the error of
// w.
func SimulationJSON(w io.Writer, r *simulate.Result, currency string) error {
	doc := simulationDocument{
		Format: SimulationFormat, Years: r.Years, Seed: r.Seed,
		Services:   make([]jsonSimulated, 0, len(r.Entries)),
		YearsAsked: r.Asked, EpochYears: r.Epoch, Currency: known(currency),
		Warnings: jsonWarnings(r.Warnings), Standing: list(r.Standing), With: list(r.With), Without: list(r.Without),
	}
	for _, e := range r.Entries {
		doc.Services = append(doc.Services, simulatedJSON(e))
	}
	return encode(w, "simulation", doc)
}

// TimelineJSON writes a simulated year for machines, as SimulationJSON does.
func TimelineJSON(w io.Writer, y *simulate.Timeline) error {
	doc := timelineDocument{
		Format: TimelineFormat, Seed: y.Seed, Year: y.Year,
		Moments: make([]jsonMoment, 0, len(y.Moments)), Totals: make([]jsonTotal, 0, len(y.Totals)),
	}
	for _, m := range y.Moments {
		out := jsonMoment{
			At: m.At, Kind: m.Kind, Source: m.Source, jsonTitle: madeJSON(m.Title, m.Made), Service: known(m.Service),
			Note: known(strings.Join(saidIn(m.Notes), "; ")), Hit: make([]jsonHit, 0, len(m.Services)),
		}
		if m.Incident > 0 {
			out.Incident = &m.Incident
		}
		for _, h := range m.Services {
			out.Hit = append(out.Hit, jsonHit{h.Service, h.Share})
		}
		doc.Moments = append(doc.Moments, out)
	}
	for _, t := range y.Totals {
		doc.Totals = append(doc.Totals, jsonTotal{t.Service, known(t.Objective), t.Bad, t.Outages, t.Missed, t.Windows})
	}
	return encode(w, "timeline", doc)
}

// encode writes a document. Nothing is written of one that has a number which is
// none: the error names its field.
func encode(w io.Writer, what string, doc any) error {
	if err := safetext.Document(w, doc); err != nil {
		return fmt.Errorf("writing the %s as JSON: %w", what, err)
	}
	return nil
}

// The order of the fields below is the order of the keys in the documents.
type (
	simulationDocument struct {
		Format     string          `json:"format"`
		Years      int             `json:"years"`
		Seed       uint64          `json:"seed"`
		Services   []jsonSimulated `json:"services"`
		YearsAsked int             `json:"years_asked"`
		EpochYears int             `json:"epoch_years"`
		Currency   *string         `json:"currency"`
		Warnings   []jsonWarning   `json:"warnings"`
		Standing   []string        `json:"standing"`
		With       []string        `json:"with"`
		Without    []string        `json:"without"`
	}

	jsonSimulated struct {
		Service              string           `json:"service"`
		Objective            *jsonObjective   `json:"objective"`
		BadSeconds           jsonSimulatedBad `json:"bad_seconds"`
		MissProbability      *float64         `json:"miss_probability"`
		MissProbabilityCI95  *[2]float64      `json:"miss_probability_ci95"`
		AnyMissInAYear       *float64         `json:"any_miss_in_a_year"`
		DownFraction         *float64         `json:"down_fraction"`
		BadFraction          *float64         `json:"bad_fraction"`
		LongestOutageSeconds jsonLongest      `json:"longest_outage_seconds"`
		Clauses              []jsonClause     `json:"clauses"`

		jsonTitle
		Owner              *string     `json:"owner"`
		Outside            bool        `json:"outside"`
		Windows            int64       `json:"windows"`
		WindowSeconds      float64     `json:"window_seconds"`
		WorstWindowSeconds *float64    `json:"worst_window_seconds"`
		AnyMissCI95        *[2]float64 `json:"any_miss_in_a_year_ci95"`
		DownFractionCI95   *[2]float64 `json:"down_fraction_ci95"`
		BadFractionCI95    *[2]float64 `json:"bad_fraction_ci95"`
		FeltSeconds        jsonMean    `json:"felt_seconds"`
		OutagesPerYear     *float64    `json:"outages_per_year"`
		OutagesPerYearCI95 *[2]float64 `json:"outages_per_year_ci95"`
		OutageMeanSeconds  *float64    `json:"outage_mean_seconds"`
		Sum                jsonSum     `json:"sum"`
		File               *string     `json:"file"`
		Line               *int        `json:"line"`
		Column             *int        `json:"column"`
	}

	jsonMean struct {
		Mean *float64    `json:"mean"`
		CI95 *[2]float64 `json:"mean_ci95"`
	}

	jsonSimulatedBad struct {
		jsonMean
		P50 *float64 `json:"p50"`
		P90 *float64 `json:"p90"`
		P95 *float64 `json:"p95"`
		P99 *float64 `json:"p99"`
	}

	jsonLongest struct {
		P50 *float64 `json:"p50"`
		P95 *float64 `json:"p95"`
	}

	jsonClause struct {
		If               string      `json:"if"`
		Probability      *float64    `json:"probability_per_year"`
		CI95             *[2]float64 `json:"ci95"`
		ExpectedPay      *float64    `json:"expected_pay_per_year"`
		ExpectedPayCI95  *[2]float64 `json:"expected_pay_per_year_ci95"`
		TimesPerYear     *float64    `json:"times_per_year"`
		TimesPerYearCI95 *[2]float64 `json:"times_per_year_ci95"`
		File             *string     `json:"file"`
		Line             *int        `json:"line"`
		Column           *int        `json:"column"`
	}

	// jsonSum is lost time as the forecast counts it.
	jsonSum struct {
		Windows             int64       `json:"windows"`
		BadSeconds          jsonMean    `json:"bad_seconds"`
		MissProbability     *float64    `json:"miss_probability"`
		MissProbabilityCI95 *[2]float64 `json:"miss_probability_ci95"`
		OverlapSeconds      jsonMean    `json:"overlap_seconds"`
	}

	timelineDocument struct {
		Format  string       `json:"format"`
		Seed    uint64       `json:"seed"`
		Year    int          `json:"year"`
		Moments []jsonMoment `json:"moments"`
		Totals  []jsonTotal  `json:"totals"`
	}

	jsonMoment struct {
		At     float64 `json:"at_seconds"`
		Kind   string  `json:"kind"`
		Source string  `json:"source"`
		jsonTitle
		Service  *string   `json:"service"`
		Incident *int      `json:"incident"`
		Note     *string   `json:"note"`
		Hit      []jsonHit `json:"hit"`
	}

	jsonHit struct {
		Service string  `json:"service"`
		Share   float64 `json:"share"`
	}

	jsonTotal struct {
		Service   string  `json:"service"`
		Objective *string `json:"objective"`
		Bad       float64 `json:"bad_seconds"`
		Outages   int     `json:"outages"`
		Missed    int     `json:"missed"`
		Windows   int     `json:"windows"`
	}
)

func simulatedJSON(e *simulate.Entry) jsonSimulated {
	seen := e.Windows > 0
	number := func(v float64) *float64 { return finite(v, seen) }
	q := e.Quantiles
	out := jsonSimulated{
		Service:              e.Service,
		BadSeconds:           jsonSimulatedBad{meanJSON(e.Bad, seen), number(q.P50), number(q.P90), number(q.P95), number(q.P99)},
		LongestOutageSeconds: jsonLongest{number(e.Longest.P50), number(e.Longest.P95)},
		Clauses:              make([]jsonClause, 0, len(e.Clauses)),
		jsonTitle:            titleJSON(e.Title), Owner: known(e.Owner), Outside: e.Outside,
		Windows: e.Windows, WindowSeconds: e.Window, WorstWindowSeconds: number(e.Worst),
		FeltSeconds:       meanJSON(e.Felt, seen),
		OutageMeanSeconds: finite(e.OutageMean, seen && e.OutagesPerYear.Value > 0),
		Sum: jsonSum{
			Windows: e.Sum.Windows, BadSeconds: meanJSON(e.Sum.Bad, e.Sum.Windows > 0), OverlapSeconds: meanJSON(e.Sum.Overlap, e.Sum.Windows > 0),
		},
	}
	out.File, out.Line, out.Column = place(e.Pos)
	if o := e.Objective; o != nil {
		out.Objective = &jsonObjective{o.Name, o.Target, e.Window, o.Budget, o.Confidence}
	}
	out.MissProbability, out.MissProbabilityCI95 = maybe(e.Miss, seen)
	out.AnyMissInAYear, out.AnyMissCI95 = maybe(e.MissYear, seen)
	out.DownFraction, out.DownFractionCI95 = maybe(&e.Down, seen)
	out.BadFraction, out.BadFractionCI95 = maybe(&e.BadShare, seen)
	out.OutagesPerYear, out.OutagesPerYearCI95 = maybe(&e.OutagesPerYear, seen)
	out.Sum.MissProbability, out.Sum.MissProbabilityCI95 = maybe(e.Sum.Miss, e.Sum.Windows > 0)
	for _, c := range e.Clauses {
		j := jsonClause{If: c.Clause.If.S}
		j.Probability, j.CI95 = maybe(&c.InYear, seen)
		j.ExpectedPay, j.ExpectedPayCI95 = maybe(c.Pay, seen)
		j.TimesPerYear, j.TimesPerYearCI95 = maybe(&c.PerYear, seen)
		j.File, j.Line, j.Column = place(c.Clause.Pos)
		out.Clauses = append(out.Clauses, j)
	}
	return out
}

func meanJSON(e simulate.Estimate, seen bool) jsonMean {
	mean, ci := maybe(&e, seen)
	return jsonMean{mean, ci}
}

// maybe is an estimate and its interval, or nothing where there is none.
func maybe(e *simulate.Estimate, seen bool) (value *float64, ci *[2]float64) {
	if e == nil || finite(e.Value, seen) == nil {
		return nil, nil
	}
	return &e.Value, &[2]float64{e.Low, e.High}
}

// finite is v, or nothing where it was not seen or is no number.
func finite(v float64, seen bool) *float64 {
	if !seen || math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
