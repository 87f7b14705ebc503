// Package cli is the command line of tightrope: commands, flags and exit codes.
//
// A command reads its arguments into a struct, does the work, and renders it.
// Results go to the standard output, everything else to the standard error.
package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tightrope/internal/document/text"
	"tightrope/internal/model"
	"tightrope/internal/safetext"
)

// Exit codes of the program.
const (
	// ExitOK: it was done, and nothing is wrong.
	ExitOK = 0
	// ExitFound: the model has errors or, with --gate, a service cannot keep its
	// objective.
	ExitFound = 1
	// ExitUsage: the command was used wrongly, or what it needs cannot be read
	// or written.
	ExitUsage = 2
	// ExitStopped: it was interrupted (128 + SIGINT, as shells say it), and what
	// was known by then is written, or that nothing was.
	ExitStopped = 130
)

// Main runs the command that the arguments ask for and returns its exit code.
// Signals are attended to from here to the end; see attended.
func Main(p *Process) int {
	q := *p
	q.course = newCourse()
	defer q.course.cancel()
	out := &output{to: p.Stdout}
	q.Stdout, q.Stderr, q.screen = safetext.NewWriter(out), safetext.NewWriter(p.Stderr), p.Stderr
	q.coloured = safetext.NewWriter(out, text.Styles()...)
	q.Terminal = func(w io.Writer) (int, bool) {
		switch w {
		case q.Stdout, q.coloured:
			w = p.Stdout
		case q.Stderr:
			w = p.Stderr
		}
		return p.Terminal(w)
	}
	return attended(&q, q.course, func() int { return q.run(out) })
}

// run runs the command.
func (p *Process) run(out *output) int {
	root := newRoot(p)
	root.SetArgs(append([]string{}, p.Args...))
	err := root.Execute()
	if out.err != nil {
		// Some of what writes, such as help, tells nobody that it could not.
		if errors.Is(out.err, syscall.EPIPE) {
			return ExitUsage // whoever read it has read enough
		}
		err = misused(fmt.Errorf("cannot write to the standard output: %w", cause(out.err)))
	}
	if err == nil {
		return ExitOK
	}
	// What cobra itself complains about is how the command was written.
	f := &failure{code: ExitUsage, err: err}
	errors.As(err, &f)
	if f.err != nil {
		for line := range strings.SplitSeq(f.err.Error(), "\n") { // of several errors, each has one
			fmt.Fprintf(p.Stderr, "tightrope: %s\n", line)
		}
	}
	for _, h := range f.hints {
		fmt.Fprintf(p.Stderr, "hint: %s\n", h)
	}
	return f.code
}

// An output keeps the first error of what is written to.
type output struct {
	to  io.Writer
	err error
}

func (o *output) Write(b []byte) (int, error) {
	n, err := o.to.Write(b)
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}

// A failure ends a command with an exit code. Without err everything has been
// said already.
type failure struct {
	code  int
	err   error
	hints []string
}

func (f *failure) Error() string {
	if f.err == nil {
		return fmt.Sprintf("exit code %d", f.code)
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// misused is a failure that the user mends by another command line.
func misused(err error, hints ...string) error {
	return &failure{code: ExitUsage, err: err, hints: hints}
}

func newRoot(p *Process) *cobra.Command {
	root := &cobra.Command{
		Use:   "tightrope",
		Short: "How many nines can you promise?",
		Long: `How many nines can you promise, what would the next one cost, and is it worth
it? tightrope answers that from a model of a service's risks and safety nets.`,
		Example: `  tightrope init                   write a small model to begin with
  tightrope forecast               say which objectives it can keep
  tightrope forecast --help        and how to ask for more`,
		Version:           p.Version,
		Args:              knownCommand,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	root.SetVersionTemplate("tightrope {{.Version}}\n")
	root.SetUsageTemplate(usageTemplate)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return misused(flagError(cmd, err), fmt.Sprintf("see %s --help", cmd.CommandPath()))
	})
	root.AddCommand(newInit(p), newCheck(p), newForecast(p), newSimulate(p), newPlan(p), newExplain(p), newCadence(p), newAlerts(p), newRules(p), newDiff(p), newSensitivity(p), newReport(p), newServe(p), newSchema(p), newVersion(p), newCompletion(p))
	root.InitDefaultHelpCmd()
	root.InitDefaultHelpFlag()
	root.InitDefaultVersionFlag()
	for _, cmd := range append(root.Commands(), root) {
		cmd.InitDefaultHelpFlag()
		describe(cmd, "help", "how to use it")
		describe(cmd, "version", "print the version")
		if cmd.Name() == "help" {
			cmd.Short = "how to use a command"
		}
	}
	return root
}

func describe(cmd *cobra.Command, flag, usage string) {
	if f := cmd.Flags().Lookup(flag); f != nil {
		f.Usage = usage
	}
}

const usageTemplate = `Usage:
  {{if .HasAvailableSubCommands}}{{.CommandPath}} COMMAND{{else}}{{.UseLine}}{{end}}
{{- if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}}  {{.Short}}{{end}}{{end}}
{{- end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsagesWrapped 80 | trimTrailingWhitespaces}}
{{- end}}{{if .HasExample}}

Examples:
{{.Example}}
{{- end}}
`

// knownCommand refuses arguments that name no command.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var commands []string
	for _, c := range cmd.Commands() {
		commands = append(commands, c.Name())
	}
	hint := "see tightrope --help for the commands"
	if meant := model.Suggest(args[0], commands); meant != "" {
		hint = fmt.Sprintf("did you mean tightrope %s?", meant)
	}
	return misused(fmt.Errorf("unknown command %q", args[0]), hint)
}

// noArguments refuses all arguments.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return misused(fmt.Errorf("%s takes no arguments, got %q", cmd.Name(), args[0]))
	}
	return nil
}

// flagError says what is wrong with a flag in the words of this program.
func flagError(cmd *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	switch {
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		return fmt.Errorf("--%s %q: expected true or false, or nothing behind it", invalid.GetFlag().Name, invalid.GetValue())
	case errors.As(err, &invalid):
		return fmt.Errorf("--%s %q: %w", invalid.GetFlag().Name, invalid.GetValue(), invalid.Unwrap())
	case errors.As(err, &unknown):
		var flags []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f.Name) })
		if meant := model.Suggest(unknown.GetSpecifiedName(), flags); meant != "" {
			return fmt.Errorf("%w; did you mean --%s?", err, meant)
		}
	}
	return err
}
