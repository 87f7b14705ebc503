package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/report"
	"tightrope/internal/say"
	"tightrope/internal/simulate"
)

// forecastArgs is what the command line of forecast asks for.
type forecastArgs struct {
	paths  []string
	opts   forecast.Options
	set    numbers
	listed listed
	format string // text, json or markdown
	output string // file; empty is the standard output
	all    bool   // the whole text
	gate   bool
	time   limit
	check  int    // years to simulate and hold the forecast against; 0: none
	color  string // auto, always or never
}

func newForecast(p *Process) *cobra.Command {
	a := &forecastArgs{format: "text", color: "auto"}
	cmd := &cobra.Command{
		Use:   "forecast [PATH...]",
		Short: "say which objectives a model can meet",
		Long: `Computes how much lost time each service of a model will have in a window, and
says whether its objective can be kept, which target could be promised, and what
spends the budget. PATH is a model file or a folder of *.yaml files; the default
is the current folder.

The text says on at most 40 lines what has to be known to decide; --all shows
the rest, --service one service.

Numbers are worked out to 1e-6 where about two seconds of work are enough, else
as far as these go, and it is said how far. --time gives more: 20s are ten times
the work. Work is counted, not clocked, so that an answer repeats; only after
ten times the time said the clock ends it, with what is known by then.

--check plays the same model event by event and holds the two engines against
each other: they must agree within 4.5 standard errors, and what a sum of
incidents cannot see is told with its size.

Exit code 0: it was forecast; 1: the model has errors, with --gate a service
cannot keep its objective, or with --check the engines differ; 2: the command
was used wrongly; 130: it was stopped with Ctrl-C, and what is known is written.`,
		Example: `  tightrope forecast examples/booking
  tightrope forecast --service booking --targets 99.5%,99.9%,99.95% --over 28d
  tightrope forecast --with canary --without review
  tightrope forecast --gate --format json -o forecast.json`,
		ValidArgsFunction: completeModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			a.paths = pathsOr(args)
			if cmd.Flags().Changed("output") && a.output == "" {
				return misused(errors.New(`--output "": expected a file, or - for the standard output; for example -o forecast.txt`))
			}
			return runForecast(p, a)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(names(&a.opts.Services, "NAMES", "--service booking,search"), "service", "only these services, each in full with --all")
	f.Var(targets(&a.opts.Targets), "targets", "compare the chance to meet these targets, such as 99.5%,99.9%")
	f.Var(over(&a.opts.Over), "over", "window instead of each objective's own, such as 28d")
	f.Var(confidence(&a.opts), "confidence", "confidence instead of each objective's own, such as 95%")
	f.Var(names(&a.opts.With, "NETS", "--with canary"), "with", "as if these safety nets stood")
	f.Var(names(&a.opts.Without, "NETS", "--without review"), "without", "as if these safety nets did not stand")
	f.Var(set(&a.set), "set", "as if this number of the model were another one, such as risks/bad-release/chance=4%")
	a.listed.flags(f)
	f.Var(check(&a.check), "check", "hold it against a simulation of so many years")
	f.Lookup("check").NoOptDefVal = "10_000"
	f.Var(limitFlag(&a.time), "time", limitHelp)
	f.BoolVar(&a.all, "all", false, "the whole text, however long")
	f.Var(oneOf(&a.format, "text", "json", "markdown"), "format", "how the forecast is written")
	f.StringVarP(&a.output, "output", "o", "", "write to this `FILE`, whole or not at all")
	f.BoolVar(&a.gate, "gate", false, "exit with 1 if a service cannot meet its objective")
	f.Var(oneOf(&a.color, "auto", "always", "never"), "color", "colour the text; auto: on a terminal, unless NO_COLOR is set")
	completeWords(cmd, "format", "text", "json", "markdown")
	completeWords(cmd, "color", "auto", "always", "never")
	completeNames(cmd)
	completeSettings(cmd, pathsOr)
	return cmd
}

func runForecast(p *Process, a *forecastArgs) error {
	if err := apart(a.output, a.paths...); err != nil {
		return err
	}
	m, result, err := compute(p, a)
	if err != nil {
		return err
	}
	var comparison *simulate.Comparison
	checked := true
	if a.check > 0 {
		if comparison, checked, err = compare(p, a, m, result); err != nil {
			return err
		}
	}
	short := p.stopped() && slices.ContainsFunc(result.Warnings, func(w forecast.Warning) bool { return w.Code == "time" })
	if err := render(p, a, result, comparison); err != nil {
		return err
	}
	if a.gate {
		if err := gate(p.Stderr, result); err != nil && !short {
			return err
		}
	}
	if !checked {
		fmt.Fprintln(p.Stderr, "check: stopped before all years were played to hold the forecast against")
	}
	if short || !checked {
		return &failure{code: ExitStopped}
	}
	if comparison != nil && !comparison.Agrees() {
		fmt.Fprintln(p.Stderr, "check: the forecast and the simulation differ by more than chance explains")
		return &failure{code: ExitFound}
	}
	return nil
}

// compare plays the model and holds the forecast against it; whole is whether it
// was not stopped before all years were played.
func compare(p *Process, a *forecastArgs, m *model.Model, f *forecast.Result) (c *simulate.Comparison, whole bool, err error) {
	s := simulateArgs{opts: simulate.Options{
		Years: a.check, Seed: 1, Services: a.opts.Services, Over: a.opts.Over, With: a.opts.With, Without: a.opts.Without,
	}}
	played, err := extra(p, func(context.Context) (*simulate.Result, error) { return s.play(p, m) })
	if err != nil {
		if p.stopped() { // the forecast is known
			return nil, false, nil
		}
		return nil, true, s.refused(p, err)
	}
	whole = !p.stopped() || played.Years == played.Asked
	if !whole && played.Years == 0 {
		return nil, false, nil
	}
	if played.Cut && played.Years == 0 {
		return nil, whole, &failure{code: ExitFound, err: errors.New("--check: so much happens in this model that not one year could be simulated to hold the forecast against")}
	}
	return simulate.Compare(f, played), whole, nil
}

// nothing is what was done with a model that has problems.
const nothing = "nothing was forecast"

// compute reads the model and forecasts it.
func compute(p *Process, a *forecastArgs) (*model.Model, *forecast.Result, error) {
	done := p.busy("forecasting " + modelName(a.paths))
	defer done()
	m, problems, err := a.listed.load(a.set, a.paths)
	p.room(m)
	if err != nil {
		return nil, nil, err
	}
	if len(problems) > 0 {
		done()
		return nil, nil, refuse(p.Stderr, problems, nothing)
	}
	result, err := p.forecastWithin(m, a.opts, a.time)
	var wrong *forecast.OptionError
	var broken *model.ProblemError
	switch {
	case errors.As(err, &wrong):
		return nil, nil, misused(fmt.Errorf("--%s: %w", wrong.Option, err))
	case errors.As(err, &broken):
		done()
		return nil, nil, refuse(p.Stderr, []model.Problem{broken.Problem}, nothing)
	case err != nil:
		return nil, nil, p.cut(&failure{code: ExitFound, err: err})
	}
	result.Warnings = append(result.Warnings, a.set.warnings(m, a.opts.With, a.opts.Without)...)
	return m, result, nil
}

// render writes the forecast to where it was asked for.
func render(p *Process, a *forecastArgs, r *forecast.Result, c *simulate.Comparison) error {
	return p.write(a.output, func(w io.Writer) error {
		o := report.Options{Whole: len(a.opts.Services) > 0, All: a.all, Check: c}
		switch a.format {
		case "json":
			return report.JSON(w, r, o)
		case "markdown":
			return report.Markdown(w, r, o)
		}
		o.Width, o.Colour = p.look(w, a.color)
		return report.Text(w, r, o)
	})
}

// look returns how wide a text on w may be, and whether it is coloured.
func (p *Process) look(w io.Writer, color string) (width int, colour bool) {
	width, terminal := p.Terminal(w)
	switch color {
	case "always":
		return width, true
	case "never":
		return width, false
	}
	return width, terminal && p.Getenv("NO_COLOR") == "" && p.Getenv("TERM") != "dumb"
}

// undecided says why nothing is shown of an objective.
func undecided(e *forecast.Entry) string {
	if e.Unsolved {
		return "its groups are too large to be solved"
	}
	return "nothing is listed that could go wrong"
}

// gate fails if an objective cannot be kept with its confidence.
func gate(w io.Writer, r *forecast.Result) error {
	objectives, failed := 0, 0
	for _, e := range r.Entries {
		if e.Objective == nil {
			continue
		}
		objectives++
		if e.Contradicts {
			failed++
			fmt.Fprintf(w, "gate: the forecast of %s contradicts itself, so that nothing shows that %s over %s can be met; please report this model\n",
				e.Service, e.Objective.Target.Text, say.English().Window(e.WindowSay))
			continue
		}
		if e.Verdict == forecast.Undecided {
			failed++
			fmt.Fprintf(w, "gate: whether %s can meet %s over %s is unknown: %s\n", e.Service, e.Objective.Target.Text, say.English().Window(e.WindowSay), undecided(e))
			continue
		}
		if e.Verdict == forecast.NotAchievable {
			failed++
			fmt.Fprintf(w, "gate: %s cannot meet %s over %s\n", e.Service, e.Objective.Target.Text, say.English().Window(e.WindowSay))
		}
	}
	for _, x := range r.Warnings {
		if x.Code == "time" { // what is not known is not shown to be met
			failed++
			fmt.Fprintln(w, "gate: "+say.English().Message(x.Message))
		}
	}
	if objectives == 0 && failed == 0 {
		fmt.Fprintln(w, "gate: no service has an objective, so there is nothing to hold against it")
	}
	if failed > 0 {
		return &failure{code: ExitFound}
	}
	return nil
}
