package say

import (
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/modelfile"
)

// titled has titles in one language, in both, in none, and in one for both.
const titled = `version: 1
services:
  shop: {title: {en: Web shop, ko: 쇼핑몰}, objectives: {available: {target: 99.9%}, fast: {title: {en: Fast pages, ko: 응답 속도}, target: 99%}}, needs: [db, pay, cloud]}
  db: {title: Database}
  pay: {title: 결제}
  cloud: {}
changes:
  deploy: {title: {en: A release, ko: 배포}, service: shop, every: 7d}
risks:
  crash: {title: {en: The shop crashes, ko: 서버 중단}, service: shop, every: 90d, detect: [calls], recover: 1h}
  db: {title: {ko: DB 고장}, service: db, every: 90d, detect: 5m, recover: 1h}
  cloud: {service: cloud, every: 90d, detect: 5m, recover: 1h}
detection:
  calls: {title: {en: Calls, ko: 고객 신고}, after: 1h}
safety_nets:
  canary: {title: {en: A few first, ko: 카나리 배포}, kind: automation, status: proposed, effects: [{risk: crash, prevents: 50%}]}
`

func TestWhatIsInAModelIsCalledByItsKoreanTitleElseByItsName(t *testing.T) {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "m.yaml", Data: []byte(titled)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r, err := forecast.Run(m, forecast.Options{Services: []string{"shop"}})
	if err != nil {
		t.Fatal(err)
	}
	source := func(l Language, name string) string {
		for _, s := range r.Entries[0].Sources {
			if s.Name == name {
				return l.SourceName(s)
			}
		}
		return "no such source"
	}
	en, ko := English().About(m), Korean().About(m)
	for _, c := range []struct{ what, english, korean, wantEnglish, wantKorean string }{
		{"a service", en.ServiceName("shop"), ko.ServiceName("shop"), "shop", "쇼핑몰"},
		{"a service whose title is in English", en.ServiceName("db"), ko.ServiceName("db"), "db", "db"},
		{"a service with one title, in Korean", en.ServiceName("pay"), ko.ServiceName("pay"), "pay", "결제"},
		{"a service without a title", en.ServiceName("cloud"), ko.ServiceName("cloud"), "cloud", "cloud"},
		{"several services", en.Where("shop, cloud", []string{"shop", "cloud"}), ko.Where("shop, cloud", []string{"shop", "cloud"}), "shop, cloud", "쇼핑몰, cloud"},
		{"what is not there", en.ServiceName("mail"), ko.ServiceName("mail"), "mail", "mail"},
		{"a change", en.ChangeName("deploy"), ko.ChangeName("deploy"), "deploy", "배포"},
		{"a net", en.NetName("canary"), ko.NetName("canary"), "canary", "카나리 배포"},
		{"a risk", en.RiskName("db"), ko.RiskName("db"), "db", "DB 고장"},
		{"a detection", en.DetectionName("calls"), ko.DetectionName("calls"), "calls", "고객 신고"},
		{"an objective", en.ObjectiveName("shop", "fast"), ko.ObjectiveName("shop", "fast"), "fast", "응답 속도"},
		{"the usual objective", en.ObjectiveName("shop", "available"), ko.ObjectiveName("shop", "available"), "available", "가용성"},
		{"a source", source(en, "crash"), source(ko, "crash"), "crash", "서버 중단"},
		{"a name in a message", en.Message(message.Keep("canary")), ko.Message(message.Keep("canary")), English().Message(message.Keep("canary")), Korean().Message(message.Keep("카나리 배포"))},
		{"a name of two things that are called otherwise", en.Message(message.Named("db")), ko.Message(message.Named("db")), "db", "db"},
		{"a title in a message", en.Message(message.Titled("a", "가")), ko.Message(message.Titled("a", "가")), "a", "가"},
		{"a name without a model", English().Message(message.Named("shop")), Korean().Message(message.Named("shop")), "shop", "shop"},
	} {
		if c.english != c.wantEnglish || c.korean != c.wantKorean {
			t.Errorf("%s is called %q and %q, want %q and %q", c.what, c.english, c.korean, c.wantEnglish, c.wantKorean)
		}
	}
	for _, c := range []struct{ name, english, korean string }{{"shop", "shop", ""}, {"db", "db", "db"}, {"cloud", "", ""}} {
		s := m.Service(c.name)
		if a, b := en.ByName(s.Title, s.Name), ko.ByName(s.Title, s.Name); a != c.english || b != c.korean {
			t.Errorf("below the title of %s stands %q and %q, want %q and %q", c.name, a, b, c.english, c.korean)
		}
	}
}
