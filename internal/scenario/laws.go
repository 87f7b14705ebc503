package scenario

import (
	"sync"

	"tightrope/internal/distribution"
)

// Laws keeps the laws that ranges stand for, which take a search each, for all
// scenarios that it is given to. It is for use by any number of goroutines.
type Laws struct {
	mu     sync.Mutex
	betas  map[[2]float64]distribution.Beta
	gammas map[[2]float64]distribution.Gamma
}

// mostLaws bounds how many laws are kept.
const mostLaws = 1 << 14

// NewLaws returns laws of which none is known yet.
func NewLaws() *Laws {
	return &Laws{betas: map[[2]float64]distribution.Beta{}, gammas: map[[2]float64]distribution.Gamma{}}
}

func (l *Laws) beta(low, high float64) distribution.Beta {
	return find(l, l.betas, low, high, distribution.BetaBetween)
}

func (l *Laws) gamma(low, high float64) distribution.Gamma {
	return find(l, l.gammas, low, high, distribution.GammaBetween)
}

func find[T any](l *Laws, known map[[2]float64]T, low, high float64, compute func(low, high float64) T) T {
	key := [2]float64{low, high}
	l.mu.Lock()
	x, ok := known[key]
	l.mu.Unlock()
	if ok {
		return x
	}
	x = compute(low, high)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(known) >= mostLaws {
		clear(known)
	}
	known[key] = x
	return x
}
