package forecast

import "testing"

// However much is put into it, a memory holds no more than it may, and what is
// asked for all the time stays.
func TestAMemoryIsBounded(t *testing.T) {
	const most = 1 << 20
	m := NewMemory(most)
	var often fingerprint
	often.begin('o')
	m.put(often.key(), 1, 1000)
	for n := range 10000 {
		var x fingerprint
		x.begin('n').count(n)
		m.put(x.key(), n, 2000)
		if _, ok := m.get(often.key()); !ok {
			t.Fatalf("after %d: what is asked for all the time is forgotten", n)
		}
		bytes := 0
		for _, generation := range []map[memoryKey]remembered{m.young, m.old} {
			for _, x := range generation {
				bytes += x.bytes
			}
		}
		if n%500 == 0 && bytes > most {
			t.Fatalf("after %d: %d bytes of %d", n, bytes, most)
		}
	}
	var large fingerprint
	large.begin('l')
	m.put(large.key(), 0, most)
	if _, ok := m.get(large.key()); ok {
		t.Error("something as large as all of it is kept")
	}
}
