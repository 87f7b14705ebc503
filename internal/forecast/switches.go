package forecast

import (
	"tightrope/internal/scenario"
	"tightrope/internal/structure"
)

// switches adds what changing over to another member costs: while a member is
// replaced all users of the group wait, and where the switch does not work the
// outage lasts as if there were no spare. Frequencies are with unsure inputs of
// the members at their means; what the incidents that are left unswitched are
// like, and how often the switch works, may be unsure.
func (g *group) switches(j *job, alone float64, add func(*scenario.Source, scenario.Factor)) {
	w := g.need.Switch
	theta := j.scenario.Params.Means()
	at := g.moments(j, theta)
	waits := 0.0
	for _, m := range at {
		waits += m.often
	}
	if waits <= 0 {
		return
	}
	works := w.Works
	add(&scenario.Source{
		Name: g.need.Title + "/switch", Title: g.need.Title + ": changing over", Kind: SwitchSource,
		Rate:     scenario.Number(alone * waits).Times(works),
		Incident: lasting(w.Takes),
	}, scenario.One)
	if works.Sure() && works.Rat().Cmp(scenario.RatOne) == 0 {
		return
	}
	for _, m := range at {
		if m.often <= 0 {
			continue
		}
		src := &scenario.Source{
			Name: g.need.Title + "/" + m.source.Name, Title: m.source.Title + ": not changed over", Kind: SwitchSource,
			Rate:     scenario.Number(alone * m.often).Times(works.Complement()),
			Incident: m.source.Incident,
		}
		src.Incident.Stages = nil
		add(src, scenario.One)
	}
}

// A moment is a kind of incident that makes a group change over.
type moment struct {
	source *scenario.Source
	often  float64 // per second
}

// mostSwitched bounds how many things below a group are looked at together:
// beyond that they are taken as failing apart.
const mostSwitched = 40

// moments lists what makes a group change over, and how often: a member goes
// down and the group survives. What takes several members down at once makes it
// change over once.
func (g *group) moments(j *job, theta []float64) []moment {
	t := g.tree
	p := make([]float64, t.size)
	type cause struct {
		variable int
		moments  []moment
	}
	var causes []cause
	for _, part := range t.view.Order {
		if g.single(part) {
			continue
		}
		x := t.variable(t.view.Of[part][0])
		if x < 0 {
			continue
		}
		c := j.engine.Down(part, j.objectiveName(), t.view.Nodes[t.view.Of[part][0]].Rides, theta, true)
		p[x] = c.Q
		k := cause{variable: x}
		for _, s := range c.Sources {
			if s.Frequency > 0 {
				k.moments = append(k.moments, moment{s.Source, s.Frequency})
			}
		}
		causes = append(causes, k)
	}
	survives := g.survives(p, len(causes))
	var out []moment
	at := map[*scenario.Source]int{}
	for _, c := range causes {
		chance := survives(c.variable)
		for _, m := range c.moments {
			k, ok := at[m.source]
			if !ok {
				k = len(out)
				at[m.source] = k
				out = append(out, moment{source: m.source})
			}
			out[k].often += m.often * chance
		}
	}
	return out
}

// survives returns the function that tells, of each thing that may fail, the
// chance that a member goes down with it and the group survives.
func (g *group) survives(p []float64, causes int) func(variable int) float64 {
	t := g.tree
	if causes > mostSwitched {
		return func(x int) float64 { return g.survivesApart(p, x) }
	}
	d := structure.NewDiagram()
	// The state of each node while the variable x has a value.
	build := func(x int, value structure.Node) (members []structure.Node, root structure.Node) {
		known := map[int]structure.Node{}
		var down func(int) structure.Node
		down = func(i int) structure.Node {
			if f, ok := known[i]; ok {
				return f
			}
			f := structure.False
			switch own := t.variable(i); {
			case own < 0:
			case own == x:
				f = value
			default:
				f = d.Var(own)
			}
			for _, e := range t.view.Nodes[i].Needs {
				var fs []structure.Node
				for _, m := range e.Members {
					fs = append(fs, down(m))
				}
				need := e.Need.Down
				if e.Need.Split != nil {
					need = 1
				}
				f = d.Or(f, d.AtLeast(need, fs))
			}
			known[i] = f
			return f
		}
		root = down(0)
		for _, m := range t.view.Nodes[0].Needs[0].Members {
			members = append(members, known[m])
		}
		return members, root
	}
	return func(x int) float64 {
		before, _ := build(x, structure.False)
		after, root := build(x, structure.True)
		falls := structure.False
		for i := range after {
			falls = d.Or(falls, d.And(after[i], d.Not(before[i])))
		}
		return d.Probability(d.And(falls, d.Not(root)), p)
	}
}

// variable is that of the part of a node, however it is ridden out.
func (t *tree) variable(node int) int {
	part := t.view.Nodes[node].Part
	if part == scenario.NoPart {
		return -1
	}
	return t.own[t.view.Of[part][0]]
}

// survivesApart is survives for things that fail apart from one another: the
// chance that x is not critical for the group.
func (g *group) survivesApart(p []float64, x int) float64 {
	_, d := g.tree.any.Gradient(p)
	return max(0, 1-d[x])
}
