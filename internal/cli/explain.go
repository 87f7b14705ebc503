package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tightrope/internal/explain"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/report"
	"tightrope/internal/safetext"
	"tightrope/internal/scenario"
)

// explainArgs is what the command line of explain asks for.
type explainArgs struct {
	why    string // the path of a number; empty: a name is explained
	name   string // of a risk, a net or a service, with its kind before a colon where it was written
	paths  []string
	opts   explain.Options
	set    numbers
	listed listed
	time   limit
	format string // text, json or markdown
	output string // file; empty is the standard output
	color  string // auto, always or never
}

func newExplain(p *Process) *cobra.Command {
	a := &explainArgs{format: "text", color: "auto"}
	cmd := &cobra.Command{
		Use:   "explain NAME [PATH...]",
		Short: "say what guards a risk, what a net does, what a service needs",
		Long: `Explains one thing of a model. NAME is a risk, a safety net or a service; where
several have the name, write its kind before it, such as risk:disk.

A risk: what it does, and the layers in front of it in the order in which an
incident meets them, each with its angle and with what it stops. A net: what it
does to each risk and to each promise, and what it takes. A service: what spends
its budget, what it needs, and what takes every user down.

With --why PATH: how one number came about, step by step, from what is written.
These are risks/NAME/rate, detect, acknowledge, recover, bad-time (of one
incident), bad-time-per-year, share and saves, the last three for the service
that suffers most or for risks/NAME/share/SERVICE; services/NAME/mean, budget
and chance.

PATH is a model file or a folder of *.yaml files; the default is the current
folder. Reviews and terms are held against today, or against --today.

Exit code 0: it was explained; 1: the model has errors; 2: the command was used
wrongly, or there is no such name; 130: it was stopped with Ctrl-C.`,
		Example: `  tightrope explain bad-release examples/booking
  tightrope explain risk:disk --with third-copy
  tightrope explain --why risks/bad-release/rate examples/booking
  tightrope explain canary --format markdown -o canary.md`,
		ValidArgsFunction: completeThings,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("output") && a.output == "" {
				return misused(errors.New(`--output "": expected a file, or - for the standard output; for example -o disk.txt`))
			}
			if a.why != "" {
				a.paths = pathsOr(args)
				return runExplain(p, a)
			}
			if len(args) == 0 {
				return misused(errors.New("expected the name of a risk, a net or a service; for example tightrope explain bad-release"))
			}
			a.name, a.paths = args[0], pathsOr(args[1:])
			return runExplain(p, a)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&a.why, "why", "", "instead of a name: how the number at this `PATH` came about, such as risks/disk/rate or services/api/mean")
	f.Var(names(&a.opts.With, "NETS", "--with canary"), "with", "as if these safety nets stood")
	f.Var(names(&a.opts.Without, "NETS", "--without review"), "without", "as if these safety nets did not stand")
	f.Var(set(&a.set), "set", "as if this number of the model were another one, such as risks/bad-release/chance=4%")
	a.listed.flags(f)
	f.Var(day(&a.opts.Today), "today", "as if it were this day, such as 2027-01-31")
	f.Var(limitFlag(&a.time), "time", limitHelp)
	f.Var(oneOf(&a.format, "text", "json", "markdown"), "format", "how the explanation is written")
	f.StringVarP(&a.output, "output", "o", "", "write to this `FILE`, whole or not at all")
	f.Var(oneOf(&a.color, "auto", "always", "never"), "color", "colour the text; auto: on a terminal, unless NO_COLOR is set")
	completeWords(cmd, "format", "text", "json", "markdown")
	completeWords(cmd, "color", "auto", "always", "never")
	behind := func(args []string) []string { return pathsOr(args[min(1, len(args)):]) }
	completeNetsBehind(cmd, behind)
	completeSettings(cmd, behind)
	return cmd
}

// day is a date.
func day(into **model.Date) pflag.Value {
	return &value{kind: "DATE", example: "--today 2027-01-31", read: func(s string) error {
		d, err := modelfile.ParseDate(s)
		if err == nil {
			*into = &d
		}
		return err
	}}
}

// today is the day that the process runs on; nil where it knows none.
func (p *Process) today() *model.Date {
	if p.Now == nil {
		return nil
	}
	now := p.Now()
	return &model.Date{Year: now.Year(), Month: int(now.Month()), Day: now.Day(), Text: now.Format("2006-01-02")}
}

