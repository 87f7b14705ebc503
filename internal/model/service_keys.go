package model

// ServiceKeys lists the keys of a service, in the order of the documentation.
// Those of what it states of itself stand on it too.
func ServiceKeys() []Key[Service] { return serviceKeys[:] }

var serviceKeys = [...]Key[Service]{
	titleKey(func(s *Service) any { return &s.Title }),
	ownerKey(func(s *Service) any { return &s.Owner }),
	{
		Name: "outside", Doc: "true: not in our hands",
		At: func(s *Service) any { return &s.Outside }, Default: false,
		English: "not in our hands", Korean: "외부 의존",
	},
	{
		Name: "objective", Doc: "the one objective, named available",
		Fields:  func(s *Service) []any { return []any{&s.Objectives} },
		English: "promise", Korean: "목표",
	},
	{
		Name: "objectives", Doc: "several objectives by name",
		Fields:  func(s *Service) []any { return []any{&s.Objectives} },
		English: "promises", Korean: "목표",
	},
	{
		Name: "background", Doc: "the share of errors that are always there; they spend the budget evenly",
		At:      func(s *Service) any { return &s.Background },
		English: "errors that are always there", Korean: "상시 오류",
	},
	{
		Name: "history", Doc: "what really happened",
		At: func(s *Service) any { return &s.History }, Recorded: true, Bears: Words, Group: "history",
		English: "history", Korean: "기록",
	},
	{
		Name: "worth", Doc: "what the service earns, and what an outage costs",
		At: func(s *Service) any { return &s.Worth }, Bears: Money,
		English: "worth", Korean: "가치",
	},
	{
		Name: "needs", Doc: "the services it needs",
		Fields:  func(s *Service) []any { return []any{&s.Needs} },
		English: "need", Korean: "필요한 것",
	},
	{
		Name: "copies", Doc: "how many independent copies there are",
		At: func(s *Service) any { return &s.Copies }, Default: single(), Group: "copies",
		English: "copies", Korean: "복제본 수",
	},
	{
		Name: "need", Doc: "how many copies must stand",
		At: func(s *Service) any { return &s.Need }, Default: single(), Group: "copies",
		English: "copies needed", Korean: "필요한 복제본 수",
	},
	{
		Name: "switch", Doc: "the change-over when a copy fails and enough stand",
		At: func(s *Service) any { return &s.Switch }, Group: "copies",
		English: "change-over", Korean: "전환",
	},
	{
		Name: "common_cause", Doc: "the share of the copies' failures that strikes them all at once",
		At: func(s *Service) any { return &s.CommonCause }, Default: DefaultCommonCause(), Group: "copies",
		English: "struck together", Korean: "함께 멈추는 비율",
	},
}

// StatedKeys lists the keys under which a service states how often and how long
// it is down itself.
func StatedKeys() []Key[Stated] { return statedKeys[:] }

var statedKeys = [...]Key[Stated]{
	{
		Name: "availability", Doc: "stated availability of its own part, besides its needs",
		At: func(s *Stated) any { return &s.Availability }, Group: "stated",
		English: "availability", Korean: "가용성",
	},
	{
		Name: "every", Doc: "stated time between its own outages",
		At: func(s *Stated) any { return &s.Every }, Form: AsInterval, Group: "stated",
		English: "every", Korean: "주기",
	},
	{
		Name: "rate", Doc: "stated rate of its own outages",
		At: func(s *Stated) any { return &s.Every }, Group: "stated",
		English: "how often", Korean: "빈도",
	},
	{
		Name: "outage", Doc: "how long one of its own outages lasts",
		At: func(s *Stated) any { return &s.Outage }, Group: "stated",
		English: "length of outages", Korean: "장애 길이",
	},
}

// ObjectiveKeys lists the keys of an objective.
func ObjectiveKeys() []Key[Objective] { return objectiveKeys[:] }

