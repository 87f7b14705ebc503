package torture

import "math/rand/v2"

// A source gives the choices of which a model is made, one byte each. After its
// last byte every choice is the first, which is the simplest, so that fewer
// bytes and smaller ones make smaller models.
type source struct {
	data []byte
	at   int
}

func (s *source) byte() int {
	if s.at >= len(s.data) {
		return 0
	}
	s.at++
	return int(s.data[s.at-1])
}

// below returns a number from 0 to n−1, of at most 256.
func (s *source) below(n int) int { return s.byte() % n }

// often reports true k times in 256, and false at the end of the bytes.
func (s *source) often(k int) bool { return s.byte() >= 256-k }

// pick returns one of the words.
func (s *source) pick(words ...string) string { return words[s.below(len(words))] }

// small is the first seed of the smallest models, of which very many can be played,
// and woven that of models of many services that need one another.
const (
	small = 1_000_000
	woven = 10_000_000
)

// choices returns the bytes that a seed stands for. Most strings are short and
// make models of a few parts; those of seeds from small on make the smallest, and
// from woven on they spend most of what they choose on services and needs.
func choices(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 11))
	if seed >= woven {
		// Four or six services, up to two risks and a change, no nets most of the time.
		data := []byte{byte(5 + 2*r.IntN(2)), byte(r.IntN(3)), byte(r.IntN(2)), byte(r.IntN(2)), 0, 0, 0, 0, 0}
		for range 40 + r.IntN(80) {
			data = append(data, byte(r.Uint32()))
		}
		return data
	}
	if seed >= small {
		data := make([]byte, 12+r.IntN(28))
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		return data
	}
	n := 16 + r.IntN(48)
	if r.IntN(3) == 0 {
		n += r.IntN(160)
	}
	if r.IntN(30) == 0 {
		n += r.IntN(500)
	}
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// changed returns the choices of a model that differs a little from another's.
func changed(data []byte, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 12))
	other := append([]byte{}, data...)
	for range 1 + r.IntN(3) {
		if len(other) > 0 {
			other[r.IntN(len(other))] = byte(r.Uint32())
		}
	}
	return other
}