func runExplain(p *Process, a *explainArgs) error {
	if err := apart(a.output, a.paths...); err != nil {
		return err
	}
	done := p.busy("explaining " + a.name + a.why)
	defer done()
	m, problems, err := a.listed.load(a.set, a.paths)
	p.room(m)
	if err != nil {
		return notAName(a.name, err)
	}
	if len(problems) > 0 {
		done()
		return refuse(p.Stderr, problems, "nothing was explained")
	}
	if a.opts.Today == nil {
		a.opts.Today = p.today()
	}
	a.opts.Money = slices.ContainsFunc(m.Services, func(s *model.Service) bool { return s.Worth != nil })
	a.opts.Effort, a.opts.Memory = a.time.effort(), p.Forecasts
	a.opts.Context = p.ends()
	if a.why != "" {
		return p.why(a, m, done)
	}
	result, err := a.explain(m)
	done()
	if err != nil {
		return refusal(p, err, "nothing was explained")
	}
	result.Warnings = append(result.Warnings, a.set.warnings(m, a.opts.With, a.opts.Without)...)
	o := report.ExplainOptions{Currency: m.Currency.S, Today: a.opts.Today, With: a.opts.With, Without: a.opts.Without}
	return p.write(a.output, func(w io.Writer) error {
		switch a.format {
		case "json":
			return report.ExplainJSON(w, result, o)
		case "markdown":
			return report.ExplainMarkdown(w, result, o)
		}
		o.Width, o.Colour = p.look(w, a.color)
		return report.ExplainText(w, result, o)
	})
}

// why writes how one number came about.
func (p *Process) why(a *explainArgs, m *model.Model, done func()) error {
	y, err := explain.WhyOf(m, a.why, a.opts)
	done()
	if err != nil {
		return refusal(p, err, "nothing was explained")
	}
	return p.write(a.output, func(w io.Writer) error {
		switch a.format {
		case "json":
			return report.WhyJSON(w, y)
		case "markdown":
			return report.WhyMarkdown(w, y)
		}
		o := report.ExplainOptions{}
		o.Width, o.Colour = p.look(w, a.color)
		return report.WhyText(w, y, o)
	})
}

// notAName adds what is most likely meant where the first argument is a path.
func notAName(name string, err error) error {
	f := &failure{}
	if _, stat := os.Stat(name); stat == nil && errors.As(err, &f) {
		f.hints = append(f.hints, fmt.Sprintf("the name comes first: tightrope explain NAME %s", name))
	}
	return err
}

// explain explains what has the name.
func (a *explainArgs) explain(m *model.Model) (*explain.Result, error) {
	kind, name, err := pick(m, a.name)
	if err != nil {
		return nil, err
	}
	return explain.Of(m, kind, name, a.opts)
}

// pick finds what a name stands for, with its kind before it or not. Where it is
// nothing, or several things, it says what could have been meant.
func pick(m *model.Model, asked string) (kind, name string, err error) {
	if k, n, cut := strings.Cut(asked, ":"); cut {
		if !slices.Contains(explain.Kinds, k) {
			return "", "", misused(fmt.Errorf("%q: expected risk:, net: or service: before the name", asked))
		}
		if !slices.Contains(explain.KindsOf(m, n), k) {
			return "", "", misused(fmt.Errorf("there is no %s %q", k, n), meant(n, things(m, k), k)...)
		}
		return k, n, nil
	}
	found := explain.KindsOf(m, asked)
	switch len(found) {
	case 1:
		return found[0], asked, nil
	case 0:
		return "", "", misused(fmt.Errorf("there is no risk, net or service %q", asked), unknownThing(m, asked)...)
	}
	var choices []string
	for _, k := range found {
		choices = append(choices, k+":"+asked)
	}
	return "", "", misused(fmt.Errorf("%s is a %s", asked, strings.Join(found, " and a ")),
		"write which one is meant: "+strings.Join(choices, " or "))
}

// things lists what a model has of a kind, or of all.
func things(m *model.Model, kind string) (all []named) {
	if kind == "risk" || kind == "" {
		for _, r := range m.Risks {
			all = append(all, named{r.Name, r.Title.In("en")})
		}
	}
	if kind == "net" || kind == "" {
		for _, n := range m.Nets {
			all = append(all, named{n.Name, n.Title.In("en")})
		}
	}
	if kind == "service" || kind == "" {
		for _, s := range m.Services {
			all = append(all, named{s.Name, s.Title.In("en")})
		}
	}
	return all
}