var objectiveKeys = [...]Key[Objective]{
	titleKey(func(o *Objective) any { return &o.Title }),
	{
		Name: "target", Doc: "the share of good time that is promised, above 0 % and below 100 %",
		At: func(o *Objective) any { return &o.Target }, Form: AsTarget, Required: true,
		English: "target", Korean: "목표치",
	},
	{
		Name: "over", Doc: "the window",
		At: func(o *Objective) any { return &o.Over }, Default: DefaultWindow(), Offered: true,
		English: "window", Korean: "기간",
	},
	{
		Name: "confidence", Doc: "the chance with which any one window must keep the target",
		At: func(o *Objective) any { return &o.Confidence }, Form: AsConfidence, Default: DefaultConfidence(), Offered: true,
		English: "confidence", Korean: "신뢰 수준",
	},
	{
		Name: "decide_by", Doc: "by when it is to be decided what to promise and what to build for it",
		At: func(o *Objective) any { return &o.DecideBy }, Bears: Words,
		English: "decide by", Korean: "결정 기한",
	},
	{
		Name: "sli", Doc: "how its events are counted in Prometheus, for alerts",
		At: func(o *Objective) any { return &o.SLI }, Bears: Words,
		English: "indicator", Korean: "측정 지표",
	},
	{
		Name: "traffic", Doc: "how many events there are, such as 40/s",
		At: func(o *Objective) any { return &o.Traffic }, Bears: Money,
		English: "traffic", Korean: "트래픽",
	},
}

// SLIKeys lists the keys of how the events of an objective are counted.
func SLIKeys() []Key[SLI] { return sliKeys[:] }

var sliKeys = [...]Key[SLI]{
	{
		Name: "errors", Doc: "bad events; goes with `total`",
		At: func(x *SLI) any { return &x.Errors }, Form: AsQuery, Bears: Words,
		English: "bad events", Korean: "오류 건수",
	},
	{
		Name: "good", Doc: "good events, such as those that were fast enough; goes with `total`",
		At: func(x *SLI) any { return &x.Good }, Form: AsQuery, Bears: Words,
		English: "good events", Korean: "정상 건수",
	},
	{
		Name: "total", Doc: "all events",
		At: func(x *SLI) any { return &x.Total }, Form: AsQuery, Bears: Words,
		English: "all events", Korean: "전체 건수",
	},
	{
		Name: "probe", Doc: "in place of the others: a metric that is 1 while it works and 0 while it does not",
		At: func(x *SLI) any { return &x.Probe }, Form: AsMetric, Bears: Words,
		English: "probe", Korean: "프로브",
	},
}

// HistoryKeys lists the keys of what really happened.
func HistoryKeys() []Key[History] { return historyKeys[:] }

var historyKeys = [...]Key[History]{
	{
		Name: "over", Doc: "how long the record is",
		At: func(h *History) any { return &h.Over }, Required: true, Bears: Words,
		English: "window", Korean: "기간",
	},
	{
		Name: "bad", Doc: "lost time in that span",
		At: func(h *History) any { return &h.Bad }, Bears: Words,
		English: "lost time", Korean: "장애 시간",
	},
	{
		Name: "incidents", Doc: "incidents in that span",
		At: func(h *History) any { return &h.Incidents }, Bears: Words,
		English: "incidents", Korean: "장애 건수",
	},
	{
		Name: "missed", Doc: "in how many of how many windows the objective was missed",
		At: func(h *History) any { return &h.Missed }, Bears: Words,
		English: "windows missed", Korean: "목표 미달 횟수",
	},
}

// WorthKeys lists the keys of what a service earns.
func WorthKeys() []Key[Worth] { return worthKeys[:] }

