package forecast

import (
	"cmp"
	"errors"
	"slices"

	"tightrope/internal/availability"
	"tightrope/internal/message"
	"tightrope/internal/scenario"
	"tightrope/internal/structure"
)

// steady fills in what holds in the long run: how available the service is,
// exactly, what its providers must offer and how much each source matters.
func (j *job) steady() {
	e := j.entry
	if j.unsolved {
		return // all of it has its groups in it
	}
	target := 0.0
	if e.Objective != nil {
		target = e.Objective.Target.Float()
	}
	r, err := j.engine.Entry(j.graph.system.Number(j.service.Name), j.objectiveName(), target)
	if err != nil {
		j.tooLarge(err, message.SteadyLeft())
		return
	}
	e.Availability = &Availability{Expected: r.Expected, Unavailable: r.Unavailable, Error: r.Error, Napkin: r.Napkin, Shared: r.Shared}
	for _, q := range r.Requirements {
		s := q.Service
		e.Requirements = append(e.Requirements, &Requirement{
			Service: s.Name, Title: scenario.Title(s.Title, s.Name), Pos: s.Pos,
			Direct: q.Direct, Outside: q.Outside, Required: q.Required, Offers: q.Offers,
		})
	}
	j.importance(r.Sources)
}

// tooLarge warns of what is left out because a structure could not be solved.
func (j *job) tooLarge(err error, what message.Message) {
	j.tooBig = true
	var large *structure.TooLarge
	if !errors.As(err, &large) {
		panic(err) // solving knows no other error
	}
	j.entry.Warnings = append(j.entry.Warnings, Warning{
		Code: "too-large", Pos: j.entry.Pos, Message: message.TooLarge(large.Limit, what),
	})
}

// importance gives the sources of the entry theirs.
func (j *job) importance(list []availability.Importance) {
	type key struct{ service, name string }
	known := map[key]*Importance{}
	for _, x := range list {
		k := key{x.Source.Service, x.Source.Name}
		known[k] = &Importance{Birnbaum: x.Birnbaum, FussellVesely: x.FussellVesely, BrokeGivenDown: x.Broke}
	}
	for _, s := range j.entry.Sources {
		s.Importance = known[key{s.Service, s.Name}]
	}
	// What is at work only through a group is no source of the sum.
	e := j.entry
	for _, x := range list {
		k := key{x.Source.Service, x.Source.Name}
		if !slices.ContainsFunc(e.Sources, func(s *Source) bool { return s.Service == k.service && s.Name == k.name }) {
			e.Behind = append(e.Behind, &Behind{
				Name: k.name, Title: x.Source.Title, Made: x.Source.Made, Kind: x.Source.Kind, Service: k.service, Several: x.Source.Several, Of: x.Source.Of, Pos: x.Source.Pos, Importance: *known[k],
			})
		}
	}
	slices.SortStableFunc(e.Behind, func(a, b *Behind) int {
		return -cmp.Compare(a.Importance.FussellVesely, b.Importance.FussellVesely)
	})
}

// feltShare is by how much less users must feel for our next nine to be felt.
const feltShare = 0.1

// hands tells apart who can do something about what users feel. Groups are in
// the hands of those whose members they are: theirs where all that can fail in
// them is outside.
func (j *job) hands(uses []*use, s *sum) {
	e := j.entry
	outside := func(name string) bool {
		x := j.scenario.Model.Service(name)
		return x != nil && x.Outside
	}
	h := &Hands{}
	for _, u := range uses {
		theirs := false
		switch {
		case u.hangs != nil:
			theirs = j.outside(u.hangs)
		case u.part >= 0:
			theirs = outside(u.Service) || j.commonOutside(u.part)
		}
		bad := s.source(u).PerWindow
		if theirs {
			h.Theirs += bad
		} else {
			h.Ours += bad
		}
	}
	if h.Theirs == 0 {
		return
	}
	h.NextNine = h.Theirs + h.Ours/10
	h.Visible = h.NextNine <= (1-feltShare)*(h.Ours+h.Theirs)
	e.Felt.Hands = h
}

// commonOutside reports whether a part is the common cause of members that are
// all outside.
func (j *job) commonOutside(part int) bool {
	y := j.graph.system
	if y.Parts[part].Service >= 0 {
		return false
	}
	members, all := 0, true
	for i := range y.Parts {
		for _, n := range y.Parts[i].Needs {
			if slices.Contains(n.Members, part) {
				members++
				s := y.Parts[i].Service
				all = all && s >= 0 && y.Services[s].Outside
			}
		}
	}
	return members > 0 && all
}

// outside reports whether all that may fail in some parts is outside.
func (j *job) outside(hangs []int) bool {
	y := j.graph.system
	some := false
	for _, part := range hangs {
		if len(y.Parts[part].Sources) == 0 {
			continue
		}
		s := y.Parts[part].Service
		if s >= 0 && !y.Services[s].Outside || s < 0 && !j.commonOutside(part) {
			return false
		}
		some = true
	}
	return some
}
