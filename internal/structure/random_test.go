package structure

import "math/rand/v2"

// randomGraph returns a graph whose parts share providers, variables and
// events, with exposures, splits and groups, and how many variables it has.
func randomGraph(r *rand.Rand, most int) (*Graph, int) {
	variables := 1 + r.IntN(most)
	parts := 2 + r.IntN(9)
	g := &Graph{Needs: make([][]Need, parts), Own: make([][]int, parts)}
	nested := r.IntN(2) == 0
	for from := range parts {
		if from == parts-1 || r.IntN(3) > 0 {
			for range 1 + r.IntN(2) {
				g.Own[from] = append(g.Own[from], r.IntN(variables))
			}
		}
		if from == parts-1 {
			break
		}
		for range 1 + r.IntN(3) {
			g.Needs[from] = append(g.Needs[from], randomNeed(r, from, parts, variables, nested))
		}
	}
	return g, variables
}

func randomNeed(r *rand.Rand, from, parts, variables int, nested bool) Need {
	n := Need{Edge: Always}
	reach := parts - from - 1
	if nested {
		reach = min(reach, 4)
	}
	for range 1 + r.IntN(4) {
		n.Members = append(n.Members, from+1+r.IntN(reach))
	}
	n.Down = 1 + r.IntN(len(n.Members))
	if r.IntN(4) == 0 {
		n.Edge = r.IntN(variables)
	}
	if r.IntN(6) == 0 {
		for range n.Members {
			n.Split = append(n.Split, r.IntN(variables))
		}
	}
	return n
}

// enumerated says directly from the words whether a user of root is hit.
func enumerated(g *Graph, root int, assign []bool) bool {
	var hit func(int) bool
	unmet := func(n Need) bool {
		if n.Edge != Always && !assign[n.Edge] {
			return false
		}
		down := 0
		for i, m := range n.Members {
			if n.Split != nil && assign[n.Split[i]] {
				return hit(m)
			}
			if n.Split == nil && hit(m) {
				down++
			}
		}
		return n.Split == nil && down >= n.Down
	}
	hit = func(part int) bool {
		all := part < len(g.Own) && len(g.Own[part]) > 0
		if all {
			for _, v := range g.Own[part] {
				all = all && assign[v]
			}
		}
		if all {
			return true
		}
		for _, n := range g.Needs[part] {
			if unmet(n) {
				return true
			}
		}
		return false
	}
	return hit(root)
}

// table returns whether a user of root is hit, by the set of true variables.
func table(g *Graph, root, variables int) []bool {
	out := make([]bool, 1<<variables)
	assign := make([]bool, variables)
	for set := range out {
		for v := range assign {
			assign[v] = set>>v&1 == 1
		}
		out[set] = enumerated(g, root, assign)
	}
	return out
}

// summed returns the probability of a table.
func summed(table []bool, p []float64) float64 {
	sum := 0.0
	for set, hit := range table {
		if !hit {
			continue
		}
		q := 1.0
		for v, x := range p {
			if set>>v&1 == 1 {
				q *= x
			} else {
				q *= 1 - x
			}
		}
		sum += q
	}
	return sum
}
