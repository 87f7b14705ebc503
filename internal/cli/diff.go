package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tightrope/internal/diff"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/plan"
	"tightrope/internal/report"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// diffArgs is what the command line of diff asks for.
type diffArgs struct {
	old, new  version
	opts      forecast.Options // services, window and confidence
	failBelow *model.Share
	noPlan    bool
	listed    listed
	time      limit
	format    string // text, json or markdown
	output    string // file; empty is the standard output
	color     string // auto, always or never
}

func newDiff(p *Process) *cobra.Command {
	a := &diffArgs{format: "text", color: "auto"}
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "say what a change to a model does to its promises, and why",
		Long: `Compares two versions of a model: what was changed in it, what that does to the
chance to keep each objective, and which change did it. OLD and NEW are a model
file or a folder of *.yaml files each, or a revision of git: git:REV is the model
at the other path in that revision, git:REV:PATH names the path itself.

Exit code 0: it was compared; 1: one of the models has errors, or with
--fail-below an objective that the change touches is kept with less than that
chance in NEW; 2: the command was used wrongly; 130: it was stopped with Ctrl-C,
and what was known by then is written.`,
		Example: `  tightrope diff git:main .
  tightrope diff git:HEAD~1 git:HEAD:examples/booking
  tightrope diff old.yaml new.yaml --fail-below 90%
  tightrope diff git:main . --format markdown -o comment.md`,
		ValidArgsFunction: completeModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return misused(fmt.Errorf("diff compares two versions of a model, OLD and NEW, got %s", count(len(args), "argument")),
					"to see what is not committed yet: tightrope diff git:HEAD .")
			}
			if cmd.Flags().Changed("output") && a.output == "" {
				return misused(errors.New(`--output "": expected a file, or - for the standard output; for example -o comment.md`))
			}
			err := a.listed.settle()
			if err != nil {
				return err
			}
			if a.old, a.new, err = parseVersions(args[0], args[1]); err != nil {
				return misused(err)
			}
			return runDiff(p, a)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(names(&a.opts.Services, "NAMES", "--service booking,search"), "service", "only these services")
	f.Var(over(&a.opts.Over), "over", "window instead of each objective's own, such as 28d")
	f.Var(confidence(&a.opts), "confidence", "confidence instead of each objective's own, such as 95%")
	a.listed.flags(f)
	f.Var(failBelow(&a.failBelow), "fail-below", "exit with 1 if an objective that the change touches is then met with less than this chance")
	f.BoolVar(&a.noPlan, "no-plan", false, "do not ask whether another set of safety nets is now the cheapest")
	f.Var(limitFlag(&a.time), "time", "end after so long, with what is known by then; else as long as it takes to 1e-6, or 2s for each forecast, and 8s for plans")
	f.Var(oneOf(&a.format, "text", "json", "markdown"), "format", "how the comparison is written")
	f.StringVarP(&a.output, "output", "o", "", "write to this `FILE`, whole or not at all")
	f.Var(oneOf(&a.color, "auto", "always", "never"), "color", "colour the text; auto: on a terminal, unless NO_COLOR is set")
	completeWords(cmd, "format", "text", "json", "markdown")
	completeWords(cmd, "color", "auto", "always", "never")
	return cmd
}

// failBelow is the chance with which an objective must be kept.
func failBelow(into **model.Share) pflag.Value {
	return &value{kind: "CHANCE", example: "--fail-below 90%", read: func(s string) error {
		share, err := modelfile.ParseShare(s)
		if err == nil && (share.Kind != model.Exactly || share.Exact.Cmp(big.NewRat(1, 1)) > 0) {
			err = errors.New("expected one chance between 0% and 100%")
		}
		if err == nil {
			*into = &share
		}
		return err
	}}
}

func runDiff(p *Process, a *diffArgs) error {
	if err := apart(a.output, a.old.path, a.new.path); err != nil {
		return err
	}
	result, err := a.compare(p)
	if err != nil {
		return err
	}
	err = p.write(a.output, func(w io.Writer) error {
		o := report.DiffOptions{Old: a.old.arg, New: a.new.arg}
		switch a.format {
		case "json":
			return report.DiffJSON(w, result)
		case "markdown":
			return report.DiffMarkdown(w, result, o)
		}
		o.Width, o.Colour = p.look(w, a.color)
		return report.DiffText(w, result, o)
	})
	if err != nil {
		return err
	}
	if result.Ended && p.stopped() {
		return &failure{code: ExitStopped}
	}
	if a.failBelow != nil {
		return failed(p.Stderr, result, a.failBelow)
	}
	return nil
}

// notCompared is what was done with a model that has problems.
const notCompared = "nothing was compared"

