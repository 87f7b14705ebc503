package forecast

import "tightrope/internal/scenario"

// switches adds what changing over to another member costs: while a member is
// replaced all users of the group wait, and where the switch does not work the
// outage lasts as if there were no spare. Frequencies are with unsure inputs of
// the members at their means; what the incidents that are left unswitched are
// like, and how often the switch works, may be unsure.
func (g *group) switches(c *changeOver, j *job, alone float64, add func(*scenario.Source, scenario.Factor, *reach)) {
	w := c.need.Switch
	list, err := j.engine.Survived(c.need, g.tree.view.Felt, j.objectiveName(), j.scenario.Params.Means(), g.single)
	if err != nil {
		j.tooLarge(err, "changing over between the members of "+c.need.Title)
		return
	}
	waits := 0.0
	for _, s := range list {
		waits += s.Frequency
	}
	if waits <= 0 {
		return
	}
	works := w.Works
	add(&scenario.Source{
		Name: c.need.Title + "/switch", Title: c.need.Title + ": changing over", Kind: SwitchSource, Pos: w.Pos,
		Rate:     scenario.Number(alone * waits).Times(works),
		Incident: lasting(w.Takes),
	}, scenario.One, c.reach)
	if works.Sure() && works.Rat().Cmp(scenario.RatOne) == 0 {
		return
	}
	for _, s := range list {
		src := &scenario.Source{
			Name: c.need.Title + "/" + s.Source.Name, Title: s.Source.Title + ": not changed over", Kind: SwitchSource, Pos: w.Pos,
			Rate:     scenario.Number(alone * s.Frequency).Times(works.Complement()),
			Incident: s.Source.Incident,
		}
		src.Incident.Stages = nil
		add(src, scenario.One, c.reach)
	}
}
