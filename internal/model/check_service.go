package model

import "math/big"

const (
	// maxCopies bounds the copies of a service and the members of a group.
	maxCopies = 1_000
	// maxWindow bounds the window of an objective, in seconds.
	maxWindow = 100 * Year
)

func (c *checker) checkServices() {
	grown := map[string]bool{} // services that some net gives copies
	for _, n := range c.m.Nets {
		for _, e := range n.Effects {
			if e.Service != nil && e.Copies != nil {
				grown[e.Service.Name] = true
			}
		}
	}
	for _, s := range c.m.Services {
		c.checkObjectives(s)
		c.checkHistory(s.History)
		c.checkWorth(s.Worth)
		c.checkStated(s)
		c.checkCopies(s.Copies, s.Need, nil)
		if single := s.Copies == nil || s.Copies.N <= 1; single && !grown[s.Name] && c.read(s.Pos, "copies") {
			if s.Switch != nil {
				c.add(s.Switch.Pos, "no-group", "service %q has one copy and nothing to switch to; write copies: 2 beside switch", s.Name)
			}
			if s.CommonCause != nil {
				c.add(s.CommonCause.Pos, "no-group", "service %q has one copy, which shares no cause with others; write copies: 2 beside common_cause", s.Name)
			}
		}
		for _, n := range s.Needs {
			c.checkNeed(s, n)
		}
	}
	c.checkCycles()
}

func (c *checker) checkObjectives(s *Service) {
	seen := map[string]bool{}
	for _, o := range s.Objectives {
		if seen[o.Name] {
			c.add(o.Pos, "duplicate-name", "objective %q of service %q is defined twice", o.Name, s.Name)
		}
		seen[o.Name] = true
		if t := o.Target; t.Text != "" && (t.Exact == nil || t.Exact.Sign() <= 0 || t.Exact.Cmp(big.NewRat(1, 1)) >= 0) {
			c.add(t.Pos, "bad-target", "a target is one share above 0%% and below 100%%, found %s", t.Text)
		}
		if o.Over == nil {
			continue
		}
		if w := o.Over.Seconds(); w <= 0 || w > maxWindow {
			c.add(o.Over.Pos, "window", "the window of an objective is above zero and at most 100y, found %s", o.Over.Text)
		}
	}
}

func (c *checker) checkHistory(h *History) {
	if h == nil || h.Over.Text == "" {
		return
	}
	switch {
	case h.Over.Rat().Sign() <= 0:
		c.add(h.Over.Pos, "window", "a history is longer than %s", h.Over.Text)
	case h.Bad != nil && h.Bad.Rat().Cmp(h.Over.Rat()) > 0:
		c.add(h.Bad.Pos, "history", "lost time of %s does not fit into a history of %s", h.Bad.Text, h.Over.Text)
	}
}

func (c *checker) checkWorth(w *Worth) {
	if w == nil {
		return
	}
	if w.Revenue != nil && w.Revenue.Per == 0 {
		c.add(w.Revenue.Pos, "period", "revenue needs a period; write %s/d, or another of /s /m /h /w /month /y", w.Revenue.Text)
	}
	known := w.Revenue != nil || !c.read(w.Pos, "revenue")
	if w.Lost != nil && !known {
		c.add(w.Lost.Pos, "no-revenue", "lost is a share of the revenue, which is not given; write revenue: AMOUNT/d beside it")
	}
	for _, k := range w.SLA {
		c.oneTime(k.Pay, "what a clause pays")
		if k.PayOfRevenue != nil && !known {
			c.add(k.PayOfRevenue.Pos, "no-revenue", "the clause pays a share of the revenue, which is not given; write revenue: AMOUNT/d beside sla")
		}
	}
}

func (c *checker) checkStated(s *Service) {
	if s.Stated == nil {
		return
	}
	c.checkStatedAvailability(s.Stated.Availability)
	if o := s.Stated.Outage; o.Kind == Fixed && o.Length().Sign() == 0 && c.read(s.Pos, "outage") {
		c.add(o.Pos, "stated", "an outage is longer than %s", o.Text)
	}
}

