package availability

import "sync"

// A memo keeps what was computed, for several goroutines.
type memo[K comparable, V any] struct {
	mu   sync.Mutex
	at   map[K]V
	most int // how much it keeps; 0: mostKept
}

// mostKept bounds what a memo keeps.
const mostKept = 1 << 16

// get returns what is known at a key, or computes it. Two goroutines may
// compute the same; both get what was ready first.
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
	if first, ok := m.at[key]; ok {
		return first
	}
	most := m.most
	if most == 0 {
		most = mostKept
	}
	if m.at == nil || len(m.at) >= most {
		m.at = map[K]V{}
	}
	m.at[key] = v
	return v
}
