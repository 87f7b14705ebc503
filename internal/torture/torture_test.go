package torture

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tightrope/internal/modelfile"
)

const workerVariable = "TORTURE_WORKER" // FROM-TO-COMMANDS: be a worker for these seeds

func TestMain(m *testing.M) {
	if asked := os.Getenv(workerVariable); asked != "" {
		var from, to uint64
		var perModel int
		if _, err := fmt.Sscanf(asked, "%d-%d-%d", &from, &to, &perModel); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if err := work(os.Stdout, from, to, perModel); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// number is a number from the environment.
func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s=%s: expected a number", name, text)
	}
	return n
}

// A span is some seeds, and how many commands are run on each model; 0 is all.
type span struct {
	from, to uint64
	commands int
}

// usual is what is played where nothing is asked for: very many of the smallest
// models, in which most of what is wrong shows, some woven ones and some larger
// ones. It takes
// less than a minute.
var usual = []span{{small, small + 300, 1}, {woven, woven + 30, 1}, {1, 25, 1}}

// TestNoAcceptedModelBreaksACommand plays random models, and TORTURE=N so many
// others, of which TORTURE_COMMANDS are run by turns (0: all), from the seed
// TORTURE_SEED on. TORTURE_KEEP is a folder for what was found and for the slowest
// models.
func TestNoAcceptedModelBreaksACommand(t *testing.T) {
	spans := usual
	c := newCollector(os.Getenv("TORTURE_KEEP"))
	if n := number(t, "TORTURE", 0); n > 0 {
		first := uint64(number(t, "TORTURE_SEED", 1))
		spans = []span{{first, first + uint64(n), number(t, "TORTURE_COMMANDS", 3)}}
		c.tries, c.patience = 400, 20
	}
	begun := children()
	for _, s := range spans {
		for from := s.from; from < s.to; {
			last, ended := c.worker(t, from, s.to, s.commands)
			if ended {
				break
			}
			from = last + 1
		}
	}
	t.Logf("%.0f s of CPU", (children() - begun).Seconds())
	c.report(t)
}

// A tally is what became of one command.
type tally struct {
	runs    int
	seconds float64
	costs   []cost // on models of at most smallBytes
}

// A cost is what a command took on one model.
type cost struct {
	seed    uint64
	seconds float64 // of CPU
	bytes   uint64  // allocated, most of them for a moment
}

// smallBytes is how large a model is that people write, at most.
const smallBytes = 5000

// A slow command, or one that was ended.
type slow struct {
	seed    uint64
	command string
	name    string
	seconds float64
	stopped string
}

type found struct {
	times   int
	size    int // of the smallest model
	seed    uint64
	command string
	finding
}

type collector struct {
	keep             string
	models, accepted int
	bytes, large     int
	problems         map[string]int
	refused          map[string]int
	commands         map[string]*tally
	slow             []slow
	found            map[string]*found
	size             int // of the model that is played

	// Making what was found smaller ends after so many tries, or seconds of CPU.
	tries    int
	patience float64
}

func newCollector(keep string) *collector {
	return &collector{tries: 60, patience: 2, keep: keep, problems: map[string]int{}, refused: map[string]int{}, commands: map[string]*tally{}, found: map[string]*found{}}
}

// worker plays models in another process, since not everything that can go
// wrong in this one could be caught. It returns the last seed that was begun,
// and whether all were played.
func (c *collector) worker(t *testing.T, from, to uint64, perModel int) (last uint64, ended bool) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d-%d-%d", workerVariable, from, to, perModel))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(pipe)
	var now line
	last = from
	for {
		text, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		now = line{}
		if err := json.Unmarshal(text, &now); err != nil {
			t.Fatalf("a worker said %s: %v", text, err)
		}
		last = now.Seed
		c.take(now, stderr.String)
	}
	if err := cmd.Wait(); err == nil {
		return last, true
	}
	if now.Stopped == "" {
		c.take(line{Seed: now.Seed, Name: "dies", Begin: now.Begin, Found: []finding{{deathSign(stderr.String()), stderr.String()}}}, nil)
	} else if c.keep != "" {
		keep(c.keep, fmt.Sprintf("%s-%d.stack", now.Stopped, now.Seed), stderr.String())
	}
	return last, false
}