// checkStatedAvailability holds an availability, which may be nil, to one of
// which it can be said how often it is down.
func (c *checker) checkStatedAvailability(a *Share) {
	if a != nil && a.Kind == Exactly && (a.Exact == nil || a.Exact.IsInt()) {
		c.add(a.Pos, "stated", "a stated availability lies above 0%% and below 100%%, found %s; what is never down itself needs none", a.Text)
	}
}

// checkCopies holds a number of copies and how many of them must stand
// together; base is the service that an effect changes.
func (c *checker) checkCopies(copies, need *Count, base *Service) {
	if copies != nil && (copies.N < 1 || copies.N > maxCopies) {
		c.add(copies.Pos, "copies", "expected 1 to %d copies, found %d", maxCopies, copies.N)
		return
	}
	if need != nil && need.N < 1 {
		c.add(need.Pos, "copies", "at least 1 copy must stand, found %d", need.N)
		return
	}
	have, want := copies, need
	if base != nil && have == nil {
		have = base.Copies
	}
	if base != nil && want == nil {
		want = base.Need
	}
	n, k := 1, 1
	if have != nil {
		n = have.N
	}
	if want != nil {
		k = want.N
	}
	if k <= n {
		return
	}
	pos := Pos{}
	if copies != nil {
		pos = copies.Pos
	}
	if need != nil {
		pos = need.Pos
	}
	if pos != (Pos{}) {
		c.add(pos, "copies", "%d must stand of %d in all; no more can be needed than there are", k, n)
	}
}

func (c *checker) checkNeed(s *Service, n *Need) {
	for _, m := range n.Members {
		if m.Name == s.Name {
			c.add(m.Pos, "needs-self", "service %q needs itself", s.Name)
			continue
		}
		c.knownTo(s.Name, "service", m.Ref, "")
	}
	if !c.read(n.Pos, "service", "any", "at_least", "of", "split") {
		return
	}
	switch {
	case len(n.Members) == 0:
		c.add(n.Pos, "group-size", "the need of service %q names no service", s.Name)
	case len(n.Members) > maxCopies:
		c.add(n.Pos, "group-size", "expected at most %d members, found %d", maxCopies, len(n.Members))
	case n.Kind == NeedAtLeast && n.AtLeast < 1:
		c.add(n.Pos, "group-size", "at least 1 member must be needed, found at_least: %d", n.AtLeast)
	case n.Kind == NeedAtLeast && n.AtLeast > len(n.Members):
		c.add(n.Pos, "group-size", "%d are needed of %d members; no more can be needed than there are", n.AtLeast, len(n.Members))
	case n.Kind == NeedSplit:
		c.checkSplit(n)
	}
}

// checkSplit adds the shares of a split; of a range, the middle.
func (c *checker) checkSplit(n *Need) {
	sum := new(big.Rat)
	for _, m := range n.Members {
		if m.Share.Kind == Exactly && m.Share.Exact != nil {
			sum.Add(sum, m.Share.Exact)
		} else if f := new(big.Rat).SetFloat64(m.Share.Float()); f != nil {
			sum.Add(sum, f)
		}
	}
	if sum.Cmp(big.NewRat(1, 1)) > 0 {
		percent, _ := sum.Mul(sum, big.NewRat(100, 1)).Float64()
		c.add(n.Pos, "split-over", "each user is on exactly one member of a split, so the shares are 100%% at most, found %.6g%% together", percent)
	}
}

// checkCycles adds one problem for each need that closes a cycle.
func (c *checker) checkCycles() {
	names := make([]string, len(c.m.Services))
	for i, s := range c.m.Services {
		names[i] = s.Name
	}
	needs := func(name string) (refs []Ref) {
		if s := c.m.Service(name); s != nil {
			for _, n := range s.Needs {
				for _, m := range n.Members {
					refs = append(refs, m.Ref)
				}
			}
		}
		return refs
	}
	cycles(names, needs, func(ref Ref, path []string) {
		c.add(ref.Pos, "needs-cycle", "services need each other: %s", spelled(path))
	})
}