// compare reads both models and compares them.
func (a *diffArgs) compare(p *Process) (*diff.Result, error) {
	done := p.busy("comparing " + a.old.arg + " with " + a.new.arg)
	defer done()
	var models [2]*model.Model
	var all []model.Problem
	for i, v := range []version{a.old, a.new} {
		m, problems, err := v.load()
		if err != nil {
			return nil, err
		}
		models[i], all = a.listed.of(m), append(all, problems...)
		p.room(m)
	}
	if len(all) > 0 {
		done()
		return nil, refuse(p.Stderr, all, notCompared)
	}
	whole, cancel := p.within(p.context(), a.time, 1)
	defer cancel()
	memory := p.Forecasts
	if memory == nil {
		memory = forecast.NewMemory(diffMemory)
	}
	asked := forecast.Options{Context: whole, Memory: memory, Effort: a.time.effort() / together}
	opts := diff.Options{
		Services: a.opts.Services, Over: a.opts.Over, Confidence: a.opts.Confidence, Plans: mostPlans,
		Effort: asked.Effort, Memory: memory, Context: whole,
		Costs: func(m *model.Model) (*diff.Costs, error) { return costsOf(m, asked) },
	}
	if !a.noPlan && plannable(models[0]) && plannable(models[1]) {
		ctx, cancel := p.within(whole, limit(cmp.Or(time.Duration(a.time), diffPlans)), 1)
		defer cancel()
		opts.Planner = func(m *model.Model) (*diff.Planned, error) { return a.planner(ctx, p.Forecasts, m) }
	}
	result, err := diff.Compare(models[0], models[1], opts)
	var wrong *forecast.OptionError
	var broken *model.ProblemError
	switch {
	case errors.As(err, &wrong):
		return nil, misused(fmt.Errorf("--%s: %w", wrong.Option, err))
	case errors.As(err, &broken):
		done()
		return nil, refuse(p.Stderr, []model.Problem{broken.Problem}, notCompared)
	case err != nil:
		return nil, p.cut(&failure{code: ExitFound, err: err})
	}
	return result, nil
}

// diffMemory is how much of what forecasts compute is kept for the next, in bytes:
// models between the two have most in common.
const diffMemory = 128 << 20

// mostPlans bounds how many models between the two a plan is made of, to find
// what changed it.
const mostPlans = 12

// diffPlans is how long all plans together may take where --time does not say.
const diffPlans = 8 * time.Second

// plannable reports whether there is something to plan, and all of it has a
// price.
func plannable(m *model.Model) bool {
	candidates, priced, objectives := false, true, false
	for _, n := range m.Nets {
		if n.Status == model.Proposed || n.Status == model.Building {
			candidates = true
			priced = priced && !worth.CostOf(m, n).Unpriced
		}
	}
	for _, s := range m.Services {
		objectives = objectives || len(s.Objectives) > 0
	}
	return candidates && priced && objectives
}

// planner makes the cheapest plan that keeps every objective of a model.
func (a *diffArgs) planner(ctx context.Context, memory *forecast.Memory, m *model.Model) (*diff.Planned, error) {
	o := plan.Options{Over: a.opts.Over, Confidence: a.opts.Confidence, Memory: memory}
	for _, s := range m.Services {
		if len(s.Objectives) > 0 && (len(a.opts.Services) == 0 || slices.Contains(a.opts.Services, s.Name)) {
			o.Services = append(o.Services, s.Name)
		}
	}
	if len(o.Services) == 0 {
		return &diff.Planned{}, nil
	}
	r, err := plan.Run(ctx, m, o)
	if ctx.Err() != nil {
		return nil, diff.ErrTime
	}
	var silent *model.ProblemError
	if errors.As(err, &silent) && silent.Problem.Code == scenario.NothingKnown {
		return &diff.Planned{Unknown: true}, nil
	}
	if err != nil {
		return nil, err
	}
	x := r.Best
	if x == nil {
		x = r.Reachable // what comes closest
	}
	if x == nil {
		x = r.Today // nothing is allowed: as things stand
	}
	return &diff.Planned{Nets: x.Nets, AnnualCost: x.AnnualCost, Met: x.Met, Feasible: r.Best != nil}, nil
}

// failed fails if an objective that the change touches is kept with less than
// that chance in the new model.
func failed(w io.Writer, r *diff.Result, least *model.Share) error {
	bar, _ := least.Exact.Float64()
	below := r.Ended && len(r.Objectives) == 0
	if below {
		fmt.Fprintln(w, "fail-below: it ended before the models were forecast, so that nothing shows that objectives are met")
	}
	for _, o := range r.Objectives {
		if o.Touched && o.New != nil && o.New.Objective != nil && o.New.Contradicts {
			below = true
			fmt.Fprintf(w, "fail-below: the forecast of %s contradicts itself, so that nothing shows that %s over %s is met; please report this model\n",
				o.Service, o.New.Objective.Target.Text, say.English().Window(o.New.WindowSay))
			continue
		}
		if o.Touched && o.New != nil && o.New.Verdict == forecast.Undecided {
			below = true
			fmt.Fprintf(w, "fail-below: whether %s meets %s over %s is unknown: %s\n",
				o.Service, o.New.Objective.Target.Text, say.English().Window(o.New.WindowSay), undecided(o.New))
			continue
		}
		if !o.Touched || o.New == nil || o.New.Met == nil || o.New.Met.Value >= bar-1e-12 {
			continue
		}
		below = true
		before := "it is new"
		if o.Old != nil && o.Old.Met != nil {
			before = report.Chance(o.Old.Met.Value, bar) + " before"
		}
		fmt.Fprintf(w, "fail-below: %s meets %s over %s with %s (%s), less than %s\n",
			o.Service, o.New.Objective.Target.Text, say.English().Window(o.New.WindowSay), report.Chance(o.New.Met.Value, bar), before, least.Text)
	}
	if below {
		return &failure{code: ExitFound}
	}
	return nil
}
