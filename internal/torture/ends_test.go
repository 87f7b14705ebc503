package torture

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tightrope/internal/cadence"
	"tightrope/internal/diff"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/plan"
	"tightrope/internal/scenario"
	"tightrope/internal/sensitivity"
	"tightrope/internal/simulate"
	worker "tightrope/internal/work"
	"tightrope/internal/worth"
)

// A fuse is a context that ends when it has been asked so often whether it has.
type fuse struct {
	context.Context
	left  atomic.Int64
	blown sync.Once
	done  chan struct{}
	at    atomic.Int64 // CPU when it ended
	// With gaps, the most CPU between two questions, in nanoseconds.
	gaps      bool
	last, gap atomic.Int64
}

func newFuse(turns int64, gaps bool) *fuse {
	f := &fuse{Context: context.Background(), done: make(chan struct{}), gaps: gaps}
	f.left.Store(turns)
	f.last.Store(int64(cpu()))
	return f
}

func (f *fuse) Done() <-chan struct{} { return f.done }

func (f *fuse) Err() error {
	if f.gaps {
		now := int64(cpu())
		if d := now - f.last.Swap(now); d > f.gap.Load() {
			f.gap.Store(d)
		}
	}
	if f.left.Add(-1) >= 0 {
		return nil
	}
	f.blown.Do(func() {
		f.at.Store(int64(cpu()))
		close(f.done)
	})
	return worker.ErrGone
}

// asks are all that engines are asked for.
var asks = map[string]func(ctx context.Context, m *model.Model) error{
	"forecast": func(ctx context.Context, m *model.Model) error {
		_, err := forecast.Run(m, forecast.Options{Context: ctx})
		return err
	},
	"plan": func(ctx context.Context, m *model.Model) error {
		_, err := plan.Run(ctx, m, plan.Options{Frontier: true, Nines: true, Roadmap: true})
		return err
	},
	"sensitivity": func(ctx context.Context, m *model.Model) error {
		_, err := sensitivity.Run(ctx, m, sensitivity.Options{})
		return err
	},
	"explain": func(ctx context.Context, m *model.Model) error {
		o := explain.Options{Context: ctx}
		_, err := explain.OfService(m, m.Services[0], o)
		for i := 0; i < len(m.Nets) && i < 1 && err == nil; i++ {
			_, err = explain.OfNet(m, m.Nets[i], o)
		}
		for i := 0; i < len(m.Risks) && i < 1 && err == nil; i++ {
			_, err = explain.OfRisk(m, m.Risks[i], o)
		}
		return err
	},
	"cadence": func(ctx context.Context, m *model.Model) error {
		if len(m.Changes) == 0 {
			return nil
		}
		_, err := cadence.Of(m, m.Changes[0], cadence.Options{Context: ctx})
		return err
	},
	"diff": func(ctx context.Context, m *model.Model) error {
		if len(m.Risks) == 0 {
			return nil
		}
		_, err := diff.Compare(m, scenario.WithoutRisk(m, m.Risks[0].Name), diff.Options{Context: ctx, Trials: 20})
		return err
	},
	"simulate": func(ctx context.Context, m *model.Model) error {
		_, err := simulate.Run(ctx, m, simulate.Options{Years: 100})
		return err
	},
	"worth": func(ctx context.Context, m *model.Model) error {
		_, err := worth.LossOf(m, m.Services[0], forecast.Options{Context: ctx})
		return err
	},
}

const (
	// afterEnd is how much CPU may be spent once nobody waits: a second of one
	// processor, and what two do beside it.
	afterEnd = 1500 * time.Millisecond
	// mostTurns ends what goes on for long.
	mostTurns = 1 << 10
	manyTurns = 1 << 18
)

// TestWorkEndsAtAnyMoment: whatever an engine is doing when its context ends, it
// returns soon, with the error of the context or with what it knows, and leaves no
// goroutine. TORTURE=N plays so many random models besides.
func TestWorkEndsAtAnyMoment(t *testing.T) {
	models, times := []string{
		"version: 1\nservices: {app: {objective: {target: 99.9%}, needs: [{any: [a, b], switch: {takes: 1m..2m, works: 90%..95%}}]}, a: {copies: 4, need: 2}, b: {every: 9d..20d, outage: 5m..1h}}\nchanges: {c: {service: a, every: 5d..9d, downtime: 3s..9s}}\nrisks: {r: {service: a, every: 30d..90d, impact: 20%..40%, detect: 1m, recover: 5m..2h}, q: {per: c, service: a, chance: 1%..5%, detect: 2m, recover: 9m}}\nsafety_nets: {n: {kind: process, status: proposed, cost: {run: 100/y}, effects: [{risk: r, prevents: 30%..50%}]}}\n",
	}, 2
	turns := int64(mostTurns)
	if n := number(t, "TORTURE", 0); n > 0 {
		times, turns = 5, manyTurns
		first := uint64(number(t, "TORTURE_SEED", 1))
		for seed := first; seed < first+uint64(n); seed++ {
			models = append(models, generate(choices(seed)).yaml)
		}
	}
	rnd := rand.New(rand.NewPCG(17, 17))
	for _, text := range models {
		m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(text)}})
		if len(problems) > 0 {
			continue
		}
		for name, ask := range asks {
			begun := cpu()
			whole := newFuse(turns, len(models) > 1)
			err := ask(whole, m)
			var fault *worker.Fault
			if errors.As(err, &fault) {
				t.Errorf("%s: %v\n%s\n%s", name, err, fault.Stack, text)
				continue
			}
			if gap := time.Duration(whole.gap.Load()); gap > afterEnd {
				t.Errorf("%s: %v of CPU without a look at whether it is wanted, on\n%s", name, gap, text)
			}
			t.Logf("%s: %v", name, cpu()-begun)
			took := min(turns, turns-whole.left.Load())
			for range times {
				f := newFuse(rnd.Int64N(took+1), false)
				err := ask(f, m)
				after := time.Duration(int64(cpu()) - f.at.Load())
				if f.at.Load() != 0 && after > afterEnd {
					t.Errorf("%s: goes on for %v of CPU when nobody waits, on\n%s", name, after, text)
				}
				if errors.As(err, &fault) {
					t.Errorf("%s: %v\n%s", name, err, fault.Stack)
				}
			}
		}
	}
	// What was begun beside has ended as well.
	for n := 0; runtime.NumGoroutine() > 20; n++ {
		if n == 500 {
			t.Fatalf("%d goroutines are left", runtime.NumGoroutine())
		}
		time.Sleep(10 * time.Millisecond)
	}
}
