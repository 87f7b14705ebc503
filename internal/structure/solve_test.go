package structure

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

func solved(t testing.TB, g *Graph) *Function {
	t.Helper()
	f, err := Solve(g, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSolveEqualsEnumerationOnRandomGraphs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for trial := range 3000 {
		g, variables := randomGraph(r, 10)
		f := solved(t, g)
		hits := table(g, 0, variables)
		p := make([]float64, variables)
		for v := range p {
			p[v] = r.Float64()
		}
		want := summed(hits, p)
		near(t, "probability", f.Probability(p), want)
		q, d := f.Gradient(p)
		near(t, "probability with gradient", q, want)
		for v := range p {
			x := slices.Clone(p)
			x[v] = 1
			sure := summed(hits, x)
			x[v] = 0
			near(t, "slope", d[v], sure-summed(hits, x))
		}
		for set, want := range hits {
			assign := make([]bool, variables)
			for v := range assign {
				assign[v] = set>>v&1 == 1
			}
			if f.Holds(assign) != want {
				t.Errorf("holds(%b) is %v", set, !want)
			}
		}
		if want := support(hits, variables); !slices.Equal(f.Depends(), want) {
			t.Errorf("depends on %v, want %v", f.Depends(), want)
		}
		if t.Failed() {
			t.Fatalf("trial %d: %+v", trial, g)
		}
	}
}

// support returns the variables that a table depends on.
func support(hits []bool, variables int) []int {
	var out []int
	for v := range variables {
		for set := range hits {
			if hits[set] != hits[set^1<<v] {
				out = append(out, v)
				break
			}
		}
	}
	return out
}

// pairs is k redundant pairs in series, all needed by part 0.
func pairs(k int) *Graph {
	g := &Graph{Needs: make([][]Need, 1+2*k), Own: make([][]int, 1+2*k)}
	for i := range k {
		a, b := 1+2*i, 2+2*i
		g.Own[a], g.Own[b] = []int{2 * i}, []int{2*i + 1}
		g.Needs[0] = append(g.Needs[0], Need{Edge: Always, Members: []int{a, b}, Down: 2})
	}
	return g
}

func constants(n int, x float64) []float64 {
	p := make([]float64, n)
	for v := range p {
		p[v] = x
	}
	return p
}

func TestPairsInSeries(t *testing.T) {
	for _, k := range []int{10, 20, 50, 100} {
		want := -math.Expm1(float64(k) * math.Log1p(-1e-4))
		near(t, "pairs", solved(t, pairs(k)).Probability(constants(2*k, 0.01)), want)
	}
}

func TestSmallestChancesKeepTheirDigits(t *testing.T) {
	// Both of a pair at 1e-15, and one of a hundred pairs: 100 · 1e-30.
	got := solved(t, pairs(100)).Probability(constants(200, 1e-15))
	if math.Abs(got/1e-28-1) > 1e-13 {
		t.Errorf("a hundred pairs at 1e-15: %g, want 1e-28", got)
	}
}

func TestBridge(t *testing.T) {
	// Source to sink over 0-3 and 1-4, with 2 between: down where a cut of the
	// bridge is: {0,1}, {3,4}, {0,2,4}, {1,2,3}.
	g := &Graph{Needs: make([][]Need, 6), Own: [][]int{nil, {0}, {1}, {2}, {3}, {4}}}
	for _, cut := range [][]int{{1, 2}, {4, 5}, {1, 3, 5}, {2, 3, 4}} {
		g.Needs[0] = append(g.Needs[0], Need{Edge: Always, Members: cut, Down: len(cut)})
	}
	q := 0.1
	want := 2*q*q + 2*q*q*q - 5*q*q*q*q + 2*q*q*q*q*q
	near(t, "bridge", solved(t, g).Probability(constants(5, q)), want)
}

func TestTwoOfThree(t *testing.T) {
	g := &Graph{
		Needs: [][]Need{{{Edge: Always, Members: []int{1, 2, 3}, Down: 2}}, nil, nil, nil},
		Own:   [][]int{nil, {0}, {1}, {2}},
	}
	near(t, "two or more of 0.1, 0.2, 0.3", solved(t, g).Probability([]float64{0.1, 0.2, 0.3}), 0.098)
}

func TestTwoRegionsOverOneControlPlane(t *testing.T) {
	g := &Graph{
		Needs: [][]Need{
			{{Edge: Always, Members: []int{1, 2}, Down: 2}},
			{{Edge: Always, Members: []int{3}, Down: 1}},
			{{Edge: Always, Members: []int{3}, Down: 1}},
			nil,
		},
		Own: [][]int{{0}, {1}, {2}, {3}},
	}
	near(t, "frontend", 1-solved(t, g).Probability([]float64{1e-4, 1e-3, 1e-3, 5e-4}), 0.99939905059995)
}

func TestSolveSaysWhatIsTooLarge(t *testing.T) {
	_, err := Solve(pairs(100), 0, 20)
	if _, ok := err.(*TooLarge); !ok {
		t.Errorf("a hundred pairs in 20 nodes: %v", err)
	}
}

func TestConstantFunctions(t *testing.T) {
	f := solved(t, &Graph{Needs: [][]Need{nil}})
	near(t, "what nothing takes down", f.Probability(nil), 0)
	f = solved(t, &Graph{Needs: [][]Need{{{Edge: Always}}}})
	near(t, "a need that is never met", f.Probability(nil), 1)
}

func TestFunctionServesManyAtOnce(t *testing.T) {
	f := solved(t, pairs(20))
	p := constants(40, 0.1)
	want := f.Probability(p)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				q, _ := f.Gradient(p)
				if f.Probability(p) != want || q != want {
					t.Error("another result at the same time")
				}
			}
		})
	}
	all.Wait()
}
