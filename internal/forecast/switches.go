package forecast

import (
	"slices"

	"tightrope/internal/scenario"
)

// A changeOver is the switch of a need, and whom it has wait by itself.
type changeOver struct {
	need    *scenario.Need
	holder  int // the part that has the need
	spots   []spot
	reach   *reach
	felt    bool
	singles *singles
}

// changeOvers lists the switches that have users of the service wait, whatever
// stands before them.
func (v *sight) changeOvers(singles *singles) []*changeOver {
	var out []*changeOver
	at := map[*scenario.Need]*changeOver{}
	for i := range v.Nodes {
		for k, e := range v.Nodes[i].Needs {
			if e.Need.Switch == nil {
				continue
			}
			c := at[e.Need]
			if c == nil {
				c = &changeOver{need: e.Need, holder: v.Nodes[i].Part, felt: v.Felt, singles: singles}
				at[e.Need] = c
				out = append(out, c)
			}
			c.spots = append(c.spots, spot{i, k})
		}
	}
	for _, c := range out {
		c.reach = v.reach(c.spots)
	}
	return slices.DeleteFunc(out, func(c *changeOver) bool { return c.reach == nil })
}

// uses returns what changing over to another member costs as sources: while a
// member is replaced all users of the group wait, and where the switch does not
// work the outage lasts as if there were no spare. How often a member fails may
// be unsure; the chance that the group survives it is that of unsure inputs at
// their means.
func (c *changeOver) uses(j *job) []*use {
	w := c.need.Switch
	list, err := j.engine.Survived(c.need, c.felt, j.objectiveName(), j.scenario.Params.Means(), c.singles.have)
	if err != nil {
		j.tooLarge(err, "changing over between the members of "+c.need.Title)
		return nil
	}
	if len(list) == 0 {
		return nil
	}
	alone, below := c.singles.up(j), j.web.system.Below(c.need, c.felt)
	often := make([]scenario.Factor, len(list))
	for i, s := range list {
		often[i] = j.scaled(s.Source, alone*s.Frequency)
	}
	var out []*use
	add := func(src *scenario.Source) {
		src.Kind, src.Pos, src.Service = SwitchSource, w.Pos, j.holderName(c.holder)
		if u := j.shared(src, scenario.One, c.reach, below); u != nil {
			out = append(out, u)
		}
	}
	works := w.Works
	add(&scenario.Source{
		Name: c.need.Title + "/switch", Title: c.need.Title + ": changing over",
		Rate:     sumOf(often, j.scenario.Params.Means()).Times(works),
		Incident: lasting(w.Takes),
	})
	if works.Sure() && works.Rat().Cmp(scenario.RatOne) == 0 {
		return out
	}
	for i, s := range list {
		src := &scenario.Source{
			Name: c.need.Title + "/" + s.Source.Name, Title: s.Source.Title + ": not changed over",
			Rate:     often[i].Times(works.Complement()),
			Incident: s.Source.Incident,
		}
		src.Incident.Stages = nil
		add(src)
	}
	return out
}

// scaled is how often something of a source happens a second, where that is so
// often with unsure inputs at their means: it goes with the source's rate.
func (j *job) scaled(s *scenario.Source, often float64) scenario.Factor {
	if s.Change != nil || s.Rate.IsComputed() {
		return scenario.Number(often)
	}
	rate := s.Rate.Value(j.scenario.Params.Means())
	if s.Rate.Sure() || rate == 0 {
		return scenario.Number(often)
	}
	return s.Rate.Times(scenario.Number(often / rate))
}

// sumOf is the sum of some frequencies. Where it depends on more than a few
// unsure inputs they are taken at their means.
func sumOf(list []scenario.Factor, means []float64) scenario.Factor {
	var params []int
	for _, f := range list {
		f.Visit(func(p int) { params = appendNew(params, p) })
	}
	sum := func(theta []float64) float64 {
		out := 0.0
		for _, f := range list {
			out += f.Value(theta)
		}
		return out
	}
	if len(params) == 0 || len(params) > few {
		return scenario.Number(sum(means))
	}
	return scenario.Computed(sum, params)
}
