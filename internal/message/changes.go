package message

// What there is to say of a comparison of models, and of a change at other rhythms.

// TooManyChanges: so many elements were changed, too many to try.
func TooManyChanges(n int) Message {
	return of("too-many-changes", Argument{"n", Count(n)})
}

// TimePlan: the time was up before it was known whether another plan is recommended.
func TimePlan() Message {
	return of("time-plan")
}

// TimeRhythms: the time was up before these rhythms were forecast.
func TimeRhythms(n int, list []string) Message {
	return of("time-rhythms", Argument{"n", Count(n)}, Argument{"list", List(list)})
}

// StoppedRhythms: it was stopped before these rhythms were forecast.
func StoppedRhythms(n int, list []string) Message {
	return of("stopped-rhythms", Argument{"n", Count(n)}, Argument{"list", List(list)})
}

// Unforecast: a comparison ended before the models were forecast.
func Unforecast() Message {
	return of("unforecast")
}

// Unbanded: a comparison ended before the bands of chances were known.
func Unbanded() Message {
	return of("unbanded")
}

// Uncaused: a comparison ended before all changes were tried in search of causes.
func Uncaused() Message {
	return of("uncaused")
}

// Uncosted: a comparison ended before costs were known.
func Uncosted() Message {
	return of("uncosted")
}

// UnknownPlan: a comparison ended before it was known whether another plan is recommended.
func UnknownPlan() Message {
	return of("unknown-plan")
}

// FirstPlans: the causes of another plan were looked for among so many models.
func FirstPlans(n int) Message {
	return of("first-plans", Argument{"n", Count(n)})
}

// StandsNow: a net stands now, and numbers that it acts on were not changed.
func StandsNow(name string, list []string) Message {
	return of("stands-now", Argument{"name", Name(name)}, Argument{"list", List(list)})
}

// StandsNoMore: a net stands no more, and numbers that it acted on were not changed.
func StandsNoMore(name string, list []string) Message {
	return of("stands-no-more", Argument{"name", Name(name)}, Argument{"list", List(list)})
}

// SameChance: the chance of a change's risks does not depend on its rhythm.
func SameChance(name string) Message {
	return of("same-chance", Argument{"name", Name(name)})
}

// RhythmIgnored: the rhythm that a net gives a change is left out.
func RhythmIgnored(net, name string) Message {
	return of("rhythm-ignored", Argument{"net", Name(net)}, Argument{"name", Name(name)})
}
