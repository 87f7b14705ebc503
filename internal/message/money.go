package message

// What is assumed of money and people, and what is not known of them.

// PeopleUnknown: how many people share the pages of a responder.
func PeopleUnknown(name string) Message {
	return of("people", Argument{"name", Name(name)})
}

// NightShare: when pages come.
func NightShare() Message {
	return of("night")
}

// FalseAlarms: whom false alarms call.
func FalseAlarms() Message {
	return of("false")
}

// UnnamedHands: who recovers where only a time is written.
func UnnamedHands() Message {
	return of("unnamed")
}

// SlowsOne: what slows a change costs in work.
func SlowsOne() Message {
	return of("slows")
}

// DownExponential: how long a group is down.
func DownExponential(name string, time float64) Message {
	return of("down-exponential", Argument{"name", Name(name)}, Argument{"time", Seconds(time)})
}

// LastExponential: how long something lasts.
func LastExponential(name string, time float64) Message {
	return of("last-exponential", Argument{"name", Name(name)}, Argument{"time", Seconds(time)})
}

// RevenueLost: how much revenue of lost time is lost.
func RevenueLost(name string) Message {
	return of("revenue-lost", Argument{"name", Name(name)})
}

// LossFollows: which of several objectives a loss follows.
func LossFollows(name, objective string) Message {
	return of("loss-follows", Argument{"name", Name(name)}, Argument{"objective", Name(objective)})
}

// LostRevenue: what is not known: revenue.
func LostRevenue() Message {
	return of("lost-revenue")
}

// LostPay: what is not known: the pay of a clause.
func LostPay(clause Message) Message {
	return of("lost-pay", Argument{"clause", clause})
}

// OutageFor: a clause on one outage in a row.
func OutageFor(sign, time string) Message {
	return of("outage", Argument{"sign", Name(sign)}, Argument{"time", Written(time)})
}

// DowntimeOver: a clause on the outages of a window together.
func DowntimeOver(sign, time, window string) Message {
	return of("downtime", Argument{"sign", Name(sign)}, Argument{"time", Written(time)}, Argument{"window", Written(window)})
}

// AvailabilityOver: a clause on availability.
func AvailabilityOver(sign, share, window string) Message {
	return of("availability", Argument{"sign", Name(sign)}, Argument{"share", Name(share)}, Argument{"window", Written(window)})
}

// NoPrice: a net takes work that has no price.
func NoPrice(name string, days Message) Message {
	return of("no-price", Argument{"name", Name(name)}, Argument{"days", days})
}

// DaysToBuild: so many person-days once.
func DaysToBuild(days float64) Message {
	return of("days-build", Argument{"days", significant(days, 3)})
}

// DaysToRun: so many person-days a year.
func DaysToRun(days float64) Message {
	return of("days-run", Argument{"days", significant(days, 3)})
}

// DaysToBoth: so many person-days once, and so many a year.
func DaysToBoth(build, run float64) Message {
	return of("days-both", Argument{"build", significant(build, 3)}, Argument{"run", significant(run, 3)})
}

// TakenAsFree: a net has no cost.
func TakenAsFree(name string) Message {
	return of("free", Argument{"name", Name(name)})
}

// LeadAssumed: how long a net takes to build.
func LeadAssumed(name string) Message {
	return of("lead", Argument{"name", Name(name)})
}
