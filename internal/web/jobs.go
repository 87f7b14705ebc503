package web

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A job is work that takes longer than a request: it goes on after the one that
// began it, as long as somebody comes back to ask for it, and its answer is kept.
type job struct {
	done chan struct{} // closed at the end; value and err are then final
	jobs *jobs
	key  string
	at   place
	snap *Snapshot // that it is about

	mu       sync.Mutex
	progress any
	value    any
	err      error
	began    time.Time
	asked    time.Time
	kept     bool          // goes on without anybody asking
	readers  int           // that wait for it right now
	lease    time.Duration // for how long it goes on without a reader
	until    time.Time     // a reader who was told how far it is may come back
	leaving  *time.Timer   // ends it after that
	turn     int           // of the timer: an earlier one means nothing
	cancel   context.CancelCauseFunc
}

// far returns how far the job is.
func (j *job) far() (progress, value any, err error, done bool) {
	select {
	case <-j.done:
		done = true
	default:
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.progress, j.value, j.err, done
}

func (j *job) tell(progress any) {
	j.mu.Lock()
	j.progress = progress
	j.mu.Unlock()
}

// wait waits for the end of the job, but no longer than that. Who has waited so
// long is told how far it is, and has a while to come back; a client that leaves
// before has left.
func (j *job) wait(ctx context.Context, long time.Duration) {
	j.mu.Lock()
	j.readers++
	j.mu.Unlock()
	t := time.NewTimer(long)
	defer t.Stop()
	select {
	case <-j.done:
	case <-t.C:
	case <-ctx.Done():
	}
	j.mu.Lock()
	j.readers--
	if ctx.Err() == nil {
		j.until = time.Now().Add(j.lease)
	}
	j.rest(time.Until(j.until))
	j.mu.Unlock()
}

// rest ends the job after a while, unless somebody asks for it before. The job is
// locked.
func (j *job) rest(after time.Duration) {
	if j.leaving != nil {
		j.leaving.Stop()
	}
	j.turn++
	turn := j.turn
	j.leaving = time.AfterFunc(after, func() {
		j.mu.Lock()
		idle := turn == j.turn && !j.kept && j.readers == 0
		j.mu.Unlock()
		if idle {
			j.jobs.abandon(j)
		}
	})
}

// How long a job goes on without a reader. Pages and programs that were told how
// far it is ask again after a second. Whoever comes too late for that, again and
// again, is given longer.
const (
	leastLease  = 2 * time.Second
	mostLease   = 16 * time.Second
	mostLeases  = 200 // that are remembered
	mostOpenOf  = 4   // jobs of one client that are not done
	askAgain    = "1" // second
	retrySearch = 1   // second
)

// jobs keeps the answers of the last, and runs as many at once as the queue has
// places for.
type jobs struct {
	ctx   context.Context // of the server
	queue *queue
	most  int // that are known at once, of the model as it stands and of other states each
	now   func() time.Time

	mu     sync.Mutex
	known  map[string]*job
	owner  map[*job]string          // of those that are not done
	leases map[string]time.Duration // of those that nobody came back for
}

func newJobs(ctx context.Context, q *queue, most int, now func() time.Time) *jobs {
	return &jobs{ctx: ctx, queue: q, most: most, now: now, known: map[string]*job{}, owner: map[*job]string{}, leases: map[string]time.Duration{}}
}

// An order asks for a job. Equal keys are the same work.
type order struct {
	key  string
	keep bool      // it goes on without a reader
	at   place     // basis or search
	snap *Snapshot // it ends when that is replaced; nil: it is not of one
}

// get returns the job of an order, and begins it if there is none. Its error is
// errBusy where there are too many.
func (q *jobs) get(ctx context.Context, o order, work func(ctx context.Context, tell func(progress any)) (any, error)) (*job, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	if j, ok := q.known[o.key]; ok {
		j.mu.Lock()
		j.asked, j.kept = now, j.kept || o.keep
		j.rest(j.lease)
		j.mu.Unlock()
		return j, nil
	}
	client := ticketOf(ctx).client
	open, of := 0, 0
	for j, who := range q.owner {
		if j.at == o.at {
			of++
		}
		if who == client {
			open++
		}
	}
	if of >= q.most || !o.keep && open >= mostOpenOf {
		q.queue.refuse()
		return nil, errBusy
	}
	q.forget(o.at)
	own, cancel := context.WithCancelCause(context.WithValue(q.ctx, ticketKey{}, &ticket{client: client}))
	j := &job{done: make(chan struct{}), jobs: q, key: o.key, at: o.at, snap: o.snap, began: now, asked: now, kept: o.keep, lease: max(leastLease, q.leases[o.key]), cancel: cancel}
	q.known[o.key], q.owner[j] = j, client
	go q.run(own, j, work)
	j.mu.Lock()
	j.rest(j.lease)
	j.mu.Unlock()
	return j, nil
}

// peek returns the job of a key where there is one.
func (q *jobs) peek(key string) *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.known[key]
}

