package cli_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Signals come at random moments, to every command that may take long. In the
// usual run these are few; `make signals` takes 200 for each command, of the
// program that SIGNALS_PROGRAM names, and prints how long the answers took.
var (
	moments     = numberOf("SIGNALS", 0)
	longProgram = os.Getenv("SIGNALS_PROGRAM")
	within, _   = time.ParseDuration(os.Getenv("SIGNALS_WITHIN")) // of which time of a command; else 6s
	onlySignals = regexp.MustCompile(os.Getenv("SIGNALS_ONLY"))
)

func numberOf(name string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return usual
}

// A longCommand is one that takes longer than anybody waits.
type longCommand struct {
	name  string
	args  []string
	whole func(stdout []byte) bool // not half an answer
	short bool                     // in the usual run too
}

func longCommands(dir string) []longCommand {
	at := func(name string) string { return filepath.Join(dir, name) }
	page := func(b []byte) bool { return bytes.HasSuffix(bytes.TrimSpace(b), []byte("</html>")) }
	text := func([]byte) bool { return true }
	return []longCommand{
		{"forecast", []string{"forecast", at("large"), "--time", "60s", "--format", "json"}, json.Valid, true},
		{"forecast --check", []string{"forecast", at("small"), "--check=10_000_000", "--format", "json"}, json.Valid, false},
		{"plan", []string{"plan", at("nets"), "--format", "json"}, json.Valid, true},
		{"plan --time", []string{"plan", at("nets"), "--time", "0.7s", "--format", "json"}, json.Valid, false},
		{"plan --worth --target", []string{"plan", at("nets"), "--worth", "--target", "99.99%", "--format", "json"}, json.Valid, false},
		{"simulate", []string{"simulate", at("large"), "--years", "1_000_000", "--format", "json"}, json.Valid, true},
		{"simulate --timeline", []string{"simulate", at("nets"), "--timeline=9_000_000", "--format", "json"}, json.Valid, false},
		{"sensitivity", []string{"sensitivity", at("large"), "--time", "60s", "--format", "json"}, json.Valid, false},
		{"sensitivity --worth", []string{"sensitivity", at("nets"), "--worth", "--time", "60s", "--format", "json"}, json.Valid, false},
		{"report", []string{"report", at("nets")}, page, false},
		{"explain", []string{"explain", "service:app", at("large"), "--time", "60s", "--format", "json"}, json.Valid, false},
		{"cadence", []string{"cadence", "release", at("large"), "--time", "60s", "--format", "json"}, json.Valid, false},
		{"diff", []string{"diff", at("large"), at("larger"), "--time", "60s", "--format", "json"}, json.Valid, false},
		{"check", []string{"check", at("huge"), "--format", "json"}, json.Valid, true},
		{"init --from", []string{"init", "--from", at("record.csv"), at("none/there")}, text, false},
		{"serve", []string{"serve", "--listen", "127.0.0.1:0", at("large")}, text, false},
	}
}

func TestASignalIsAnsweredAtAnyMoment(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(content), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	write("small/model.yaml", "version: 1\nservices: {app: {objective: {target: 99.9%}}}\nrisks: {crash: {every: 3d..30d, detect: 1m..10m, recover: 5m..1h}}\n")
	write("large/model.yaml", manyServices(60, "1h"))
	write("larger/model.yaml", manyServices(60, "2h"))
	write("nets/model.yaml", manyNets(6, 24))
	for i := range 4 {
		write(fmt.Sprintf("huge/%d.yaml", i), hugeFile(i, 20_000))
	}
	write("record.csv", longRecord(90_000))

	each, latest, hang, seed := moments, cmp.Or(within, 6*time.Second), time.Second, uint64(1)
	if each == 0 { // the usual run: few, early, and no more than a guard against hanging
		each, latest, hang = 2, 400*time.Millisecond, 30*time.Second
	} else {
		seed = uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
	}
	random := rand.New(rand.NewPCG(seed, 0))
	program := longProgram
	if program == "" {
		program = "tightrope"
	}
	for _, c := range longCommands(dir) {
		if moments == 0 && !c.short || !onlySignals.MatchString(c.name) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			takes := latest
			if moments > 0 {
				takes = until(t, program, c.args, latest)
			}
			var waits []time.Duration
			count := map[string]int{}
			for i := range each {
				at := time.Duration(random.Float64() * float64(takes))
				if i%3 == 0 { // the first moments are those in which nothing listens yet
					at = time.Duration(random.Float64() * float64(min(takes, 300*time.Millisecond)))
				}
				s := []os.Signal{os.Interrupt, syscall.SIGTERM}[i%2]
				if err := os.RemoveAll(filepath.Join(dir, "none")); err != nil {
					t.Fatal(err)
				}
				end := signalled(t, program, c.args, at, s)
				kind := end.kind(c.whole)
				count[kind]++
				late := end.took > hang && !bytes.Contains(end.stderr, []byte("ending, when"))
				if late || strings.HasPrefix(kind, "bad") {
					t.Errorf("%v after %v: %s; it took %v: exit code %d, standard output of %d bytes, standard error %q",
						s, at, kind, end.took, end.code, len(end.stdout), firstBytes(end.stderr, 300))
				}
				if kind != "over before" {
					waits = append(waits, end.took)
				}
			}
			if moments > 0 && len(waits) > 0 {
				slices.Sort(waits)
				t.Logf("%-22s within %v: %v; half of the answers after %v, 95%% after %v, the last after %v", c.name, takes.Round(time.Millisecond),
					count, waits[len(waits)/2].Round(time.Millisecond), waits[len(waits)*95/100].Round(time.Millisecond), waits[len(waits)-1].Round(time.Millisecond))
			}
		})
	}
}

