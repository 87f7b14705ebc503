package say

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// misleads is how far, as a part of the true one, the unavailability of the
// napkin must be off before it is worth a word.
const misleads = 0.1

// OnAverage says which share of the time a user is served, and what a napkin
// would have said where that is something else.
func (l Language) OnAverage(e *forecast.Entry) string {
	a := e.Availability
	if a == nil || Unknown(e) {
		return ""
	}
	bad := a.Unavailable
	if bad <= 0 {
		bad = 1 - a.Expected
	}
	is := l.Served(a.Expected, a.Error)
	napkin := l.Served(a.Napkin, 0)
	said := l.Say("served.share", "is", is)
	if bad > 0 && bad < countless { // digits that nobody counts
		is = l.butFor(bad)
		said = l.Say("served.but", "is", is)
	}
	if math.Abs((1-a.Napkin)-bad) <= misleads*bad || napkin == is || bad < countless && 1-a.Napkin < countless {
		return said
	}
	return l.Say("served.napkin", "said", said, "napkin", napkin, "missed", l.napkinMissed(a), "is", is)
}

// countless is the unavailability below which nines are no longer counted: what is
// bad is told by how little of it there is in a long time.
const countless = 1e-7

// butFor says "6s in 100 years", in as many years as it takes to come to a second.
func (l Language) butFor(bad float64) string {
	years := 100.0
	for ; bad*years*model.Year < 1; years *= 100 {
		if years >= 1e8 {
			return l.Say("served.hardly", "n", Grouped(years))
		}
	}
	return l.Say("served.in", "bad", l.Around(bad*years*model.Year), "n", Grouped(years))
}

// napkinMissed is what makes the difference between the napkin and what is true.
func (l Language) napkinMissed(a *forecast.Availability) string {
	switch {
	case a.Shared == "":
		return l.Say("napkin.all")
	case a.Napkin < a.Expected:
		return l.Say("napkin.once", "name", l.AnyName(a.Shared))
	}
	return l.Say("napkin.shared", "name", l.AnyName(a.Shared))
}

// causes is how many of the most likely causes are named, and leastCause how
// likely one must be.
const (
	causes     = 3
	leastCause = 0.005
)

// A suspect may have broken a service that is down.
type suspect struct {
	name    string // what it is called
	service string // what the service is called; empty where its name says it
	chance  float64
}

// WhatBroke names the most likely causes, given that a user is not served: what
// hits users by itself, and what does through a group.
func (l Language) WhatBroke(e *forecast.Entry) string {
	var all []suspect
	take := func(called, name, service string, several []string, i *forecast.Importance) {
		if i != nil && i.BrokeGivenDown >= leastCause {
			if service == name || service == e.Service {
				service = ""
			} else {
				service = l.Where(service, several)
			}
			all = append(all, suspect{called, service, i.BrokeGivenDown})
		}
	}
	for _, s := range e.Sources {
		take(l.SourceName(s), s.Name, s.Service, s.Several, s.Importance)
	}
	for _, b := range e.Behind {
		take(l.Named(b.Title, b.Name, b.Made), b.Name, b.Service, b.Several, &b.Importance)
	}
	if len(all) < 2 {
		return "" // that one thing is always to blame is no news
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].chance > all[j].chance })
	var parts []string
	for _, s := range all[:min(len(all), causes)] {
		name := s.name
		if s.service != "" {
			name = l.Say("broke.on", "name", name, "service", s.service)
		}
		parts = append(parts, l.Say("spent.item", "name", name, "share", l.Likely(s.chance)))
	}
	return l.Say("broke.said", "list", l.Listed(parts))
}

// Hands says which part of what users feel others answer for, and whether more
// work of our own would be felt at all.
func (l Language) Hands(r *forecast.Result, e *forecast.Entry) string {
	h := e.Felt.Hands
	if h == nil || h.Ours+h.Theirs <= 0 || Unknown(e) {
		return ""
	}
	all := h.Ours + h.Theirs
	said := l.Say("hands.share", "share", l.Part(h.Theirs/all))
	if others := outsiders(r, e); len(others) > 0 {
		said = l.Say("hands.who", "share", l.Part(h.Theirs/all), "who", l.Enumerated(l.ServiceNames(others)))
	}
	now, then := l.Around(all), l.Around(h.NextNine)
	key := "hands.unseen"
	switch {
	case h.Visible:
		key = "hands.felt"
	case now == then:
		key = "hands.same"
	}
	return l.Say(key, "said", said, "then", then, "now", now, "window", l.Window(e.WindowSay))
}

// outsiders names the services not in our hands that hit the users of an entry,
// those with the most lost time first.
func outsiders(r *forecast.Result, e *forecast.Entry) []string {
	outside := map[string]bool{}
	for _, o := range r.Entries {
		outside[o.Service] = outside[o.Service] || o.Outside
	}
	for _, q := range e.Requirements {
		outside[q.Service] = outside[q.Service] || q.Outside
	}
	var names []string
	take := func(name string) {
		if outside[name] && name != e.Service {
			outside[name] = false
			names = append(names, name)
		}
	}
	for _, s := range e.Sources {
		take(s.Service)
	}
	for _, q := range e.Requirements {
		take(q.Service)
	}
	return names
}

// Members says who the members of a group are, as the end of "too few of …".
func (l Language) Members(g message.Group) string {
	members := l.ServiceNames(g.Member.Each())
	if g.Kind == message.Copies && len(members) == 1 {
		return l.Say("members.copies", "name", members[0])
	}
	return l.Listed(members)
}

// groupTitle is a group as the forecast names it: "any of a, b", "2 of a, b, c",
// "1 of 2 copies of a".
func (l Language) groupTitle(g message.Group) string {
	list := strings.Join(g.Member.Each(), ", ")
	switch g.Kind {
	case message.AtLeast:
		return l.Say("members.some", "n", strconv.Itoa(g.Need), "list", list)
	case message.Copies:
		return l.Say("members.of", "n", strconv.Itoa(g.Need), "all", strconv.Itoa(g.Of), "name", list)
	}
	return l.Say("members.any", "list", list)
}

// membersOf says who the members of the group are that a source is of.
func (l Language) membersOf(s *forecast.Source) string {
	for _, a := range s.Made.Arguments() {
		if g, ok := a.Value.(message.Group); ok {
			return l.Members(g)
		}
	}
	return s.Group
}

// groupNames is one incident and several ones of a group or its switch.
func (l Language) groupNames(s *forecast.Source) (one, some string) {
	key := "group.unchanged"
	switch {
	case s.Kind == forecast.GroupSource:
		key = "group.few"
	case s.Changing:
		key = "group.switch"
	}
	who := l.membersOf(s)
	return l.Say(key+".one", "who", who), l.Say(key+".some", "who", who)
}
