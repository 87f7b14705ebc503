package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/report"
)

// defaultTime is how long a plan is looked for unless another time is asked for.
const defaultTime = 30 * time.Second

// planArgs is what the command line of plan asks for.
type planArgs struct {
	paths     []string
	opts      plan.Options
	set       numbers
	listed    listed
	aim       string   // chance or loss, of what is bought for an amount
	worth     bool     // least total of cost and loss
	brief     bool     // nothing but the plan
	all       bool     // the whole text
	breakEven []string // nets; everyNet stands for all that are in question
	time      time.Duration
	format    string // text, json or markdown
	output    string // file; empty is the standard output
	color     string // auto, always or never
}

// everyNet is what --break-even without names asks for.
const everyNet = "all"

func newPlan(p *Process) *cobra.Command {
	a := &planArgs{aim: "chance", format: "text", color: "auto", time: defaultTime}
	cmd := &cobra.Command{
		Use:   "plan [PATH...]",
		Short: "choose the safety nets that are worth building",
		Long: `Finds the cheapest safety nets with which every objective of a model is kept
with its confidence, and proves that none are cheaper. With --spend or --effort
it finds those that raise the chance most within that, with --worth those that
cost least together with what outages lose. Then it says what each amount would
buy, what each nine costs and which one is worth promising, in which order to
build, and what that asks of people. The text says on at most 40 lines what has
to be known to decide; --all shows the rest.

Exit code 0: there is a plan; 1: the model has errors, or no safety nets do what
is asked for; 2: the command was used wrongly; 130: it was stopped with Ctrl-C,
and the best plan so far is written.`,
		Example: `  tightrope plan examples/booking --target 99.95%
  tightrope plan --spend 60_000_000 --effort "40 person-days"
  tightrope plan --worth --review --max-pages 2/w
  tightrope plan --keep canary --forbid second-region --format json -o plan.json`,
		ValidArgsFunction: completeModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			a.paths = pathsOr(args)
			if err := a.settle(cmd.Flags()); err != nil {
				return err
			}
			return runPlan(p, a)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(amount(&a.opts.Money), "spend", "the best that this much money a year buys, such as 60_000_000")
	f.Var(effort(&a.opts.Effort), "effort", `the best that this much work builds, such as "40 person-days"`)
	f.Var(oneOf(&a.aim, "chance", "loss"), "for", "with --spend or --effort: the best chance, or the least loss")
	f.BoolVar(&a.worth, "worth", false, "the least cost of nets and expected loss together")
	f.Var(oneTarget(&a.opts.Target), "target", "target instead of each objective's own, such as 99.99%")
	f.Var(over(&a.opts.Over), "over", "window instead of each objective's own, such as 28d")
	f.Var(planConfidence(&a.opts.Confidence), "confidence", "confidence instead of each objective's own, such as 95%")
	f.Var(names(&a.opts.Keep, "NETS", "--keep canary"), "keep", "safety nets that must be in the plan")
	f.Var(names(&a.opts.Forbid, "NETS", "--forbid second-region"), "forbid", "safety nets that must not be in it")
	f.Var(pages(&a.opts.MaxPages), "max-pages", "how often one person may be called at most, such as 2/w")
	f.BoolVar(&a.opts.Review, "review", false, "ask of the nets that stand, too, whether they earn their keep")
	f.Var(names(&a.opts.Services, "NAMES", "--service booking,search"), "service", "only the objectives of these services")
	f.Var(set(&a.set), "set", "as if this number of the model were another one, such as risks/bad-release/chance=4%")
	a.listed.flags(f)
	f.Var(names(&a.breakEven, "NETS", "--break-even or --break-even=canary"), "break-even", "from which effect on these nets pay; all in question if none is named")
	f.Lookup("break-even").NoOptDefVal = everyNet
	f.BoolVar(&a.brief, "brief", false, "only the plan: not what other amounts and targets would take")
	f.BoolVar(&a.all, "all", false, "the whole text, however long")
	f.Var(timeLimit(&a.time), "time", "stop after so long, with the best plan so far")
	f.Var(oneOf(&a.format, "text", "json", "markdown"), "format", "how the plan is written")
	f.StringVarP(&a.output, "output", "o", "", "write to this `FILE`, whole or not at all")
	f.Var(oneOf(&a.color, "auto", "always", "never"), "color", "colour the text; auto: on a terminal, unless NO_COLOR is set")
	completeWords(cmd, "for", "chance", "loss")
	completeWords(cmd, "format", "text", "json", "markdown")
	completeWords(cmd, "color", "auto", "always", "never")
	completeNets(cmd)
	completeSettings(cmd, pathsOr)
	return cmd
}

// completeNets offers the names that the model has for the flags of plan.
func completeNets(cmd *cobra.Command) {
	listNames(cmd, "service", func(m *model.Model) (all []named) {
		for _, s := range m.Services {
			if len(s.Objectives) > 0 {
				all = append(all, named{s.Name, s.Title.In("en")})
			}
		}
		return all
	})
	for _, flag := range []string{"keep", "forbid", "break-even"} {
		listNames(cmd, flag, func(m *model.Model) (all []named) {
			for _, n := range m.Nets {
				if n.Status == model.Proposed || n.Status == model.Building {
					all = append(all, named{n.Name, n.Title.In("en")})
				}
			}
			return all
		})
	}
}

// settle turns the flags into options, or says which contradict each other.
func (a *planArgs) settle(f *pflag.FlagSet) error {
	if f.Changed("output") && a.output == "" {
		return misused(errors.New(`--output "": expected a file, or - for the standard output; for example -o plan.txt`))
	}
	limited := a.opts.Money != nil || a.opts.Effort != nil
	switch {
	case a.worth && limited:
		return misused(errors.New("--worth does not go with --spend or --effort: it spends what is worth it"), "--spend with --for loss is the least loss that an amount buys")
	case f.Changed("for") && !limited:
		return misused(errors.New("--for does not go without --spend or --effort: it says what the amount is spent for"), "--worth is the least of cost and loss together")
	}
	for _, name := range a.opts.Keep {
		if slices.Contains(a.opts.Forbid, name) {
			return misused(fmt.Errorf("%s is both in --keep and in --forbid", name))
		}
	}
	a.opts.ForLoss = a.aim == "loss"
	switch {
	case a.worth:
		a.opts.Mode = plan.Worth
	case limited:
		a.opts.Mode = plan.Spend
	default:
		a.opts.Mode = plan.Cheapest
	}
	a.opts.Frontier, a.opts.Nines, a.opts.Roadmap = !a.brief, !a.brief, !a.brief
	return nil
}

// unplanned is what was done with a model that has problems.
const unplanned = "nothing was planned"

func runPlan(p *Process, a *planArgs) error {
	if err := apart(a.output, a.paths...); err != nil {
		return err
	}
	end := p.busy("reading " + modelName(a.paths))
	m, problems, err := a.listed.load(a.set, a.paths)
	p.roomToPlan()
	end()
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return refuse(p.Stderr, problems, unplanned)
	}
	a.opts.BreakEven, a.opts.Memory = questioned(m, a.breakEven), p.Forecasts
	result, ended, err := a.find(p, m)
	if err != nil {
		return p.cut(a.refused(p, err))
	}
	result.Warnings = append(result.Warnings, a.set.warnings(m, nil, nil)...)
	o := report.PlanOptions{Model: m, Asked: a.opts, Paths: a.paths, Ended: ended}
	o.Beside, err = extra(p, func(ctx context.Context) (plan.Beside, error) { return plan.BesideOf(ctx, m, a.opts, result) })
	if err != nil && !p.stopped() {
		return a.refused(p, err)
	}
	if err != nil { // the plan is worth more than what is said beside it
		o.Ended = report.Stopped
	}
	if err := p.write(a.output, a.writer(p, result, o)); err != nil {
		return err
	}
	switch {
	case o.Ended == report.Stopped:
		return &failure{code: ExitStopped}
	case result.Best == nil:
		return &failure{code: ExitFound}
	}
	return nil
}

