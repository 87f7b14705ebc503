package say

// koreanTables is in Korean what tables of results have that texts and pages share.
func koreanTables() map[string]string {
	return map[string]string{
		"table.net":         "안전장치",
		"table.yearly":      "연간 비용({currency})",
		"table.yearly.none": "연간 비용",
		"table.effort":      "공수(M/D)",
		"table.ready":       "가동 시점",
		"table.owner":       "담당",
		"table.removed":     "폐지",
		"table.sum":         "합계",
		"table.sign.new":    "+ 신규", "table.sign.stays": "= 유지", "table.sign.removed": "− 폐지",
		"table.chance":  "달성 확률",
		"table.loss":    "연간 예상 손실",
		"table.lost":    "장애 시간",
		"table.target":  "목표치",
		"table.nets":    "개수",
		"table.netlist": "안전장치",
		"table.both":    "합계",

		"road.takes":   "소요 기간",
		"road.after":   "누적 기간",
		"road.today":   "현재",
		"road.foot":    "하나씩 차례로 구축하는 것을 전제함",
		"road.assumed": "~ 소요 기간이 적혀 있지 않아 가정한 값",
		"road.weeks":   "{n}주",
		"road.months":  "{n}개월",

		"target.nor":        "{target}도 마찬가지",
		"target.nor.more":   "{target}까지 더 높은 목표치도 마찬가지",
		"target.cheapest":   "최저 비용: {nets}",
		"target.both":       "비용도 합계도 최저: {nets}",
		"target.least":      "합계 최저: {nets}",
		"target.none":       "추가 없음",
		"target.without":    "{nets}, 폐지 {removed}",
		"target.same":       "더 낮은 목표치도 같은 조합",
		"target.open":       "최저 비용인지는 증명되지 않음",
		"target.open.least": "최저 합계인지는 증명되지 않음",
		"target.notfound":   "찾지 못함",
		"target.asked":      "현재 목표",
		"target.best":       "권장",

		"front.plan":      "→ 계획안",
		"front.more":      "그 사이 {n}개 조합은 생략",
		"front.open":      "탐색이 끝까지 이루어지지 않아 다른 조합이 더 있을 수 있음",
		"front.corrected": "모든 원인의 합으로 찾은 뒤 보정함",

		"shares.alone":    "단독 {time}",
		"shares.together": "다른 장애와 겹침 {time}",
		"shares.failed":   "전환 실패 {time}",
		"shares.waiting":  "전환 대기 {time}",
	}
}
