package web

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"net/url"

	"pgregory.net/rapid"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// The memory.

func testMemory(most int) *memory { return newMemory(most, testQueue(1).safely) }

// testQueue has so many places of each kind.
func testQueue(each int) *queue {
	var room [places]int
	for i := range room {
		room[i] = each
	}
	return newQueue(room, time.Hour, 0)
}

func give(value any, cost int) func(context.Context) (any, int, error) {
	return func(context.Context) (any, int, error) { return value, cost, nil }
}

func variantOf(t interface{ Fatal(...any) }, snap *Snapshot, asked State) *Variant {
	v, err := variant(context.Background(), snap, asked, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTheMemoryKeepsWhatWasUsedLast(t *testing.T) {
	m := testMemory(100)
	ctx := context.Background()
	worked := 0
	ask := func(key string, cost int) {
		t.Helper()
		v, err := m.get(ctx, key, func(context.Context) (any, int, error) { worked++; return key, cost, nil })
		if err != nil || v != key {
			t.Fatalf("%v %v", v, err)
		}
	}
	for _, tt := range []struct {
		key         string
		cost, works int
	}{
		{"a", 40, 1}, {"b", 40, 1}, {"a", 40, 0}, // both are kept
		{"c", 40, 1}, // b was used least lately, and goes
		{"a", 40, 0}, {"b", 40, 1}, {"c", 40, 1},
		{"big", 51, 1}, {"big", 51, 1}, // over half of the room is never kept
		{"b", 40, 0}, {"c", 40, 0},
		{"free", 0, 1}, {"free", 0, 1},
	} {
		before := worked
		ask(tt.key, tt.cost)
		if worked-before != tt.works {
			t.Errorf("%s was worked out %d times, expected %d", tt.key, worked-before, tt.works)
		}
		if _, bytes := m.size(); bytes > 100 {
			t.Errorf("%d bytes are kept", bytes)
		}
	}
	failed := 0
	for range 2 {
		if _, err := m.get(ctx, "bad", func(context.Context) (any, int, error) { failed++; return nil, 1, errBusy }); !errors.Is(err, errBusy) {
			t.Error(err)
		}
	}
	if failed != 2 {
		t.Error("an error is kept")
	}
}

func TestTheMemoryIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := testMemory(rapid.IntRange(1, 200).Draw(t, "most"))
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			key := fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "key"))
			if v, err := m.get(context.Background(), key, give(key, rapid.IntRange(0, 90).Draw(t, "cost"))); err != nil || v != key {
				t.Fatalf("%v %v", v, err)
			}
			n, bytes := m.size()
			sum := 0
			for e := m.recent.Front(); e != nil; e = e.Next() {
				sum += e.Value.(*kept).cost
			}
			if bytes > m.most || sum != bytes || n != len(m.at) || len(m.flying) != 0 {
				t.Fatalf("%d answers, %d bytes of %d, summed %d, %d known, %d flying", n, bytes, m.most, sum, len(m.at), len(m.flying))
			}
		}
	})
}

func TestWhatSeveralAskIsWorkedOutOnce(t *testing.T) {
	m := testMemory(100)
	var worked atomic.Int32
	begun, end := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			v, err := m.get(context.Background(), "k", func(context.Context) (any, int, error) {
				worked.Add(1)
				close(begun)
				<-end
				return 7, 1, nil
			})
			if v != 7 || err != nil {
				t.Errorf("%v %v", v, err)
			}
		})
	}
	<-begun
	close(end)
	all.Wait()
	if worked.Load() != 1 {
		t.Errorf("worked out %d times", worked.Load())
	}
}

