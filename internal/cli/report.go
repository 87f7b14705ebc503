package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tightrope/internal/decision"
	"tightrope/internal/document/html"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/page"
	"tightrope/internal/plan"
	"tightrope/internal/report"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
)

// reportYears is how many years a report simulates unless others are asked for.
const reportYears = 1000

// reportArgs is what the command line of report asks for.
type reportArgs struct {
	paths  []string
	opts   page.Options
	set    numbers
	listed listed
	plan   bool          // look for plans
	brief  bool          // the decision alone
	time   time.Duration // for each
	format string        // html or markdown
	lang   string        // of the page
	output string        // file; empty is the standard output
}

func newReport(p *Process) *cobra.Command {
	a := &reportArgs{opts: page.Options{Years: reportYears, Seed: 1}, plan: true, time: defaultTime, format: "html", lang: "en"}
	cmd := &cobra.Command{
		Use:   "report [PATH...]",
		Short: "write one page to decide around",
		Long: `Writes one page for those who decide. First the decision: what to promise, what
to build first, what happens if nothing is done, whom it calls, what could
change it and who decides next. Then the reasons, with pictures and tables, and
an appendix for engineers. It is a single file without script that needs no
network and prints well; --brief is the decision alone, on one sheet.

Exit code 0: it was written; 1: the model has errors; 2: the command was used
wrongly; 130: it was stopped with Ctrl-C, and what was known by then is written,
once there is a forecast.`,
		Example: `  tightrope report examples/booking -o booking.html
  tightrope report --service checkout --with canary -o checkout.html
  tightrope report --brief -o decision.html
  tightrope report --format markdown --plan=false
  tightrope report --lang ko -o report.html`,
		ValidArgsFunction: completeModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			a.paths = pathsOr(args)
			if cmd.Flags().Changed("output") && a.output == "" {
				return misused(errors.New(`--output "": expected a file, or - for the standard output; for example -o report.html`))
			}
			return runReport(p, a)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(names(&a.opts.Services, "NAMES", "--service booking,search"), "service", "only these services")
	f.Var(over(&a.opts.Over), "over", "window instead of each objective's own, such as 28d")
	f.Var(names(&a.opts.With, "NETS", "--with canary"), "with", "as if these safety nets stood")
	f.Var(names(&a.opts.Without, "NETS", "--without review"), "without", "as if these safety nets did not stand")
	f.Var(set(&a.set), "set", "as if this number of the model were another one, such as risks/bad-release/chance=4%")
	a.listed.flags(f)
	f.BoolVar(&a.plan, "plan", true, "work out what a better promise would cost; --plan=false leaves it out")
	f.BoolVar(&a.brief, "brief", false, "the decision alone, on one sheet of paper")
	f.Var(timeLimit(&a.time), "time", "end the search for each plan after so long, with the best so far")
	f.Var(yearsBut(&a.opts.Years, "1_000"), "years", "how many years to simulate")
	f.Var(seed(&a.opts.Seed), "seed", "where the dice begin; the same seed gives the same bytes")
	f.Var(oneOf(&a.format, "html", "markdown"), "format", "how the page is written")
	f.Var(oneOf(&a.lang, say.Codes()...), "lang", "language of the page: en (English) or ko (Korean); names and titles stay as written")
	f.StringVarP(&a.output, "output", "o", "", "write to this `FILE`, whole or not at all")
	completeWords(cmd, "format", "html", "markdown")
	completeWords(cmd, "lang", say.Codes()...)
	completeNames(cmd)
	completeSettings(cmd, pathsOr)
	return cmd
}

// unreported is what was done with a model that has problems.
const unreported = "no report was written"

func runReport(p *Process, a *reportArgs) error {
	if err := apart(a.output, a.paths...); err != nil {
		return err
	}
	done := p.busy("reading " + modelName(a.paths))
	m, problems, err := a.listed.load(a.set, a.paths)
	p.roomToPlan()
	done()
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return refuse(p.Stderr, problems, unreported)
	}
	done = p.busy("forecasting " + modelName(a.paths))
	a.opts.Memory, a.opts.Partly = p.Forecasts, true
	r, err := page.Gather(p.context(), m, a.opts)
	done()
	if err != nil {
		return p.cut(a.refused(p, err))
	}
	r.Forecast.Warnings = append(r.Forecast.Warnings, a.set.warnings(m, a.opts.With, a.opts.Without)...)
	r.Name, r.Version = modelName(a.paths), p.Version
	// A plan is for the nets that stand today, and would contradict a page of
	// others.
	if a.plan && len(a.opts.With)+len(a.opts.Without) == 0 {
		left, err := a.plans(p, m, r)
		if err != nil {
			return p.cut(a.refused(p, err))
		}
		if n := len(left); n > 0 {
			r.Short = true
			r.Forecast.Warnings = append(r.Forecast.Warnings, forecast.Warning{Code: "time", Message: message.StoppedPlans(n, left[:min(n, 12)])})
		}
	}
	if !p.stopped() {
		done = p.busy("weighing what could change it")
		err = a.decide(p, m, r)
		done()
		if err != nil && !p.stopped() {
			return p.cut(a.refused(p, err))
		}
		r.Short = r.Short || err != nil
	}
	l, _ := page.LanguageOf(a.lang) // the flag takes no other
	d := page.Build(r, l)
	if a.brief {
		d = page.Brief(r, l)
	}
	err = p.write(a.output, func(w io.Writer) error {
		if a.format == "markdown" {
			return page.Markdown(w, d, l)
		}
		return html.Write(w, d, l)
	})
	if cut := r.Played != nil && r.Played.Cut && p.stopped(); err == nil && (r.Short || cut) {
		return &failure{code: ExitStopped}
	}
	return err
}

