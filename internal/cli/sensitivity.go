package cli

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/report"
	"tightrope/internal/scenario"
	"tightrope/internal/sensitivity"
)

// sensitivityArgs is what the command line of sensitivity asks for.
type sensitivityArgs struct {
	paths           []string
	opts            sensitivity.Options
	byPlan, byWorth bool
	listed          listed
	time            limit
	format          string
	output          string
	color           string
}

func newSensitivity(p *Process) *cobra.Command {
	a := &sensitivityArgs{format: "text", color: "auto"}
	cmd := &cobra.Command{
		Use:   "sensitivity [PATH...]",
		Short: "say which unsure inputs matter, and what to measure next",
		Long: `Moves each number of the model that is not exactly known from its 5th to its 95th
percentile and says how far the chance to keep each objective moves with it. With
--plan it also says whether another plan would be the cheapest then, with --worth
what knowing the number exactly would save in a year; both make many plans and
may take minutes.

Exit code 0: it was answered; 1: the model has errors; 2: the command was used
wrongly; 130: it was stopped with Ctrl-C, and what was seen so far is written.`,
		Example: `  tightrope sensitivity examples/booking --service booking
  tightrope sensitivity --worth --format json -o measure.json
  tightrope sensitivity --plan`,
		ValidArgsFunction: completeModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			a.paths = pathsOr(args)
			if cmd.Flags().Changed("output") && a.output == "" {
				return misused(errors.New(`--output "": expected a file, or - for the standard output; for example -o sensitivity.txt`))
			}
			a.opts.PromisesOnly = !a.byPlan && !a.byWorth
			return runSensitivity(p, a)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(names(&a.opts.Plan.Services, "NAMES", "--service booking,search"), "service", "only the objectives of these services")
	f.Var(over(&a.opts.Plan.Over), "over", "window instead of each objective's own, such as 28d")
	a.listed.flags(f)
	f.BoolVar(&a.byPlan, "plan", false, "also whether the cheapest plan hangs on it")
	f.BoolVar(&a.byWorth, "worth", false, "also what knowing it is worth, by the plan of least cost and loss")
	f.Var(limitFlag(&a.time), "time", "end after so long, with what was seen so far; else about 10s, longer where much is unsure")
	f.Var(oneOf(&a.format, "text", "json", "markdown"), "format", "how the answer is written")
	f.StringVarP(&a.output, "output", "o", "", "write to this `FILE`, whole or not at all")
	f.Var(oneOf(&a.color, "auto", "always", "never"), "color", "colour the text; auto: on a terminal, unless NO_COLOR is set")
	completeWords(cmd, "format", "text", "json", "markdown")
	completeWords(cmd, "color", "auto", "always", "never")
	completeNames(cmd)
	return cmd
}

// steps is how many there are at most.
func (a *sensitivityArgs) steps(m *model.Model) int {
	if a.opts.PromisesOnly {
		return 2 * len(m.Unsure())
	}
	return 7 * len(m.Unsure())
}

// Without --time it ends after sensitivityTime, and sensitivityEach for each input
// that is unsure.
const (
	sensitivityTime = limit(8 * time.Second)
	sensitivityEach = limit(200 * time.Millisecond)
)

func runSensitivity(p *Process, a *sensitivityArgs) error {
	const undone = "nothing was computed"
	if err := apart(a.output, a.paths...); err != nil {
		return err
	}
	read := p.busy("reading " + modelName(a.paths))
	m, problems, err := a.listed.load(nil, a.paths)
	p.room(m)
	read()
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return refuse(p.Stderr, problems, undone)
	}
	if a.byWorth {
		a.opts.Plan.Mode = plan.Worth
	}
	if a.time == 0 {
		a.time = sensitivityTime + limit(len(m.Unsure()))*sensitivityEach
	}
	limited, cancel := p.within(p.context(), a.time, 1)
	defer cancel()
	steps, end := p.progress("asking", "questions", a.steps(m))
	defer end()
	a.opts.Progress = func(done, _ int) { steps(done) }
	a.opts.Plan.Memory = p.Forecasts
	r, err := sensitivity.Run(limited, m, a.opts)
	var wrong *scenario.OptionError
	var broken *model.ProblemError
	switch {
	case errors.As(err, &wrong):
		return misused(fmt.Errorf("--%s: %w", wrong.Option, err))
	case errors.As(err, &broken):
		end()
		return refuse(p.Stderr, []model.Problem{broken.Problem}, undone)
	case err != nil:
		return p.cut(&failure{code: ExitFound, err: err})
	}
	end()
	short := !r.Complete && p.stopped()
	o := report.SensitivityOptions{Currency: m.Currency.S}
	err = p.write(a.output, func(w io.Writer) error {
		switch a.format {
		case "json":
			return report.SensitivityJSON(w, r)
		case "markdown":
			return report.SensitivityMarkdown(w, r, o)
		}
		o.Width, o.Colour = p.look(w, a.color)
		return report.SensitivityText(w, r, o)
	})
	if err == nil && short {
		return &failure{code: ExitStopped}
	}
	return err
}