// Work goes on while one waits for it, and ends with the last.
func TestWorkEndsWhenTheLastHasLeft(t *testing.T) {
	m := testMemory(100)
	begun, ended := make(chan struct{}), make(chan struct{})
	work := func(ctx context.Context) (any, int, error) {
		close(begun)
		<-ctx.Done()
		close(ended)
		return nil, 1, ctx.Err()
	}
	one, leave1 := context.WithCancel(context.Background())
	two, leave2 := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, ctx := range []context.Context{one, two} {
		all.Go(func() {
			if _, err := m.get(ctx, "k", work); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
	<-begun
	for { // until both wait
		m.mu.Lock()
		n := m.flying["k"].waiting
		m.mu.Unlock()
		if n == 2 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	leave1()
	select {
	case <-ended:
		t.Error("ended while somebody waits")
	case <-time.After(30 * time.Millisecond):
	}
	leave2()
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("nobody waits, and it goes on")
	}
	all.Wait()
	if v, err := m.get(context.Background(), "k", give(1, 1)); v != 1 || err != nil {
		t.Errorf("asked anew: %v %v", v, err)
	}
}

func TestAPanicInTheMemoryIsAnError(t *testing.T) {
	m := testMemory(100)
	var b *bug
	if _, err := m.get(context.Background(), "k", func(context.Context) (any, int, error) { panic("oh") }); !errors.As(err, &b) {
		t.Errorf("%v", err)
	}
	if v, err := m.get(context.Background(), "k", give(1, 1)); v != 1 || err != nil {
		t.Errorf("%v %v", v, err)
	}
}

// Jobs.

func forever(ctx context.Context, tell func(any)) (any, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func begin(t *testing.T, q *jobs, key string, keep bool, at place) *job {
	t.Helper()
	j, err := q.get(context.Background(), order{key: key, keep: keep, at: at}, forever)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// over waits for the end of a job.
func over(j *job) bool {
	select {
	case <-j.done:
		return true
	case <-time.After(5 * time.Second):
		return false
	}
}

// open reports whether a job still goes on a little later.
func goesOn(j *job) bool {
	select {
	case <-j.done:
		return false
	case <-time.After(30 * time.Millisecond):
		return true
	}
}

func TestAJobEndsWithItsLastReader(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	q := newJobs(ctx, testQueue(5), 10, time.Now)
	read := func(j *job, long time.Duration) (leave func()) {
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() { j.wait(ctx, long); close(ended) }()
		for waits := false; !waits; time.Sleep(time.Millisecond) {
			j.mu.Lock()
			waits = j.readers > 0
			j.mu.Unlock()
		}
		return func() { cancel(); <-ended }
	}
	left, two, kept := begin(t, q, "left", false, search), begin(t, q, "two", false, search), begin(t, q, "kept", true, search)
	read(left, time.Hour)()
	if !over(left) {
		t.Error("its only reader left, and it goes on")
	}
	one, other := read(two, time.Hour), read(two, time.Hour)
	one()
	if !goesOn(two) {
		t.Error("it ended while somebody reads")
	}
	other()
	if !over(two) {
		t.Error("its last reader left, and it goes on")
	}
	read(kept, time.Hour)()
	if !goesOn(kept) {
		t.Error("what is met ended with a reader")
	}

	// Whoever was told how far it is may come back.
	told := begin(t, q, "told", false, search)
	told.lease = time.Hour
	told.wait(context.Background(), time.Millisecond)
	read(told, time.Hour)()
	if !goesOn(told) {
		t.Error("one reader is expected back, and it ended as another left")
	}
	late := begin(t, q, "late", false, search)
	late.lease = 2 * time.Millisecond
	late.wait(context.Background(), time.Millisecond)
	if !over(late) {
		t.Error("nobody came back, and it goes on")
	}
	if j := begin(t, q, "late", false, search); j == late || j.lease <= 2*time.Millisecond {
		t.Errorf("asked for again it is to be begun anew, with more patience: %v", j.lease)
	}
}

func TestJobsAreBounded(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	q := newJobs(ctx, testQueue(1), 2, time.Now)
	j, err := q.get(ctx, order{key: "done", at: search}, func(context.Context, func(any)) (any, error) { return 1, nil })
	if err != nil {
		t.Fatal(err)
	}
	<-j.done
	for q.get(ctx, order{key: "done", at: search}, forever); len(q.owner) > 0; { // until it is noted as done
		time.Sleep(time.Millisecond)
	}
	a, b := begin(t, q, "a", false, search), begin(t, q, "b", false, search) // what is done makes room
	if _, err := q.get(ctx, order{key: "c", at: search}, forever); !errors.Is(err, errBusy) {
		t.Errorf("one too many: %v", err)
	}
	if j := begin(t, q, "basis", false, basis); !goesOn(j) {
		t.Error("searches of other states leave no room for those of the model as it stands")
	}
	stop() // the server ends: those that wait for a place end, too
	for _, j := range []*job{a, b} {
		if !over(j) {
			t.Errorf("%s goes on after the server", j.key)
		}
	}
}

// Thirty other plans do not drive out the one that everybody reads.
func TestManyJobsLeaveThoseOfTheModelAsItStands(t *testing.T) {
	q := newJobs(context.Background(), testQueue(1), 3, time.Now)
	done := func(key string, at place) *job {
		j, err := q.get(context.Background(), order{key: key, at: at}, func(context.Context, func(any)) (any, error) { return key, nil })
		if err != nil {
			t.Fatal(err)
		}
		<-j.done
		for open := 1; open > 0; {
			_, open = q.size()
			q.mu.Lock()
			open += len(q.owner)
			q.mu.Unlock()
		}
		return j
	}
	read := done("read by all", basis)
	for i := range 30 {
		done(fmt.Sprint(i), search)
	}
	if done("read by all", basis) != read {
		t.Error("it was driven out, and is worked out again")
	}
	if n, _ := q.size(); n > 4 {
		t.Errorf("%d are kept", n)
	}
}

func TestAPanicInAJobIsAnError(t *testing.T) {
	q := newJobs(context.Background(), testQueue(1), 2, time.Now)
	j, _ := q.get(context.Background(), order{key: "k"}, func(context.Context, func(any)) (any, error) { panic("oh") })
	<-j.done
	var b *bug
	if _, _, err, done := j.far(); !done || !errors.As(err, &b) {
		t.Errorf("%v", err)
	}
}

// The store.

func TestTheStoreKeepsTheLastGoodState(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.yaml")
	at := noon
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		at = at.Add(time.Second) // files that are written in one tick of a clock look the same
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	write(small)
	s := fileStore([]string{dir}, func() time.Time { return at })
	good, bad, changed := s.state()
	if good == nil || bad != nil {
		t.Fatalf("%v %v", good, bad)
	}
	told := func(want bool) {
		t.Helper()
		select {
		case <-changed:
			if !want {
				t.Error("told, and nothing has changed")
			}
		default:
			if want {
				t.Error("not told")
			}
		}
		_, _, changed = s.state()
	}
	s.look()
	told(false)
	write(small) // the same once more
	s.look()
	told(false)

	write(strings.Replace(small, "rate: 6/y", "rat: 6/y", 1))
	s.look()
	told(true)
	still, bad, _ := s.state()
	if still != good || bad == nil || len(bad.Problems) == 0 || bad.Problems[0].Pos.Line != 7 || bad.Problems[0].Pos.File == "" {
		t.Fatalf("%v %+v", still == good, bad)
	}

	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	s.look()
	told(true)
	if still, bad, _ = s.state(); still != good || bad == nil {
		t.Errorf("without files: %v %v", still == good, bad)
	}

	write(small) // as it was
	s.look()
	told(true)
	if still, bad, _ = s.state(); bad != nil || still.Revision != good.Revision {
		t.Errorf("%v %v", still, bad)
	}
	write(strings.Replace(small, "rate: 6/y", "rate: 7/y", 1))
	s.look()
	told(true)
	if now, bad, _ := s.state(); bad != nil || now.Revision == good.Revision || !now.Read.After(good.Read) {
		t.Errorf("%v %v", now, bad)
	}
}

func TestTheStoreLooksByItself(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	s := fileStore([]string{dir}, time.Now)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { s.watch(ctx, time.Millisecond); close(ended) }()
	_, _, changed := s.state()
	if err := os.WriteFile(filepath.Join(dir, "b.yaml"), []byte("version: 1\nservices: {other: {}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	select {
	case <-changed:
	case <-time.After(5 * time.Second):
		t.Error("a new file is not seen")
	}
	stop()
	<-ended
}

// States.

func drawState(t *rapid.T) State {
	name := rapid.StringMatching(`[\pL\d._-]{1,8}`)
	s := State{
		With:    rapid.SliceOfN(name, 0, 4).Draw(t, "with"),
		Without: rapid.SliceOfN(name, 0, 4).Draw(t, "without"),
	}
	for range rapid.IntRange(0, 5).Draw(t, "numbers") {
		path := rapid.StringMatching(`[a-z가-힣&%+;#./-]{1,12}`).Draw(t, "path")
		s.Set = append(s.Set, modelfile.Edit{Path: path, Text: rapid.String().Draw(t, "text")})
	}
	return s.tidy()
}

func same(a, b State) bool {
	return slices.Equal(a.With, b.With) && slices.Equal(a.Without, b.Without) && slices.Equal(a.Set, b.Set)
}

func TestALinkHoldsItsState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawState(t)
		got, err := stateOf(s.values(url.Values{}))
		if err != nil || !same(got, s) {
			t.Fatalf("%+v: %+v %v", s, got, err)
		}
		u, err := url.Parse(linkTo("/workshop", s, "service", "a b&c"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err = stateOf(u.Query()); err != nil || !same(got, s) || u.Path != "/workshop" || u.Host != "" {
			t.Fatalf("%+v in %s: %+v %v", s, u, got, err)
		}
		if got, err = stateIn(u.String()); err != nil || !same(got, s) {
			t.Fatalf("%+v in a form: %+v %v", s, got, err)
		}
		other := drawState(t)
		if (s.key() == other.key()) != same(s, other) {
			t.Fatalf("%+v and %+v: keys %s and %s", s, other, s.key(), other.key())
		}
	})
}

// drawNets is a model with nets that ask for, exclude and replace one another.
func drawNets(t *rapid.T) *model.Model {
	n := rapid.IntRange(1, 7).Draw(t, "nets")
	var b strings.Builder
	b.WriteString("version: 1\nservices: {app: {objective: {target: 99%}}}\nrisks: {crash: {rate: 1/y, detect: 1m, recover: 1m}}\nsafety_nets:\n")
	for i := range n {
		fmt.Fprintf(&b, "  n%d: {kind: process, status: %s, effects: [{risk: crash, prevents: 10%%}]", i, rapid.SampledFrom([]string{"in-place", "proposed", "proposed"}).Draw(t, "status"))
		for _, key := range []string{"requires", "excludes", "replaces"} {
			var list []string
			for j := range n {
				if j != i && rapid.IntRange(0, 5).Draw(t, key) == 0 && (key != "requires" || j < i) {
					list = append(list, fmt.Sprintf("n%d", j))
				}
			}
			if len(list) > 0 {
				fmt.Fprintf(&b, ", %s: [%s]", key, strings.Join(list, ", "))
			}
		}
		b.WriteString("}\n")
	}
	m, problems := modelfile.Parse([]modelfile.File{{Name: "m.yaml", Data: []byte(b.String())}})
	if len(problems) > 0 {
		t.Skip(problems[0].Message)
	}
	return m
}

// possible reports whether a net can stand at all: whether what it requires, and
// what that requires, goes together.
func possible(m *model.Model, name string) bool {
	all := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		if !all[name] {
			all[name] = true
			for _, r := range m.Net(name).Requires {
				add(r.Name)
			}
		}
	}
	add(name)
	for n := range all {
		for _, others := range [][]model.Ref{m.Net(n).Excludes, m.Net(n).Replaces} {
			for _, o := range others {
				if all[o.Name] {
					return false
				}
			}
		}
	}
	return true
}

// A net that stood only because another one required it goes with that, and what it
// had replaced comes back, unless that cannot stand beside what was switched on.
func TestWhatWasOnlyRequiredGoesToo(t *testing.T) {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "m.yaml", Data: []byte(`
version: 1
services: {app: {objective: {target: 99%}}}
risks: {crash: {rate: 1/y, detect: 1m, recover: 1m}}
safety_nets:
  base: {kind: process, status: proposed, effects: [{risk: crash, prevents: 10%}], replaces: [old]}
  on-base: {kind: process, status: proposed, effects: [{risk: crash, prevents: 10%}], requires: [base]}
  old: {kind: process, status: in-place, effects: [{risk: crash, prevents: 10%}]}
  new: {kind: process, status: proposed, effects: [{risk: crash, prevents: 10%}], excludes: [on-base, old]}
`)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	snap := &Snapshot{Model: m}
	state := State{With: []string{"on-base"}}
	next, _ := state.switched(m, variantOf(t, snap, state).Standing, "new", true)
	if w := variantOf(t, snap, next); len(w.Left) > 0 || !w.Standing["new"] || w.Standing["old"] || w.Standing["base"] {
		t.Errorf("%+v: %v stand, left out %v", next, w.Standing, w.Left)
	}
}

func TestSwitchedNetsGoTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawNets(t)
		snap := &Snapshot{Model: m}
		state := State{}
		v := variantOf(t, snap, state)
		if len(v.Left) > 0 || v.Standing == nil {
			t.Skip("what stands does not go together")
		}
		for range rapid.IntRange(1, 8).Draw(t, "times") {
			name := m.Nets[rapid.IntRange(0, len(m.Nets)-1).Draw(t, "net")].Name
			on := rapid.Bool().Draw(t, "on")
			next, also := state.switched(m, v.Standing, name, on)
			w := variantOf(t, snap, next)
			if len(w.Left) > 0 && (!on || possible(m, name)) {
				t.Fatalf("%s to %v in %+v (standing %v), and with it %v: %+v: %v", name, on, state, v.Standing, also, next, w.Left)
			}
			if on && !possible(m, name) {
				continue // that is told as it is
			}
			for _, n := range m.Nets {
				if !w.Standing[n.Name] {
					continue
				}
				for _, r := range n.Requires {
					if !w.Standing[r.Name] {
						t.Fatalf("%s to %v: %s stands without %s", name, on, n.Name, r.Name)
					}
				}
				for _, x := range n.Excludes {
					if w.Standing[x.Name] {
						t.Fatalf("%s to %v: %s stands together with %s", name, on, n.Name, x.Name)
					}
				}
			}
			if w.Standing[name] != on && (!on || possible(m, name)) {
				t.Fatalf("%s was switched to %v in %+v (standing %v) and is not: %+v standing %v", name, on, state, v.Standing, next, w.Standing)
			}
			state, v = w.State, w
		}
	})
}
