package message

// What there is to say of a plan.

// NoSetAllowed: why nothing is recommended: no set of nets is allowed.
func NoSetAllowed() Message {
	return of("rec-none")
}

// LossUnknown: why nothing is recommended: keys of the model are missing.
func LossUnknown(keys []string) Message {
	return of("rec-unknown", Argument{"keys", List(keys)})
}

// LossUntold: what some services lose is not counted.
func LossUntold(names []string) Message {
	return of("untold", Argument{"names", List(names)})
}

// NeedsReplaced: a rule: a net requires another, which a third replaces.
func NeedsReplaced(name, other, net string) Message {
	return of("needs-replaced", Argument{"name", Name(name)}, Argument{"other", Name(other)}, Argument{"net", Name(net)})
}

// NeedsStatus: a rule: a net requires another, which cannot stand.
func NeedsStatus(name, other, status string) Message {
	return of("needs-status", Argument{"name", Name(name)}, Argument{"other", Name(other)}, Argument{"status", Status(status)})
}

// Needs: a rule: a net requires another.
func Needs(name, other string) Message {
	return of("needs", Argument{"name", Name(name)}, Argument{"other", Name(other)})
}

// ExcludesStanding: a rule: a net excludes another, which stands.
func ExcludesStanding(name, other string) Message {
	return of("excludes-standing", Argument{"name", Name(name)}, Argument{"other", Name(other)})
}

// Excludes: a rule: a net excludes another.
func Excludes(name, other string) Message {
	return of("excludes", Argument{"name", Name(name)}, Argument{"other", Name(other)})
}

// ReplacesToo: a rule: a net replaces another.
func ReplacesToo(name, other string) Message {
	return of("replaces-too", Argument{"name", Name(name)}, Argument{"other", Name(other)})
}

// KeepReplaced: a wish: keep a net, which another replaces.
func KeepReplaced(name, net string) Message {
	return of("keep-replaced", Argument{"name", Name(name)}, Argument{"net", Name(net)})
}

// Keep: a wish: keep a net.
func Keep(name string) Message {
	return of("keep", Argument{"name", Name(name)})
}

// Forbid: a wish: leave a net out.
func Forbid(name string) Message {
	return of("forbid", Argument{"name", Name(name)})
}

// MoneyLimit: a limit on money a year.
func MoneyLimit(amount float64) Message {
	return of("money", Argument{"amount", significant(amount, 10)})
}

// EffortLimit: a limit on person-days to build.
func EffortLimit(days float64) Message {
	return of("effort", Argument{"days", significant(days, 10)})
}

// PlanContradicts: two computations for a plan contradict each other.
func PlanContradicts(nets Message, name string) Message {
	return of("nets-contradict", Argument{"nets", nets}, Argument{"name", Name(name)})
}

// NoNets: a plan of no nets.
func NoNets() Message {
	return of("no-nets")
}

// NetsMore: a plan of a net and so many more.
func NetsMore(name string, n int) Message {
	return of("nets-more", Argument{"name", Name(name)}, Argument{"n", Count(n)})
}

// TimeOrder: the time was up before the order of a plan was known.
func TimeOrder() Message {
	return of("time-order")
}

// TimeEven: the time was up before a net's break-even was known.
func TimeEven(name string) Message {
	return of("time-even", Argument{"name", Name(name)})
}

// Unplanned: no set of nets does what is asked for.
func Unplanned() Message {
	return of("unplanned")
}

// Prevents: an effect: prevents.
func Prevents(share float64, on Message) Message {
	return of("prevents", Argument{"share", significant(100*share, 3)}, Argument{"on", on})
}

// CatchesOf: an effect: catches.
func CatchesOf(share float64, on Message) Message {
	return of("catches", Argument{"share", significant(100*share, 3)}, Argument{"on", on})
}

// WorksIn: an effect: works.
func WorksIn(share float64, on Message) Message {
	return of("works", Argument{"share", significant(100*share, 3)}, Argument{"on", on})
}

// ImpactBy: an effect: a change of impact.
func ImpactBy(share float64, on Message) Message {
	return of("by-impact", Argument{"share", Change(share)}, Argument{"on", on})
}

// DetectBy: an effect: a change of the time to detect.
func DetectBy(share float64, on Message) Message {
	return of("by-detect", Argument{"share", Change(share)}, Argument{"on", on})
}

// RecoverBy: an effect: a change of the time to recover.
func RecoverBy(share float64, on Message) Message {
	return of("by-recover", Argument{"share", Change(share)}, Argument{"on", on})
}

// AcknowledgeBy: an effect: a change of the time to acknowledge.
func AcknowledgeBy(share float64, on Message) Message {
	return of("by-acknowledge", Argument{"share", Change(share)}, Argument{"on", on})
}

// ChangedBy: an effect: a signed change of what a key of effects is about.
func ChangedBy(key string, share float64, on Message) Message {
	return of("by-key", Argument{"what", Effect(key)}, Argument{"share", Change(share)}, Argument{"on", on})
}

// OnRisks: what an effect is on: risks.
func OnRisks(list []string) Message {
	return of("on-risks", Argument{"list", List(list)})
}

// OnRisksPer: what an effect is on: every risk of a change.
func OnRisksPer(name string) Message {
	return of("on-risks-per", Argument{"name", Name(name)})
}

// OnNeed: what an effect is on: a need.
func OnNeed(from, to string) Message {
	return of("on-need", Argument{"from", Name(from)}, Argument{"to", Name(to)})
}
