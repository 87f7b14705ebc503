package report

import (
	"fmt"
	"slices"
	"strings"

	rhythm "tightrope/internal/cadence"
	"tightrope/internal/forecast"
)

// withNets begins a sentence about the nets asked for.
func (r *rhythms) withNets() string {
	switch {
	case len(r.asked.With) == 0 && len(r.asked.Without) == 0:
		return "With the nets, "
	case len(r.asked.Without) == 0:
		return "With " + listed(r.asked.With) + ", "
	case len(r.asked.With) == 0:
		return "Without " + listed(r.asked.Without) + ", "
	}
	return "With " + listed(r.asked.With) + " and without " + listed(r.asked.Without) + ", "
}

// sentence says what another rhythm would do to the promise that it moves most,
// and how often the change may happen.
func (r *rhythms) sentence() (first, rest string) {
	if len(r.entries) == 0 {
		return fmt.Sprintf("%s happens %s, and no service is known.", r.Change, every(r.now())), ""
	}
	p, some := r.subject()
	if !some {
		return r.unpromised()
	}
	touched := ""
	if len(r.same) > 0 {
		touched = " that it touches"
	}
	what, kept := fmt.Sprintf("all %d objectives%s with their confidence", len(r.entries), touched), r.keepsAll
	if len(r.of(p.entry).Compare) > 0 || len(r.entries) == 1 {
		what = r.text(p) + " with " + percent(r.of(p.entry).Confidence) + " confidence"
		kept = func(c *rhythm.Case) bool { return r.keeps(p, c) }
	}
	rest = r.most(what, kept)
	if r.nets {
		rest += " " + r.mostWithNets(p, kept)
	}
	return r.swap(p), rest
}

// keeps reports whether a target is kept with its confidence.
func (r *rhythms) keeps(p pledge, c *rhythm.Case) bool {
	o := &c.Objectives[p.entry]
	if p.target < 0 {
		return o.Verdict != forecast.NotAchievable
	}
	return p.met(c) >= o.Confidence
}

// keepsAll reports whether every objective is.
func (r *rhythms) keepsAll(c *rhythm.Case) bool {
	return !slices.ContainsFunc(r.entries, func(i int) bool { return c.Objectives[i].Verdict == forecast.NotAchievable })
}

// subject is the target whose chance differs most between rhythms; of those
// asked for where there are any.
func (r *rhythms) subject() (best pledge, ok bool) {
	moves := func(p pledge) float64 {
		least, most := 1.0, 0.0
		for _, row := range r.Rows {
			least, most = min(least, p.met(row.Plain)), max(most, p.met(row.Plain))
		}
		return most - least
	}
	for _, i := range r.entries {
		for _, p := range r.pledges(i) {
			if !ok || best.target < 0 && p.target >= 0 || moves(p) > moves(best) {
				best, ok = p, true
			}
		}
	}
	return best, ok
}

// swap says what becomes of a target at another rhythm than the present one.
func (r *rhythms) swap(p pledge) string {
	o := r.of(p.entry)
	c := cadenceOf(o.Window, o.WindowSay)
	of := " of " + c.Many()
	if !c.Named() {
		of = " of windows of " + windowText(o.WindowSay)
	}
	target := r.text(p)
	if len(r.entries) > 1 {
		target += " of " + serviceOf(o)
	}
	at := func(row *rhythm.Row) string { return chanceOr(p.met(row.Plain)) }
	now, other, fast := r.now(), r.neighbour(p), &r.Rows[0]
	if other == nil {
		return fmt.Sprintf("However often %s happens, %s is met in %s%s.", r.Change, target, at(now), of)
	}
	said := fmt.Sprintf("%s %s instead of %s, and %s is met in %s instead of %s%s", r.Change, every(other), every(now), target, at(other), at(now), of)
	if fast != other && fast != now {
		said += fmt.Sprintf("; %s it is %s", every(fast), at(fast))
	}
	return said + "."
}