// decide makes the decision of the page, by one plan for all its services.
func (a *reportArgs) decide(p *Process, m *model.Model, r *page.Results) error {
	if len(a.opts.With)+len(a.opts.Without) > 0 {
		return nil // the page is of other nets than those that stand
	}
	found := r.Together
	if len(r.Plans) == 1 {
		for _, found = range r.Plans {
		}
	}
	o := decision.Options{Services: a.opts.Services, Over: a.opts.Over, Turns: true, Day: p.today(), Memory: p.Forecasts}
	var err error
	if o.Visible, err = plan.VisibleTo(p.context(), m, plan.Options{Services: a.opts.Services, Over: a.opts.Over, Memory: p.Forecasts}); err != nil {
		return err
	}
	return r.Decide(p.context(), found, o)
}

// plans looks for what would keep the promises of each service. Those that are left
// were not planned for before the first signal.
func (a *reportArgs) plans(p *Process, m *model.Model, r *page.Results) (left []string, err error) {
	nets := false
	for _, n := range m.Nets {
		nets = nets || n.Status == model.Proposed || n.Status == model.Building
	}
	if !nets {
		return nil, nil
	}
	r.Plans, r.Ended = map[string]*plan.Result{}, map[string]bool{}
	for _, e := range r.Forecast.Entries {
		if e.Objective == nil || say.Unknown(e) || r.Plans[e.Service] != nil || slices.Contains(left, e.Service) {
			continue
		}
		if p.stopped() {
			left = append(left, e.Service)
			continue
		}
		opts := plan.Options{Services: []string{e.Service}, Over: a.opts.Over, Frontier: true, Nines: true, Roadmap: true, Memory: p.Forecasts}
		one := planArgs{paths: a.paths, opts: opts, time: a.time}
		found, ended, err := one.find(p, m)
		if p.stopped() && (err != nil || ended == report.Stopped) {
			left = append(left, e.Service) // half a search recommends nothing
			continue
		}
		if err != nil {
			return nil, err
		}
		r.Plans[e.Service], r.Ended[e.Service] = found, ended != report.Done
	}
	if len(r.Plans) < 2 || p.stopped() {
		return left, nil
	}
	// Sets that are chosen for each service overlap: one plan is for all of them.
	all := planArgs{paths: a.paths, opts: plan.Options{Services: slices.Sorted(maps.Keys(r.Plans)), Over: a.opts.Over, Nines: true, Roadmap: true, Memory: p.Forecasts}, time: a.time}
	found, ended, err := all.find(p, m)
	if p.stopped() && (err != nil || ended == report.Stopped) {
		return left, nil
	}
	if err != nil {
		return nil, err
	}
	r.Together = found
	return nil, nil
}

// refused says why no report was written.
func (a *reportArgs) refused(p *Process, err error) error {
	var stopped *failure
	if errors.As(err, &stopped) {
		return err
	}
	var wrong *scenario.OptionError
	var broken *model.ProblemError
	switch {
	case errors.As(err, &wrong):
		return misused(fmt.Errorf("--%s: %w", wrong.Option, err))
	case errors.As(err, &broken):
		return refuse(p.Stderr, []model.Problem{broken.Problem}, unreported)
	}
	return &failure{code: ExitFound, err: err}
}

// yearsBut is years with another default.
func yearsBut(into *int, text string) *value {
	return &value{kind: "N", example: "--years 10_000", text: text, read: yearOf(into)}
}