// deathSign says of what a process died.
func deathSign(stderr string) string {
	if _, text, ok := strings.Cut(stderr, "panic: "); ok {
		return panicSign(text) + " (in a goroutine)"
	}
	first, _, _ := strings.Cut(stderr, "\n")
	return "dies: " + first
}

func (c *collector) take(l line, _ func() string) {
	if l.Begin == "" {
		if c.models++; c.keep != "" && c.models%500 == 0 {
			keep(c.keep, "progress.txt", c.far())
		}
		c.size = l.Size
		if l.Accepted {
			c.accepted++
			c.bytes += l.Size
			if l.Size > 5000 {
				c.large++
			}
		} else {
			c.problems[l.Problem]++
		}
		return
	}
	if l.Name == "" {
		return
	}
	if c.commands[l.Name] == nil {
		c.commands[l.Name] = &tally{}
	}
	c.commands[l.Name].runs++
	c.commands[l.Name].seconds += l.Seconds
	if c.size <= smallBytes {
		c.commands[l.Name].costs = append(c.commands[l.Name].costs, cost{l.Seed, l.Seconds, l.Bytes})
	}
	if l.Refused != "" {
		c.refused[l.Refused]++
	}
	if l.Seconds > 1 || l.Stopped != "" {
		c.slow = append(c.slow, slow{l.Seed, l.Begin, l.Name, l.Seconds, l.Stopped})
	}
	for _, f := range l.Found {
		before := c.found[f.Sign]
		if before == nil {
			before = &found{size: 1 << 30}
			c.found[f.Sign] = before
		}
		before.times++
		if c.size < before.size {
			before.size, before.seed, before.command, before.finding = c.size, l.Seed, l.Begin, f
		}
	}
}

// far says how far it is, for who waits.
func (c *collector) far() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d models, %d accepted\n", c.models, c.accepted)
	for _, name := range slices.Sorted(maps.Keys(c.commands)) {
		fmt.Fprintf(&b, "%-20s %7d runs, %8.1f s of CPU\n", name, c.commands[name].runs, c.commands[name].seconds)
	}
	for _, sign := range slices.Sorted(maps.Keys(c.found)) {
		f := c.found[sign]
		fmt.Fprintf(&b, "%5d  %s; seed %d: %s\n", f.times, sign, f.seed, f.command)
	}
	for _, s := range c.slow {
		if s.stopped != "" {
			fmt.Fprintf(&b, "%s after %.1f s; seed %d: %s\n", s.stopped, s.seconds, s.seed, s.command)
		}
	}
	return b.String()
}

// keep writes a file for people to look at.
func keep(folder, name, text string) {
	_ = os.MkdirAll(folder, 0o755)
	_ = os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644)
}

func (c *collector) report(t *testing.T) {
	t.Logf("%d models, %d accepted (%.1f %%), %d bytes on average, %d over 5 kB", c.models, c.accepted, 100*float64(c.accepted)/float64(max(1, c.models)), c.bytes/max(1, c.accepted), c.large)
	for _, code := range byCount(c.problems) {
		t.Logf("  check refused %d: %s", c.problems[code], code)
	}
	for _, name := range slices.Sorted(maps.Keys(c.commands)) {
		k := c.commands[name]
		t.Logf("  %-20s %7d runs, %8.1f s of CPU; %s", name, k.runs, k.seconds, k.spread())
	}
	for _, why := range byCount(c.refused) {
		t.Logf("  refused %d: %.300s", c.refused[why], why)
	}
	slices.SortFunc(c.slow, func(a, b slow) int { return int(1000 * (b.seconds - a.seconds)) })
	for i, s := range c.slow {
		if i < 25 {
			t.Logf("  slow: %6.1f s %-6s seed %d: %s", s.seconds, s.stopped, s.seed, s.command)
		}
		if c.keep != "" && i < 200 {
			keep(c.keep, fmt.Sprintf("slow/%d.yaml", s.seed), generate(choices(s.seed)).yaml)
		}
		if s.stopped != "" {
			t.Errorf("%s of %s after %.1f s, seed %d:\n%s", s.stopped, s.command, s.seconds, s.seed, generate(choices(s.seed)).yaml)
		}
	}
	t.Logf("  %d commands over 1 s of CPU", len(c.slow))
	if 5*c.accepted < 4*c.models {
		t.Errorf("check accepts %d of %d models, want four in five at least", c.accepted, c.models)
	}
	for _, sign := range slices.Sorted(maps.Keys(c.found)) {
		f := c.found[sign]
		data := choices(f.seed)
		if !strings.Contains(sign, "(in a goroutine)") && !strings.HasPrefix(sign, "dies") {
			data = c.shrink(t, data, f)
		}
		model := generate(data)
		t.Errorf("%s\n%d times; seed %d: %s\n%.1500s\n%s\n%s", sign, f.times, f.seed, f.command, f.Detail, model.yaml, otherIn(f.command, data, f.seed, model.yaml))
		if c.keep != "" {
			keep(c.keep, "found/"+fileName(sign)+".yaml", fmt.Sprintf("# %s\n# seed %d: %s\n%s", strings.ReplaceAll(sign, "\n", " "), f.seed, f.command, model.yaml))
			keep(c.keep, "found/"+fileName(sign)+".txt", f.Detail)
		}
	}
}

