package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tightrope/internal/alert"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/report"
)

// alertsArgs is what the command line of alerts asks for.
type alertsArgs struct {
	paths  []string
	opts   alert.Options
	set    numbers
	format string
	output string
	color  string
}

func newAlerts(p *Process) *cobra.Command {
	a := &alertsArgs{format: "text", color: "auto"}
	a.opts.Delays = alert.DefaultDelays()
	a.opts.FalsePages = 1
	cmd := &cobra.Command{
		Use:   "alerts [PATH...]",
		Short: "say after how long alerts on the budget tell of each risk",
		Long: `Takes for each objective the alerts that the SRE workbook proposes: a page where
2 % of the budget are spent in 1h or 5 % in 6h, a ticket where 10 % are in 1d or
in 3d. Says which of them can never fire for that target, after how long each
tells of each risk, what of the budget is spent by then, and of which risks no
alert would ever tell. Where an objective says its traffic and its service the
errors that are always there, says how often a week each alert rings for nothing.

Times are those of an incident that nobody ends, with the wait for the next
scrape, evaluation and message. PATH is a model file or a folder of *.yaml files;
the default is the current folder.

Exit code 0: it was answered; 1: the model has errors; 2: the command was used
wrongly; 130: it was stopped with Ctrl-C.`,
		Example: `  tightrope alerts examples/booking
  tightrope alerts --service booking --scrape 15s --evaluate 15s
  tightrope alerts --format json -o alerts.json`,
		ValidArgsFunction: completeModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			a.paths = pathsOr(args)
			if cmd.Flags().Changed("output") && a.output == "" {
				return misused(errors.New(`--output "": expected a file, or - for the standard output; for example -o alerts.txt`))
			}
			return runAlerts(p, a)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(names(&a.opts.Services, "NAMES", "--service booking,search"), "service", "only the objectives of these services")
	f.Var(names(&a.opts.With, "NETS", "--with canary"), "with", "as if these safety nets stood")
	f.Var(names(&a.opts.Without, "NETS", "--without review"), "without", "as if these safety nets did not stand")
	f.Var(set(&a.set), "set", "as if this number of the model were another one, such as risks/bad-release/impact=4%")
	f.Var(seconds(&a.opts.Delays.Scrape, 1), "scrape", "how often metrics are scraped; 30s where it is left out")
	f.Var(seconds(&a.opts.Delays.Evaluate, 1), "evaluate", "how often rules are evaluated; 30s where it is left out")
	f.Var(seconds(&a.opts.Delays.For, 0), "for", "how long a rule holds before it fires; 0s where it is left out")
	f.Var(seconds(&a.opts.Delays.Group, 0), "group-wait", "how long Alertmanager waits for others of a group; 30s where it is left out")
	f.Var(seconds(&a.opts.Delays.Notify, 0), "notify", "how long a message takes; 5s where it is left out")
	f.Var(perWeek(&a.opts.FalsePages, "--most-false 1/w"), "most-false", "how often a page may be false; of one that is more often, what is not; 1/w where it is left out")
	f.Var(oneOf(&a.format, "text", "json", "markdown"), "format", "how the answer is written")
	f.StringVarP(&a.output, "output", "o", "", "write to this `FILE`, whole or not at all")
	f.Var(oneOf(&a.color, "auto", "always", "never"), "color", "colour the text; auto: on a terminal, unless NO_COLOR is set")
	completeWords(cmd, "format", "text", "json", "markdown")
	completeWords(cmd, "color", "auto", "always", "never")
	completeNames(cmd)
	return cmd
}

// seconds is a length of time of at least so many seconds, and at most a day.
func seconds(into *float64, least float64) pflag.Value {
	return &value{kind: "TIME", example: "--scrape 15s", read: func(s string) error {
		d, err := modelfile.ParseDuration(s)
		if err == nil && (d.Seconds() < least || d.Seconds() > model.Day) {
			err = fmt.Errorf("expected a time from %.0fs to 1d", least)
		}
		if err == nil {
			*into = d.Seconds()
		}
		return err
	}}
}

// perWeek is how often something may happen, as so many times a week.
func perWeek(into *float64, example string) pflag.Value {
	return &value{kind: "RATE", example: example, read: func(s string) error {
		r, err := modelfile.ParseRate(s)
		if err == nil && (r.Kind != model.Exactly || r.Exact.Sign() <= 0) {
			err = errors.New("expected one rate above 0, such as 1/w or 2/month")
		}
		if err == nil {
			n, _ := r.Exact.Float64()
			*into = n * model.Week
		}
		return err
	}}
}

func runAlerts(p *Process, a *alertsArgs) error {
	const undone = "nothing was computed"
	if err := apart(a.output, a.paths...); err != nil {
		return err
	}
	done := p.busy("looking at " + modelName(a.paths))
	defer done()
	m, problems, err := a.set.load(a.paths)
	p.room(m)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		done()
		return refuse(p.Stderr, problems, undone)
	}
	a.opts.Context = p.context()
	r, err := alert.Of(m, a.opts)
	done()
	if err != nil {
		return p.cut(refusal(p, err, undone))
	}
	r.Warnings = append(r.Warnings, a.set.warnings(m, a.opts.With, a.opts.Without)...)
	return p.write(a.output, func(w io.Writer) error {
		switch a.format {
		case "json":
			return report.AlertsJSON(w, r)
		case "markdown":
			return report.AlertsMarkdown(w, r)
		}
		o := report.Options{}
		o.Width, o.Colour = p.look(w, a.color)
		return report.AlertsText(w, r, o)
	})
}
