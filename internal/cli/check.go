package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tightrope/internal/model"
	"tightrope/internal/report"
	"tightrope/internal/safetext"
)

func newCheck(p *Process) *cobra.Command {
	format := "text"
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "look for mistakes in a model",
		Long: `Reads a model, which is one file or a folder of *.yaml files, and lists all that
is wrong with it as file:line:column: message [code].

In a folder only files are read, and links to files in it; a pipe may be named,
such as <(generate).

Exit code 0: nothing is wrong; 1: there are problems; 2: the model cannot be
read; 130: it was stopped with Ctrl-C.`,
		Example: `  tightrope check
  tightrope check examples/booking --format json`,
		ValidArgsFunction: completeModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			paths := pathsOr(args)
			read := p.busy("reading " + modelName(paths))
			m, problems, err := load(paths)
			read()
			if err != nil {
				return err
			}
			// The problems are what was asked for: they are the result, not an error.
			p.course.enter(writing)
			if err := writeCheck(p.Stdout, format, paths, m, problems); err != nil {
				return misused(err)
			}
			if len(problems) > 0 {
				return &failure{code: ExitFound}
			}
			return nil
		},
	}
	cmd.Flags().Var(oneOf(&format, "text", "json"), "format", "how the result is written")
	completeWords(cmd, "format", "text", "json")
	return cmd
}

func writeCheck(w io.Writer, format string, paths []string, m *model.Model, problems []model.Problem) error {
	if format == "json" {
		return writeCheckJSON(w, m, problems)
	}
	printProblems(w, problems)
	if len(problems) > 0 {
		_, err := fmt.Fprintln(w, count(len(problems), "problem"))
		return err
	}
	f := report.PartsOf(m)
	parts := []string{
		count(f.Services, "service"), count(f.Risks, "risk"), count(f.Changes, "change"), count(f.SafetyNets, "safety net"),
	}
	_, err := fmt.Fprintf(w, "%s: %s: no problems\n", modelName(paths), strings.Join(parts, ", "))
	return err
}

// modelName is what to call the model at the paths.
func modelName(paths []string) string {
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = filepath.Base(path)
		if full, err := filepath.Abs(path); err == nil {
			names[i] = filepath.Base(full)
		}
	}
	return strings.Join(names, ", ")
}

// checkFormat is the name and version of the JSON document of check.
const checkFormat = "tightrope.check/1"

func writeCheckJSON(w io.Writer, m *model.Model, problems []model.Problem) error {
	type problem struct {
		File    string `json:"file"`
		Line    int    `json:"line"`
		Column  int    `json:"column"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	doc := struct {
		Format   string        `json:"format"`
		Problems []problem     `json:"problems"`
		Found    *report.Parts `json:"found"` // null where the model has problems
	}{checkFormat, []problem{}, report.PartsOf(m)}
	for _, p := range problems {
		doc.Problems = append(doc.Problems, problem{p.Pos.File, p.Pos.Line, p.Pos.Col, p.Code, p.Message})
	}
	return safetext.Document(w, doc)
}
