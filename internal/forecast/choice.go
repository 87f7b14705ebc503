package forecast

import (
	"context"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"tightrope/internal/availability"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// A NetSet is a set of safety nets, by their number in the model.
type NetSet [4]uint64

// MostNets is how many nets a model may have that a choice is made among.
const MostNets = 256

// Has reports whether net i is in the set.
func (s NetSet) Has(i int) bool { return s[i>>6]>>(i&63)&1 == 1 }

// With returns the set with net i.
func (s NetSet) With(i int) NetSet { s[i>>6] |= 1 << (i & 63); return s }

// Without returns the set without net i.
func (s NetSet) Without(i int) NetSet { s[i>>6] &^= 1 << (i & 63); return s }

// And returns what is in both.
func (s NetSet) And(o NetSet) NetSet {
	for i := range s {
		s[i] &= o[i]
	}
	return s
}

// Or returns what is in either.
func (s NetSet) Or(o NetSet) NetSet {
	for i := range s {
		s[i] |= o[i]
	}
	return s
}

// Minus returns what is in s only.
func (s NetSet) Minus(o NetSet) NetSet {
	for i := range s {
		s[i] &^= o[i]
	}
	return s
}

// Empty reports whether nothing is in the set.
func (s NetSet) Empty() bool { return s == NetSet{} }

// List returns the members, rising.
func (s NetSet) List() []int {
	out := make([]int, 0, s.Len())
	for w, x := range s {
		for ; x != 0; x &= x - 1 {
			out = append(out, w<<6+bits.TrailingZeros64(x))
		}
	}
	return out
}

// Len returns how many members there are.
func (s NetSet) Len() int {
	n := 0
	for _, x := range s {
		n += bits.OnesCount64(x)
	}
	return n
}

// A Question is about the lost time of one service in a window.
type Question struct {
	Service   string
	Objective string   // whose impact of risks it is
	Felt      bool     // with what is not part of the promise
	Window    *big.Rat // seconds
	Budget    *big.Rat // seconds; nil: only the mean is asked for
	// Longer, where not nil, asks how often there is an outage in a row of more
	// than so many seconds, at least: see Option.
	Longer *big.Rat
}

// A Choice answers questions for many sets of standing nets of one model. What
// can go wrong is told apart into parts that are independent of one another
// whatever stands, so that what is known of a part is known for all sets in
// which the nets that touch it are the same.
//
// It is for use by one goroutine, but for Exact.
type Choice struct {
	m     *model.Model
	today NetSet
	vary  NetSet
	asked []*asked
	parts []*choicePart
	of    map[string]int // part of each atom

	staged map[NetSet]*staged
	shelf  shelf // of what exact answers are worked out from
	// nets of a service may change how it fails, or who feels that.
	nets   map[string]NetSet
	ups    map[upKey]float64
	memory *Memory
	ctx    context.Context // see Until
}

// choicePart is a part of what can go wrong.
type choicePart struct {
	nets    NetSet // that touch it, of those that vary
	atoms   []string
	shared  bool // groups, whose outages hang a little on all else
	reached bool // may hit a service that is asked about
	options map[NetSet]*Option
	sets    []NetSet // of options, in the order in which they were asked for
}

// choiceMemory is how much a choice keeps of what exact answers have in common.
const choiceMemory = 256 << 20

// NewChoice prepares a choice among the nets that vary; the others stand, or do
// not, as they do today. What exact answers have in common is kept in the memory;
// nil: in one of its own. It returns the error of the context where that is done
// before all is prepared; for what is asked of the choice see Until.
func NewChoice(ctx context.Context, m *model.Model, vary NetSet, questions []Question, memory *Memory) (_ *Choice, err error) {
	defer work.Recover(&err)
	if memory == nil {
		memory = NewMemory(choiceMemory)
	}
	if len(m.Nets) > MostNets {
		return nil, &OptionError{Option: "plan", Message: fmt.Sprintf("the model has %d safety nets, more than the %d that a plan is made of", len(m.Nets), MostNets)}
	}
	if m, err = Reconcile(context.Background(), m, memory); err != nil {
		return nil, err
	}
	c := &Choice{m: m, vary: vary, of: map[string]int{}, nets: map[string]NetSet{}, ups: map[upKey]float64{}, staged: map[NetSet]*staged{}, memory: memory, ctx: context.Background()}
	for i, n := range m.Nets {
		if n.Status == model.InPlace {
			c.today = c.today.With(i)
		}
	}
	for i := range questions {
		c.asked = append(c.asked, &asked{Question: questions[i]})
	}
	if err := c.divide(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Until lets a choice be ended early: once the context is done nothing more is
// prepared, and no quick answer is to be had. What is known of options is then
// not to be relied on. Exact answers are computed all the same, unless nobody
// waits for them: see work.ErrGone.
func (c *Choice) Until(ctx context.Context) { c.ctx = ctx }

func (c *Choice) ended() bool { return c.ctx.Err() != nil }

// Today returns the nets that stand today.
func (c *Choice) Today() NetSet { return c.today }

// Parts returns how many parts there are.
func (c *Choice) Parts() int { return len(c.parts) }

// Touching returns the nets that may change a part, of those that vary.
func (c *Choice) Touching(part int) NetSet { return c.parts[part].nets }

// staged is a model with a set of nets standing.
type staged struct {
	scenario      *scenario.Scenario
	catalogue     *scenario.Catalogue
	graph         *graph
	engine        *availability.Engine
	err           error
	impactSources map[impactSourcesKey]*impactSources
	divided       map[lostKey]*losses
	ctx           context.Context // of who has it
}

// A shelf keeps the scenarios that were staged last, for what is asked of them
// next. Who takes one has it alone until it is put back.
type shelf struct {
	mu   sync.Mutex
	list []shelved // the last one put back comes last
}

type shelved struct {
	standing NetSet
	*staged
}

// mostShelved is how many scenarios a shelf keeps.
const mostShelved = 8

// take returns a scenario that is on the shelf, or stages it.
func (c *Choice) take(standing NetSet) *staged {
	if b := c.shelf.take(standing); b != nil {
		return b
	}
	return c.stage(standing)
}

func (s *shelf) take(standing NetSet) *staged {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.list, func(x shelved) bool { return x.standing == standing })
	if i < 0 {
		return nil
	}
	b := s.list[i].staged
	s.list = slices.Delete(s.list, i, i+1)
	return b
}

// putBack puts a scenario on the shelf.
func (c *Choice) putBack(standing NetSet, b *staged) {
	c.shelf.mu.Lock()
	defer c.shelf.mu.Unlock()
	list := append(c.shelf.list, shelved{standing, b})
	c.shelf.list = slices.Delete(list, 0, max(0, len(list)-mostShelved))
}

type impactSourcesKey struct {
	service     string
	felt, alone bool
}

// Scenario returns the model with exactly these nets standing. The error is a
// *model.ProblemError where they leave a risk without detection or recovery.
func Scenario(m *model.Model, standing NetSet) (*scenario.Scenario, *scenario.Catalogue, error) {
	return standingWith(m, standing, nil)
}

// Scenario is Scenario of the model of the choice, with what it knows of laws.
func (c *Choice) Scenario(standing NetSet) (*scenario.Scenario, *scenario.Catalogue, error) {
	return standingWith(c.m, standing, c.memory)
}

// Memory is what exact answers keep, for other forecasts of the model.
func (c *Choice) Memory() *Memory { return c.memory }

func standingWith(m *model.Model, standing NetSet, memory *Memory) (*scenario.Scenario, *scenario.Catalogue, error) {
	sc, err := scenario.New(m, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	sc.Laws = memory.Laws()
	for i, n := range m.Nets {
		if standing.Has(i) {
			sc.Standing[n.Name] = true
		} else {
			delete(sc.Standing, n.Name)
		}
	}
	cat, err := sc.Catalogue()
	return sc, cat, err
}

func (c *Choice) stage(standing NetSet) *staged {
	b := &staged{ctx: c.ctx, impactSources: map[impactSourcesKey]*impactSources{}, divided: map[lostKey]*losses{}}
	if b.scenario, b.catalogue, b.err = c.Scenario(standing); b.err == nil {
		b.graph = newGraph(b.scenario.System(b.catalogue), c.memory)
	}
	return b
}

// uses lists what an entry that asks q suffers; take chooses among the
// sources, and groups are left out unless they are wanted.
func (b *staged) uses(q *Question, groups bool, take func(*use) bool) []*use {
	_, list := b.suffers(q, groups)
	return slices.DeleteFunc(list, func(u *use) bool { return !take(u) })
}

// suffers lists all that an entry that asks q suffers, with the job that does.
func (b *staged) suffers(q *Question, groups bool) (*job, []*use) {
	key := impactSourcesKey{q.Service, q.Felt, !groups}
	h := b.impactSources[key]
	if h == nil {
		h = b.graph.look(b.graph.system.Number(q.Service), q.Felt).impactSources(!groups)
		b.impactSources[key] = h
	}
	if groups {
		b.solved()
	}
	j := &job{
		scenario: b.scenario, catalogue: b.catalogue, graph: b.graph, engine: b.engine, parts: &parts{}, opts: &Options{}, divided: b.divided,
		service: b.scenario.Model.Service(q.Service), objective: &model.Objective{Name: q.Objective}, entry: &Entry{},
	}
	return j, j.suffers(h, q.Felt)
}

// solved returns the engine that solves its groups.
func (b *staged) solved() *availability.Engine {
	if b.engine == nil {
		b.engine = availability.New(b.scenario, b.catalogue, b.graph.system)
		b.engine.Laws = b.graph
	}
	b.engine.Context = b.ctx
	return b.engine
}

// An Exact answer is what a forecast says.
type Exact struct {
	Met   float64 // P(lost time ≤ budget); 1 where there is no budget
	Error float64 // numerical
	Mean  float64 // seconds of lost time in the window

	// Model is what the model of the answer may put it off, and Corrected reports
	// that it is corrected for what a sum leaves out: of Lead, or what is settled.
	Model     float64
	Corrected bool
	// Contradicts: the sum contradicts the exact union, as Entry.Contradicts.
	Contradicts bool
	// Settled: there is nothing to correct, as can be told without the exact
	// union: Lead says the same. Where groups are told apart it says besides
	// whether parts of the answer contradict each other.
	Settled, Groups bool
}

// Lead is Exact, corrected for what a sum leaves out where that matters: what a
// forecast says first of the set. It may be called by several goroutines at once.
func (c *Choice) Lead(standing NetSet) ([]Exact, error) {
	return c.answers(standing, 1, true, nil)
}

// NearlyLead is Lead with a small part of the work. What Nearly said is taken over
// where it is settled.
func (c *Choice) NearlyLead(standing NetSet, known []Exact) ([]Exact, error) {
	return c.answers(standing, nearWork, true, known)
}

// Exact answers all questions for a set of standing nets just as a forecast
// does, by the same steps. It may be called by several goroutines at once.
func (c *Choice) Exact(standing NetSet) ([]Exact, error) {
	return c.answers(standing, 1, false, nil)
}

// Nearly is Exact with a small part of the work: where much is unsure its error is
// larger.
func (c *Choice) Nearly(standing NetSet) ([]Exact, error) {
	return c.answers(standing, nearWork, false, nil)
}

// nearWork is the part of the work that near answers take, and nearPoints at how
// many points their moments are computed.
const (
	nearWork   = 1. / 16
	nearPoints = 40
)

// Silent reports, of each question, whether nothing is listed with these nets that
// could go wrong with what is asked about, so that its chance says nothing.
func (c *Choice) Silent(standing NetSet) []bool {
	out := make([]bool, len(c.asked))
	b := c.take(standing)
	if b.err != nil { // whoever asks for an answer is told
		return out
	}
	defer c.putBack(standing, b)
	for i, q := range c.asked {
		if _, uses := b.suffers(&q.Question, false); len(uses) == 0 {
			j, uses := b.suffers(&q.Question, true)
			out[i] = len(uses) == 0 && !j.tooBig
		}
	}
	return out
}

// answers answers all questions, but those of which what is known is settled, with a
// part of the work that a forecast does.
func (c *Choice) answers(standing NetSet, part float64, corrected bool, known []Exact) (_ []Exact, err error) {
	defer work.Recover(&err)
	b := c.take(standing)
	if b.err != nil {
		return nil, b.err
	}
	b.ctx = work.WhileWanted(c.ctx)
	// Questions that differ in nothing but the budget have one solver.
	type kind struct {
		service, objective, window string
		felt                       bool
	}
	replies := map[kind]*reply{}
	of := func(q *Question, felt bool) *reply {
		k := kind{q.Service, q.Objective, q.Window.RatString(), felt}
		r := replies[k]
		if r == nil {
			as := *q
			as.Felt = felt
			r = &reply{}
			r.job, r.uses = b.suffers(&as, true)
			replies[k] = r
			if r.job.tooBig && err == nil {
				err = scenario.Unsolvable(q.Service, r.job.service.Pos)
			}
		}
		return r
	}
	for _, q := range c.asked {
		of(&q.Question, q.Felt)
		if corrected {
			of(&q.Question, false) // what is felt is corrected beside it
		}
	}
	if err != nil {
		return nil, err
	}
	// All that is unsure is known now.
	w := newWorker(work.WhileWanted(c.ctx), b.scenario.Params.List, c.memory)
	w.planner = c.memory.planner()
	defer c.memory.giveBack(w.planner)
	solved := func(r *reply, q *Question) *solver {
		if r.solver == nil {
			s := newSum(w, q.Window, q.Objective, r.uses)
			if part < 1 {
				s.points = nearPoints
			}
			r.solver = newSolver(s, 1)
			r.solver.allowed *= part
		}
		return r.solver
	}
	out := make([]Exact, len(c.asked))
	for i, q := range c.asked {
		if known != nil && known[i].Settled {
			out[i] = known[i]
			continue
		}
		r := of(&q.Question, q.Felt)
		v := solved(r, &q.Question)
		out[i] = Exact{Met: 1, Mean: v.certain + v.mean}
		answer := (*solver).chance
		if !corrected {
			l := r.job.lead(v, 1, func() (float64, bool) { return 0, false })
			out[i].Settled = !l.moved() && l.rough <= material/4
			out[i].Groups = slices.ContainsFunc(r.uses, func(u *use) bool { return u.hangs != nil })
			switch {
			case q.Budget == nil:
			case out[i].Settled:
				p := l.chance(q.Budget, answer)
				out[i].Met, out[i].Error, out[i].Model = p.Value, p.Error, p.Model
			default:
				p := v.chance(q.Budget)
				out[i].Met, out[i].Error = p.Value, p.Error
			}
			continue
		}
		if r.lead == nil { // of what counts too, where that is felt
			counts := of(&q.Question, false)
			solved(counts, &q.Question)
			counts.corrected()
			if q.Felt {
				r.lead = r.job.leadFelt(v, counts.lead, 1)
			}
		}
		l := r.lead
		out[i].Mean, out[i].Corrected, out[i].Contradicts = l.mean(), l.moved(), r.contradicts
		if q.Budget != nil {
			p := l.chance(q.Budget, answer)
			out[i].Met, out[i].Error, out[i].Model = p.Value, p.Error, p.Model
		}
	}
	c.putBack(standing, b) // not where it is unwound
	return out, nil
}

// A reply answers questions that differ in nothing but the budget.
type reply struct {
	job         *job
	uses        []*use
	solver      *solver
	lead        *leading
	contradicts bool
}

// corrected makes the leading answer of what counts.
func (r *reply) corrected() {
	if r.lead == nil {
		r.lead = r.job.lead(r.solver, 1, r.job.union)
		_, _, r.contradicts = r.job.contradiction(r.lead)
	}
}

// Together returns the sources that are no part's own, outages of groups and
// what changing over costs, as the service of a question meets them.
func (c *Choice) Together(question int, standing NetSet) (_ []*Source, err error) {
	defer work.Recover(&err)
	q := c.asked[question]
	if !slices.ContainsFunc(c.parts, func(p *choicePart) bool { return p.shared }) {
		return nil, nil
	}
	b := c.take(standing)
	if b.err != nil {
		return nil, b.err
	}
	b.ctx = work.WhileWanted(c.ctx)
	uses := b.uses(&q.Question, true, func(u *use) bool { return u.hangs != nil })
	s := newSum(newWorker(work.WhileWanted(c.ctx), b.scenario.Params.List, c.memory), q.Window, q.Objective, uses)
	var out []*Source
	for _, u := range uses {
		out = append(out, s.source(u))
	}
	c.putBack(standing, b)
	return out, nil
}

// Risks lists the risks of a part.
func (c *Choice) Risks(part int) []string {
	var out []string
	for _, a := range c.parts[part].atoms {
		if name, ok := strings.CutPrefix(a, riskAtom("")); ok {
			out = append(out, name)
		}
	}
	return out
}

// UsualTargets returns the targets that people promise, rising.
func UsualTargets() []Target {
	var out []Target
	for _, text := range usualTargets {
		out = append(out, Target{Text: text, Exact: percent(text)})
	}
	return out
}
