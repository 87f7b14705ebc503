package web

import (
	"context"
	"errors"
	"math"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// errBusy is for requests that find too many others before them.
var errBusy = errors.New("too many others are waiting for an answer")

// errTooLong is for answers that take longer than a request may.
var errTooLong = errors.New("the answer takes longer than a request may")

// errSlow ends what takes long in a place for what is light, while others wait
// for it: it begins anew in a place for what is heavy.
var errSlow = errors.New("it takes long, and others wait")

// A place is what work needs to run in. There are a few of each kind, so that no
// kind holds up another.
type place int

const (
	common place = iota // what everybody reads: the model as it stands
	light               // other states, unless one like it was slow lately
	ranged              // states with a range of their own, if one like it was quick lately
	heavy               // other states
	sent                // models that are sent
	basis               // surveys and plans of the model as it stands
	search              // surveys and plans of other states
	places
)

// placeNames are what metrics call them.
var placeNames = [places]string{"common", "light", "ranged", "heavy", "sent", "basis", "search"}

// urgent reports whether work in a place goes before all other where processors are
// short: what everybody reads, and what is light.
func (at place) urgent() bool { return at == common || at == light }

// lightly reports whether work in a place has to be as short as light work.
func (at place) lightly() bool { return at == light || at == ranged }

// rooms is how many places there are on a machine of so many processors. What
// may take long has half of them, so that the rest goes on.
func rooms(processors int) [places]int {
	few, all := max(1, processors/2), max(2, processors)
	return [places]int{common: all + 1, light: all, ranged: few, heavy: few, sent: few, basis: 2, search: few}
}

// Limits of those who wait for a place.
const (
	mostWaiting   = 200              // in all
	mostWaitingOf = 16               // one client, for one kind of place
	mostKinds     = 1000             // of which it is known how slow they are
	slowFor       = 10 * time.Minute // what was slow is taken for heavy; what is done quickly there no longer is
	quickFor      = 10 * time.Minute
	slowAt        = 2 // slices of processor time: what shares it with others is charged too much
	lightSlice    = time.Second
	searchTurn    = 30 * time.Second
	halfLife      = 30 * time.Second // after which half of what a client used is forgiven
)

// A queue gives places to work. Of those who wait for one, the client who has
// used least lately comes first.
type queue struct {
	limit time.Duration // that one piece of work may take, once it has a place
	slice time.Duration // that it may keep a light place while others wait for one, and half of the processor time that light work uses at most
	turn  time.Duration // that a search may go on while other clients wait for its place
	now   func() time.Time
	cpu   func() time.Duration // that the process has used
	fault func(*bug)           // is told of every panic

	urgent atomic.Int64 // answers that are worked out in urgent places

	mu      sync.Mutex
	room    [places]int
	running [places]int
	waiting []*waiter // in the order in which they came
	clients map[string]*account
	slow    map[string]time.Time // kinds of work that were slow, and until when that holds
	quick   map[string]time.Time // kinds that were not
	runs    map[*run]struct{}
	metered time.Duration // of processor time, up to when it has been shared out among runs
	refused int
	failing time.Time // since when no common answer has come, of those that were asked for
}

type waiter struct {
	client string
	place  place
	ready  chan struct{} // closed when it has its place
}

// An account is what one client has used lately.
type account struct {
	used             float64 // seconds of places
	at               time.Time
	running, waiting [places]int
}

// now is what it has used, with a second for each place that it has: how long it
// will keep those is not known.
func (a *account) now() float64 {
	used := a.used
	for _, n := range a.running {
		used += float64(n)
	}
	return used
}

// A run is work in a place.
type run struct {
	client string
	place  place
	began  time.Time // in this place
	used   float64   // about how much processor time, in seconds

	waits atomic.Bool // its place is not urgent; for those who do not hold the queue
}

// goTo gives a run its place, from now on.
func (r *run) goTo(at place, now time.Time) {
	r.place, r.began = at, now
	r.waits.Store(!at.urgent())
}

func newQueue(room [places]int, limit, slice time.Duration) *queue {
	return &queue{room: room, limit: limit, slice: slice, turn: searchTurn, now: time.Now, cpu: processorTime, fault: func(*bug) {}, clients: map[string]*account{}, slow: map[string]time.Time{}, quick: map[string]time.Time{}, runs: map[*run]struct{}{}}
}

// do runs work when there is a place for it, with a context that ends when its
// time is up. Kind names what is likely to take as long. Work may be begun twice:
// what takes long in a light place gives way, and begins anew in a heavy one.
func (q *queue) do(ctx context.Context, at place, kind string, work func(ctx context.Context) error) error {
	if at.lightly() && q.isSlow(kind) {
		at = heavy
	}
	for {
		r, err := q.enter(ctx, at)
		if err != nil {
			q.note(at, err)
			return err
		}
		limited, cancel := context.WithTimeoutCause(ctx, q.limit, errTooLong)
		own, end := context.WithCancelCause(limited)
		watched := q.watch(r, kind, end)
		err = q.safely(func() error { return work(polite{own, q, &r.waits}) })
		watched()
		why := context.Cause(own)
		end(nil)
		cancel()
		at = q.leave(r, kind, err == nil)
		switch {
		case err != nil && errors.Is(why, errSlow):
			at = heavy
			continue
		case err != nil && errors.Is(why, errTooLong):
			err = errTooLong
		}
		if ctx.Err() == nil {
			q.note(at, err)
		}
		return err
	}
}

// safely turns a panic of work into an error: it is the fault of that answer alone.
func (q *queue) safely(work func() error) (err error) {
	defer func() {
		if what := recover(); what != nil {
			b := &bug{what, debug.Stack()}
			q.fault(b)
			err = b
		}
	}()
	return work()
}

// enter waits for a place: until the ticket of the request says that it is too
// late, where it has one.
func (q *queue) enter(ctx context.Context, at place) (*run, error) {
	t := ticketOf(ctx)
	var late <-chan time.Time
	if !t.until.IsZero() && at != basis && at != search { // those are told how far it is
		timer := time.NewTimer(time.Until(t.until))
		defer timer.Stop()
		late = timer.C
	}
	q.mu.Lock()
	a := q.account(t.client)
	if len(q.waiting) >= mostWaiting || a.waiting[at] >= mostWaitingOf {
		q.refused++
		q.mu.Unlock()
		return nil, errBusy
	}
	w := &waiter{t.client, at, make(chan struct{})}
	q.waiting = append(q.waiting, w)
	a.waiting[at]++
	q.admit()
	q.mu.Unlock()
	var err error
	select {
	case <-w.ready:
	case <-late:
		err = errBusy
	case <-ctx.Done():
		err = ctx.Err()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	r := &run{client: t.client}
	r.goTo(at, q.now())
	if i := slices.Index(q.waiting, w); i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
		q.account(t.client).waiting[at]--
		if err == errBusy {
			q.refused++
		}
		return nil, err
	}
	if err == errBusy { // it got its place just now
		err = nil
	}
	if err != nil {
		q.free(r)
		return nil, err
	}
	q.meter()
	q.runs[r] = struct{}{}
	return r, nil
}

// admit gives the places that are free.
func (q *queue) admit() {
	for {
		best, least := -1, 0.0
		for i, w := range q.waiting {
			if used := q.account(w.client).now(); q.fits(w.client, w.place) && (best < 0 || used < least) {
				best, least = i, used
			}
		}
		if best < 0 {
			return
		}
		w := q.waiting[best]
		q.waiting = slices.Delete(q.waiting, best, best+1)
		a := q.account(w.client)
		a.waiting[w.place]--
		a.running[w.place]++
		q.running[w.place]++
		q.hurry()
		close(w.ready)
	}
}

// fits reports whether there is a place for a client. Nobody has all of several,
// but for those out of which work can be taken, and the server itself.
func (q *queue) fits(client string, at place) bool {
	mine := max(1, q.room[at]-1)
	if client == "" || at.lightly() {
		mine = q.room[at]
	}
	return q.running[at] < q.room[at] && q.account(client).running[at] < mine
}

// leave gives a place back; it returns which it was at the end.
func (q *queue) leave(r *run, kind string, done bool) place {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.learn(r, kind)
	if done && r.used < slowAt*q.slice.Seconds() {
		delete(q.slow, kind)
		q.remember(q.quick, kind, quickFor)
	}
	delete(q.runs, r)
	q.account(r.client).used += q.now().Sub(r.began).Seconds()
	q.free(r)
	return r.place
}

func (q *queue) free(r *run) {
	q.account(r.client).running[r.place]--
	q.running[r.place]--
	q.hurry()
	q.admit()
}

// hurry notes how much is urgent.
func (q *queue) hurry() { q.urgent.Store(int64(q.running[light] + q.running[common])) }

// watch lets what takes long give way to others who wait for its place: see giveWay.
func (q *queue) watch(r *run, kind string, end context.CancelCauseFunc) (stop func()) {
	long := map[place]time.Duration{light: q.slice, ranged: q.slice, search: q.turn}[r.place]
	if long <= 0 {
		return func() {}
	}
	over := make(chan struct{})
	go func() {
		tick := time.NewTimer(long)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
			}
			if q.giveWay(r, kind, end) {
				return
			}
			tick.Reset(long / 8)
		}
	}()
	return sync.OnceFunc(func() { close(over) })
}

