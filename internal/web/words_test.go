package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

var inBraces = regexp.MustCompile(`\{[a-z]+\}`)

// What is said in one language is said in the other, with the same names put in.
func TestBothLanguagesSayTheSame(t *testing.T) {
	en, ko := english(), korean()
	for key, text := range en {
		other, ok := ko[key]
		if !ok || other == "" || text == "" {
			t.Errorf("%s is not in both languages", key)
			continue
		}
		a, b := inBraces.FindAllString(text, -1), inBraces.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s puts in %v in English and %v in Korean", key, a, b)
		}
	}
	for key := range ko {
		if _, ok := en[key]; !ok {
			t.Errorf("%s is in Korean only", key)
		}
	}
}

// Every text is used, and every text that is used is there.
func TestEveryTextIsUsedAndThere(t *testing.T) {
	var source strings.Builder
	for _, pattern := range []string{"*.go", "templates/*.tmpl"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") || f == "english.go" || f == "korean.go" {
				continue
			}
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(data)
		}
	}
	text := source.String()
	words := english()
	// These are put together: the kinds and statuses of nets, the keys of the
	// model's language, the codes of problems, the two fields of a comparison.
	made := regexp.MustCompile(`^(kind|key|problem)\.|^web\.nets\.(proposed|building|in-place)$|^web\.compare\.[ab]$`)
	for key := range words {
		if !made.MatchString(key) && !strings.Contains(text, `"`+key+`"`) {
			t.Errorf("%s is never said", key)
		}
	}
	for _, m := range regexp.MustCompile(`(?:[Ss]ay\(|say )"(web\.[a-z.\-]+)"`).FindAllStringSubmatch(text, -1) {
		if _, ok := words[m[1]]; !ok && !strings.HasSuffix(m[1], ".") {
			t.Errorf("%s is said, and not there", m[1])
		}
	}
}

// The workshop calls the keys of a model as the language does.
func TestKeysOfAModelAreSaidInEveryLanguage(t *testing.T) {
	all := tongues()
	for _, k := range model.KeyNames() {
		if en, ko := all["en"].Say("key."+k.Key), all["ko"].Say("key."+k.Key); en != k.English || ko != k.Korean {
			t.Errorf("%s is called %s and %s", k.Key, en, ko)
		}
	}
}

// A number is called by what it is and what it belongs to. Names that somebody gave
// are not translated where they are also those of keys.
func TestNumbersAreCalledByWhatTheyAre(t *testing.T) {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "m.yaml", Data: []byte(`version: 1
services:
  app:
    title: {en: The app, ko: 앱}
    objectives: {available: {target: 99.9%}, over: {target: 99%}}
    worth: {revenue: 1000/d, lost: 50%, sla: [{if: "outage > 4h", pay: 100}]}
    needs:
      - {any: [redis, source]}
      - {service: redis, impact: 30%}
      - {split: {redis: 40%, source: 60%}}
  redis: {title: {en: Redis, ko: 레디스}}
  source: {}
changes:
  release: {service: app, every: 7d, stages: [10% for 1h, 100%]}
risks:
  crash: {title: {en: A crash, ko: 비정상 종료}, service: app, rate: 1/y, detect: 5m, recover: 1h, impact: {available: 10%, over: 20%}}
safety_nets:
  watch: {kind: automation, status: proposed, cost: {run: 10/month}, effects: [{risk: crash, prevents: 40%}, {risk: crash, detects: {after: 1m, catches: 80%}}]}
`)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, c := range []struct{ kind, part, path, en, ko string }{
		{"risks", "crash", "rate", "frequency", "발생 빈도"},
		{"risks", "crash", "impact/over", "over: share of users hit", "over: 영향받는 사용자 비율"},
		{"risks", "crash", "impact/available", "available: share of users hit", "가용성: 영향받는 사용자 비율"},
		{"services", "app", "objectives/over/over", "over: window", "over: 기간"},
		{"services", "app", "objectives/available/target", "available: target", "가용성: 목표치"},
		{"services", "app", "worth/revenue", "revenue", "매출"},
		{"services", "app", "worth/sla/0/pay", "contract clause 1: payment", "계약 조항 1: 지급액"},
		{"services", "app", "needs/0/common_cause", "Redis / source: share of common causes", "레디스 / source: 공통 원인 비율"},
		{"services", "app", "needs/1/impact", "Redis: share of users hit", "레디스: 영향받는 사용자 비율"},
		{"services", "app", "needs/2/split/source", "source: share of users", "source: 사용자 비율"},
		{"services", "app", "needs/9/impact", "need 10: share of users hit", "필요한 것 10: 영향받는 사용자 비율"},
		{"changes", "release", "stages/0", "stage 1", "단계 1"},
		{"safety_nets", "watch", "effects/0/prevents", "A crash: share prevented", "비정상 종료: 예방률"},
		{"safety_nets", "watch", "effects/1/detects/after", "A crash: detects · notices after", "비정상 종료: 탐지 · 탐지까지"},
		{"safety_nets", "watch", "cost/run", "cost · to run", "비용 · 운영 비용"},
	} {
		for code, want := range map[string]string{"en": c.en, "ko": c.ko} {
			l := tongues()[code]
			l.Language = l.About(m)
			if got := l.settingName(m, c.kind, c.part, c.path); got != want {
				t.Errorf("%s %s is called %q, want %q", c.part, c.path, got, want)
			}
		}
	}
}
