package model

// A link is a pair of names, from one to the other.
type link struct{ from, to string }

func (c *checker) checkNets() {
	c.excludes = map[link]bool{}
	c.needs = map[link]bool{}
	c.notBefore = map[string]bool{}
	c.perChange = map[string]bool{}
	for _, n := range c.m.Nets {
		for _, ref := range n.Excludes {
			c.excludes[link{n.Name, ref.Name}] = true
		}
	}
	for _, s := range c.m.Services {
		for _, n := range s.Needs {
			for _, m := range n.Members {
				c.needs[link{s.Name, m.Name}] = true
			}
		}
	}
	for _, r := range c.m.Risks {
		c.perUnread = c.perUnread || !c.read(r.Pos, "per")
		if r.Per != nil {
			c.perChange[r.Per.Name] = true
			c.notBefore[r.Per.Name] = c.notBefore[r.Per.Name] || !r.BeforeNets
		}
	}
	for _, n := range c.m.Nets {
		c.checkStatus(n)
		c.checkCost(n)
		c.checkRelations(n)
		if n.Lasts != nil && n.Lasts.Rat().Sign() <= 0 {
			c.add(n.Lasts.Pos, "lasts", "a safety net lasts longer than %s", n.Lasts.Text)
		}
		for _, e := range n.Effects {
			c.checkEffect(n, e)
		}
	}
	c.checkRequired()
}

// checkRequired finds nets that require each other, none of which could be
// the first to stand.
func (c *checker) checkRequired() {
	names := make([]string, len(c.m.Nets))
	for i, n := range c.m.Nets {
		names[i] = n.Name
	}
	requires := func(name string) []Ref {
		if n := c.m.Net(name); n != nil {
			return n.Requires
		}
		return nil
	}
	cycles(names, requires, func(ref Ref, path []string) {
		c.add(ref.Pos, "net-cycle", "safety nets require each other: %s", spelled(path))
	})
}

func (c *checker) checkStatus(n *Net) {
	switch {
	case !c.read(n.Pos, "status", "ready"):
	case n.Status == Building && n.Ready == nil:
		c.add(n.Pos, "ready", "safety net %q is being built; write ready: DATE, when it will stand", n.Name)
	case n.Status != Building && n.Ready != nil:
		c.add(n.Ready.Pos, "ready", "ready is for nets with status: building, found status: %s", n.Status)
	}
}

// checkCost wants a period for what runs, and none for what is built.
func (c *checker) checkCost(n *Net) {
	price := func(pos Pos, text string, per float64, run bool) {
		switch {
		case run && per == 0:
			c.add(pos, "period", "the cost to run needs a period; write %s/month", text)
		case !run && per != 0:
			c.add(pos, "period", "the cost to build is paid once; write %s, or write %s under run", once(text), text)
		}
	}
	for _, a := range n.Cost.BuildMoney {
		price(a.Pos, a.Text, a.Per, false)
	}
	for _, e := range n.Cost.BuildEffort {
		price(e.Pos, e.Text, e.Per, false)
	}
	for _, a := range n.Cost.RunMoney {
		price(a.Pos, a.Text, a.Per, true)
	}
	for _, e := range n.Cost.RunEffort {
		price(e.Pos, e.Text, e.Per, true)
	}
}

// checkRelations holds what a net requires, excludes and replaces.
func (c *checker) checkRelations(n *Net) {
	relations := []struct {
		verb string
		refs []Ref
	}{{"requires", n.Requires}, {"excludes", n.Excludes}, {"replaces", n.Replaces}}
	said := map[string]string{}
	for _, relation := range relations {
		for _, ref := range relation.refs {
			switch before := said[ref.Name]; {
			case ref.Name == n.Name:
				c.add(ref.Pos, "net-self", "safety net %q %s itself", n.Name, relation.verb)
				continue
			case before == "requires":
				c.add(ref.Pos, "net-conflict", "safety net %q both requires and %s %q", n.Name, relation.verb, ref.Name)
			}
			if said[ref.Name] == "" {
				said[ref.Name] = relation.verb
			}
			if c.knownTo(n.Name, "safety net", ref, "") {
				c.checkStanding(n, c.m.Net(ref.Name), relation.verb, ref)
			}
		}
	}
}

// checkStanding holds one relation of a net to how things stand.
func (c *checker) checkStanding(n, other *Net, verb string, ref Ref) {
	if verb == "requires" && c.excludes[link{other.Name, n.Name}] {
		c.add(ref.Pos, "net-conflict", "safety net %q requires %q, which excludes it", n.Name, other.Name)
		return
	}
	if n.Status != InPlace || !c.read(other.Pos, "status") {
		return
	}
	switch {
	case verb == "requires" && other.Status != InPlace:
		c.add(ref.Pos, "net-conflict", "safety net %q stands and requires %q, which does not (%s)", n.Name, other.Name, other.Status)
	case verb == "excludes" && other.Status == InPlace:
		c.add(ref.Pos, "net-conflict", "safety net %q excludes %q, and both stand", n.Name, other.Name)
	}
}