// neighbour is the rhythm that the present one is held against: the next slower
// one that reads otherwise or, where the target is kept as surely as it should,
// the next faster one; nil where there is none.
func (r *rhythms) neighbour(p pledge) *rhythm.Row {
	now := p.met(r.now().Plain)
	find := func(step int) *rhythm.Row {
		for k := r.Now + step; k >= 0 && k < len(r.Rows); k += step {
			if chanceOr(p.met(r.Rows[k].Plain)) != chanceOr(now) {
				return &r.Rows[k]
			}
		}
		return nil
	}
	first, second := 1, -1
	if now >= r.of(p.entry).Confidence {
		first, second = second, first
	}
	if row := find(first); row != nil {
		return row
	}
	return find(second)
}

// most says how often the change may happen if something is to be kept.
func (r *rhythms) most(what string, kept func(*rhythm.Case) bool) string {
	k := slices.IndexFunc(r.Rows, func(row rhythm.Row) bool { return kept(row.Plain) })
	switch {
	case k < 0:
		return fmt.Sprintf("No rhythm here meets %s.", what)
	case k == 0:
		return fmt.Sprintf("Even %s meets %s.", every(&r.Rows[0]), what)
	}
	said := every(&r.Rows[k])
	return fmt.Sprintf("%s is the most often that meets %s.", strings.ToUpper(said[:1])+said[1:], what)
}

// mostWithNets says the same with the nets, and what the chance is then.
func (r *rhythms) mostWithNets(p pledge, kept func(*rhythm.Case) bool) string {
	now, fast := r.now(), &r.Rows[0]
	said := fmt.Sprintf("%s%s is met in %s %s", r.withNets(), r.text(p), chanceOr(p.met(now.Nets)), every(now))
	if fast != now {
		said += fmt.Sprintf(" and %s %s", chanceOr(p.met(fast.Nets)), every(fast))
	}
	k := slices.IndexFunc(r.Rows, func(row rhythm.Row) bool { return kept(row.Nets) })
	none := !slices.ContainsFunc(r.Rows, func(row rhythm.Row) bool { return kept(row.Plain) })
	switch {
	case k < 0 && none:
		return said + ", and still no rhythm is enough."
	case k < 0:
		return said + ", and no rhythm is enough."
	case k == 0:
		return said + ", which is enough."
	}
	return fmt.Sprintf("%s; %s is the most often that is enough.", said, every(&r.Rows[k]))
}

// unpromised is the sentence where no chance is worth telling: nothing is
// promised, or what is promised is out of reach.
func (r *rhythms) unpromised() (first, rest string) {
	o := r.of(r.entries[0])
	i, now, fast, slow := r.entries[0], r.now(), &r.Rows[0], &r.Rows[len(r.Rows)-1]
	if o.Met == nil {
		said := fmt.Sprintf("%s %s, and %s has %s of lost time a year", r.Change, every(now), o.Service, about(o.PerYear))
		for _, row := range []*rhythm.Row{fast, slow} {
			if row != now {
				said += fmt.Sprintf("; %s it is %s", every(row), about(row.Plain.Objectives[i].PerYear))
			}
		}
		return said + ".", "No service has an objective."
	}
	could := func(c *rhythm.Case) string { return goodTime(c.Objectives[i].Achievable) }
	said := fmt.Sprintf("What could be promised is %s %s", could(now.Plain), every(now))
	for _, row := range []*rhythm.Row{fast, slow} {
		if row != now {
			said += fmt.Sprintf(", %s %s", could(row.Plain), every(row))
		}
	}
	said += "."
	if r.nets {
		said += fmt.Sprintf(" %sit is %s %s and %s %s.", r.withNets(), could(now.Nets), every(now), could(fast.Nets), every(fast))
	}
	return fmt.Sprintf("However often %s happens, %s of %s over %s is out of reach.", r.Change, o.Target.Text, serviceOf(o), windowText(o.WindowSay)),
		said + " --targets tells how surely another target would be met."
}
