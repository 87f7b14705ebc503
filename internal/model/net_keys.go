package model

// NetKeys lists the keys of a safety net, in the order of the documentation.
func NetKeys() []Key[Net] { return netKeys[:] }

var netKeys = [...]Key[Net]{
	titleKey(func(n *Net) any { return &n.Title }),
	ownerKey(func(n *Net) any { return &n.Owner }),
	{
		Name: "kind", Doc: "what sort of net it is",
		At: func(n *Net) any { return &n.Kind }, Bears: Words,
		English: "kind", Korean: "종류",
	},
	{
		Name: "status", Doc: "whether it stands: in-place, building, proposed or rejected",
		At: func(n *Net) any { return &n.Status }, Required: true, Group: "status",
		English: "status", Korean: "상태",
	},
	{
		Name: "ready", Doc: "when a net that is being built will stand",
		At: func(n *Net) any { return &n.Ready }, Bears: Money, Group: "status",
		English: "ready", Korean: "완료 예정일",
	},
	{
		Name: "angle", Doc: "nets with the same angle see the same mistakes, and the best of them counts; an angle of its own where it is left out",
		At:      func(n *Net) any { return &n.Angle },
		English: "angle", Korean: "예방 각도",
	},
	{
		Name: "cost", Doc: "what it takes to build and to run",
		At: func(n *Net) any { return &n.Cost }, Bears: Money, Group: "cost",
		English: "cost", Korean: "비용",
	},
	{
		Name: "lasts", Doc: "how long it lasts once built",
		At: func(n *Net) any { return &n.Lasts }, Default: DefaultLife(), Bears: Money, Group: "cost",
		English: "lasts", Korean: "쓰는 기간",
	},
	{
		Name: "lead_time", Doc: "how long it takes until it stands",
		At: func(n *Net) any { return &n.LeadTime }, Bears: Money,
		English: "lead time", Korean: "준비 기간",
	},
	{
		Name: "requires", Doc: "other nets without which it cannot stand",
		At:      func(n *Net) any { return &n.Requires },
		English: "requires", Korean: "먼저 필요한 것",
	},
	{
		Name: "excludes", Doc: "nets that never stand beside it",
		At:      func(n *Net) any { return &n.Excludes },
		English: "excludes", Korean: "함께 쓸 수 없는 것",
	},
	{
		Name: "replaces", Doc: "nets that stand and whose place it takes",
		At:      func(n *Net) any { return &n.Replaces },
		English: "replaces", Korean: "대체 대상",
	},
	{
		Name: "effects", Doc: "what it does, and to what",
		Fields:  func(n *Net) []any { return []any{&n.Effects} },
		English: "effect", Korean: "효과",
	},
}

// CostKeys lists the keys of a cost.
func CostKeys() []Key[Cost] { return costKeys[:] }

var costKeys = [...]Key[Cost]{
	{
		Name: "build", Doc: "what it takes once: amounts and efforts such as [15 person-days, 3_000_000]",
		Fields: func(c *Cost) []any { return []any{&c.BuildMoney, &c.BuildEffort} }, Bears: Money,
		English: "to build", Korean: "구축 비용",
	},
	{
		Name: "run", Doc: "what it takes in a period: amounts and efforts such as 8 person-days/month",
		Fields: func(c *Cost) []any { return []any{&c.RunMoney, &c.RunEffort} }, Bears: Money,
		English: "to run", Korean: "운영 비용",
	},
}