// questioned are the nets whose break-even is asked for.
func questioned(m *model.Model, asked []string) []string {
	if !slices.Contains(asked, everyNet) || m.Net(everyNet) != nil {
		return asked
	}
	var all []string
	for _, n := range m.Nets {
		if n.Status == model.Proposed || n.Status == model.Building {
			all = append(all, n.Name)
		}
	}
	return all
}

// find looks for the plan until it is found and proven, until its time is up or
// until the first signal.
func (a *planArgs) find(p *Process, m *model.Model) (*plan.Result, report.Ending, error) {
	ctx, cancel := context.WithCancel(p.context())
	defer cancel()
	var ended atomic.Int32
	end := func(why report.Ending) {
		ended.CompareAndSwap(int32(report.Done), int32(why))
		cancel()
	}
	go func() {
		select {
		case <-p.After(a.time):
			end(report.TimeIsUp)
		case <-ctx.Done():
		}
	}()
	begun := p.now()
	share := func(ctx context.Context, of float64) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		left := a.time - p.now().Sub(begun)
		up := p.After(time.Duration(of * float64(left)))
		go func() {
			select {
			case <-up:
				cancel()
			case <-ctx.Done():
			}
		}()
		return ctx, cancel
	}
	var far atomic.Pointer[plan.Progress]
	shown := p.following(func() string { return searching(modelName(a.paths), m.Currency.S, far.Load()) })
	defer shown()
	a.opts.Progress = func(x plan.Progress) { far.Store(&x) }
	opts := a.opts
	opts.Share = share
	if !a.brief {
		var err error
		if opts.Visible, err = plan.VisibleTo(p.context(), m, opts); err != nil && !p.stopped() {
			return nil, report.Done, err
		} else if err != nil { // the plan alone is wanted soon
			opts.Frontier, opts.Nines, opts.Roadmap = false, false, false
		}
	}
	r, err := plan.Run(ctx, m, opts)
	if p.stopped() {
		end(report.Stopped)
	}
	if err == nil && r.Cut {
		end(report.TimeIsUp)
	}
	return r, report.Ending(ended.Load()), err
}

