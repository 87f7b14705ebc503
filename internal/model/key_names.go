package model

// A KeyName is what people call a key of the language, in each language.
type KeyName struct{ Key, English, Korean string }

// KeyNames lists what people call the keys under which numbers stand, and those
// that lead to them. A name of a key is the same wherever it stands; those of
// effects are in EffectKeys.
func KeyNames() []KeyName {
	out := keyNames[:len(keyNames):len(keyNames)]
	seen := map[string]bool{}
	for _, k := range effectKeys {
		if !seen[k.Name] {
			seen[k.Name] = true
			out = append(out, KeyName{k.Name, k.English, k.Korean})
		}
	}
	return out
}

var keyNames = []KeyName{
	{"objective", "promise", "목표"},
	{"objectives", "promises", "목표"},
	{"target", "target", "목표치"},
	{"over", "window", "기간"},
	{"confidence", "confidence", "신뢰 수준"},
	{"worth", "worth", "가치"},
	{"revenue", "revenue", "매출"},
	{"lost", "share that is lost", "잃는 비율"},
	{"users", "users", "사용자 수"},
	{"sla", "contract clause", "계약 조항"},
	{"pay", "payment", "지급액"},
	{"needs", "need", "필요한 것"},
	{"takes", "takes", "걸리는 시간"},
	{"works", "works", "성공률"},
	{"restores", "restores", "복구 비율"},
	{"rate", "how often", "빈도"},
	{"chance", "chance each time", "한 번에 일어날 확률"},
	{"at_least", "at least", "필요한 최소 수"},
	{"units", "how many", "개수"},
	{"loses", "loses each time", "한 번의 손실"},
	{"after", "notices after", "탐지까지"},
	{"catches", "catches", "탐지율"},
	{"false_alarms", "false alarms", "오경보"},
	{"acknowledges", "answers after", "응답하기까지"},
	{"cost", "cost", "비용"},
	{"build", "to build", "구축 비용"},
	{"run", "to run", "운영 비용"},
	{"lasts", "lasts", "쓰는 기간"},
	{"lead_time", "lead time", "준비 기간"},
	{"effects", "effect", "효과"},
	{"split", "share of users", "사용자 비율"},
	{"available", "available", "가용성"},
	{"person-day", "price of a person-day", "하루 인건비"},
}
