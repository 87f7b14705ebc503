package forecast

import (
	"context"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// A worker is what one goroutine needs to compute entries.
type worker struct {
	planner     *distribution.Planner
	keep        *keep
	params      []scenario.Param
	theta       []float64 // room for the values of all params
	means       []float64 // their means
	rules       map[ruleKey]rule
	detects     map[*scenario.Source]*distribution.Detections
	counts      map[distribution.Gamma][]count // of changes with an unsure rhythm, by how often in a window
	memory      *Memory
	ctx         context.Context // of who wants the answer; nil: for ever
	fingerprint fingerprint
}

// poll ends what is being worked out once nobody wants it: see work.Poll.
func (w *worker) poll() { work.Poll(w.ctx) }

func newWorker(ctx context.Context, params []scenario.Param, memory *Memory) *worker {
	w := &worker{
		ctx: ctx, keep: newKeep(), params: params, memory: memory,
		theta: make([]float64, len(params)), means: make([]float64, len(params)), rules: map[ruleKey]rule{},
		counts:  map[distribution.Gamma][]count{},
		detects: map[*scenario.Source]*distribution.Detections{},
	}
	for i, p := range params {
		w.means[i] = p.Law.Mean()
	}
	copy(w.theta, w.means)
	return w
}

// tidy forgets what was kept for single sources and inputs once there is much
// of it.
func (w *worker) tidy() {
	const many = 4000
	if len(w.detects) > many {
		clear(w.detects)
	}
	if len(w.counts) > many {
		clear(w.counts)
	}
	if len(w.rules) > many {
		clear(w.rules)
	}
}

// A keep holds exponents that several entries have in common, up to a bound on
// memory. It is for use by one goroutine.
type keep struct {
	at    map[keepKey]*distribution.Exponent
	bytes int
}

type keepKey struct {
	part              int
	objective, impact string
	window, step      float64
	n                 int
	blurred           bool
	often             float64
	pace              int // 0: as at first
}

// keepBytes is how much one worker keeps.
const keepBytes = 48 << 20

func newKeep() *keep { return &keep{at: map[keepKey]*distribution.Exponent{}} }

func (k *keep) get(key keepKey) *distribution.Exponent { return k.at[key] }

func (k *keep) put(key keepKey, e *distribution.Exponent) {
	if k.bytes += e.Bytes(); k.bytes > keepBytes {
		clear(k.at)
		k.bytes = e.Bytes()
	}
	k.at[key] = e
}