// searching says how far a search is.
func searching(name, currency string, x *plan.Progress) string {
	if x == nil {
		return "planning " + name
	}
	said := fmt.Sprintf("planning %s: %s, %s looked at", name, x.What, count(x.Explored, "choice"))
	if x.Best != nil {
		said += fmt.Sprintf(", best so far %s a year", strings.TrimSpace(thousands(int(x.Best.AnnualCost))+" "+currency))
	}
	return said
}

// writer writes the plan as it was asked for.
func (a *planArgs) writer(p *Process, r *plan.Result, o report.PlanOptions) func(io.Writer) error {
	return func(w io.Writer) error {
		switch a.format {
		case "json":
			return report.PlanJSON(w, r, o)
		case "markdown":
			return report.PlanMarkdown(w, r, o)
		}
		o.Width, o.Colour = p.look(w, a.color)
		o.All = a.all
		return report.PlanText(w, r, o)
	}
}

// refused says why nothing was planned.
func (a *planArgs) refused(p *Process, err error) error {
	var wrong *forecast.OptionError
	var broken *model.ProblemError
	switch {
	case errors.As(err, &wrong) && wrong.Option == "plan":
		return &failure{code: ExitFound, err: err}
	case errors.As(err, &wrong):
		return misused(fmt.Errorf("--%s: %w", wrong.Option, err))
	case errors.As(err, &broken):
		return refuse(p.Stderr, []model.Problem{broken.Problem}, unplanned)
	}
	return &failure{code: ExitFound, err: err}
}
