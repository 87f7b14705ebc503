package web

import (
	"errors"
	"fmt"
	"testing"

	"tightrope/internal/decision"
)

// What follows from a plan is worked out once for each state, and again where it
// failed; of very many states the first are forgotten.
func TestADecisionIsWorkedOutOnce(t *testing.T) {
	p, made := &planning{}, 0
	make := func() (*decision.Decision, error) {
		made++
		return &decision.Decision{}, nil
	}
	if _, err := p.decide("a", func() (*decision.Decision, error) { return nil, errors.New("no") }); err == nil {
		t.Error("a failure was kept")
	}
	one, _ := p.decide("a", make)
	two, _ := p.decide("a", make)
	other, _ := p.decide("b", make)
	if made != 2 || one != two || one == other {
		t.Errorf("it was made %d times", made)
	}
	for i := range 10 * mostDecided {
		if _, err := p.decide(fmt.Sprint(i), make); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.decided); n > mostDecided {
		t.Errorf("%d are kept", n)
	}
}
