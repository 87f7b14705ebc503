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

// paths sums up what the nets that stand add to the ways to know of incidents
// and to end them, so that it can be told for many risks without walking the
// nets again.
type paths struct {
	sure    bool      // some detection catches everything
	misses  []string  // what the first of the others catch
	last    *Recovery // the last attempt
	order   int       // of last, among the effects of all nets
	net     string    // whose last is
	partial bool      // a net that adds could not be read whole
}

// add takes in what the effect e of net n adds; order is its place among all
// effects.
func (p *paths) add(c *checker, n *Net, e *Effect, order int) {
	p.partial = p.partial || !c.read(n.Pos, "status", "effects")
	if d := e.Detects; d != nil {
		p.detection(c, d, fmt.Sprintf("that of safety net %q", n.Name))
	}
	if e.RecoversBy != nil {
		p.last, p.order, p.net = e.RecoversBy, order, n.Name
	}
}

// detection takes in one more way to know.
func (p *paths) detection(c *checker, d *Detection, called string) {
	const most = 5
	switch {
	case certain(d.Catches) || !c.read(d.Pos, "catches"):
		p.sure = true
	case len(p.misses) < most:
		p.misses = append(p.misses, called+" catches "+whatShare(d.Catches))
	}
}

// and returns what two sets of paths add together.
func (p paths) and(q *paths) paths {
	if q == nil {
		return p
	}
	p.sure = p.sure || q.sure
	p.partial = p.partial || q.partial
	p.misses = append(slices.Clip(p.misses), q.misses...)
	if q.last != nil && (p.last == nil || q.order > p.order) {
		p.last, p.order, p.net = q.last, q.order, q.net
	}
	return p
}

// standing sums up what the nets that stand add: to risks by name, and to the
// risks per a change by the name of the change.
func (c *checker) standing() (risks, changes map[string]*paths) {
	risks, changes = map[string]*paths{}, map[string]*paths{}
	order := 0
	add := func(to map[string]*paths, name string, n *Net, e *Effect) {
		if to[name] == nil {
			to[name] = &paths{}
		}
		to[name].add(c, n, e, order)
	}
	for _, n := range c.m.Nets {
		if n.Status != InPlace && c.read(n.Pos, "status") {
			continue
		}
		for _, e := range n.Effects {
			order++
			for _, ref := range e.Risks {
				add(risks, ref.Name, n, e)
			}
			if e.RisksPer != nil {
				add(changes, e.RisksPer.Name, n, e)
			}
		}
	}
	return risks, changes
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
	byRisk, byChange := c.standing()
	for _, r := range c.m.Risks {
		nets := paths{}.and(byRisk[r.Name])
		if r.Per != nil {
			nets = nets.and(byChange[r.Per.Name])
		}
		c.namedOnce("detect", r.Detect)
		detects := c.allPaths("detection", r.Detect)
		recovers := c.allPaths("recovery", r.Recover)
		if detects && r.DetectInline == nil && !nets.partial && c.read(r.Pos, "detect") {
			c.checkDetected(r, nets)
		}
		if recovers && r.RecoverInline == nil && !nets.partial && c.read(r.Pos, "recover") {
			c.checkEnds(r, nets)
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
func (c *checker) checkDetected(r *Risk, p paths) {
	pos := r.Pos
	for i, ref := range r.Detect {
		if i == 0 {
			pos = ref.Pos
		}
		p.detection(c, c.m.Detection(ref.Name), ref.Name)
	}
	switch {
	case p.sure:
	case len(p.misses) == 0:
		c.add(pos, "undetected", "risk %q does not say how we would know; write detect: a list of detections, or a time", r.Name)
	default:
		c.add(pos, "undetected", "some incidents of risk %q are never noticed: %s; add a detection that catches 100%%, such as customers who call", r.Name, strings.Join(p.misses, ", "))
	}
}

// checkEnds wants a last attempt that works and restores everything. The
// attempts of nets come before the risk's own.
func (c *checker) checkEnds(r *Risk, p paths) {
	pos, last := r.Pos, p.last
	what := fmt.Sprintf("that of safety net %q", p.net)
	for _, ref := range r.Recover {
		pos, last, what = ref.Pos, c.m.Recovery(ref.Name), ref.Name
	}
	switch {
	case last == nil:
		c.add(pos, "unending", "risk %q does not say how it ends; write recover: a list of recoveries, or a time", r.Name)
	case !c.read(last.Pos, "works", "restores"):
	case !certain(last.Works):
		c.add(pos, "unending", "some incidents of risk %q never end: the last attempt, %s, works %s; end with one that always works", r.Name, what, whatShare(last.Works))
	case !certain(last.Restores):
		c.add(pos, "unending", "some incidents of risk %q never end: the last attempt, %s, restores %s; end with one that restores everything", r.Name, what, whatShare(last.Restores))
	}
}
