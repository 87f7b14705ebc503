package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tightrope/internal/cadence"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/report"
)

// cadenceArgs is what the command line of cadence asks for.
type cadenceArgs struct {
	change string // empty: the only one that there is
	paths  []string
	opts   cadence.Options
	set    numbers
	listed listed
	time   limit
	format string // text, json or markdown
	output string // file; empty is the standard output
	color  string // auto, always or never
}

func newCadence(p *Process) *cobra.Command {
	a := &cadenceArgs{format: "text", color: "auto"}
	cmd := &cobra.Command{
		Use:   "cadence [CHANGE] [PATH...]",
		Short: "say how often a change, such as a release, may happen",
		Long: `Forecasts a model with a change that happens every day, every two days, every
week and so on, and says for each rhythm what becomes of every objective, how
much lost time there is, and what it asks of people. --with puts the same beside
it with safety nets that do not stand yet: speed and stability are decided
together.

CHANGE may be left out where the model has one. PATH is a model file or a folder
of *.yaml files; the default is the current folder.

Exit code 0: it was forecast; 1: the model has errors; 2: the command was used
wrongly, or there is no such change; 130: it was stopped with Ctrl-C, and the
rhythms that were forecast by then are written.`,
		Example: `  tightrope cadence release examples/booking
  tightrope cadence release --with canary --every 1d,3d,1w
  tightrope cadence --format json -o cadence.json`,
		ValidArgsFunction: completeChanges,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("output") && a.output == "" {
				return misused(errors.New(`--output "": expected a file, or - for the standard output; for example -o cadence.txt`))
			}
			a.change, a.paths = changeAndPaths(args)
			return runCadence(p, a)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(rhythms(&a.opts.Rhythms), "every", "these rhythms, instead of the usual ones from a day to a quarter")
	f.Var(names(&a.opts.Services, "NAMES", "--service booking,search"), "service", "only the objectives of these services")
	f.Var(targets(&a.opts.Targets), "targets", "the chance to meet these targets too, such as 99.5%,99.9%")
	f.Var(names(&a.opts.With, "NETS", "--with canary"), "with", "beside it, as if these safety nets stood")
	f.Var(names(&a.opts.Without, "NETS", "--without review"), "without", "beside it, as if these safety nets did not stand")
	f.Var(set(&a.set), "set", "as if this number of the model were another one, such as risks/bad-release/chance=4%")
	a.listed.flags(f)
	f.Var(limitFlag(&a.time), "time", "end after so long, with the rhythms that are forecast by then; else about 8s, less where that is enough for 1e-6")
	f.Var(oneOf(&a.format, "text", "json", "markdown"), "format", "how the answer is written")
	f.StringVarP(&a.output, "output", "o", "", "write to this `FILE`, whole or not at all")
	f.Var(oneOf(&a.color, "auto", "always", "never"), "color", "colour the text; auto: on a terminal, unless NO_COLOR is set")
	completeWords(cmd, "format", "text", "json", "markdown")
	completeWords(cmd, "color", "auto", "always", "never")
	behind := func(args []string) []string {
		_, paths := changeAndPaths(args)
		return paths
	}
	completeNetsBehind(cmd, behind)
	completeSettings(cmd, behind)
	return cmd
}

// rhythms is a list of times between two changes.
func rhythms(into *[]model.Duration) pflag.Value {
	return &value{kind: "TIMES", example: "--every 1d,1w,2w", read: func(s string) error {
		return eachPart(s, func(part string) error {
			d, err := modelfile.ParseDuration(part)
			if err == nil && (d.Seconds() < model.Minute || d.Seconds() > longestWindow) {
				err = errors.New("expected a time from 1m to 100y")
			}
			same := func(k model.Duration) bool { return k.Rat().Cmp(d.Rat()) == 0 }
			if err == nil && !slices.ContainsFunc(*into, same) {
				*into = append(*into, d)
			}
			return err
		})
	}}
}

// changeAndPaths tells the name of a change, which may be left out, from paths
// behind it. What is there as a file or a folder, or looks like one, is a path,
// unless the model that is meant then has a change of that name.
func changeAndPaths(args []string) (change string, paths []string) {
	if len(args) == 0 {
		return "", pathsOr(nil)
	}
	first, rest := args[0], pathsOr(args[1:])
	if strings.ContainsAny(first, `/\`) || first == here || first == ".." {
		return "", args
	}
	switch _, err := os.Stat(first); {
	case errors.Is(err, fs.ErrNotExist) && !slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(first)):
		return first, rest
	case err != nil:
		return "", args
	}
	if m, problems, err := modelfile.Load(rest); err == nil && len(problems) == 0 && m.Change(first) != nil {
		return first, rest
	}
	return "", args
}

func runCadence(p *Process, a *cadenceArgs) error {
	const undone = "nothing was forecast"
	if err := apart(a.output, a.paths...); err != nil {
		return err
	}
	done := p.busy("forecasting each rhythm of " + modelName(a.paths))
	defer done()
	m, problems, err := a.listed.load(a.set, a.paths)
	p.room(m)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		done()
		return refuse(p.Stderr, problems, undone)
	}
	ch, err := a.pick(m)
	if err != nil {
		return err
	}
	a.opts.Effort = a.time.effort() / together
	ctx, cancel := p.within(p.context(), a.time, 1)
	defer cancel()
	a.opts.Context = ctx
	result, err := cadence.Of(m, ch, a.opts)
	done()
	if err != nil {
		return p.cut(refusal(p, late(ctx, err, "the rhythm of today was forecast"), undone))
	}
	short := len(result.Left) > 0 && p.stopped()
	if n := len(result.Left); n > 0 {
		told := message.TimeRhythms(n, result.Left[:min(n, 12)])
		if short {
			told = message.StoppedRhythms(n, result.Left[:min(n, 12)])
		}
		result.Warnings = append(result.Warnings, forecast.Warning{Code: "time", Message: told})
	}
	result.Warnings = append(result.Warnings, a.set.warnings(m, a.opts.With, a.opts.Without)...)
	o := report.CadenceOptions{With: a.opts.With, Without: a.opts.Without}
	err = p.write(a.output, func(w io.Writer) error {
		switch a.format {
		case "json":
			return report.CadenceJSON(w, result, m.Currency.S)
		case "markdown":
			return report.CadenceMarkdown(w, result, o)
		}
		o.Width, o.Colour = p.look(w, a.color)
		return report.CadenceText(w, result, o)
	})
	if err == nil && short {
		return &failure{code: ExitStopped}
	}
	return err
}

// pick finds the change that is meant.
func (a *cadenceArgs) pick(m *model.Model) (*model.Change, error) {
	var all []named
	for _, ch := range m.Changes {
		all = append(all, named{ch.Name, ch.Title.In("en")})
	}
	switch {
	case len(all) == 0:
		return nil, misused(errors.New("the model has no change, so there is no rhythm to choose"), "write one under changes: with every: 7d")
	case a.change == "" && len(all) == 1:
		return m.Changes[0], nil
	case a.change == "":
		var some []string
		for _, n := range all {
			some = append(some, n.name)
		}
		return nil, misused(fmt.Errorf("the model has %s: %s", count(len(all), "change"), strings.Join(some[:min(len(some), listedChoices)], ", ")),
			strings.TrimSpace("name one: tightrope cadence "+some[0]+" "+pathsSaid(a.paths)))
	}
	if ch := m.Change(a.change); ch != nil {
		return ch, nil
	}
	return nil, misused(fmt.Errorf("there is no change %q", a.change), meant(a.change, all, "change")...)
}

// pathsSaid is how paths are written behind a command; the current folder needs
// not be.
func pathsSaid(paths []string) string {
	if slices.Equal(paths, pathsOr(nil)) {
		return ""
	}
	return strings.Join(paths, " ")
}

// completeChanges offers the changes of the model in the current folder, and
// models.
func completeChanges(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	m, problems, err := modelfile.Load(pathsOr(nil))
	if len(args) > 0 || err != nil || len(problems) > 0 {
		return completeModels(cmd, args, typed)
	}
	var offers []cobra.Completion
	for _, ch := range m.Changes {
		offers = append(offers, cobra.CompletionWithDesc(ch.Name, ch.Title.In("en")))
	}
	return offers, cobra.ShellCompDirectiveNoFileComp
}
