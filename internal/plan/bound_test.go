package plan_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tightrope/internal/plan"
)

func TestBoundsHoldForEveryCompletion(t *testing.T) {
	for i := range 70 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			c := recipes(i)
			c.nets += 4
			mode := plan.Cheapest
			if i%5 == 4 {
				c.nets, c.worth, c.two, mode = 6, true, false, plan.Worth
			}
			m := read(t, generate(c, uint64(7000+i)))
			if err := plan.CheckBounds(m, mode, rand.New(rand.NewPCG(1, uint64(i)))); err != nil {
				t.Error(err)
			}
		})
	}
}
