package page

import (
	"context"
	"strings"
	"testing"

	"tightrope/internal/decision"
	"tightrope/internal/plan"
)

const twoPromises = `version: 1
currency: EUR
services:
  shop:
    title: {en: The shop, ko: 상점}
    owner: shop-team
    objective: {target: 99.9%, over: 30d}
    worth: {revenue: 90_000/d, lost: 50%, users: 1_200_000}
  mail: {title: {en: Mails, ko: 메일}, objective: {target: 99%, over: 30d}}
risks:
  crash: {title: {en: It stops, ko: 중단}, service: shop, rate: 12/y, detect: 5m, recover: 1h}
  late: {service: mail, rate: 2/y, detect: 5m, recover: 1h}
safety_nets:
  spare: {title: {en: A spare, ko: 예비}, kind: redundancy, status: proposed, cost: {run: 9_000_000/month}, effects: [{risk: crash, prevents: 10%}]}
`

// Of several services the first screen says of each that is to promise less how often
// the lower target is met, and why the higher one is not; of the largest cause why
// nothing is done about it; and it is no failure to propose what holds.
func TestALowerPromiseIsSaidWithItsChanceAndItsReason(t *testing.T) {
	r := gathered(t, parsed(t, twoPromises), Options{})
	p, err := plan.Run(context.Background(), r.Model, plan.Options{Services: []string{"shop", "mail"}, Nines: true, Roadmap: true})
	if err != nil {
		t.Fatal(err)
	}
	r.Together = p
	if err := r.Decide(context.Background(), p, decision.Options{Turns: true}); err != nil {
		t.Fatal(err)
	}
	page := asHTML(t, r)
	sound(t, page)
	start := page[:strings.Index(page, `id="p1"`)]
	for _, want := range []string{
		"All promises, over 30 days", "99.5%: missed about 1 month in 55", "impossible: at best about", "The shop (99.5%, not 99.9%)",
		"Nothing is done about it: “A spare” would act on it, but costs and losses together are least without.", "A safety net is anything that prevents an outage", "1.2 million", "24,400 EUR a year is expected to be lost",
	} {
		if !strings.Contains(start, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(start, `class="answer bad"`) || !strings.Contains(start, `<span class="sign">↓</span>`) {
		t.Error("a decision that holds stands out as what fails")
	}
	ko := htmlIn(t, r, Korean())
	for _, want := range []string{"채택하지 않음: ‘예비’로 줄일 수 있으나, 도입하지 않을 때 비용과 손실의 합계가 더 적습니다.", "99.5%(약 55개월"} {
		if !strings.Contains(strings.ReplaceAll(ko, "\u2060", ""), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
