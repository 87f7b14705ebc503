package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tightrope/internal/model"
	"tightrope/internal/report"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
	"tightrope/internal/simulate"
)

const (
	// defaultYears is how many years are simulated unless others are asked for:
	// about a second's worth of a usual model.
	defaultYears = 10_000
	mostYears    = 10_000_000
)

// simulateArgs is what the command line of simulate asks for.
type simulateArgs struct {
	paths    []string
	opts     simulate.Options
	time     limit
	set      numbers
	listed   listed
	timeline int    // which year to tell; 0 is none
	format   string // text, json or markdown
	output   string // file; empty is the standard output
	color    string // auto, always or never
}

func newSimulate(p *Process) *cobra.Command {
	a := &simulateArgs{opts: simulate.Options{Years: defaultYears, Seed: 1}, format: "text", color: "auto"}
	cmd := &cobra.Command{
		Use:   "simulate [PATH...]",
		Short: "play a model for many years and count what happens",
		Long: `Plays the incidents of a model in time, year after year, and counts how often
each objective is missed, how bad it gets, how long outages last, and when
contracts have to pay. It is the independent check of forecast: here incidents
overlap, and windows begin and end where the calendar says.

--timeline tells one of the years as a log, to be read aloud in a workshop.

Exit code 0: it was simulated; 1: the model has errors; 2: the command was used
wrongly; 130: it was stopped with Ctrl-C, and what was seen so far is written.`,
		Example: `  tightrope simulate examples/booking
  tightrope simulate --years 100_000 --seed 7 --service booking
  tightrope simulate --with canary --without review --format json -o out.json
  tightrope simulate --timeline=3`,
		ValidArgsFunction: completeModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("output") && a.output == "" {
				return misused(errors.New(`--output "": expected a file, or - for the standard output; for example -o simulation.txt`))
			}
			args, err := a.yearBehind(p, args)
			if err != nil {
				return err
			}
			if a.timeline > 0 && cmd.Flags().Changed("years") && a.timeline > a.opts.Years {
				return misused(fmt.Errorf("--timeline %d: expected one of the %s that --years asks for", a.timeline, count(a.opts.Years, "year")))
			}
			a.paths = pathsOr(args)
			if a.timeline > 0 {
				return tellYear(p, a)
			}
			return runSimulate(p, a)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(years(&a.opts.Years), "years", "how many to simulate, such as 1_000_000")
	f.Var(seed(&a.opts.Seed), "seed", "where the dice begin; the same seed gives the same bytes")
	f.Var(names(&a.opts.Services, "NAMES", "--service booking,search"), "service", "only these services, each shown in full")
	f.Var(over(&a.opts.Over), "over", "window instead of each objective's own, such as 28d")
	f.Var(names(&a.opts.With, "NETS", "--with canary"), "with", "as if these safety nets stood")
	f.Var(names(&a.opts.Without, "NETS", "--without review"), "without", "as if these safety nets did not stand")
	f.Var(set(&a.set), "set", "as if this number of the model were another one, such as risks/bad-release/chance=4%")
	a.listed.flags(f)
	f.Var(timeline(&a.timeline), "timeline", "tell one year as a log: the first, or the one named")
	f.Lookup("timeline").NoOptDefVal = "1"
	f.Var(limitFlag(&a.time), "time", "end after so long, with the years played so far")
	f.Var(oneOf(&a.format, "text", "json", "markdown"), "format", "how the result is written")
	f.StringVarP(&a.output, "output", "o", "", "write to this `FILE`, whole or not at all")
	f.Var(oneOf(&a.color, "auto", "always", "never"), "color", "colour the text; auto: on a terminal, unless NO_COLOR is set")
	completeWords(cmd, "format", "text", "json", "markdown")
	completeWords(cmd, "color", "auto", "always", "never")
	completeNames(cmd)
	completeSettings(cmd, pathsOr)
	return cmd
}

// wholeNumber is the form of a number in flags: digits, with single underscores
// between them.
var wholeNumber = regexp.MustCompile(`^[0-9]+(_[0-9]+)*$`)

func parseWhole(s string) (n uint64, ok bool) {
	if !wholeNumber.MatchString(s) {
		return 0, false
	}
	n, err := strconv.ParseUint(strings.ReplaceAll(s, "_", ""), 10, 64)
	return n, err == nil
}

// yearOf reads a number of years, or of one year.
func yearOf(into *int) func(string) error {
	return func(s string) error {
		n, ok := parseWhole(s)
		if !ok || n < 1 || n > mostYears {
			return errors.New("expected a whole number from 1 to 10_000_000")
		}
		*into = int(n)
		return nil
	}
}

func years(into *int) pflag.Value {
	return &value{kind: "N", example: "--years 100_000", text: "10_000", read: yearOf(into)}
}

func timeline(into *int) pflag.Value {
	return &value{kind: "YEAR", example: "--timeline=3", read: yearOf(into)}
}

func check(into *int) pflag.Value {
	return &value{kind: "YEARS", example: "--check or --check=100_000", read: yearOf(into)}
}

func seed(into *uint64) pflag.Value {
	return &value{kind: "N", example: "--seed 7", text: "1", read: func(s string) error {
		n, ok := parseWhole(s)
		if !ok {
			return errors.New("expected a whole number from 0 to 18_446_744_073_709_551_615")
		}
		*into = n
		return nil
	}}
}

// yearBehind returns the arguments without the year that stands behind
// --timeline as a word of its own, and takes that year. Flags with an optional
// value have it behind a =, but nobody remembers that.
func (a *simulateArgs) yearBehind(p *Process, args []string) ([]string, error) {
	i := slices.Index(p.Args, "--timeline")
	if a.timeline == 0 || i < 0 || i+1 == len(p.Args) {
		return args, nil
	}
	word := p.Args[i+1]
	if _, isNumber := parseWhole(word); !isNumber {
		return args, nil
	}
	if _, err := os.Stat(word); !errors.Is(err, fs.ErrNotExist) {
		return nil, misused(fmt.Errorf("--timeline %s: there is something called %s here; expected --timeline=%s for the year, or ./%s for the path", word, word, word, word))
	}
	if err := timeline(&a.timeline).Set(word); err != nil {
		return nil, misused(fmt.Errorf("--timeline %q: %w", word, err))
	}
	k := slices.Index(args, word)
	return slices.Delete(slices.Clone(args), k, k+1), nil
}

// unplayed is what was done with a model that has problems.
const unplayed = "nothing was simulated"

// load reads the model, which must have no problems.
func (a *simulateArgs) load(p *Process) (*model.Model, error) {
	if err := apart(a.output, a.paths...); err != nil {
		return nil, err
	}
	end := p.busy("reading " + modelName(a.paths))
	m, problems, err := a.listed.load(a.set, a.paths)
	p.room(m)
	end()
	if len(problems) > 0 {
		return nil, refuse(p.Stderr, problems, unplayed)
	}
	return m, err
}

// runSimulate simulates and reports.
func runSimulate(p *Process, a *simulateArgs) error {
	m, err := a.load(p)
	if err != nil {
		return err
	}
	result, err := a.play(p, m)
	if err != nil {
		return p.cut(a.refused(p, err))
	}
	result.Warnings = append(result.Warnings, a.set.warnings(m, a.opts.With, a.opts.Without)...)
	o := report.SimulationOptions{Options: report.Options{Whole: len(a.opts.Services) > 0}, Currency: m.Currency.S}
	short := result.Years < result.Asked && p.stopped()
	err = p.write(a.output, func(w io.Writer) error {
		switch a.format {
		case "json":
			return report.SimulationJSON(w, result, o.Currency)
		case "markdown":
			return report.SimulationMarkdown(w, result, o)
		}
		o.Width, o.Colour = p.look(w, a.color)
		return report.SimulationText(w, result, o)
	})
	if err == nil && short {
		return &failure{code: ExitStopped}
	}
	return err
}

// play simulates until it is done, or until the first signal.
func (a *simulateArgs) play(p *Process, m *model.Model) (*simulate.Result, error) {
	done, end := p.progress("simulating", "years", a.opts.Years)
	defer end()
	a.opts.Progress = done
	limited, cancel := p.within(p.context(), a.time, 1)
	defer cancel()
	return simulate.Run(limited, m, a.opts)
}

// tellYear tells one simulated year.
func tellYear(p *Process, a *simulateArgs) error {
	m, err := a.load(p)
	if err != nil {
		return err
	}
	end := p.busy(fmt.Sprintf("simulating year %s of %s", thousands(a.timeline), modelName(a.paths)))
	a.opts.Years = max(a.opts.Years, a.timeline)
	year, err := simulate.LogYear(p.context(), m, a.opts, a.timeline)
	end()
	if err != nil {
		return p.cut(a.refused(p, err))
	}
	for _, w := range a.set.warnings(m, a.opts.With, a.opts.Without) { // a log has no place for it
		fmt.Fprintln(p.Stderr, say.English().Message(w.Message))
	}
	return p.write(a.output, func(w io.Writer) error {
		switch a.format {
		case "json":
			return report.TimelineJSON(w, year)
		case "markdown":
			return report.TimelineMarkdown(w, year)
		}
		var o report.Options
		o.Width, o.Colour = p.look(w, a.color)
		return report.TimelineText(w, year, o)
	})
}

// refused says why a model was not simulated.
func (a *simulateArgs) refused(p *Process, err error) error {
	var wrong *scenario.OptionError
	var broken *model.ProblemError
	switch {
	case errors.As(err, &wrong):
		return misused(fmt.Errorf("--%s: %w", wrong.Option, err))
	case errors.As(err, &broken):
		return refuse(p.Stderr, []model.Problem{broken.Problem}, unplayed)
	}
	return &failure{code: ExitFound, err: err}
}