// listedChoices is how many names an error lists.
const listedChoices = 12

// meant is the hint that a wrong name gets: the nearest, or those that there
// are.
func meant(name string, all []named, kind string) []string {
	var candidates []string
	seen := map[string]bool{}
	for _, n := range all {
		if !seen[n.name] {
			seen[n.name] = true
			candidates = append(candidates, n.name)
		}
	}
	if near := model.Suggest(name, candidates); near != "" {
		return []string{fmt.Sprintf("did you mean %s?", near)}
	}
	if len(candidates) == 0 {
		return []string{fmt.Sprintf("the model has no %s", kind)}
	}
	slices.Sort(candidates)
	if n := len(candidates); n > listedChoices {
		candidates = append(candidates[:listedChoices], fmt.Sprintf("and %d more", n-listedChoices))
	}
	return []string{"the model has " + strings.Join(candidates, ", ")}
}

// unknownThing is the hint for a name that is no risk, net or service.
func unknownThing(m *model.Model, name string) []string {
	switch {
	case m.Change(name) != nil:
		return []string{fmt.Sprintf("it is a change: see tightrope cadence %s", name)}
	case m.Detection(name) != nil:
		return []string{"it is a detection: explain a risk that it detects"}
	case m.Recovery(name) != nil:
		return []string{"it is a recovery: explain a risk that it ends"}
	case m.Responder(name) != nil:
		return []string{"it is a responder: explain a risk that calls them"}
	}
	if _, err := os.Stat(name); err == nil {
		return []string{fmt.Sprintf("the name comes first: tightrope explain NAME %s", name)}
	}
	return meant(name, things(m, ""), "risk, net or service")
}

// refusal says why an engine refused what was asked for, or the model.
func refusal(p *Process, err error, undone string) error {
	var wrong *scenario.OptionError
	var broken *model.ProblemError
	var said *failure
	switch {
	case errors.As(err, &said):
		return err
	case errors.As(err, &wrong):
		return misused(fmt.Errorf("--%s: %w", wrong.Option, err))
	case errors.As(err, &broken):
		return refuse(p.Stderr, []model.Problem{broken.Problem}, undone)
	}
	return &failure{code: ExitFound, err: err}
}

// write writes to where it was asked for: a file, or the standard output.
func (p *Process) write(output string, write func(io.Writer) error) error {
	p.course.enter(writing)
	var err error
	if output != "" && output != "-" {
		err = p.writeFile(output, write)
	} else {
		err = write(p.coloured)
	}
	var number *safetext.NumberError
	if errors.As(err, &number) {
		return &failure{code: ExitFound, err: err}
	}
	if err != nil {
		return misused(err)
	}
	return nil
}

// completeThings offers the names that can be explained, and then models.
func completeThings(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return completeModels(cmd, args, typed)
	}
	m, problems, err := modelfile.Load(pathsOr(nil))
	if err != nil || len(problems) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	count := map[string]int{}
	for _, n := range things(m, "") {
		count[n.name]++
	}
	typedKind, _, hasKind := strings.Cut(typed, ":")
	var offers []cobra.Completion
	for _, k := range explain.Kinds {
		for _, n := range things(m, k) {
			switch {
			case hasKind && typedKind == k, !hasKind && count[n.name] > 1:
				offers = append(offers, cobra.CompletionWithDesc(k+":"+n.name, n.title))
			case !hasKind:
				offers = append(offers, cobra.CompletionWithDesc(n.name, n.title))
			}
		}
	}
	return offers, cobra.ShellCompDirectiveNoFileComp
}

// completeNetsBehind offers nets for --with and --without of a command whose
// first arguments are no paths; paths returns those that are.
func completeNetsBehind(cmd *cobra.Command, paths func(args []string) []string) {
	for flag, stands := range map[string]bool{"with": false, "without": true} {
		register(cmd, flag, func(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			m, problems, err := modelfile.Load(paths(args))
			if err != nil || len(problems) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			before := typed[:strings.LastIndex(typed, ",")+1]
			var offers []cobra.Completion
			for _, n := range m.Nets {
				if (n.Status == model.InPlace) == stands && !slices.Contains(strings.Split(before, ","), n.Name) {
					offers = append(offers, cobra.CompletionWithDesc(before+n.Name, n.Title.In("en")))
				}
			}
			return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		})
	}
}
