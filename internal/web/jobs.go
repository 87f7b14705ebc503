package web

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A job is work that takes longer than a request: it goes on after the one that
// began it, as long as somebody asks for it now and then, and its answer is kept.
type job struct {
	done chan struct{} // closed at the end; value and err are then final

	mu       sync.Mutex
	progress any
	value    any
	err      error
	began    time.Time
	asked    time.Time
	kept     bool // goes on without anybody asking
	cancel   context.CancelFunc
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

// keep lets the job go on without anybody asking for it.
func (j *job) keep() {
	j.mu.Lock()
	j.kept = true
	j.mu.Unlock()
}

// wait waits for the end of the job, but no longer than that.
func (j *job) wait(ctx context.Context, long time.Duration) {
	t := time.NewTimer(long)
	defer t.Stop()
	select {
	case <-j.done:
	case <-t.C:
	case <-ctx.Done():
	}
}

// jobs runs few at once, and keeps the answers of the last.
type jobs struct {
	ctx   context.Context // of the server
	slots chan struct{}
	most  int           // that are known at once
	idle  time.Duration // after which a job that nobody asks for is ended
	now   func() time.Time

	mu    sync.Mutex
	known map[string]*job
}

func newJobs(ctx context.Context, slots, most int, idle time.Duration, now func() time.Time) *jobs {
	return &jobs{ctx: ctx, slots: make(chan struct{}, slots), most: most, idle: idle, now: now, known: map[string]*job{}}
}

// get returns the job of that key, and begins it if there is none. Its error is
// errBusy where there are too many.
func (q *jobs) get(key string, keep bool, work func(ctx context.Context, tell func(progress any)) (any, error)) (*job, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	q.sweep(now)
	if j, ok := q.known[key]; ok {
		j.mu.Lock()
		j.asked, j.kept = now, j.kept || keep
		j.mu.Unlock()
		return j, nil
	}
	if len(q.known) >= q.most && !q.forget() {
		return nil, errBusy
	}
	ctx, cancel := context.WithCancel(q.ctx)
	j := &job{done: make(chan struct{}), began: now, asked: now, kept: keep, cancel: cancel}
	q.known[key] = j
	go q.run(ctx, key, j, work)
	return j, nil
}

func (q *jobs) run(ctx context.Context, key string, j *job, work func(ctx context.Context, tell func(any)) (any, error)) {
	defer close(j.done)
	defer j.cancel()
	select {
	case q.slots <- struct{}{}:
		defer func() { <-q.slots }()
	case <-ctx.Done():
		j.end(nil, ctx.Err())
		q.drop(key, j)
		return
	}
	value, _, err := guarded(ctx, func(ctx context.Context) (any, int, error) {
		limited, cancel := context.WithTimeoutCause(ctx, mostJob, errTooLong)
		defer cancel()
		v, err := work(limited, j.tell)
		if err != nil && errors.Is(context.Cause(limited), errTooLong) {
			err = errTooLong
		}
		return v, 0, err
	})
	j.end(value, err)
	if err != nil && ctx.Err() != nil { // ended because nobody wanted it: the next who does begins anew
		q.drop(key, j)
	}
}

func (j *job) end(value any, err error) {
	j.mu.Lock()
	j.value, j.err = value, err
	j.mu.Unlock()
}

func (q *jobs) drop(key string, j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.known[key] == j {
		delete(q.known, key)
	}
}

// sweep ends what nobody has asked for lately.
func (q *jobs) sweep(now time.Time) {
	for key, j := range q.known {
		select {
		case <-j.done:
			continue
		default:
		}
		j.mu.Lock()
		idle := !j.kept && now.Sub(j.asked) > q.idle
		j.mu.Unlock()
		if idle {
			j.cancel()
			delete(q.known, key)
		}
	}
}

// release lets a kept job end when nobody asks for it any more.
func (q *jobs) release(key string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if j, ok := q.known[key]; ok {
		j.mu.Lock()
		j.kept = false
		j.mu.Unlock()
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

// forget drops the finished job that was asked for least lately.
func (q *jobs) forget() bool {
	oldest, at := "", time.Time{}
	for key, j := range q.known {
		select {
		case <-j.done:
		default:
			continue
		}
		j.mu.Lock()
		if oldest == "" || j.asked.Before(at) {
			oldest, at = key, j.asked
		}
		j.mu.Unlock()
	}
	delete(q.known, oldest)
	return oldest != ""
}

// watch ends idle jobs until ctx ends.
func (q *jobs) watch(ctx context.Context) {
	tick := time.NewTicker(q.idle / 2)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			q.mu.Lock()
			q.sweep(q.now())
			q.mu.Unlock()
		}
	}
}
