package say

// englishTables is in English what tables of results have that texts and pages share.
func englishTables() map[string]string {
	return map[string]string{
		"table.net":         "safety net",
		"table.yearly":      "{currency}/year",
		"table.yearly.none": "money/year",
		"table.effort":      "person-days",
		"table.ready":       "ready",
		"table.owner":       "owner",
		"table.removed":     "taken away",
		"table.sum":         "together",
		"table.sign.new":    "+ built", "table.sign.stays": "= kept", "table.sign.removed": "− taken away",
		"table.chance":  "chance",
		"table.loss":    "loss/year",
		"table.lost":    "lost time",
		"table.target":  "target",
		"table.nets":    "nets",
		"table.netlist": "safety nets",
		"table.both":    "together",

		"road.takes":   "takes",
		"road.after":   "done after",
		"road.today":   "today",
		"road.foot":    "built one after the other",
		"road.assumed": "~ no lead time is written",
		"road.weeks":   "{n} {n|week|weeks}",
		"road.months":  "{n} {n|month|months}",

		"target.nor":        "nor is {target}",
		"target.nor.more":   "nor is any higher target up to {target}",
		"target.cheapest":   "cheapest: {nets}",
		"target.both":       "cheapest, and least together: {nets}",
		"target.least":      "least together: {nets}",
		"target.none":       "none",
		"target.without":    "{nets}, without {removed}",
		"target.same":       "lower targets take the same",
		"target.open":       "not proven to be the cheapest",
		"target.open.least": "not proven to be the least",
		"target.notfound":   "not found",
		"target.asked":      "asked",
		"target.best":       "best",

		"front.plan":      "→ is the plan",
		"front.more":      "and {n} between them",
		"front.open":      "there may be others: the search ended before all were looked for",
		"front.corrected": "found by the sum of all sources, and then corrected",

		"shares.alone":    "{time} by itself",
		"shares.together": "{time} with others down",
		"shares.failed":   "{time} not changed over",
		"shares.waiting":  "{time} changing over",
	}
}
