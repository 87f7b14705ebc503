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
