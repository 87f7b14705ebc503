package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tightrope/internal/alert"
	"tightrope/internal/alerting"
	"tightrope/internal/say"
)

func newRules(p *Process) *cobra.Command {
	format, output := "prometheus", ""
	cmd := &cobra.Command{
		Use:   "rules [PATH...] -o FOLDER",
		Short: "write alerts on the budget as rules for Prometheus",
		Long: `Writes, for each objective that says by sli how its events are counted, recording
and alerting rules for Prometheus: the alerts that tightrope alerts tells of, what
is left of the budget, and an alert where nothing is counted any more. All of them
are in one file, tightrope.yaml. An alert that can never fire for its target is left
out, and a comment says why and what could.

With --format operator they are PrometheusRule objects, one for each service. With
--format grafana a dashboard is written, tightrope.json, which shows what the rules
record.

Exit code 0: they were written; 1: the model has errors; 2: the command was used
wrongly, or a file cannot be written.`,
		Example: `  tightrope rules examples/booking -o rules
  tightrope rules --format operator -o deploy/alerts
  tightrope rules --format grafana -o dashboards`,
		ValidArgsFunction: completeModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRules(p, pathsOr(args), alerting.Format(format), output)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVarP(&output, "output", "o", "", "write into this `FOLDER`, which is made where it is missing")
	f.Var(oneOf(&format, "prometheus", "operator", "grafana"), "format", "a rule file, PrometheusRule objects, or a Grafana dashboard")
	completeWords(cmd, "format", "prometheus", "operator", "grafana")
	return cmd
}

func runRules(p *Process, paths []string, format alerting.Format, folder string) error {
	if folder == "" {
		return misused(errors.New("rules are files; say where they go"), "tightrope rules -o rules")
	}
	done := p.busy("looking at " + modelName(paths))
	defer done()
	m, problems, err := numbers(nil).load(paths)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		done()
		return refuse(p.Stderr, problems, "nothing was written")
	}
	r, err := alert.Of(m, alert.Options{Delays: alert.DefaultDelays(), Context: p.context()})
	done()
	if err != nil {
		return p.cut(refusal(p, err, "nothing was written"))
	}
	counted, without := alerting.Counted(r)
	if len(counted) == 0 {
		return misused(errors.New("no objective says how its events are counted, so there are no rules"), "write sli: {errors: PROMQL, total: PROMQL} under an objective; see docs/alerts.md")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return misused(err)
	}
	path, words := filepath.Join(folder, format.Name()), alerting.Words{Length: say.English().Exact, Money: say.English().Money}
	if err := p.write(path, func(w io.Writer) error { return alerting.Write(w, m, r, format, words) }); err != nil {
		return err
	}
	fmt.Fprintf(p.Stderr, "%s in %s\n", count(len(counted), "objective"), path)
	if len(without) > 0 {
		fmt.Fprintf(p.Stderr, "without sli, and so without rules: %s\n", strings.Join(without, ", "))
	}
	return nil
}
