package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

func (c *checker) checkChanges() {
	for _, h := range c.m.Changes {
		c.ofService("change", h.Name, h.Pos, h.Service)
		c.checkStages(h.Stages)
		c.checkImpact(h.Impact)
		c.checkDowntime(h.Downtime, &h.Every)
		if h.Every.Kind == Exactly && h.Every.Text == "" && h.Every.Exact == nil && c.read(h.Pos, "every") {
			c.add(h.Pos, "missing-key", "change %q lacks \"every\": the time between two of them, such as 7d", h.Name)
		}
	}
}

// checkDowntime refuses planned downtime that never ends.
func (c *checker) checkDowntime(d *Time, every *Rate) {
	if d == nil || d.Kind != Fixed || every.Kind != Exactly || every.Exact == nil {
		return
	}
	if share := d.Length().Num().Sign(); share > 0 && ratFloat(d.Length())*ratFloat(every.Exact) >= 1 {
		c.add(d.Pos, "downtime", "downtime of %s every %s is downtime without end", d.Text, every.Text)
	}
}

// ofService holds the service of a risk or a change.
func (c *checker) ofService(kind, name string, pos Pos, service Ref) {
	switch {
	case service.Name != "":
		c.known("service", service)
	case len(c.m.Services) > 1 && c.read(pos, "service"):
		c.add(pos, "which-service", "%s %q does not say which service it is of; write service: NAME, which may be left out only where the model has one", kind, name)
	}
}

// checkImpact holds impacts by objective to objectives that exist.
func (c *checker) checkImpact(i Impact) {
	if len(i.ByObjective) == 0 {
		return
	}
	if c.promised == nil {
		c.promised = map[string]bool{}
		for _, s := range c.m.Services {
			for _, o := range s.Objectives {
				c.promised[o.Name] = true
			}
		}
	}
	for _, by := range i.ByObjective {
		if c.promised[by.Objective] || c.unread.Names[by.Objective] {
			continue
		}
		message := fmt.Sprintf("no service has an objective %q", by.Objective)
		if c.guesses -= len(c.promised); c.guesses >= 0 {
			if better := Suggest(by.Objective, slices.Sorted(maps.Keys(c.promised))); better != "" {
				message += fmt.Sprintf("; did you mean %q?", better)
			}
		}
		c.add(by.Pos, "unknown-name", "%s", message)
	}
}

// checkStages holds the steps of a roll-out: each but the last has a length,
// and each reaches more users than the one before.
func (c *checker) checkStages(stages []Stage) {
	for i := range stages {
		s := &stages[i]
		last := i == len(stages)-1
		switch {
		case last && s.For != nil:
			c.add(s.Pos, "stages", "the last stage stays until the next change; leave out for %s, or write the stage after it", s.For.Text)
		case !last && s.For == nil:
			c.add(s.Pos, "stages", "a stage before the last needs a length; write %s for 10m", s.Share.Text)
		case i > 0 && ratFloat(s.Share.Exact) <= ratFloat(stages[i-1].Share.Exact):
			c.add(s.Pos, "stages", "each stage reaches more users than the one before, found %s after %s", s.Share.Text, stages[i-1].Share.Text)
		}
	}
}

func (c *checker) checkRisks() {
	for _, r := range c.m.Risks {
		c.ofService("risk", r.Name, r.Pos, r.Service)
		c.checkFrequency(r)
		c.checkImpact(r.Impact)
		c.oneTime(r.Loses, "what an incident loses")
		if r.Review != nil && r.Review.Rat().Sign() <= 0 {
			c.add(r.Review.Pos, "review", "a review comes after more than %s", r.Review.Text)
		}
		if a := r.Accepted; a != nil && a.Since != nil && a.Until != nil && before(*a.Until, *a.Since) {
			c.add(a.Until.Pos, "accepted", "the risk is accepted until %s, before it is since %s", a.Until.Text, a.Since.Text)
		}
	}
}

func before(a, b Date) bool {
	if a.Year != b.Year {
		return a.Year < b.Year
	}
	if a.Month != b.Month {
		return a.Month < b.Month
	}
	return a.Day < b.Day
}

func (c *checker) checkFrequency(r *Risk) {
	if r.Per != nil {
		c.known("change", *r.Per)
	}
	if r.Units != nil && r.Units.N < 1 {
		c.add(r.Units.Pos, "units", "expected at least 1 unit, found %d", r.Units.N)
	}
	if !c.read(r.Pos, "every", "rate", "per", "chance") {
		return
	}
	switch {
	case r.Rate == nil && r.Per == nil:
		c.add(r.Pos, "frequency", "risk %q does not say how often it happens; write every, rate, or per and chance", r.Name)
	case r.Rate != nil && r.Per != nil:
		c.add(r.Pos, "frequency", "risk %q happens both per a change and at a rate; write one of them", r.Name)
	case (r.Per == nil) != (r.Chance == nil):
		c.add(r.Pos, "frequency", "risk %q needs both per and chance, or neither", r.Name)
	}
}

