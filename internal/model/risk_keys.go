package model

// ChangeKeys lists the keys of a change, in the order of the documentation.
func ChangeKeys() []Key[Change] { return changeKeys[:] }

var changeKeys = [...]Key[Change]{
	titleKey(func(c *Change) any { return &c.Title }),
	ownerKey(func(c *Change) any { return &c.Owner }),
	{
		Name: "service", Doc: "the service that is changed; may be left out where the model has one",
		At:      func(c *Change) any { return &c.Service },
		English: "service", Korean: "서비스",
	},
	{
		Name: "every", Doc: "the time between two of them, such as 7d",
		At: func(c *Change) any { return &c.Every }, Form: AsInterval, Required: true,
		English: "every", Korean: "주기",
	},
	{
		Name: "downtime", Doc: "planned downtime of each",
		At: func(c *Change) any { return &c.Downtime }, Default: atOnce(),
		English: "downtime", Korean: "중단 시간",
	},
	{
		Name: "impact", Doc: "the share of the users that its downtime hits",
		At: func(c *Change) any { return &c.Impact }, Default: whole(),
		English: "users hit", Korean: "영향받는 사용자",
	},
	{
		Name: "stages", Doc: "the steps in which it reaches users, such as [5% for 10m, 100%]",
		At: func(c *Change) any { return &c.Stages }, Ordered: true,
		English: "stage", Korean: "단계",
	},
	{
		Name: "excluded", Doc: "true: its own downtime does not count in the promise",
		At: func(c *Change) any { return &c.Excluded }, Default: false,
		English: "does not count", Korean: "목표에서 제외",
	},
}

// RiskKeys lists the keys of a risk.
func RiskKeys() []Key[Risk] { return riskKeys[:] }

// frequency is exchanged as one: what a risk strikes by default hangs on what it
// is per.
const frequency = "frequency"

var riskKeys = [...]Key[Risk]{
	titleKey(func(r *Risk) any { return &r.Title }),
	{
		Name: "service", Doc: "the service that it hits; may be left out where the model has one",
		At:      func(r *Risk) any { return &r.Service },
		English: "service", Korean: "서비스",
	},
	{
		Name: "every", Doc: "the time between two incidents, such as 45d..120d",
		At: func(r *Risk) any { return &r.Rate }, Form: AsInterval, Group: frequency,
		English: "every", Korean: "주기",
	},
	{
		Name: "rate", Doc: "incidents in a time, such as 0.3/y or 2 in 5y",
		At: func(r *Risk) any { return &r.Rate }, Group: frequency,
		English: "how often", Korean: "빈도",
	},
	{
		Name: "units", Doc: "how many units there are; every or rate is for one",
		At: func(r *Risk) any { return &r.Units }, Default: single(), Group: frequency,
		English: "how many", Korean: "개수",
	},
	{
		Name: "per", Doc: "the change that can trigger it",
		At: func(r *Risk) any { return &r.Per }, Group: frequency,
		English: "per", Korean: "계기",
	},
	{
		Name: "chance", Doc: "the chance that one occurrence of the change triggers it",
		At: func(r *Risk) any { return &r.Chance }, Group: frequency,
		English: "chance each time", Korean: "한 번에 일어날 확률",
	},
	{
		Name: "impact", Doc: "the share of the users that is hit",
		At: func(r *Risk) any { return &r.Impact }, Default: whole(),
		English: "users hit", Korean: "영향받는 사용자",
	},
	{
		Name: "strikes", Doc: "one copy of the service, or all at once; all for risks per a change and one for others where it is left out. Per a change, one means that each copy is changed at a time of its own",
		At:      func(r *Risk) any { return &r.Strikes },
		English: "strikes", Korean: "영향 범위",
	},
	{
		Name: "loses", Doc: "money lost by each incident",
		At: func(r *Risk) any { return &r.Loses }, Bears: Money,
		English: "loses each time", Korean: "한 번의 손실",
	},
	{
		Name: "before_nets", Doc: "true: its numbers are without any safety net",
		At: func(r *Risk) any { return &r.BeforeNets }, Default: false,
		English: "without any net", Korean: "안전장치 반영 전",
	},
	{
		Name: "detect", Doc: "the detections, of which the earliest counts, or one time",
		Fields:  func(r *Risk) []any { return []any{&r.Detect, &r.DetectInline} },
		English: "noticed after", Korean: "탐지까지",
	},
	{
		Name: "recover", Doc: "the recoveries in the order in which they are tried, or one time",
		Fields: func(r *Risk) []any { return []any{&r.Recover, &r.RecoverInline} }, Ordered: true,
		English: "over after", Korean: "복구까지",
	},
	ownerKey(func(r *Risk) any { return &r.Owner }),
	{
		Name: "source", Doc: "where the numbers come from",
		At: func(r *Risk) any { return &r.Source }, Bears: Words,
		English: "source", Korean: "출처",
	},
	{
		Name: "asof", Doc: "when the numbers were right",
		At: func(r *Risk) any { return &r.AsOf }, Bears: Words,
		English: "as of", Korean: "기준일",
	},
	{
		Name: "review", Doc: "after how long to look at it again",
		At: func(r *Risk) any { return &r.Review }, Recorded: true, Bears: Words,
		English: "review", Korean: "재검토 주기",
	},
	{
		Name: "accepted", Doc: "who accepted it",
		At: func(r *Risk) any { return &r.Accepted }, Bears: Words,
		English: "accepted", Korean: "위험 수용",
	},
}

