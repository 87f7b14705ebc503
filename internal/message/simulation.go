package message

// Keys of what a timeline leaves out where it goes without saying.
const (
	KeyHits       Key = "hits"
	KeyHitsNow    Key = "hits-now"
	KeyBadTimeFor Key = "bad-for"
)

// What there is to say of a simulation, and of the moments of a simulated year.

// TooBusy: more happens than can be played.
func TooBusy() Message {
	return of("busy")
}

// FewDraws: unsure inputs were drawn too seldom.
func FewDraws(n int) Message {
	return of("few-draws", Argument{"n", Count(n)})
}

// OnSince: an incident began before the year.
func OnSince(time float64) Message {
	return of("on-since", Argument{"time", Lasting(time)})
}

// MembersUp: so many members of a group are up.
func MembersUp(n, all int) Message {
	return of("members-up", Argument{"n", Count(n)}, Argument{"all", Count(all)})
}

// Hits: an incident hits a share of the users of a service.
func Hits(share float64, name string) Message {
	return of(KeyHits, Argument{"share", Share(share)}, Argument{"name", Name(name)})
}

// HitsNow: an incident hits another share of users from now on.
func HitsNow(share float64) Message {
	return of(KeyHitsNow, Argument{"share", Share(share)})
}

// NextStage: a change reaches its next stage.
func NextStage() Message {
	return of("next-stage")
}

// By: who or what did it.
func By(name string) Message {
	return of("by", Argument{"name", Name(name)})
}

// Tried: what was tried.
func Tried(name string) Message {
	return of("tried", Argument{"name", Name(name)})
}

// BadTimeFor: what an incident cost a service.
func BadTimeFor(time float64, name string) Message {
	return of(KeyBadTimeFor, Argument{"time", Lasting(time)}, Argument{"name", Name(name)})
}

// Took: how long a switch took.
func Took(time float64) Message {
	return of("took", Argument{"time", Lasting(time)})
}

// Takes: how long planned work takes.
func Takes(time float64) Message {
	return of("takes", Argument{"time", Lasting(time)})
}

// WaitForFailed: users wait for the member that failed.
func WaitForFailed() Message {
	return of("wait")
}

// WaitFor: users wait for the member that something took down.
func WaitFor(name string) Message {
	return of("wait-for", Argument{"name", Name(name)})
}

// WaitForIncident: users wait for the member that an incident took down.
func WaitForIncident(name string, n int) Message {
	return of("wait-incident", Argument{"name", Name(name)}, Argument{"n", Count(n)})
}

// MissedBudget: a window spent more than its budget.
func MissedBudget(target, window string, bad, budget float64) Message {
	return of("missed", Argument{"target", Name(target)}, Argument{"window", Written(window)}, Argument{"bad", Lasting(bad)}, Argument{"budget", Lasting(budget)})
}
