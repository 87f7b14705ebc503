package message

// Inputs that are not exactly known.

// HowOftenHappens: how often a change is made.
func HowOftenHappens(name string) Message {
	return of("u-happens", Argument{"name", Name(name)})
}

// BackgroundOf: the background of a service.
func BackgroundOf(name string) Message {
	return of("u-background", Argument{"name", Name(name)})
}

// ChangeOf: by how much nets change what a key of effects is about, of a part of the
// model.
func ChangeOf(key, name string) Message {
	return of("u-effect", Argument{"what", Effect(key)}, Argument{"name", Name(name)})
}

// HowOftenDown: how often a stated service is down.
func HowOftenDown(name string) Message {
	return of("u-down", Argument{"name", Name(name)})
}

// AvailabilityOf: the availability of a stated service.
func AvailabilityOf(name string) Message {
	return of("u-up", Argument{"name", Name(name)})
}

// ChanceOf: the chance of a risk at each change.
func ChanceOf(name string) Message {
	return of("u-chance", Argument{"name", Name(name)})
}

// RateOf: the rate of a risk.
func RateOf(name string) Message {
	return of("u-rate", Argument{"name", Name(name)})
}

// ImpactOf: the impact of a risk or change.
func ImpactOf(name string) Message {
	return of("u-impact", Argument{"name", Name(name)})
}

// ImpactOfNeed: the impact of a need that a service has.
func ImpactOfNeed(name string) Message {
	return of("u-need", Argument{"name", Name(name)})
}

// Catches: the share that a detection of a risk catches.
func Catches(name string) Message {
	return of("u-catches", Argument{"name", Name(name)})
}

// SwitchWorks: the chance that a switch works.
func SwitchWorks(group Group) Message {
	return of("u-switch", Argument{"between", Between(group)})
}

// Works: the chance that a recovery works.
func Works(name string) Message {
	return of("u-works", Argument{"name", Name(name)})
}

// Restores: the share that a recovery restores.
func Restores(name string) Message {
	return of("u-restores", Argument{"name", Name(name)})
}

// WorksFor: the chance that a recovery without a name works for a risk.
func WorksFor(name string) Message {
	return of("u-tried", Argument{"name", Name(name)})
}

// RestoresFor: the share that a recovery without a name restores of a risk.
func RestoresFor(name string) Message {
	return of("u-tried-all", Argument{"name", Name(name)})
}

// Prevented: the share of a risk that nets prevent.
func Prevented(name string) Message {
	return of("u-prevented", Argument{"name", Name(name)})
}

// Acknowledges: the time in which a responder acknowledges.
func Acknowledges(name string) Message {
	return of("u-answers", Argument{"name", Name(name)})
}

// CommonCauseOf: the common cause of the copies of a service.
func CommonCauseOf(name string) Message {
	return of("u-common", Argument{"name", Name(name)})
}

// CommonCauseOfGroup: the common cause of a group.
func CommonCauseOfGroup(group Group) Message {
	return of("u-common-group", Argument{"group", group})
}

// TimeToDetect: the time to detect a risk.
func TimeToDetect(name string) Message {
	return of("u-detect", Argument{"name", Name(name)})
}

// TimeToRecover: the time to recover from a risk.
func TimeToRecover(name string) Message {
	return of("u-recover", Argument{"name", Name(name)})
}

// HowOftenUnlisted: how often what the catalogue of a service does not list happens.
func HowOftenUnlisted(name string) Message {
	return of("u-unlisted", Argument{"name", Name(name)})
}

// KeyOf: a key of the language, of something by name.
func KeyOf(key, name string) Message {
	return of("u-key", Argument{"key", Name(key)}, Argument{"name", Name(name)})
}