func (q *jobs) run(ctx context.Context, j *job, work func(ctx context.Context, tell func(any)) (any, error)) {
	defer close(j.done)
	defer j.cancel(nil)
	value, err := q.worked(ctx, j, work)
	j.mu.Lock()
	j.value, j.err = value, err
	j.turn++
	if j.leaving != nil {
		j.leaving.Stop()
	}
	j.mu.Unlock()
	q.mu.Lock()
	delete(q.owner, j)
	q.mu.Unlock()
	if err != nil && ctx.Err() != nil { // ended because nobody wanted it: the next who does begins anew
		q.drop(j)
	}
}

func (q *jobs) worked(ctx context.Context, j *job, work func(ctx context.Context, tell func(any)) (any, error)) (value any, err error) {
	r, err := q.queue.enter(ctx, j.at)
	if err != nil {
		return nil, err
	}
	defer func() { q.queue.leave(r, "", false) }()
	limited, cancel := context.WithTimeoutCause(ctx, mostJob, errTooLong)
	defer cancel()
	own, end := context.WithCancelCause(limited)
	defer end(nil)
	defer q.queue.watch(r, "", end)()
	err = q.queue.safely(func() (err error) {
		value, err = work(last(own, q.queue), j.tell)
		return err
	})
	if why := context.Cause(own); err != nil {
		for _, e := range []error{errTooLong, errReplaced, errBusy} {
			if errors.Is(why, e) {
				err = e
			}
		}
	}
	return value, err
}

func (q *jobs) drop(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.known[j.key] == j {
		delete(q.known, j.key)
	}
}

// abandon ends a job that nobody came back for.
func (q *jobs) abandon(j *job) {
	select {
	case <-j.done:
		return
	default:
	}
	q.drop(j)
	q.mu.Lock()
	if len(q.leases) >= mostLeases {
		q.leases = map[string]time.Duration{}
	}
	q.leases[j.key] = min(2*j.lease, mostLease)
	q.mu.Unlock()
	j.cancel(context.Canceled)
}

// replaced ends and forgets what is about another model than this.
func (q *jobs) replaced(now *Snapshot) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for key, j := range q.known {
		if j.snap != nil && j.snap != now {
			delete(q.known, key)
			j.cancel(errReplaced)
		}
	}
}

// size is how many jobs are known that are done, and that are not.
func (q *jobs) size() (done, open int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range q.known {
		select {
		case <-j.done:
			done++
		default:
			open++
		}
	}
	return done, open
}

// forget makes room for one more: it drops the finished job that was asked for
// least lately, of the same kind of place. So no number of other states drives
// out what is known of the model as it stands.
func (q *jobs) forget(at place) {
	n := 0
	var oldest *job
	var least time.Time
	for _, j := range q.known {
		if j.at != at {
			continue
		}
		n++
		select {
		case <-j.done:
		default:
			continue
		}
		j.mu.Lock()
		if !j.kept && (oldest == nil || j.asked.Before(least)) {
			oldest, least = j, j.asked
		}
		j.mu.Unlock()
	}
	if n >= q.most && oldest != nil {
		delete(q.known, oldest.key)
	}
}
