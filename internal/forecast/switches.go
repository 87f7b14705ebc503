package forecast

import "tightrope/internal/scenario"

// switches adds what changing over to another member costs: while a member is
// replaced all users of the group wait, and where the switch does not work the
// outage lasts as if there were no spare. How often a member fails may be
// unsure; the chance that the group survives it is that of unsure inputs at
// their means.
func (g *group) switches(c *changeOver, j *job, alone float64, add func(*scenario.Source, scenario.Factor, *reach)) {
	w := c.need.Switch
	list, err := j.engine.Survived(c.need, g.tree.view.Felt, j.objectiveName(), j.scenario.Params.Means(), g.single)
	if err != nil {
		j.tooLarge(err, "changing over between the members of "+c.need.Title)
		return
	}
	often := make([]scenario.Factor, len(list))
	for i, s := range list {
		often[i] = j.scaled(s.Source, alone*s.Frequency)
	}
	waits := sumOf(often, j.scenario.Params.Means())
	if len(list) == 0 {
		return
	}
	works := w.Works
	add(&scenario.Source{
		Name: c.need.Title + "/switch", Title: c.need.Title + ": changing over", Kind: SwitchSource, Pos: w.Pos,
		Rate:     waits.Times(works),
		Incident: lasting(w.Takes),
	}, scenario.One, c.reach)
	if works.Sure() && works.Rat().Cmp(scenario.RatOne) == 0 {
		return
	}
	for i, s := range list {
		src := &scenario.Source{
			Name: c.need.Title + "/" + s.Source.Name, Title: s.Source.Title + ": not changed over", Kind: SwitchSource, Pos: w.Pos,
			Rate:     often[i].Times(works.Complement()),
			Incident: s.Source.Incident,
		}
		src.Incident.Stages = nil
		add(src, scenario.One, c.reach)
	}
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
