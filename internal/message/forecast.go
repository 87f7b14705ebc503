package message

// What a reader of a forecast must know, and what it takes for granted.

// NotStanding: a net that is to be taken away does not stand.
func NotStanding(name string) Message {
	return of("not-standing", Argument{"name", Name(name)})
}

// StandsAlready: a net that is to be added stands.
func StandsAlready(name string) Message {
	return of("stands-already", Argument{"name", Name(name)})
}

// RequiresToo: what an added net requires is added with it.
func RequiresToo(name, other string) Message {
	return of("requires-too", Argument{"name", Name(name)}, Argument{"other", Name(other)})
}

// Replaced: what an added net replaces is taken away.
func Replaced(name, other string) Message {
	return of("replaces", Argument{"name", Name(name)}, Argument{"other", Name(other)})
}

// Requires: a net stands without what it requires.
func Requires(name, other string) Message {
	return of("requires", Argument{"name", Name(name)}, Argument{"other", Name(other)})
}

// NothingKnown: the model does not say how a provider fails.
func NothingKnown(name string) Message {
	return of("nothing-known", Argument{"name", Name(name)})
}

// Silent: the model does not say how a service or anything behind it fails.
func Silent(name string) Message {
	return of("silent", Argument{"name", Name(name)})
}

// NoRateInCommon: the common cause of a group has no rate, because its member name never fails by itself.
func NoRateInCommon(name string, group Group) Message {
	return of("common-cause", Argument{"name", Name(name)}, Argument{"group", group})
}

// Overlap: a share of the lost time is counted twice.
func Overlap(share float64) Message {
	return of("overlap", Argument{"share", significant(100*share, 2)})
}

// OverlapOnce: a share of the lost time is at once with other lost time, and counted once.
func OverlapOnce(share float64) Message {
	return of("overlap-once", Argument{"share", significant(100*share, 2)})
}

// WindowTooShort: the lost time of all sources does not fit into the window.
func WindowTooShort(window string) Message {
	return of("window", Argument{"window", Written(window)})
}

// Contradiction: two computations of the share of time that users are hit contradict each other.
func Contradiction(sum, union float64) Message {
	return of("contradiction", Argument{"sum", significant(sum, 6)}, Argument{"union", significant(union, 6)})
}

// BoundOnWork: the bound on work ended the computation of a chance.
func BoundOnWork(target string) Message {
	return of("work", Argument{"target", Name(target)})
}

// Precision: a chance has an error that matters; near is whether what is asked for is
// within it, so that the answer may be the other way.
func Precision(target string, error float64, near bool) Message {
	key := Key("precision")
	if near {
		key = "precision-near"
	}
	return of(key, Argument{"target", Name(target)}, Argument{"points", significant(100*error, 1)})
}

// ChanceOver100: without some nets a chance would be more than certain.
func ChanceOver100(name string, share float64) Message {
	return of("chance-over-100", Argument{"name", Name(name)}, Argument{"share", decimals(100*share, 0)})
}

// HistoryOver: the catalogue expects so many times the lost time that there was.
func HistoryOver(times float64) Message {
	return of("history-over", Argument{"times", decimals(times, 1)})
}

// HistoryUnder: the catalogue explains only a share of the lost time that there was.
func HistoryUnder(share float64) Message {
	return of("history-under", Argument{"share", decimals(100*share, 0)})
}

// LeftOut: so many services have no objective and are not forecast.
func LeftOut(n int) Message {
	return of("left-out", Argument{"n", Count(n)})
}

// NotPriced: what is about money and work is no part of this forecast.
func NotPriced(what Message) Message {
	return of("not-priced", Argument{"what", what})
}

// PricedWorth: what is about money: worth.
func PricedWorth() Message {
	return of("priced-worth")
}

// PricedClauses: what is about money: the clauses of a contract.
func PricedClauses() Message {
	return of("priced-clauses")
}

// PricedLosses: what is about money: what incidents lose.
func PricedLosses() Message {
	return of("priced-losses")
}

// PricedCosts: what is about money: what safety nets cost.
func PricedCosts() Message {
	return of("priced-costs")
}

// PricedLoad: what is about work: the load on people.
func PricedLoad() Message {
	return of("priced-load")
}

// TooLarge: a structure needs more than n nodes; what is therefore left out.
func TooLarge(n int, what Message) Message {
	return of("too-large", Argument{"n", Count(n)}, Argument{"what", what})
}

// GroupsLeft: left out: what is lost to groups.
func GroupsLeft() Message {
	return of("left-groups")
}

// SteadyLeft: left out: the long run.
func SteadyLeft() Message {
	return of("left-steady")
}

// Set: some numbers were set to others than the files have.
func Set(list []string) Message {
	return of("set", Argument{"list", List(list)})
}

// SetHidden: a number was set that nets set to another one.
func SetHidden(path string, nets []string) Message {
	return of("set-hidden", Argument{"path", Name(path)}, Argument{"nets", List(nets)})
}

// TimeForecast: the time was up before so many services were forecast.
func TimeForecast(n int, list []string) Message {
	return of("time-forecast", Argument{"n", Count(n)}, Argument{"list", List(list)})
}

// StoppedForecast: it was stopped before so many services were forecast.
func StoppedForecast(n int, list []string) Message {
	return of("stopped-forecast", Argument{"n", Count(n)}, Argument{"list", List(list)})
}

// StoppedReport: a report was stopped before all that it says was known.
func StoppedReport() Message {
	return of("stopped-report")
}

// StoppedPlans: a report was stopped before plans of so many services were made.
func StoppedPlans(n int, list []string) Message {
	return of("stopped-plans", Argument{"n", Count(n)}, Argument{"list", List(list)})
}

// NoObjective: window and confidence where no objective is written.
func NoObjective() Message {
	return of("no-objective")
}

// NoOver: the window where none is written.
func NoOver() Message {
	return of("no-over")
}

// NoConfidence: the confidence where none is written.
func NoConfidence() Message {
	return of("no-confidence")
}

// CountedRest: of what the history of a service has, the catalogue explains a share, and
// the rest is counted.
func CountedRest(name string, bad float64, over string, explained float64) Message {
	return of("counted-rest", Argument{"name", Name(name)}, Argument{"bad", Lasting(bad)}, Argument{"over", Written(over)}, Argument{"share", Share(explained)})
}

// RestEven: the unlisted rest is spread evenly.
func RestEven() Message {
	return of("rest-even")
}

// RestIncidents: the unlisted rest comes as incidents.
func RestIncidents() Message {
	return of("rest-incidents")
}

// CommonCauseOfCopies: the common cause of so many copies where none is written.
func CommonCauseOfCopies(name string, n int) Message {
	return of("beta", Argument{"name", Name(name)}, Argument{"n", Count(n)})
}
