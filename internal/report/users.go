package report

import (
	"fmt"
	"math"
	"regexp"
	"sort"
	"strings"

	"tightrope/internal/forecast"
)

// misleads is how far, as a part of the true one, the unavailability of the
// napkin must be off before it is worth a word.
const misleads = 0.1

// onAverage says which share of the time a user is served, and what a napkin
// would have said where that is something else.
func onAverage(e *forecast.Entry) string {
	a := e.Availability
	if a == nil || nothingKnown(e) {
		return ""
	}
	is := served(a.Expected, a.Error)
	napkin := served(a.Napkin, 0)
	said := fmt.Sprintf("a user is served %s of the time", is)
	if math.Abs(a.Napkin-a.Expected) <= misleads*(1-a.Expected) || napkin == is {
		return said
	}
	return fmt.Sprintf("%s; the napkin says %s; %s makes it %s", said, napkin, napkinMissed(a), is)
}

// napkinMissed is what makes the difference between the napkin and what is true.
func napkinMissed(a *forecast.Availability) string {
	switch {
	case a.Shared == "":
		return "counting what is shared, changed over and ridden out"
	case a.Napkin < a.Expected:
		return "counting " + a.Shared + " once"
	}
	return "sharing " + a.Shared
}

// causes is how many of the most likely causes are named, and leastCause how
// likely one must be.
const (
	causes     = 3
	leastCause = 0.005
)

// A suspect may have broken a service that is down.
type suspect struct {
	name, service string
	chance        float64
}

// whatBroke names the most likely causes, given that a user is not served:
// what hits users by itself, and what does through a group.
func whatBroke(e *forecast.Entry) string {
	var all []suspect
	take := func(name, service string, i *forecast.Importance) {
		if i != nil && i.BrokeGivenDown >= leastCause {
			all = append(all, suspect{name, service, i.BrokeGivenDown})
		}
	}
	for _, s := range e.Sources {
		take(s.Name, s.Service, s.Importance)
	}
	for _, b := range e.Behind {
		take(b.Name, b.Service, &b.Importance)
	}
	if len(all) < 2 {
		return "" // that one thing is always to blame is no news
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].chance > all[j].chance })
	var parts []string
	for _, s := range all[:min(len(all), causes)] {
		name := s.name
		if s.service != "" && s.service != e.Service && s.service != name {
			name += " on " + s.service
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", name, chance(s.chance)))
	}
	return "when a user is not served, most likely " + listed(parts)
}

// hands says which part of what users feel others answer for, and whether more
// work of our own would be felt at all.
func hands(r *forecast.Result, e *forecast.Entry) string {
	h := e.Felt.Hands
	if h == nil || h.Ours+h.Theirs <= 0 || nothingKnown(e) {
		return ""
	}
	all := h.Ours + h.Theirs
	said := fmt.Sprintf("of what users feel, %s is in the hands of others", share(h.Theirs/all))
	if others := outsiders(r, e); len(others) > 0 {
		said += " (" + enumerated(others) + ")"
	}
	now, then := about(all), about(h.NextNine)
	if h.Visible {
		return said + fmt.Sprintf("; our next nine would be felt: %s in %s instead of %s", then, e.WindowSay, now)
	}
	if now == then {
		return said + fmt.Sprintf("; our next nine would be invisible: users would feel %s in %s as before", now, e.WindowSay)
	}
	return said + fmt.Sprintf("; our next nine would be invisible: users would feel %s in %s instead of %s", then, e.WindowSay, now)
}

// outsiders names the services not in our hands that hit the users of an entry,
// those with the most bad time first.
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

// enumerated lists the first few names, divided by commas.
func enumerated(names []string) string {
	if len(names) <= causes+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:causes], ", "), len(names)-causes)
}

// grouping is how a group of members is titled: "any of a, b", "2 of a, b, c",
// "1 of 2 copies of a".
var grouping = regexp.MustCompile(`^(?:any|\d+) of (?:\d+ (copies of .+)|(.+))$`)

// members says who the members of a group are, as the end of "too few of …".
func members(title string) string {
	m := grouping.FindStringSubmatch(title)
	switch {
	case m == nil:
		return title
	case m[1] != "":
		return "the " + m[1]
	}
	return listed(strings.Split(m[2], ", "))
}

// groupTitle is the title of the group that a source of a group or of a switch
// is of: names of sources go on behind a slash.
func groupTitle(s *forecast.Source) string {
	title, _, _ := strings.Cut(s.Name, "/")
	return title
}

// groupNames is one incident and several ones of a group or its switch.
func groupNames(s *forecast.Source) (one, some string) {
	who := members(groupTitle(s))
	if s.Kind == forecast.GroupSource {
		return "time with too few of " + who, "times with too few of " + who
	}
	if strings.HasSuffix(s.Name, "/switch") {
		return "change-over among " + who, "change-overs among " + who
	}
	return "failed change-over among " + who, "failed change-overs among " + who
}
