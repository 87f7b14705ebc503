package cli

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tightrope/internal/records"
)

// starter is the model that init writes.
//
//go:embed starter.yaml
var starter []byte

// modelFile is the name of the file that init writes.
const modelFile = "model.yaml"

// listedNotes is how many notes on a record are printed.
const listedNotes = 20

// initArgs is what the command line of init asks for.
type initArgs struct {
	folder string
	from   string // record of incidents; empty is the starter, - the standard input
	record records.Options
}

func newInit(p *Process) *cobra.Command {
	a := &initArgs{}
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "write a model to begin with",
		Long: `Writes a small commented model.yaml that can be forecast at once, into DIR or
the current folder. It never overwrites a file.

With --from it makes the model of a record of real incidents: a CSV file with
the columns started and resolved and, where there are any, detected,
acknowledged, impact, cause and change; times are in RFC 3339. What the record
does not tell is left in the model as a comment to fill in.`,
		Example: `  tightrope init
  tightrope init --from incidents.csv booking
  tightrope init --from incidents.csv --cause components \
    --severity severity --impact minor=10%,major=50%,critical=100%`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return misused(fmt.Errorf("init takes one folder, got %d", len(args)))
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			a.folder = here
			if len(args) > 0 {
				a.folder = args[0]
			}
			if a.from == "" {
				if flag := firstSet(cmd.Flags()); flag != "" {
					return misused(fmt.Errorf("--%s is about a record of incidents: expected --from FILE too", flag))
				}
			}
			return runInit(p, a)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&a.from, "from", "", "make the model of this record of incidents, a CSV `FILE`; - is the standard input")
	f.StringVar(&a.record.CauseColumn, "cause", "", "`COLUMN` that says the cause of an incident (default cause)")
	f.StringVar(&a.record.SeverityColumn, "severity", "", "`COLUMN` that says how severe it was (default severity)")
	f.Var(impacts(&a.record), "impact", "share of users that each severity hits, such as minor=10%,major=50%")
	f.Var(until(&a.record), "until", "last day of the record, where that is after its last incident")
	f.StringVar(&a.record.Service, "service", "", "`NAME` of the service (default made of the file's name)")
	f.StringVar(&a.record.Title, "title", "", "`TITLE` of the service")
	return cmd
}

// firstSet returns the first flag that was given, or "".
func firstSet(f *pflag.FlagSet) (name string) {
	f.Visit(func(flag *pflag.Flag) {
		if name == "" {
			name = flag.Name
		}
	})
	return name
}

func impacts(into *records.Options) pflag.Value {
	return &value{kind: "SHARES", example: "--impact minor=10%,major=50%,critical=100%", read: func(s string) (err error) {
		into.Impacts, err = records.ParseImpacts(s)
		return err
	}}
}

func until(into *records.Options) pflag.Value {
	return &value{kind: "DATE", example: "--until 2026-10-31", read: func(s string) (err error) {
		into.Until, err = records.ParseUntil(s)
		return err
	}}
}

func runInit(p *Process, a *initArgs) error {
	path := filepath.Join(a.folder, modelFile)
	// Asked before anything is read, so that a long record is not read in vain.
	if _, err := os.Lstat(path); err == nil {
		return misused(errThere(path), fmt.Sprintf("name another folder: tightrope init DIR, or look at what is there: tightrope forecast %s", path))
	}
	content := starter
	if a.from != "" {
		var err error
		if content, err = fromRecord(p, a); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(a.folder, 0o777); err != nil {
		return misused(fmt.Errorf("cannot make the folder %s: %w", a.folder, cause(err)))
	}
	if err := p.writeNew(path, content); err != nil {
		return misused(err)
	}
	sayNext(p.Stdout, a, path)
	return nil
}

// fromRecord makes a model of a record of incidents, and prints what whoever
// reads the model should know about how it was made.
func fromRecord(p *Process, a *initArgs) ([]byte, error) {
	in, name := p.Stdin, "standard input"
	if a.from != "-" {
		f, err := os.Open(a.from)
		if err != nil {
			return nil, misused(fmt.Errorf("cannot read the record %s: %w", a.from, cause(err)))
		}
		defer f.Close()
		in, name = f, a.from
	}
	a.record.File = name
	record, err := records.Read(in, a.record)
	var bad *records.Problems
	switch {
	case errors.As(err, &bad):
		printProblems(p.Stderr, bad.List)
		fmt.Fprintf(p.Stderr, "%s; no model was written\n", count(len(bad.List)+bad.More, "problem"))
		return nil, &failure{code: ExitFound}
	case err != nil:
		return nil, misused(fmt.Errorf("cannot read the record %s: %w", name, cause(err)))
	}
	content, notes := record.Model()
	printNotes(p.Stderr, notes)
	return content, nil
}

func printNotes(w io.Writer, notes []records.Note) {
	for i, n := range notes {
		if i == listedNotes && len(notes) > listedNotes+1 {
			fmt.Fprintf(w, "and %s more\n", count(len(notes)-i, "note"))
			return
		}
		at := ""
		if n.Pos.Known() {
			at = fmt.Sprintf("%s:%d: ", n.Pos.File, n.Pos.Line)
		}
		fmt.Fprintf(w, "note: %s%s\n", at, n.Message)
	}
}

// sayNext says what was written and what can be done with it.
func sayNext(w io.Writer, a *initArgs, path string) {
	// Other models in the folder would be read along; then the file is named.
	what := ""
	files, err := filepath.Glob(filepath.Join(a.folder, "*.y*ml"))
	switch {
	case err == nil && len(files) > 1:
		what = " " + path
	case a.folder != here:
		what = " " + a.folder
	}
	fmt.Fprintf(w, "wrote %s\n\nNext:\n", path)
	steps := [][2]string{
		{"tightrope forecast" + what, "which objectives it can meet"},
		{"tightrope check" + what, "after each edit: look for mistakes"},
	}
	if a.from == "" {
		steps = append(steps, [2]string{"tightrope forecast" + what + " --with canary", "what a safety net would change"})
	}
	width := 0
	for _, s := range steps {
		width = max(width, len(s[0]))
	}
	for _, s := range steps {
		fmt.Fprintf(w, "  %-*s  %s\n", width, s[0], s[1])
	}
}
