package model

// An EffectTarget is what an effect is on.
type EffectTarget int

// The targets, in the order of the documentation.
const (
	OnNothing EffectTarget = iota // the effect does not say
	OnRisks
	OnChange
	OnResponder
	OnService
	OnNeed
)

// A Combination says what a value of an effect does to what the model says, and
// how the values of several nets go together.
type Combination int

const (
	// Lessens: 1 − p of the incidents are left. Of nets with one angle the best
	// counts; what stands today is in the numbers already.
	Lessens Combination = iota
	// Multiplies by 1 + change; what stands today is in the numbers already, and
	// is divided out where its net is taken away.
	Multiplies
	// Offers one more way, beside the others, while its net stands.
	Offers
	// Precedes: one more way, before the others, while its net stands.
	Precedes
	// Sets a value while its net stands; of several nets the last one counts.
	Sets
	// Adds to what is there.
	Adds
	// Recalls what the number beside it was without its net, which stands.
	Recalls
)

// A ServicePart is the part of a service that an effect on it changes.
type ServicePart int

// The parts of a service.
const (
	Copied     ServicePart = iota // its copies: everything that strikes one of them
	Own                           // what is stated of itself
	Background                    // errors that are always there
)

// An EffectKey describes one key of an effect. The reader, the schema, the
// tables of differences, the settings, the break-even, the bounds of plans and
// the word lists walk EffectKeys; none of them names a key by itself.
type EffectKey struct {
	Target EffectTarget
	Name   string
	Doc    string // for the schema and the tables of the manual
	// At returns a pointer to the field of an effect that holds the value: a
	// **Share, **Signed, **Time, **Rate, **Count, **Switch, **Detection,
	// **Recovery, **Before or *[]Stage.
	At       func(*Effect) any
	Combines Combination
	// Load says that it bears on people's time alone, and on no forecast.
	Load bool
	Part ServicePart // of effects on a service
	// What people call the key, in each language.
	English, Korean string
}

// A TargetKey is a key that says on what an effect is.
type TargetKey struct {
	Target EffectTarget
	Key[Effect]
}

// TargetKeys lists the keys that say on what an effect is, in the order of the
// documentation. An effect has exactly one of them.
func TargetKeys() []TargetKey { return targetKeys[:] }

var targetKeys = [...]TargetKey{
	{OnRisks, Key[Effect]{
		Name: "risk", Doc: "a risk, or a list of risks",
		At:      func(e *Effect) any { return &e.Risks },
		English: "risk", Korean: "위험",
	}},
	{OnRisks, Key[Effect]{
		Name: "risks_per", Doc: "a change: every risk per it",
		At:      func(e *Effect) any { return &e.RisksPer },
		English: "risks per", Korean: "변경 작업의 위험",
	}},
	{OnChange, Key[Effect]{
		Name: "change", Doc: "a change",
		At:      func(e *Effect) any { return &e.Change },
		English: "change", Korean: "변경 작업",
	}},
	{OnResponder, Key[Effect]{
		Name: "responder", Doc: "a responder",
		At:      func(e *Effect) any { return &e.Responder },
		English: "responder", Korean: "담당자",
	}},
	{OnService, Key[Effect]{
		Name: "service", Doc: "a service",
		At:      func(e *Effect) any { return &e.Service },
		English: "service", Korean: "서비스",
	}},
	{OnNeed, Key[Effect]{
		Name: "need", Doc: "one need of a service, such as booking -> search",
		Fields:  func(e *Effect) []any { return []any{&e.NeedFrom, &e.NeedTo} },
		English: "copies needed", Korean: "필요한 복제본 수",
	}},
}

// EffectKeys lists the keys of effects besides those that say on what they are,
// in the order of the documentation.
func EffectKeys() []EffectKey { return effectKeys[:] }

