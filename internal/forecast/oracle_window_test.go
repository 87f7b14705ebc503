package forecast_test

import (
	"math"
	"math/rand/v2"
	"slices"

	"tightrope/internal/model"
)

// A question is one entry of a forecast, as the oracle sees it.
type question struct {
	o       *oracle
	window  float64
	rhythms []number // occurrences per second, by change
	causes  []*cause
}

// A cause is a source on a service that reaches the users of the entry.
type cause struct {
	name, service string
	hit           number // share of the service's users
	counts, felt  number // share of the entry's users that the service reaches

	even   number   // share of all time; nil: incidents
	rates  []number // per second; or
	change int      // at each occurrence of it one incident with each of
	chance []number
	course course
}

// users is the share of the entry's users that one incident hits.
func (c *cause) users(w world, felt bool) float64 {
	hit := math.Min(1, c.hit(w))
	if felt {
		return hit * c.felt(w)
	}
	return hit * c.counts(w)
}

// perSecond is how often it happens on average.
func (q *question) perSecond(c *cause, w world) float64 {
	sum := 0.0
	for _, rate := range c.rates {
		sum += rate(w)
	}
	for _, p := range c.chance {
		sum += q.rhythms[c.change](w) * math.Min(1, p(w))
	}
	return sum
}

// never is the reach of what does not count or is not felt.
func never(world) float64 { return 0 }

// ask prepares the entry of a service and an objective.
func (o *oracle) ask(service, objective string, window float64) *question {
	q := &question{o: o, window: window}
	index := map[string]int{}
	_, effects := o.effects(o.standing)
	add := func(c *cause, on string, impact model.Impact, by number) {
		hit, ok := impact.For(objective)
		if !ok {
			return
		}
		c.service, c.hit = on, product(o.share(hit), by)
		if c.counts == nil {
			c.counts = o.reach(service, on, false)
		}
		c.felt = o.reach(service, on, true)
		q.causes = append(q.causes, c)
	}
	for i, h := range o.m.Changes {
		index[h.Name] = i
		every, down := &h.Every, h.Downtime
		for _, e := range effects {
			if e.Change == nil || e.Change.Name != h.Name {
				continue
			}
			if e.Every != nil {
				every = e.Every
			}
			if e.Downtime != nil {
				down = e.Downtime
			}
		}
		q.rhythms = append(q.rhythms, o.rate(every))
		if down == nil {
			continue
		}
		c := &cause{name: h.Name, change: i, chance: []number{constant(1)}, course: lasting(*down)}
		if h.Excluded {
			c.counts = never
		}
		add(c, h.Service.Name, h.Impact, constant(1))
	}
	for _, r := range o.m.Risks {
		all := r.Strikes == model.StrikesAll || r.Strikes == model.StrikesDefault && r.Per != nil
		c := &cause{name: r.Name, course: o.course(r)}
		often := []number{o.prevented(r)}
		if r.Units != nil {
			often = append(often, constant(float64(r.Units.N)))
		}
		if r.Per != nil {
			c.change = index[r.Per.Name]
			often = append(often, o.share(r.Chance))
		} else {
			often = append(often, o.rate(r.Rate))
		}
		for _, way := range o.strikes(r.Service.Name, all) {
			f := product(append(slices.Clone(often), way)...)
			if r.Per != nil {
				c.chance = append(c.chance, f)
			} else {
				c.rates = append(c.rates, f)
			}
		}
		add(c, r.Service.Name, r.Impact, o.ofRisk(r, func(e *model.Effect) *model.Signed { return e.ImpactBy }))
	}
	for _, s := range o.m.Services {
		if s.Stated != nil {
			c := &cause{name: s.Name, course: lasting(s.Stated.Outage)}
			var rate number
			if s.Stated.Every != nil {
				rate = o.rate(s.Stated.Every)
			} else {
				rate = ratio(o.without(s.Stated.Availability), constant(meanOf(s.Stated.Outage)))
			}
			for _, way := range o.strikes(s.Name, false) {
				c.rates = append(c.rates, product(rate, way))
			}
			add(c, s.Name, model.Impact{}, constant(1))
		}
		if s.Background != nil {
			add(&cause{name: "background", even: o.share(s.Background)}, s.Name, model.Impact{}, constant(1))
		}
	}
	return q
}

// lasting is the course of what is known at once and ends by itself.
func lasting(t model.Time) course {
	return course{attempts: []attempt{{span{t, constant(1)}, constant(1), constant(1), model.Nobody}}}
}