// paths are the ways to know of the incidents of a risk and to end them, as
// things stand.
type paths struct {
	detections []*Detection
	attempts   []*Recovery
	from       map[any]string // the nets that add them
	unsure     bool           // a net that bears on it could not be read
}

// name says what a detection or a recovery is called; those of nets have no
// name of their own.
func (p *paths) name(own string, part any) string {
	if own != "" {
		return own
	}
	return fmt.Sprintf("that of safety net %q", p.from[part])
}

// standing collects, for each risk, what the nets that stand add to it.
func (c *checker) standing() map[string]*paths {
	all := map[string]*paths{}
	of := func(name string) *paths {
		if all[name] == nil {
			all[name] = &paths{from: map[any]string{}}
		}
		return all[name]
	}
	per := map[string][]string{} // risks by their change
	for _, r := range c.m.Risks {
		if r.Per != nil {
			per[r.Per.Name] = append(per[r.Per.Name], r.Name)
		}
	}
	for _, n := range c.m.Nets {
		if n.Status != InPlace && c.read(n.Pos, "status") {
			continue
		}
		for _, e := range n.Effects {
			var names []string
			for _, ref := range e.Risks {
				names = append(names, ref.Name)
			}
			if e.RisksPer != nil {
				names = append(names, per[e.RisksPer.Name]...)
			}
			for _, name := range names {
				p := of(name)
				p.unsure = p.unsure || !c.read(n.Pos, "status", "effects")
				if e.Detects != nil {
					p.detections = append(p.detections, e.Detects)
					p.from[e.Detects] = n.Name
				}
				if e.RecoversBy != nil {
					p.attempts = append(p.attempts, e.RecoversBy)
					p.from[e.RecoversBy] = n.Name
				}
			}
		}
	}
	return all
}

// checkPaths holds every risk to being noticed for certain, and to an end.
func (c *checker) checkPaths() {
	for _, r := range c.m.Recoveries {
		c.checkBy(r)
	}
	for _, p := range c.m.Responders {
		if p.People != nil && p.People.N < 1 {
			c.add(p.People.Pos, "people", "expected at least 1 person, found %d", p.People.N)
		}
	}
	standing := c.standing()
	for _, r := range c.m.Risks {
		added := standing[r.Name]
		if added == nil {
			added = &paths{}
		}
		c.namedOnce("detect", r.Detect)
		detects := c.allKnown("detection", r.Detect)
		recovers := c.allKnown("recovery", r.Recover)
		if detects && r.DetectInline == nil && !added.unsure && c.read(r.Pos, "detect") {
			c.checkDetected(r, added)
		}
		if recovers && r.RecoverInline == nil && !added.unsure && c.read(r.Pos, "recover") {
			c.checkEnds(r, added)
		}
	}
}

// checkBy holds who does a recovery.
func (c *checker) checkBy(r *Recovery) {
	switch {
	case r.By.Name == "" && c.read(r.Pos, "by"):
		c.add(r.Pos, "missing-key", "recovery %q lacks \"by\": the responder who does it, or nobody where it is automatic", r.Name)
	case r.By.Name != "" && !r.Automatic():
		c.known("responder", r.By)
	}
}

// checkDetected wants one path that is sure to notice.
func (c *checker) checkDetected(r *Risk, added *paths) {
	pos, all := r.Pos, slices.Clip(added.detections)
	var say []string
	for i, ref := range r.Detect {
		if i == 0 {
			pos = ref.Pos
		}
		all = append(all, c.m.Detection(ref.Name))
	}
	for _, d := range all {
		if certain(d.Catches) || !c.read(d.Pos, "catches") {
			return
		}
		say = append(say, added.name(d.Name, d)+" catches "+whatShare(d.Catches))
	}
	if len(all) == 0 {
		c.add(pos, "undetected", "risk %q does not say how we would know; write detect: a list of detections, or a time", r.Name)
		return
	}
	c.add(pos, "undetected", "some incidents of risk %q are never noticed: %s; add a detection that catches 100%%, such as customers who call", r.Name, strings.Join(say, ", "))
}

// checkEnds wants a last attempt that works and restores everything.
func (c *checker) checkEnds(r *Risk, added *paths) {
	pos, all := r.Pos, slices.Clip(added.attempts)
	for _, ref := range r.Recover {
		pos = ref.Pos
		all = append(all, c.m.Recovery(ref.Name))
	}
	if len(all) == 0 {
		c.add(pos, "unending", "risk %q does not say how it ends; write recover: a list of recoveries, or a time", r.Name)
		return
	}
	last := all[len(all)-1]
	what := added.name(last.Name, last)
	switch {
	case !c.read(last.Pos, "works", "restores"):
	case !certain(last.Works):
		c.add(pos, "unending", "some incidents of risk %q never end: the last attempt, %s, works %s; end with one that always works", r.Name, what, whatShare(last.Works))
	case !certain(last.Restores):
		c.add(pos, "unending", "some incidents of risk %q never end: the last attempt, %s, restores %s; end with one that restores everything", r.Name, what, whatShare(last.Restores))
	}
}