var worthKeys = [...]Key[Worth]{
	{
		Name: "revenue", Doc: "revenue in a period, such as 40_000_000/d",
		At: func(w *Worth) any { return &w.Revenue }, Bears: Money,
		English: "revenue", Korean: "매출",
	},
	{
		Name: "lost", Doc: "the share of the revenue of lost time that never comes back",
		At: func(w *Worth) any { return &w.Lost }, Bears: Money,
		English: "share that is lost", Korean: "잃는 비율",
	},
	{
		Name: "users", Doc: "how many users there are",
		At: func(w *Worth) any { return &w.Users }, Bears: Money,
		English: "users", Korean: "사용자 수",
	},
	{
		Name: "sla", Doc: "the clauses of the contract",
		At: func(w *Worth) any { return &w.SLA }, Bears: Money,
		English: "contract clause", Korean: "계약 조항",
	},
}

// ClauseKeys lists the keys of a clause of a contract.
func ClauseKeys() []Key[Clause] { return clauseKeys[:] }

var clauseKeys = [...]Key[Clause]{
	{
		Name: "if", Doc: "outage >= 3h, downtime >= 6h over 30d or availability < 99.5% over 30d",
		Fields:   func(c *Clause) []any { return []any{&c.Kind, &c.If, &c.Length, &c.Below, &c.Over, &c.Strict} },
		Required: true, Bears: Money,
		English: "if", Korean: "조건",
	},
	{
		Name: "pay", Doc: "an amount, or a share of the revenue of the period such as 10% of revenue",
		Fields:   func(c *Clause) []any { return []any{&c.Pay, &c.PayOfRevenue} },
		Required: true, Bears: Money,
		English: "payment", Korean: "지급액",
	},
}

// NeedKeys lists the keys of a need.
func NeedKeys() []Key[Need] { return needKeys[:] }

// whom are the fields that hold which services are needed.
func whom(n *Need) []any { return []any{&n.Kind, &n.Members, &n.AtLeast} }

var needKeys = [...]Key[Need]{
	{
		Name: "service", Doc: "the one service that is needed", Fields: whom,
		English: "service", Korean: "서비스",
	},
	{
		Name: "any", Doc: "services of which one is enough", Fields: whom,
		English: "any of", Korean: "하나면 되는 것",
	},
	{
		Name: "at_least", Doc: "how many of those under `of` are needed", Fields: whom,
		English: "at least", Korean: "필요한 최소 수",
	},
	{
		Name: "of", Doc: "the services of which `at_least` are needed", Fields: whom,
		English: "of", Korean: "대상",
	},
	{
		Name: "split", Doc: "the share of the users that relies on each service; each user relies on exactly one", Fields: whom,
		English: "share of users", Korean: "사용자 비율",
	},
	{
		Name: "impact", Doc: "the share of the users that is exposed",
		At: func(n *Need) any { return &n.Impact }, Default: whole(),
		English: "users hit", Korean: "영향받는 사용자",
	},
	{
		Name: "rides_out", Doc: "the first part of each outage that is not felt",
		At: func(n *Need) any { return &n.RidesOut }, Default: atOnce(),
		English: "not felt at first", Korean: "처음에 느끼지 못하는 시간",
	},
	{
		Name: "switch", Doc: "the change-over when a member fails and the group stands",
		At:      func(n *Need) any { return &n.Switch },
		English: "change-over", Korean: "전환",
	},
	{
		Name: "common_cause", Doc: "the share of the members' failures that strikes them all at once",
		At:      func(n *Need) any { return &n.CommonCause },
		English: "struck together", Korean: "함께 멈추는 비율",
	},
	{
		Name: "counts", Doc: "false: users feel it, and the promise leaves it out",
		At: func(n *Need) any { return &n.Counts }, Default: true,
		English: "counts", Korean: "목표 반영",
	},
}

// SwitchKeys lists the keys of a change-over.
func SwitchKeys() []Key[Switch] { return switchKeys[:] }

var switchKeys = [...]Key[Switch]{
	{
		Name: "takes", Doc: "how long users wait for it",
		At: func(s *Switch) any { return &s.Takes }, Required: true,
		English: "takes", Korean: "걸리는 시간",
	},
	{
		Name: "works", Doc: "the chance that it works",
		At: func(s *Switch) any { return &s.Works }, Default: whole(),
		English: "works", Korean: "성공률",
	},
}
