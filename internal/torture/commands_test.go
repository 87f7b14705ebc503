package torture

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"tightrope/internal/cli"
)

// A job is one command on one model.
type job struct {
	Name   string   // what it is counted as: "plan --worth"
	Args   []string // with model.yaml and other.yaml for the paths
	Format string   // json, text, markdown or html
}

func (j job) String() string { return strings.Join(j.Args, " ") }

// jobs are the commands for a model, cheap ones and each in a format by chance.
func jobs(g *generated, r *rand.Rand) []job {
	format := func(words ...string) string { return words[r.IntN(len(words))] }
	usual := func() string { return format("json", "json", "text", "markdown") }
	years := func() string { return format("1", "3", "20") }
	var all []job
	add := func(name, format string, args ...string) {
		if format != "html" {
			args = append(args, "--format", format)
		}
		all = append(all, job{name, args, format})
	}
	add("forecast", usual(), "forecast", "model.yaml")
	all[0].Args = append(all[0].Args, g.extra(r)...)
	add("forecast --check", format("json", "text"), "forecast", "model.yaml", "--check="+years())
	if len(g.risks) > 0 {
		add("explain risk", usual(), "explain", "risk:"+g.risks[r.IntN(len(g.risks))], "model.yaml", "--today", "2026-11-29")
	}
	if len(g.nets) > 0 {
		add("explain net", usual(), "explain", "net:"+g.nets[r.IntN(len(g.nets))], "model.yaml")
	}
	add("explain service", usual(), "explain", "service:"+g.services[r.IntN(len(g.services))], "model.yaml")
	plan := func(name string, flags ...string) {
		add(name, usual(), append([]string{"plan", "model.yaml", "--time", "0.3s"}, flags...)...)
	}
	plan("plan", [][]string{nil, {"--brief"}, {"--review"}, {"--target", "99.99%"}, {"--break-even"}}[r.IntN(5)]...)
	plan("plan --worth", [][]string{nil, {"--review"}, {"--max-pages", "0.01/w"}, {"--break-even"}}[r.IntN(4)]...)
	plan("plan --spend", "--spend", format("0", "1000", "60_000_000", "99999999999999999999"), "--for", format("chance", "loss"))
	plan("plan --effort", "--effort", format("0", "40", "1000000"))
	add("simulate", usual(), "simulate", "model.yaml", "--years", years(), "--seed", fmt.Sprint(r.IntN(1000)))
	add("simulate --timeline", usual(), "simulate", "model.yaml", "--timeline=1", "--years", "1")
	add("diff", usual(), "diff", "model.yaml", "other.yaml")
	if len(all[len(all)-1].Args) > 0 && r.IntN(2) == 0 {
		all[len(all)-1].Args = append(all[len(all)-1].Args, "--no-plan")
	}
	add("sensitivity", usual(), "sensitivity", "model.yaml")
	if r.IntN(20) == 0 {
		add("sensitivity --worth", usual(), "sensitivity", "model.yaml", format("--worth", "--plan"))
	}
	if len(g.changes) > 0 {
		add("cadence", usual(), "cadence", g.changes[r.IntN(len(g.changes))], "model.yaml", "--every", format("1d,1w", "1m,100y", "30d", "1h,90d,1y"))
	}
	add("alerts", usual(), "alerts", "model.yaml")
	lang := format("en", "ko")
	add("report", format("html", "markdown"), "report", "model.yaml", "--years", years(), "--time", "0.3s", "--lang", lang)
	return all
}

// extra are flags of a forecast, most of the time none.
func (g *generated) extra(r *rand.Rand) (flags []string) {
	switch r.IntN(8) {
	case 0:
		return []string{"--over", []string{"1s", "1h", "100y", "28d"}[r.IntN(4)]}
	case 1:
		return []string{"--targets", "50%,99.9%,99.9999999%", "--count-unlisted"}
	case 2:
		for i, n := range g.nets {
			if !g.standing[i] {
				return []string{"--with", n}
			}
		}
	case 3:
		for i, n := range g.nets {
			if g.standing[i] {
				return []string{"--without", n}
			}
		}
	}
	return nil
}

// briefLines is how many lines the text of a forecast and of a plan has at most.
const briefLines = 40

// An outcome is what a command did.
type outcome struct {
	code           int
	stdout, stderr string
	panicked       string // what it said, and where; "" where it did not
}

