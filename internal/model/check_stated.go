package model

// checkStatedEffect holds what an effect does to what a service states of
// itself.
func (c *checker) checkStatedEffect(n *Net, e *Effect, s *Service) {
	c.checkStatedAvailability(e.Availability)
	if n.Status == InPlace {
		c.checkUndone(n, e.OutageBy)
	} else if o := e.OutageBy; o != nil && o.Kind == Exactly && o.Exact != nil && o.Exact.IsInt() && o.Exact.Num().Int64() == -1 {
		c.add(o.Pos, "stated", "an outage without length is none; write less than 100%%")
	}
	if !c.read(s.Pos, "availability", "every", "rate", "outage") {
		return
	}
	st := s.Stated
	if st == nil {
		st = &Stated{}
	}
	none := st.Availability == nil && st.Every == nil
	switch {
	case e.Availability == nil || st.Availability != nil:
	case none:
		c.add(e.Availability.Pos, "stated", "service %q states no availability that a net could set; write availability and outage on the service", s.Name)
	default:
		c.add(e.Availability.Pos, "stated", "service %q states how often it is down (%s) and no availability; write every instead", s.Name, st.Every.Text)
	}
	switch {
	case e.Every == nil || st.Every != nil:
	case none:
		c.add(e.Every.Pos, "stated", "service %q does not state how often it is down; write every and outage on the service", s.Name)
	default:
		c.add(e.Every.Pos, "stated", "service %q states an availability (%s) and not how often it is down; write availability instead", s.Name, st.Availability.Text)
	}
	if e.OutageBy != nil && none {
		c.add(e.OutageBy.Pos, "stated", "service %q states no outages of its own, so there is no length to change; write availability or every, and outage, on the service", s.Name)
	}
}

// checkBefore wants of a net that stands what the number that it sets was
// without it: the model's numbers are with it, and nothing else could tell.
func (c *checker) checkBefore(n *Net, e *Effect) {
	var pos Pos
	var sets []string
	add := func(at Pos, key string) { pos, sets = at, append(sets, key) }
	if e.Availability != nil {
		add(e.Availability.Pos, "availability")
	}
	if e.Every != nil {
		add(e.Every.Pos, "every")
	}
	if e.Background != nil {
		add(e.Background.Pos, "background")
	}
	if !c.read(e.Pos, "before", "availability", "every", "background") || !c.read(n.Pos, "status") {
		return
	}
	b := e.Before
	if b == nil {
		if n.Status == InPlace && len(sets) > 0 {
			c.add(pos, "before", "safety net %q stands and sets %s of %q, and nothing tells what that was without the net; write before beside it", n.Name, sets[len(sets)-1], e.Service.Name)
		}
		return
	}
	switch {
	case len(sets) == 0 && len(e.Values()) == 1: // the reader says that it does nothing
	case len(sets) == 0:
		c.add(b.Pos, "before", "before says what availability, every or background was without the net; write one of them beside it")
	case len(sets) > 1:
		c.add(b.Pos, "before", "before says what one number was without the net, and here are %s and %s; write one effect for each", sets[0], sets[1])
	case n.Status != InPlace:
		c.add(b.Pos, "before", "before is for nets that stand; without %q, which does not, %s is what the service says", n.Name, sets[0])
	case sets[0] == "every" && b.Rate == nil:
		c.add(b.Pos, "before", "before is a time between two outages, as every is; write before: 90d")
	case sets[0] != "every" && b.Share == nil:
		c.add(b.Pos, "before", "before is a share, as %s is; write before: 99.9%%", sets[0])
	case sets[0] == "availability":
		c.checkStatedAvailability(b.Share)
	}
}
