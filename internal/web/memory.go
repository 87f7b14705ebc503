package web

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// A memory keeps answers by what was asked, the ones used last, up to a bound.
// What several ask at once is worked out once; the work ends when the last of
// them has left.
type memory struct {
	most   int // of the costs of what is kept
	safely func(work func() error) error

	mu     sync.Mutex
	cost   int
	at     map[string]*list.Element
	recent *list.List // of *kept, the one used last in front
	flying map[string]*flight
}

type kept struct {
	key   string
	value any
	cost  int
}

// A flight is work that is going on.
type flight struct {
	done    chan struct{}
	value   any
	err     error
	waiting int
	cancel  context.CancelFunc
}

func newMemory(most int, safely func(work func() error) error) *memory {
	return &memory{most: most, safely: safely, at: map[string]*list.Element{}, recent: list.New(), flying: map[string]*flight{}}
}

// get returns what is kept of key, or what work makes of it. The cost is about
// how many bytes keeping it takes; 0 keeps nothing, and so does an error.
func (m *memory) get(ctx context.Context, key string, work func(ctx context.Context) (value any, cost int, err error)) (any, error) {
	for {
		value, err, again := m.once(ctx, key, work)
		// Whoever began the work had waited for longer: it was refused, this one is not
		// yet.
		if again = again && errors.Is(err, errBusy) && ctx.Err() == nil; !again || !time.Now().Before(ticketOf(ctx).until) {
			return value, err
		}
	}
}

func (m *memory) once(ctx context.Context, key string, work func(ctx context.Context) (value any, cost int, err error)) (value any, err error, joined bool) {
	m.mu.Lock()
	if e, ok := m.at[key]; ok {
		m.recent.MoveToFront(e)
		m.mu.Unlock()
		return e.Value.(*kept).value, nil, false
	}
	f, ok := m.flying[key]
	if !ok {
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		f = &flight{done: make(chan struct{}), cancel: cancel}
		m.flying[key] = f
		go m.fly(own, key, f, work)
	}
	f.waiting++
	m.mu.Unlock()
	select {
	case <-f.done:
		return f.value, f.err, ok
	case <-ctx.Done():
		m.mu.Lock()
		defer m.mu.Unlock()
		if f.waiting--; f.waiting == 0 {
			f.cancel()
			if m.flying[key] == f { // whoever asks next begins anew
				delete(m.flying, key)
			}
		}
		return nil, ctx.Err(), ok
	}
}

func (m *memory) fly(ctx context.Context, key string, f *flight, work func(ctx context.Context) (any, int, error)) {
	var cost int
	defer func() {
		f.cancel()
		m.mu.Lock()
		if m.flying[key] == f {
			delete(m.flying, key)
		}
		if f.err == nil && cost > 0 {
			m.keep(&kept{key, f.value, cost})
		}
		m.mu.Unlock()
		close(f.done)
	}()
	f.err = m.safely(func() (err error) {
		f.value, cost, err = work(ctx)
		return err
	})
}

// keep adds what was worked out, and drops what has not been used for longest.
func (m *memory) keep(k *kept) {
	if k.cost > m.most/2 {
		return
	}
	if e, ok := m.at[k.key]; ok {
		m.drop(e)
	}
	m.at[k.key] = m.recent.PushFront(k)
	m.cost += k.cost
	for m.cost > m.most {
		m.drop(m.recent.Back())
	}
}

// size is how many answers are kept, and about how many bytes they take.
func (m *memory) size() (answers, bytes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.recent.Len(), m.cost
}

func (m *memory) drop(e *list.Element) {
	k := m.recent.Remove(e).(*kept)
	delete(m.at, k.key)
	m.cost -= k.cost
}

// clear forgets all that is kept.
func (m *memory) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at, m.cost = map[string]*list.Element{}, 0
	m.recent.Init()
}
