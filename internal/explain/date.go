package explain

import "tightrope/internal/model"

// provenance says where the numbers of a risk come from, and since when they
// should have been looked at again.
func provenance(r *model.Risk, today *model.Date) Provenance {
	p := Provenance{Source: r.Source, AsOf: r.AsOf}
	if r.Review == nil {
		return p
	}
	after := r.Review.Seconds()
	p.Review = &after
	if r.AsOf == nil {
		return p
	}
	due := r.AsOf.Plus(after)
	p.Due = &due
	if today != nil {
		late := today.Number() > due.Number()
		p.Overdue = &late
	}
	return p
}

func accepted(a *model.Accepted, today *model.Date) *Accepted {
	if a == nil {
		return nil
	}
	out := &Accepted{By: a.By, Because: a.Because, Since: a.Since, Until: a.Until, Pos: a.Pos}
	if a.Until != nil && today != nil {
		// The last day is part of the term.
		over := today.Number() > a.Until.Number()
		out.RunOut = &over
	}
	return out
}
