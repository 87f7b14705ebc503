package availability

import "sync"

// A memo keeps what was computed, for several goroutines.
type memo[K comparable, V any] struct {
	mu sync.Mutex
	at map[K]V
}

// mostKept bounds what a memo keeps.
const mostKept = 1 << 16

// get returns what is known at a key, or computes it. Two goroutines may
// compute the same.
func (m *memo[K, V]) get(key K, compute func() V) V {
	m.mu.Lock()
	v, ok := m.at[key]
	m.mu.Unlock()
	if ok {
		return v
	}
	v = compute()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.at == nil || len(m.at) >= mostKept {
		m.at = map[K]V{}
	}
	m.at[key] = v
	return v
}