// until returns how long a command takes, at most so long.
func until(t *testing.T, program string, args []string, most time.Duration) time.Duration {
	t.Helper()
	begun := time.Now()
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	over := time.AfterFunc(most, func() { _ = cmd.Process.Kill() })
	defer over.Stop()
	_ = cmd.Wait()
	return min(time.Since(begun), most)
}

// An ending is how a command ended after a signal.
type ending struct {
	code           int // -1: by the signal itself
	after, took    time.Duration
	late           bool // it was over before the signal
	stdout, stderr []byte
}

// toBegin is how long a program may take to begin: to be loaded, until it listens
// to signals. Until then a signal ends it as it ends any program.
const toBegin = 300 * time.Millisecond

// kind says what an ending is.
func (e ending) kind(whole func([]byte) bool) string {
	switch {
	case len(e.stdout) > 0 && !whole(e.stdout):
		return "bad: half an answer"
	case e.late && (e.code == 0 || e.code == 1):
		return "over before"
	case (e.code == 0 || e.code == 1) && len(e.stdout) > 0: // 1: no plan does what is asked for
		return "whole answer"
	case e.code == -1 && e.after < toBegin:
		return "before it began"
	case e.code == 130 && len(e.stdout) > 0:
		return "partial answer"
	case e.code == 130 && len(e.stderr) > 0:
		return "a word"
	}
	return "bad: no answer and no word"
}

// signalled runs a command and sends it a signal after some time.
func signalled(t *testing.T, program string, args []string, after time.Duration, s os.Signal) ending {
	t.Helper()
	cmd := exec.Command(program, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = cmd.Wait()
	}()
	e := ending{after: after}
	select {
	case <-over:
		e.late = true
	case <-time.After(after):
	}
	sent := time.Now()
	if !e.late {
		if err := cmd.Process.Signal(s); errors.Is(err, os.ErrProcessDone) {
			e.late = true
		}
	}
	select {
	case <-over:
	case <-time.After(40 * time.Second):
		_ = cmd.Process.Kill()
		<-over
	}
	e.took, e.code = time.Since(sent), cmd.ProcessState.ExitCode()
	e.stdout, e.stderr = out.Bytes(), errs.Bytes()
	return e
}

func firstBytes(b []byte, n int) string { return string(b[:min(n, len(b))]) }

// manyServices is a model whose forecast, simulation and sensitivity take long:
// each service needs others, in pairs, and all of it is unsure.
func manyServices(n int, recover string) string {
	var b strings.Builder
	b.WriteString("version: 1\nservices:\n  app: {objective: {target: 99.9%}, needs: [s0, s1]}\n")
	for i := range n {
		fmt.Fprintf(&b, "  s%d: {objective: {target: 99.5%%}", i)
		if i+2 < n {
			fmt.Fprintf(&b, ", needs: [{service: s%d, impact: 10%%..30%%}, {any: [s%d, s%d], switch: {takes: 1m, works: 80%%..95%%}}]", i+1, i+1, i+2)
		}
		b.WriteString("}\n")
	}
	b.WriteString("changes:\n  release: {service: app, every: 1d, downtime: 1s..10s}\nrisks:\n  bad: {service: app, per: release, chance: 1%..9%, detect: 1m..10m, recover: 5m..1h}\n")
	for i := range n {
		fmt.Fprintf(&b, "  r%d: {service: s%d, every: 10d..90d, impact: 20%%..60%%, detect: 1m..10m, recover: 5m..%s}\n", i, i, recover)
	}
	return b.String()
}

// manyNets is a model whose plan takes long.
func manyNets(services, nets int) string {
	var b strings.Builder
	b.WriteString("version: 1\ncurrency: EUR\nservices:\n")
	for i := range services {
		fmt.Fprintf(&b, "  s%d: {objective: {target: 99.95%%}, worth: {revenue: 90_000/d, lost: 60%%}}\n", i)
	}
	b.WriteString("risks:\n")
	for i := range 3 * services {
		fmt.Fprintf(&b, "  r%d: {service: s%d, every: %dd..%dd, detect: 1m..20m, recover: 10m..2h}\n", i, i%services, 7+i, 60+2*i)
	}
	b.WriteString("safety_nets:\n")
	for i := range nets {
		fmt.Fprintf(&b, "  n%d: {kind: automation, status: proposed, cost: {run: %d/month}, effects: [{risk: [r%d, r%d, r%d], prevents: %d%%, recover: -%d%%}]}\n",
			i, 300+137*i%911, i%(3*services), (5*i+1)%(3*services), (7*i+2)%(3*services), 20+7*i%41, 10+11*i%47)
	}
	return b.String()
}

// hugeFile is one file of a model that takes long to read.
func hugeFile(k, n int) string {
	var b strings.Builder
	b.WriteString("version: 1\nservices:\n")
	for i := range n {
		fmt.Fprintf(&b, "  s%d-%d: {availability: 99.9%%, outage: 10m..2h, title: Service number %d}\n", k, i, i)
	}
	return b.String()
}

// longRecord is a record of incidents.
func longRecord(n int) string {
	var b strings.Builder
	b.WriteString("started,detected,resolved,cause\n")
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		at = at.Add(7 * time.Minute)
		fmt.Fprintf(&b, "%s,%s,%s,cause %d\n", at.Format(time.RFC3339), at.Add(time.Minute).Format(time.RFC3339), at.Add(5*time.Minute).Format(time.RFC3339), i%40)
	}
	return b.String()
}