// AcceptedKeys lists the keys of who took a risk knowingly.
func AcceptedKeys() []Key[Accepted] { return acceptedKeys[:] }

var acceptedKeys = [...]Key[Accepted]{
	{
		Name: "by", Doc: "who accepted it",
		At: func(a *Accepted) any { return &a.By }, Required: true, Bears: Words,
		English: "by", Korean: "주체",
	},
	{
		Name: "since", Doc: "from when",
		At: func(a *Accepted) any { return &a.Since }, Bears: Words,
		English: "since", Korean: "시작일",
	},
	{
		Name: "until", Doc: "until when; then it must be looked at again",
		At: func(a *Accepted) any { return &a.Until }, Bears: Words,
		English: "until", Korean: "기한",
	},
	{
		Name: "because", Doc: "why",
		At: func(a *Accepted) any { return &a.Because }, Bears: Words,
		English: "because", Korean: "사유",
	},
}

// DetectionKeys lists the keys of a detection.
func DetectionKeys() []Key[Detection] { return detectionKeys[:] }

var detectionKeys = [...]Key[Detection]{
	titleKey(func(d *Detection) any { return &d.Title }),
	{
		Name: "after", Doc: "how long after the beginning it fires",
		At: func(d *Detection) any { return &d.After }, Required: true,
		English: "notices after", Korean: "탐지까지",
	},
	{
		Name: "catches", Doc: "the chance that it fires at all",
		At: func(d *Detection) any { return &d.Catches }, Default: whole(),
		English: "catches", Korean: "탐지율",
	},
	{
		Name: "false_alarms", Doc: "how often it fires for nothing, such as 2/w",
		At: func(d *Detection) any { return &d.FalseAlarms }, Bears: Money,
		English: "false alarms", Korean: "오경보",
	},
}

// RecoveryKeys lists the keys of a recovery.
func RecoveryKeys() []Key[Recovery] { return recoveryKeys[:] }

var recoveryKeys = [...]Key[Recovery]{
	titleKey(func(r *Recovery) any { return &r.Title }),
	{
		Name: "takes", Doc: "how long one attempt takes",
		At: func(r *Recovery) any { return &r.Takes }, Required: true,
		English: "takes", Korean: "걸리는 시간",
	},
	{
		Name: "works", Doc: "the chance that it works",
		At: func(r *Recovery) any { return &r.Works }, Default: whole(),
		English: "works", Korean: "성공률",
	},
	{
		Name: "restores", Doc: "the share of the impact that it ends",
		At: func(r *Recovery) any { return &r.Restores }, Default: whole(),
		English: "restores", Korean: "복구 비율",
	},
	{
		Name: "by", Doc: "the responder who does it, or nobody where it is automatic",
		At: func(r *Recovery) any { return &r.By }, Required: true,
		English: "by", Korean: "주체",
	},
	{
		Name: "runbook", Doc: "where it is written down",
		At: func(r *Recovery) any { return &r.Runbook }, Bears: Words,
		English: "runbook", Korean: "절차서",
	},
	{
		Name: "drilled", Doc: "when it was last tried",
		At: func(r *Recovery) any { return &r.Drilled }, Bears: Words,
		English: "last tried", Korean: "최근 훈련일",
	},
}

// ResponderKeys lists the keys of a responder.
func ResponderKeys() []Key[Responder] { return responderKeys[:] }

var responderKeys = [...]Key[Responder]{
	titleKey(func(r *Responder) any { return &r.Title }),
	{
		Name: "acknowledges", Doc: "how long from the call to the answer",
		At: func(r *Responder) any { return &r.Acknowledges }, Required: true,
		English: "answers after", Korean: "응답하기까지",
	},
	{
		Name: "people", Doc: "how many people share the duty",
		At: func(r *Responder) any { return &r.People }, Bears: Money,
		English: "people", Korean: "인원",
	},
}