func (c *checker) checkEffect(n *Net, e *Effect) {
	switch {
	case len(e.Risks) > 0 || e.RisksPer != nil:
		c.checkRiskEffect(n, e)
	case e.Change != nil:
		if c.known("change", *e.Change) {
			every := e.Every
			if every == nil {
				every = &c.m.Change(e.Change.Name).Every
			}
			c.checkDowntime(e.Downtime, every)
		}
		c.checkStages(e.Stages)
	case e.Responder != nil:
		c.checkResponderEffect(n, e)
	case e.Service != nil:
		if c.known("service", *e.Service) {
			s := c.m.Service(e.Service.Name)
			c.checkCopies(e.Copies, e.NeedCopies, s)
			c.checkStatedEffect(n, e, s)
			c.checkBefore(n, e)
		}
	case e.NeedFrom != nil && e.NeedTo != nil:
		c.checkNeedEffect(n, e)
	case c.read(e.Pos, "risk", "risks_per", "change", "responder", "service", "need"):
		c.add(e.Pos, "effect-target", "an effect of safety net %q does not say on what", n.Name)
	}
}

func (c *checker) checkRiskEffect(n *Net, e *Effect) {
	c.namedOnce("an effect", e.Risks)
	c.allKnown("risk", e.Risks)
	if e.RisksPer != nil {
		if c.known("change", *e.RisksPer) && !c.perChange[e.RisksPer.Name] && !c.perUnread {
			c.add(e.RisksPer.Pos, "no-effect", "no risk is per change %q, so the effect does nothing", e.RisksPer.Name)
		}
	}
	if e.RecoversBy != nil {
		c.checkBy(e.RecoversBy)
	}
	if n.Status != InPlace || c.allBeforeNets(e) {
		return
	}
	if e.Prevents != nil && certain(e.Prevents) {
		c.add(e.Prevents.Pos, "prevents-all", "safety net %q stands and is said to prevent everything, so that what it prevents cannot be told from what people have seen; write less than 100%%, or before_nets: true on the risk", n.Name)
	}
	c.checkUndone(n, e.ofSigned()...)
}

// allBeforeNets reports whether the numbers of every risk that an effect is on
// are without any net, so that nothing needs to be undone.
func (c *checker) allBeforeNets(e *Effect) bool {
	if e.RisksPer != nil {
		return !c.notBefore[e.RisksPer.Name]
	}
	for _, ref := range e.Risks {
		if r := c.m.Risk(ref.Name); r != nil && !r.BeforeNets {
			return false
		}
	}
	return true
}

// checkUndone refuses changes of −100 % by a net that stands: nothing is left
// from which to tell what there was without it.
func (c *checker) checkUndone(n *Net, changes ...*Signed) {
	for _, s := range changes {
		if s != nil && s.Kind == Exactly && s.Exact != nil && s.Exact.IsInt() && s.Exact.Num().Int64() == -1 {
			c.add(s.Pos, "prevents-all", "safety net %q stands and is said to take away 100%%, so that nothing tells how things were without it; write less than 100%%", n.Name)
		}
	}
}

func (c *checker) checkResponderEffect(n *Net, e *Effect) {
	known := c.known("responder", *e.Responder)
	if n.Status == InPlace {
		c.checkUndone(n, e.ofSigned()...)
	}
	if e.People == nil {
		return
	}
	if e.People.N == 0 {
		c.add(e.People.Pos, "people", "a change of people is not zero; write how many more or fewer, such as +2")
		return
	}
	if !known {
		return
	}
	if p := c.m.Responder(e.Responder.Name).People; p != nil && n.Status != InPlace && p.N+e.People.N < 1 {
		c.add(e.People.Pos, "people", "%d fewer leaves nobody: %q has %d people", -e.People.N, e.Responder.Name, p.N)
	}
}

func (c *checker) checkNeedEffect(n *Net, e *Effect) {
	from, to := c.known("service", *e.NeedFrom), c.known("service", *e.NeedTo)
	if n.Status == InPlace {
		c.checkUndone(n, e.ofSigned()...)
	}
	if !from || !to {
		return
	}
	s := c.m.Service(e.NeedFrom.Name)
	if !c.read(s.Pos, "needs") {
		return
	}
	if c.needs[link{s.Name, e.NeedTo.Name}] {
		return
	}
	c.add(e.NeedFrom.Pos, "no-need", "service %q does not need %q, so there is nothing to change", e.NeedFrom.Name, e.NeedTo.Name)
}