var effectKeys = [...]EffectKey{
	{
		Target: OnRisks, Name: "prevents", Doc: "the share of the incidents that no longer happen",
		At: func(e *Effect) any { return &e.Prevents }, Combines: Lessens,
		English: "prevents", Korean: "막는 비율",
	},
	{
		Target: OnRisks, Name: "impact", Doc: "signed change of the impact, such as -50%",
		At: func(e *Effect) any { return &e.ImpactBy }, Combines: Multiplies,
		English: "users hit", Korean: "영향받는 사용자",
	},
	{
		Target: OnRisks, Name: "detect", Doc: "signed change of the times to detect",
		At: func(e *Effect) any { return &e.DetectBy }, Combines: Multiplies,
		English: "noticed after", Korean: "탐지까지",
	},
	{
		Target: OnRisks, Name: "recover", Doc: "signed change of the times to recover",
		At: func(e *Effect) any { return &e.RecoverBy }, Combines: Multiplies,
		English: "over after", Korean: "복구까지",
	},
	{
		Target: OnRisks, Name: "detects", Doc: "one more way to know",
		At: func(e *Effect) any { return &e.Detects }, Combines: Offers,
		English: "detects", Korean: "탐지",
	},
	{
		Target: OnRisks, Name: "recovers", Doc: "one more way to end it, tried first",
		At: func(e *Effect) any { return &e.RecoversBy }, Combines: Precedes,
		English: "recovers", Korean: "복구",
	},
	{
		Target: OnChange, Name: "stages", Doc: "the steps in which it reaches users from then on",
		At: func(e *Effect) any { return &e.Stages }, Combines: Sets,
		English: "stage", Korean: "단계",
	},
	{
		Target: OnChange, Name: "downtime", Doc: "planned downtime of each from then on",
		At: func(e *Effect) any { return &e.Downtime }, Combines: Sets,
		English: "downtime", Korean: "중단 시간",
	},
	{
		Target: OnChange, Name: "slows", Doc: "how much longer each takes",
		At: func(e *Effect) any { return &e.Slows }, Combines: Adds, Load: true,
		English: "slows by", Korean: "늦어지는 시간",
	},
	{
		Target: OnChange, Name: "every", Doc: "the time between two of them from then on",
		At: func(e *Effect) any { return &e.Every }, Combines: Sets,
		English: "every", Korean: "주기",
	},
	{
		Target: OnResponder, Name: "acknowledge", Doc: "signed change of the time to acknowledge",
		At: func(e *Effect) any { return &e.AcknowledgeBy }, Combines: Multiplies,
		English: "time to answer", Korean: "응답 시간",
	},
	{
		Target: OnResponder, Name: "people", Doc: "how many people more or fewer, such as +2",
		At: func(e *Effect) any { return &e.People }, Combines: Adds, Load: true,
		English: "people", Korean: "인원",
	},
	{
		Target: OnService, Name: "copies", Doc: "how many copies there are from then on",
		At: func(e *Effect) any { return &e.Copies }, Combines: Sets,
		English: "copies", Korean: "복제본 수",
	},
	{
		Target: OnService, Name: "need", Doc: "how many of them must stand from then on",
		At: func(e *Effect) any { return &e.NeedCopies }, Combines: Sets,
		English: "copies needed", Korean: "필요한 복제본 수",
	},
	{
		Target: OnService, Name: "switch", Doc: "the change-over from then on",
		At: func(e *Effect) any { return &e.Switch }, Combines: Sets,
		English: "change-over", Korean: "전환",
	},
	{
		Target: OnService, Name: "common_cause", Doc: "the share of failures that strikes all copies at once from then on",
		At: func(e *Effect) any { return &e.CommonCause }, Combines: Sets,
		English: "struck together", Korean: "함께 멈추는 비율",
	},
	{
		Target: OnService, Name: "availability", Doc: "its stated availability from then on",
		At: func(e *Effect) any { return &e.Availability }, Combines: Sets, Part: Own,
		English: "availability", Korean: "가용성",
	},
	{
		Target: OnService, Name: "every", Doc: "the stated time between its own outages from then on",
		At: func(e *Effect) any { return &e.Every }, Combines: Sets, Part: Own,
		English: "every", Korean: "주기",
	},
	{
		Target: OnService, Name: "outage", Doc: "signed change of how long its own outages last",
		At: func(e *Effect) any { return &e.OutageBy }, Combines: Multiplies, Part: Own,
		English: "length of outages", Korean: "장애 길이",
	},
	{
		Target: OnService, Name: "background", Doc: "the share of errors that are always there from then on",
		At: func(e *Effect) any { return &e.Background }, Combines: Sets, Part: Background,
		English: "errors that are always there", Korean: "상시 오류",
	},
	{
		Target: OnService, Name: "before", Doc: "of a net that stands: what the availability, every or background beside it was without the net",
		At: func(e *Effect) any { return &e.Before }, Combines: Recalls,
		English: "without it", Korean: "없을 때",
	},
	{
		Target: OnNeed, Name: "rides_out", Doc: "the first part of each outage that is not felt from then on",
		At: func(e *Effect) any { return &e.RidesOut }, Combines: Sets,
		English: "not felt at first", Korean: "처음에 느끼지 못하는 시간",
	},
	{
		Target: OnNeed, Name: "impact", Doc: "signed change of the share of users that is exposed",
		At: func(e *Effect) any { return &e.ImpactBy }, Combines: Multiplies,
		English: "users hit", Korean: "영향받는 사용자",
	},
}

// Target returns what an effect is on.
func (e *Effect) Target() EffectTarget {
	switch {
	case len(e.Risks) > 0 || e.RisksPer != nil:
		return OnRisks
	case e.Change != nil:
		return OnChange
	case e.Responder != nil:
		return OnResponder
	case e.Service != nil:
		return OnService
	case e.NeedFrom != nil && e.NeedTo != nil:
		return OnNeed
	}
	return OnNothing
}

// An EffectValue is what an effect says under one key.
type EffectValue struct {
	Key *EffectKey
	// Value is a *Share, *Signed, *Time, *Rate, *Count, *Switch, *Detection,
	// *Recovery, *Before or []Stage; never nil.
	Value any
}

// Values lists what an effect says, in the order of EffectKeys.
func (e *Effect) Values() []EffectValue {
	var out []EffectValue
	target := e.Target()
	for i := range effectKeys {
		k := &effectKeys[i]
		if k.Target != target {
			continue
		}
		if v := held(k.At(e)); v != nil {
			out = append(out, EffectValue{k, v})
		}
	}
	return out
}

// held is the value behind a pointer to a field of an effect, or nil.
func held(at any) any {
	switch p := at.(type) {
	case **Share:
		return orNil(*p)
	case **Signed:
		return orNil(*p)
	case **Time:
		return orNil(*p)
	case **Rate:
		return orNil(*p)
	case **Count:
		return orNil(*p)
	case **Switch:
		return orNil(*p)
	case **Detection:
		return orNil(*p)
	case **Recovery:
		return orNil(*p)
	case **Before:
		return orNil(*p)
	case *[]Stage:
		if *p != nil {
			return *p
		}
	}
	return nil
}

// orNil is a nil without a type for a nil with one.
func orNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return p
}

// ofSigned lists the signed changes of an effect.
func (e *Effect) ofSigned() []*Signed {
	var out []*Signed
	for _, v := range e.Values() {
		if s, ok := v.Value.(*Signed); ok {
			out = append(out, s)
		}
	}
	return out
}