// meter shares the processor time since it was last asked out among what runs: the
// machine may be slow, and others may use it.
func (q *queue) meter() {
	now := q.cpu()
	since := (now - q.metered).Seconds()
	q.metered = now
	weight := func(r *run) float64 {
		if q.urgent.Load() > 0 && !r.place.urgent() {
			return float64(politePart) / float64(politeTurn)
		}
		return 1
	}
	all := 0.0
	for r := range q.runs {
		all += weight(r)
	}
	for r := range q.runs {
		r.used += since * weight(r) / all
	}
}

// giveWay takes work out of its place if somebody waits for that: out of a light
// one into a heavy one, as it is if there is one, or else after some more time by
// ending it, to begin anew. A search is ended if it is another client who waits. It reports whether it
// did.
func (q *queue) giveWay(r *run, kind string, end context.CancelCauseFunc) (done bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !slices.ContainsFunc(q.waiting, func(w *waiter) bool { return w.place == r.place && (r.place.lightly() || w.client != r.client) }) {
		return false
	}
	if r.place == search {
		end(errBusy)
		return true
	}
	now := q.now()
	q.learn(r, kind)
	if !q.fits(r.client, heavy) {
		if now.Sub(r.began) < slowAt*q.slice {
			return false // it may be about to end, and all of it would be lost
		}
		end(errSlow)
		return true
	}
	a := q.account(r.client)
	a.running[r.place]--
	q.running[r.place]--
	a.running[heavy]++
	q.running[heavy]++
	q.hurry()
	a.used += now.Sub(r.began).Seconds()
	r.goTo(heavy, now)
	q.admit()
	return true
}