// run runs a command in this process, as a user does in another.
func run(args []string) (o outcome) {
	var stdout, stderr bytes.Buffer
	defer func() {
		if v := recover(); v != nil {
			o = outcome{panicked: fmt.Sprintf("%v\n%s", v, debug.Stack())}
		}
	}()
	code := cli.Main(&cli.Process{
		Args: args, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Getenv:   func(string) string { return "" },
		Terminal: func(io.Writer) (int, bool) { return 0, false },
		Now:      func() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) },
		After:    time.After,
		Version:  "torture",
	})
	return outcome{code: code, stdout: stdout.String(), stderr: stderr.String()}
}

// in is the command with the paths of a folder.
func (j job) in(folder string) []string {
	args := slices.Clone(j.Args)
	for i, a := range args {
		if a == "model.yaml" || a == "other.yaml" {
			args[i] = folder + "/" + a
		}
	}
	return args
}

// write puts a model and another version of it into a folder.
func write(folder string, model, other string) error {
	if err := os.WriteFile(folder+"/model.yaml", []byte(model), 0o600); err != nil {
		return err
	}
	return os.WriteFile(folder+"/other.yaml", []byte(other), 0o600)
}

// A finding is something wrong. Two with the same sign are the same bug, as far
// as can be told.
type finding struct {
	Sign   string
	Detail string
}

var (
	ours     = regexp.MustCompile(`(?m)^tightrope/internal/([a-z]+)\.(\S+?)\(`)
	numbers  = regexp.MustCompile(`[0-9][0-9_.e+-]*`)
	noNumber = regexp.MustCompile(`NaN|[+-]Inf\b|%!|<nil>|ZgotmplZ|map\[`)
	refusal  = regexp.MustCompile(`\[([a-z-]+)\]\n`)
)

// panicSign says which panic it was: what and where.
func panicSign(text string) string {
	message, stack, _ := strings.Cut(text, "\n")
	if k := strings.LastIndex(stack, "panic("); k >= 0 { // the frames behind it are where it began
		stack = stack[k:]
	}
	where := "?"
	for _, m := range ours.FindAllStringSubmatch(stack, -1) {
		if m[1] != "torture" {
			where = m[1] + "." + m[2]
			break
		}
	}
	return "panic: " + numbers.ReplaceAllString(message, "#") + " in " + where
}

// judge says what is wrong with what a command did. refused is why an engine
// did not answer, where that is no bug.
func judge(j job, o outcome) (findings []finding, refused string) {
	bad := func(sign, detail string) { findings = append(findings, finding{sign, detail}) }
	if o.panicked != "" {
		bad(panicSign(o.panicked), o.panicked)
		return findings, ""
	}
	if m := noNumber.FindString(o.stdout + o.stderr); m != "" {
		at := strings.Index(o.stdout+o.stderr, m)
		text := o.stdout + o.stderr
		bad(fmt.Sprintf("%s (%s): %s in the output", j.Name, j.Format, m), text[max(0, at-300):min(len(text), at+200)])
	}
	switch {
	case o.code == cli.ExitOK:
	case j.Name == "forecast --check" && strings.Contains(o.stderr, "differ by more than chance"):
	case strings.HasPrefix(j.Name, "plan") && o.code == cli.ExitFound && o.stdout != "": // no plan
	case strings.HasPrefix(o.stderr, "tightrope: --with") && j.Name == "forecast",
		strings.HasPrefix(o.stderr, "tightrope: --without") && j.Name == "forecast":
		return findings, "flag: " + numbers.ReplaceAllString(strings.TrimSpace(o.stderr), "#")
	case o.code == cli.ExitFound && refusal.MatchString(o.stderr):
		return findings, j.Name + ": " + refusal.FindStringSubmatch(o.stderr)[1]
	case strings.Contains(o.stderr, "has an objective"), strings.Contains(o.stderr, "what the services are worth is unknown"),
		strings.Contains(o.stderr, "so much happens in this model"):
		return findings, j.Name + ": " + numbers.ReplaceAllString(strings.TrimSpace(o.stderr), "#")
	default:
		bad(fmt.Sprintf("%s: exit code %d: %s", j.Name, o.code, numbers.ReplaceAllString(strings.TrimSpace(o.stderr), "#")), o.stderr)
		return findings, ""
	}
	if o.stdout == "" {
		bad(j.Name+": printed nothing", o.stderr)
	}
	if n := strings.Count(o.stdout, "\n"); j.Format == "text" && n > briefLines && (strings.HasPrefix(j.Name, "forecast") || strings.HasPrefix(j.Name, "plan")) {
		bad(fmt.Sprintf("%s: more than %d lines", j.Name, briefLines), o.stdout)
	}
	if j.Format == "json" {
		findings = append(findings, examine(j.Name, []byte(o.stdout))...)
	}
	return findings, ""
}
