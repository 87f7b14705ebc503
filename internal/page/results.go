package page

import (
	"context"
	"errors"
	"slices"

	"tightrope/internal/decision"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/scenario"
	"tightrope/internal/simulate"
	"tightrope/internal/tables"
	"tightrope/internal/work"
	"tightrope/internal/worth"
)

// Results are what a page is made of. What is nil, or missing in a map, is left
// out of the page or said to be unknown.
type Results struct {
	Name     string // what the model is called
	Version  string // of the program
	Model    *model.Model
	Forecast *forecast.Result
	Risks    map[string]*explain.Risk // what stands in front of them, by name
	// Shares divide the lost time of the first objective of each service among what
	// caused it, with what removal saves of those that are shown.
	Shares map[string]*explain.Shares
	Losses map[string]*worth.Loss // by service
	// Elsewhere are the losses of services that the page is not about, which Expected holds too.
	Elsewhere []*worth.Loss
	Expected  worth.Expectation       // loss in a year, of all services and with the time of people
	Plans     map[string]*plan.Result // by service
	Ended     map[string]bool         // by service: the search was ended before it was done
	// Together is one plan for the promises of all services, where there are several;
	// nil: none was made.
	Together *plan.Result
	// Decision is what to promise and to build first; nil: it was not asked for.
	Decision *decision.Decision
	Load     *worth.Load
	Played   *simulate.Result
	Year     *simulate.Timeline // one of the years that were played
	YearOf   int                // the middle one of so many
	// Short: the context ended before all of it was known; a warning of the forecast
	// says so.
	Short bool
	// Why makes a link to how the number at a path came about, as explain.WhyOf takes
	// it; nil: nothing can be asked.
	Why func(path string) string
}

// Options of what is gathered.
type Options struct {
	Services      []string // only these; empty is all
	Over          *model.Duration
	With, Without []string
	Years         int // to simulate; 0: none
	Seed          uint64
	// Brief leaves out what stands in front of each risk, what its removal saves and the chance that
	// users feel a promise kept, and Plain the bands and
	// what holds in the long run: what is left is known at once.
	Brief, Plain bool
	// Partly gives back what is known when the context ends, once there is a forecast;
	// else there is nothing then but its error.
	Partly bool
	// Memory keeps what forecasts compute for the next ones; nil: nothing does.
	Memory *forecast.Memory
}

// Gather asks the engines for all that a page says, but for plans, which take
// longer and are the caller's to ask for. Errors are those of forecast.Run.
func Gather(ctx context.Context, m *model.Model, o Options) (*Results, error) {
	r := &Results{Model: m, Risks: map[string]*explain.Risk{}, Losses: map[string]*worth.Loss{}}
	asked := forecast.Options{Services: o.Services, Over: o.Over, With: o.With, Without: o.Without, Context: ctx, Memory: o.Memory, Plain: o.Plain, Causes: !o.Brief, Unfelt: o.Brief}
	var err error
	if r.Forecast, err = forecast.Run(m, asked); err != nil {
		return nil, err
	}
	if err := r.rest(ctx, m, o, asked); err != nil {
		if !o.Partly || !work.Late(ctx, err) {
			return nil, err
		}
		r.Short = true
		r.Forecast.Warnings = append(r.Forecast.Warnings, forecast.Warning{Code: "time", Message: message.StoppedReport()})
	}
	return r, nil
}

// rest is all but the forecast.
func (r *Results) rest(ctx context.Context, m *model.Model, o Options, asked forecast.Options) (err error) {
	if r.Load, err = worth.LoadWith(ctx, m, o.With, o.Without, o.Memory.Laws()); err != nil {
		return err
	}
	for _, name := range r.promised() {
		loss, err := worth.LossFrom(m, m.Service(name), asked, r.Forecast)
		if err != nil {
			return err
		}
		r.Losses[name] = loss
	}
	if err := r.expect(asked); err != nil {
		return err
	}
	if !o.Brief {
		reach := map[scenario.ID]bool{}
		for _, e := range r.Forecast.Entries {
			for _, src := range e.Sources {
				reach[src.Of] = true
			}
		}
		risks, err := explain.OfRisks(m, explain.Options{With: o.With, Without: o.Without, Memory: o.Memory, Context: ctx}, func(x *model.Risk) bool { return reach[scenario.RiskID(x.Name)] })
		if err != nil {
			return err
		}
		for _, x := range risks {
			r.Risks[x.Name] = x
		}
		if err := r.share(ctx, o); err != nil {
			return err
		}
	}
	if !o.Brief {
		// As things stand; with a plan it is made again, see Decide.
		asked := decision.Options{Services: o.Services, Over: o.Over, Memory: o.Memory}
		var err error
		if r.Decision, err = decision.Of(ctx, r.Model, r.Forecast, nil, asked); err != nil {
			return err
		}
	}
	return r.play(ctx, o)
}

