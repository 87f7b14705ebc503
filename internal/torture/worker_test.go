package torture

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"tightrope/internal/modelfile"
)

// Limits of one command. What goes beyond them ends the worker, and the rest of
// the models is for the next.
const (
	hangs   = 30 * time.Second // of CPU
	mostMem = 3 << 30
)

// A line is what a worker tells.
type line struct {
	Seed     uint64
	Begin    string `json:",omitempty"` // a command, about to run
	Name     string `json:",omitempty"` // what it is counted as, when it is done
	Seconds  float64
	Accepted bool      `json:",omitempty"`
	Problem  string    `json:",omitempty"` // why check refused the model
	Refused  string    `json:",omitempty"` // why an engine did
	Found    []finding `json:",omitempty"`
	Stopped  string    `json:",omitempty"` // hang or memory
	Size     int       `json:",omitempty"`
	Bytes    uint64    `json:",omitempty"` // that a command allocated, most of it for a moment
}

// onlyVariable names a command that alone is run, such as forecast.
const onlyVariable = "TORTURE_ONLY"

// work plays the models of some seeds and tells of each command. Of a model with
// all commands every one is run, otherwise some by turns.
func work(w io.Writer, from, to uint64, perModel int) error {
	folder, err := os.MkdirTemp("", "torture")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	out := json.NewEncoder(w)
	g := &guard{out: out}
	go g.watch()
	for seed := from; seed < to; seed++ {
		data := choices(seed)
		model := generate(data)
		r := rand.New(rand.NewPCG(seed, 13))
		_, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(model.yaml)}})
		said := line{Seed: seed, Accepted: len(problems) == 0, Size: len(model.yaml)}
		if len(problems) > 0 {
			said.Problem = problems[0].Code
		}
		if err := out.Encode(said); err != nil {
			return err
		}
		if len(problems) > 0 {
			continue
		}
		if err := write(folder, model.yaml, other(data, seed, model.yaml)); err != nil {
			return err
		}
		all := jobs(model, r)
		if only := os.Getenv(onlyVariable); only != "" {
			all = slices.DeleteFunc(all, func(j job) bool { return j.Name != only })
		}
		all = chosen(all, perModel, r)
		all = append([]job{{"check", []string{"check", "model.yaml", "--format", "json"}, "json"}}, all...)
		for _, j := range all {
			if j.Name != "check" {
				if err := out.Encode(line{Seed: seed, Begin: j.String()}); err != nil {
					return err
				}
			}
			before := allocated()
			g.begin(seed, j)
			o := run(j.in(folder))
			took := g.end()
			bytes := allocated() - before
			found, refused := judge(j, o)
			if err := out.Encode(line{Seed: seed, Name: j.Name, Begin: j.String(), Seconds: took, Bytes: bytes, Found: found, Refused: refused}); err != nil {
				return err
			}
		}
	}
	return nil
}

// allocated is how many bytes this process has allocated so far.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// chosen are so many of the jobs, the cheap ones more often; 0 is all of them.
func chosen(all []job, n int, r *rand.Rand) (some []job) {
	if n == 0 {
		return all
	}
	weight := func(j job) int {
		switch {
		case j.Name == "forecast":
			return 12
		case strings.HasPrefix(j.Name, "explain"), j.Name == "sensitivity", j.Name == "diff":
			return 6
		case j.Name == "cadence":
			return 4
		case j.Name == "simulate --timeline":
			return 1
		}
		return 2
	}
	for len(some) < n && len(all) > 0 {
		sum := 0
		for _, j := range all {
			sum += weight(j)
		}
		at, k := r.IntN(sum), 0
		for at >= weight(all[k]) {
			at -= weight(all[k])
			k++
		}
		some = append(some, all[k])
		all = slices.Delete(all, k, k+1)
	}
	return some
}

// other is another version of a model; where check refuses it, the same one.
func other(data []byte, seed uint64, model string) string {
	g := generate(changed(data, seed))
	if _, problems := modelfile.Parse([]modelfile.File{{Name: "other.yaml", Data: []byte(g.yaml)}}); len(problems) > 0 {
		return model
	}
	return g.yaml
}

// A guard ends the process when a command takes too much.
type guard struct {
	out   *json.Encoder
	what  atomic.Pointer[line]
	start atomic.Int64 // CPU nanoseconds; 0: nothing runs
}

func (g *guard) begin(seed uint64, j job) {
	g.what.Store(&line{Seed: seed, Name: j.Name, Begin: j.String()})
	g.start.Store(int64(cpu()))
}

func (g *guard) end() (seconds float64) {
	took := cpu() - time.Duration(g.start.Load())
	g.start.Store(0)
	return took.Seconds()
}

func (g *guard) watch() {
	for {
		time.Sleep(250 * time.Millisecond)
		start := g.start.Load()
		if start == 0 {
			continue
		}
		took := cpu() - time.Duration(start)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		why := ""
		switch {
		case took > hangs:
			why = "hang"
		case m.HeapInuse > mostMem:
			why = "memory"
		default:
			continue
		}
		l := *g.what.Load()
		if g.start.Load() != start {
			continue
		}
		l.Stopped, l.Seconds = why, took.Seconds()
		_ = g.out.Encode(l)
		stack := make([]byte, 1<<16)
		fmt.Fprintf(os.Stderr, "%s\n", stack[:runtime.Stack(stack, true)])
		os.Exit(3)
	}
}