// spread is what the command takes on small models: half of them, all but one in a
// hundred, and the worst, each with its seed.
func (k *tally) spread() string {
	if len(k.costs) == 0 {
		return "none small"
	}
	slices.SortFunc(k.costs, func(a, b cost) int { return cmp.Compare(a.bytes, b.bytes) })
	large := k.costs[len(k.costs)-1]
	slices.SortFunc(k.costs, func(a, b cost) int { return cmp.Compare(a.seconds, b.seconds) })
	at := func(share float64) cost { return k.costs[int(share*float64(len(k.costs)-1))] }
	long := at(1)
	return fmt.Sprintf("on %d of at most %d bytes p50 %.4f s, p99 %.3f s, most %.2f s (seed %d); most allocated %d MB (seed %d)",
		len(k.costs), smallBytes, at(0.5).seconds, at(0.99).seconds, long.seconds, long.seed, large.bytes>>20, large.seed)
}

func otherIn(command string, data []byte, seed uint64, model string) string {
	if !strings.HasPrefix(command, "diff") {
		return ""
	}
	return "--- and other.yaml:\n" + other(data, seed, model)
}

func fileName(sign string) string {
	name := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return c
		}
		return '-'
	}, sign)
	return name[:min(80, len(name))]
}

func byCount(m map[string]int) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if m[a] != m[b] {
			return m[b] - m[a]
		}
		return strings.Compare(a, b)
	})
	return keys
}

// shrink returns fewer and smaller choices with which the same thing goes wrong.
func (c *collector) shrink(t *testing.T, data []byte, f *found) []byte {
	folder := t.TempDir()
	tries, spent := c.tries, cpu()
	fails := func(data []byte) bool {
		if tries--; tries < 0 || (cpu()-spent).Seconds() > c.patience {
			return false
		}
		g := generate(data)
		if _, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(g.yaml)}}); len(problems) > 0 {
			return false
		}
		if err := write(folder, g.yaml, other(data, f.seed, g.yaml)); err != nil {
			return false
		}
		for _, j := range jobs(g, rand.New(rand.NewPCG(f.seed, 13))) {
			if strings.HasPrefix(f.command, j.Name) || strings.HasPrefix(f.Sign, j.Name) || j.Args[0] == strings.Fields(f.command)[0] {
				if j.Args[0] != strings.Fields(f.command)[0] {
					continue
				}
				found, _ := judge(j, run(j.in(folder)))
				if slices.ContainsFunc(found, func(o finding) bool { return o.Sign == f.Sign }) {
					f.command = j.String()
					return true
				}
			}
		}
		return false
	}
	for size := len(data) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(data); {
			if fewer := append(slices.Clone(data[:at]), data[at+size:]...); fails(fewer) {
				data = fewer
			} else {
				at += size
			}
		}
	}
	for i := range data {
		if data[i] == 0 {
			continue
		}
		before := data[i]
		if data[i] = 0; !fails(data) {
			data[i] = before
		}
	}
	return data
}