// Decide makes the decision with the plan of all the services of the page; nil:
// without one. It looks at what could change it.
func (r *Results) Decide(ctx context.Context, p *plan.Result, o decision.Options) (err error) {
	r.Decision, err = decision.Of(ctx, r.Model, r.Forecast, p, o)
	return err
}

// share divides the lost time of the services among what caused it.
func (r *Results) share(ctx context.Context, o Options) error {
	var entries []*forecast.Entry
	for _, name := range r.promised() {
		if e := worth.Entry(r.Forecast, name); !e.Unsolved && !e.Contradicts {
			entries = append(entries, e)
		}
	}
	list, err := explain.SharesOf(r.Model, entries, tables.SharedCauses+1, explain.Options{With: o.With, Without: o.Without, Over: o.Over, Context: ctx, Memory: o.Memory})
	if err != nil {
		return err
	}
	r.Shares = map[string]*explain.Shares{}
	for _, s := range list {
		r.Shares[s.Service] = s
	}
	return nil
}

// expect fills in the expected loss of the model: of every service whose worth is
// told, whichever of them the page is about.
func (r *Results) expect(asked forecast.Options) error {
	var list []*worth.Loss
	var rest []string
	for _, s := range r.Model.Services {
		switch l := r.Losses[s.Name]; {
		case s.Worth == nil:
		case l != nil:
			list = append(list, l)
		default:
			rest = append(rest, s.Name)
		}
	}
	if len(rest) > 0 {
		asked.Services, asked.Plain = rest, true
		f, err := forecast.Run(r.Model, asked)
		if err != nil {
			return err
		}
		for _, name := range rest {
			l, err := worth.LossFrom(r.Model, r.Model.Service(name), asked, f)
			if err != nil {
				return err
			}
			list, r.Elsewhere = append(list, l), append(r.Elsewhere, l)
		}
	}
	r.Expected = worth.Expected(list, r.Load)
	return nil
}

// promised lists the services with an objective, in the order of the files.
func (r *Results) promised() []string {
	var out []string
	for _, e := range r.Forecast.Entries {
		if e.Objective != nil && !slices.Contains(out, e.Service) {
			out = append(out, e.Service)
		}
	}
	return out
}

// candidates is how many years are looked at to find one in the middle.
const candidates = 9

// play simulates, and picks a year to tell: of the first few the one in the
// middle by the lost time of all promises together.
func (r *Results) play(ctx context.Context, o Options) error {
	if o.Years <= 0 || len(r.promised()) == 0 {
		return nil
	}
	// What cannot be solved cannot be played either.
	if slices.ContainsFunc(r.Forecast.Entries, func(e *forecast.Entry) bool { return e.Unsolved }) {
		return nil
	}
	asked := simulate.Options{Years: o.Years, Seed: o.Seed, Over: o.Over, With: o.With, Without: o.Without}
	var err error
	some := asked
	some.Services = o.Services
	if r.Played, err = simulate.Run(ctx, r.Model, some); err != nil {
		return err
	}
	if r.Played.Cut {
		r.Forecast.Warnings = append(r.Forecast.Warnings, r.Played.Warnings[len(r.Played.Warnings)-1])
	}
	if r.Played.Years == 0 { // nothing was seen
		r.Played = nil
		return ctx.Err()
	}
	type year struct {
		told *simulate.Timeline
		bad  float64
	}
	var years []year
	for i := 1; i <= min(candidates, r.Played.Years); i++ {
		t, err := simulate.LogYear(ctx, r.Model, asked, i)
		if errors.Is(err, simulate.ErrTooBusy) {
			return nil
		}
		if err != nil {
			return err
		}
		y := year{told: t}
		for _, x := range t.Totals {
			if slices.Contains(r.promised(), x.Service) {
				y.bad += x.Bad
			}
		}
		years = append(years, y)
	}
	slices.SortStableFunc(years, func(a, b year) int {
		switch {
		case a.bad < b.bad:
			return -1
		case a.bad > b.bad:
			return 1
		}
		return 0
	})
	r.Year, r.YearOf = years[len(years)/2].told, len(years)
	return nil
}