// meanOf is the mean length of a time.
func meanOf(t model.Time) float64 {
	switch t.Kind {
	case model.LogNormal:
		sigma := math.Log(t.High/t.Low) / 3.289707253902944
		return math.Sqrt(t.Low*t.High) * math.Exp(sigma*sigma/2)
	case model.Exponential:
		return t.Mean
	}
	return span{time: t}.fixed()
}

// draw goes through one window and returns its lost time, as promised and as
// users feel it. times is how often each change occurs.
func (q *question) draw(w world, r *rand.Rand) (counts, felt float64) {
	times := make([]int, len(q.rhythms))
	for i, rhythm := range q.rhythms {
		n, more := math.Modf(q.window * rhythm(w))
		if times[i] = int(n); r.Float64() < more {
			times[i]++
		}
	}
	for _, c := range q.causes {
		bad := 0.0
		switch {
		case c.even != nil:
			bad = q.window * c.even(w)
		case c.rates != nil:
			for _, rate := range c.rates {
				for range drawPoisson(r, q.window*rate(w)) {
					bad += c.course.draw(w, r).bad
				}
			}
		default:
			for range times[c.change] {
				for _, p := range c.chance {
					if r.Float64() < p(w) {
						bad += c.course.draw(w, r).bad
					}
				}
			}
		}
		if bad > 0 {
			counts += bad * c.users(w, false)
			felt += bad * c.users(w, true)
		}
	}
	return counts, felt
}

// A choice is a decision about one random user: which of its options applies.
type choice struct {
	options []number
	at      int
}

// reach is the share of the users of a service that is hit while one service
// alone is down: the sum, over all ways in which needs may expose a random
// user, of the probability of those in which the outage reaches the user.
func (o *oracle) reach(root, down string, felt bool) number {
	choices := map[*model.Need][]*choice{}
	var list []*choice
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, n := range o.m.Service(name).Needs {
			if !felt && !n.Counts {
				continue
			}
			choices[n] = o.choices(name, n)
			list = append(list, choices[n]...)
			for _, m := range n.Members {
				visit(m.Name)
			}
		}
	}
	visit(root)

	var ways []number
	var decide func(i int)
	decide = func(i int) {
		if i < len(list) {
			for list[i].at = range list[i].options {
				decide(i + 1)
			}
			return
		}
		if !o.isDown(root, down, choices) {
			return
		}
		var chances []number
		for _, c := range list {
			chances = append(chances, c.options[c.at])
		}
		ways = append(ways, product(chances...))
	}
	decide(0)
	sum := func(w world) float64 {
		total := 0.0
		for _, way := range ways {
			total += way(w)
		}
		return total
	}
	if v, sure := o.sure(sum); sure {
		return constant(v)
	}
	return sum
}

// choices returns what is decided about a user at one need: whether the need
// exposes them at all, and which member of a split they are on.
func (o *oracle) choices(from string, n *model.Need) []*choice {
	exposed := product(o.share(n.Impact), o.changed(o.today, func(e *model.Effect) *model.Signed {
		if e.NeedFrom != nil && e.NeedFrom.Name == from && slices.ContainsFunc(n.Members, func(m model.Member) bool { return m.Name == e.NeedTo.Name }) {
			return e.ImpactBy
		}
		return nil
	}))
	yes := func(w world) float64 { return math.Min(1, exposed(w)) }
	edge := &choice{options: []number{yes}}
	if v, sure := o.sure(yes); !sure || v < 1 {
		edge.options = append(edge.options, func(w world) float64 { return 1 - yes(w) })
	}
	out := []*choice{edge}
	if n.Kind != model.NeedSplit {
		return out
	}
	on := &choice{}
	rest := 1.0
	for i := range n.Members {
		share := n.Members[i].Share.Float()
		rest -= share
		on.options = append(on.options, constant(share))
	}
	on.options = append(on.options, constant(rest))
	return append(out, on)
}

// isDown reports whether a service is down for a user while one service alone
// is down.
func (o *oracle) isDown(name, down string, choices map[*model.Need][]*choice) bool {
	if name == down {
		return true
	}
	for _, n := range o.m.Service(name).Needs {
		decided, there := choices[n]
		if !there || decided[0].at != 0 {
			continue
		}
		failed, allowed := 0, 0
		switch n.Kind {
		case model.NeedAny:
			allowed = len(n.Members) - 1
		case model.NeedAtLeast:
			allowed = len(n.Members) - n.AtLeast
		}
		for i, m := range n.Members {
			if n.Kind == model.NeedSplit && decided[1].at != i {
				continue
			}
			if o.isDown(m.Name, down, choices) {
				failed++
			}
		}
		if failed > allowed {
			return true
		}
	}
	return false
}
