package structure

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// cutsOfTable lists the minimal sets of a table where some variables are
// certain and some impossible.
func cutsOfTable(hits []bool, p []float64, most, order int) [][]int {
	certain, possible := 0, 0
	for v, x := range p {
		if x == 1 {
			certain |= 1 << v
		}
		if x > 0 && x < 1 {
			possible |= 1 << v
		}
	}
	var minimal []int
	for size := range len(p) + 1 {
		for set := range hits {
			if bits.OnesCount(uint(set)) != size || set&^possible != 0 || !hits[set|certain] {
				continue
			}
			if !slices.ContainsFunc(minimal, func(m int) bool { return m&set == m }) {
				minimal = append(minimal, set)
			}
		}
	}
	type cut struct {
		variables []int
		log       float64
	}
	var cuts []cut
	for _, set := range minimal {
		c := cut{variables: []int{}}
		for v := range p {
			if set>>v&1 == 1 {
				c.variables = append(c.variables, v)
				c.log += math.Log2(p[v])
			}
		}
		if len(c.variables) <= order {
			cuts = append(cuts, c)
		}
	}
	slices.SortFunc(cuts, func(x, y cut) int {
		return cmp.Or(cmp.Compare(y.log, x.log), slices.Compare(x.variables, y.variables))
	})
	var out [][]int
	for _, c := range cuts[:min(most, len(cuts))] {
		out = append(out, c.variables)
	}
	return out
}

func TestCutsEqualEnumerationOnRandomGraphs(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for trial := range 2000 {
		g, variables := randomGraph(r, 10)
		p := make([]float64, variables)
		for v := range p {
			// Powers of two, so that equal probabilities are equal.
			p[v] = math.Ldexp(1, -r.IntN(5))
			if r.IntN(12) == 0 {
				p[v] = 0
			}
		}
		most, order := 1+r.IntN(20), 1+r.IntN(variables)
		got := solved(t, g).Cuts(p, most, order)
		want := cutsOfTable(table(g, 0, variables), p, most, order)
		if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("trial %d: cuts %v, want %v\n%+v\n%v", trial, got, want, g, p)
		}
	}
}

func TestCutsOfManyModules(t *testing.T) {
	p := constants(2000, 1e-3)
	p[700], p[701] = 0.5, 0.4
	p[10], p[11] = 1, 0.25
	got := solved(t, pairs(1000)).Cuts(p, 4, 0)
	want := [][]int{{11}, {700, 701}, {0, 1}, {2, 3}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("cuts %v, want %v", got, want)
	}
}