// isSlow reports whether work of that kind was slow lately.
func (q *queue) isSlow(kind string) bool { return q.holds(q.slow, kind) }

// isQuick reports whether work of that kind was done lately without much of the
// processor.
func (q *queue) isQuick(kind string) bool { return q.holds(q.quick, kind) }

// holds reports whether something is known of a kind, and still holds.
func (q *queue) holds(known map[string]time.Time, kind string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	until, ok := known[kind]
	if ok && q.now().After(until) {
		delete(known, kind)
		ok = false
	}
	return ok
}

// remember notes something of a kind for a while; of very many it forgets all.
func (q *queue) remember(known map[string]time.Time, kind string, while time.Duration) {
	if len(known) >= mostKinds {
		clear(known)
	}
	known[kind] = q.now().Add(while)
}

// learn notes what kind of work used more of the processor than light work does.
func (q *queue) learn(r *run, kind string) {
	q.meter()
	if r.used < slowAt*q.slice.Seconds() || !r.place.lightly() && r.place != heavy {
		return
	}
	q.remember(q.slow, kind, slowFor)
	delete(q.quick, kind)
}

// account is what a client has used until now.
func (q *queue) account(client string) *account {
	now := q.now()
	a := q.clients[client]
	if a == nil {
		if len(q.clients) >= 2*mostWaiting {
			q.forget(now)
		}
		a = &account{at: now}
		q.clients[client] = a
	}
	if past := now.Sub(a.at); past > 0 {
		a.used *= math.Exp2(-past.Seconds() / halfLife.Seconds())
		a.at = now
	}
	return a
}

// forget drops the accounts of those who have not asked for long.
func (q *queue) forget(now time.Time) {
	for name, a := range q.clients {
		if a.running == [places]int{} && a.waiting == [places]int{} && now.Sub(a.at) > halfLife {
			delete(q.clients, name)
		}
	}
}

// note remembers how the last common answer went.
func (q *queue) note(at place, err error) {
	if at != common {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	var b *bug
	switch {
	case err == nil:
		q.failing = time.Time{}
	case (errors.Is(err, errBusy) || errors.Is(err, errTooLong) || errors.As(err, &b)) && q.failing.IsZero():
		q.failing = q.now()
	}
}

// unwell is after how long without an answer a server is not well.
const unwell = 10 * time.Second

// health says why answers do not come; empty: they do. It looks at what everybody
// reads only: that the answers of one client take too long harms nobody else.
func (q *queue) health() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	if !q.failing.IsZero() && now.Sub(q.failing) > unwell {
		return "no answer about the model as it stands has come for a while"
	}
	for r := range q.runs {
		if r.place == common && now.Sub(r.began) > q.limit+unwell {
			return "an answer about the model as it stands does not come to an end"
		}
	}
	return ""
}

// A load is how much a queue has to do.
type load struct {
	running, waiting [places]int
	refused          int
	overdue          int // runs beyond their time
}

func (q *queue) load() (l load) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l.running, l.refused = q.running, q.refused
	for _, w := range q.waiting {
		l.waiting[w.place]++
	}
	for r := range q.runs {
		if r.place < basis && q.now().Sub(r.began) > q.limit+time.Second {
			l.overdue++
		}
	}
	return l
}

// refuse counts what is refused before it waits.
func (q *queue) refuse() {
	q.mu.Lock()
	q.refused++
	q.mu.Unlock()
}
