package say

import (
	"slices"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/scenario"
)

func arguments(m message.Message) []string {
	var names []string
	for _, a := range m.Arguments() {
		names = append(names, a.Name)
	}
	slices.Sort(names)
	return names
}

// texts are all texts in which a message is said: as such, and as a name or beside
// one, which titles of the engines are too.
func texts(l Language, m message.Message) (all []string) {
	for _, kind := range []string{"message.", "source.", "note."} {
		if text, ok := l.words[kind+string(m.Key())]; ok {
			all = append(all, text)
		}
	}
	return all
}

func TestEveryMessageIsThereInEveryLanguageWithItsArguments(t *testing.T) {
	for _, code := range Codes() {
		l, _ := Of(code)
		for _, m := range message.Every() {
			if !l.Has("message." + string(m.Key())) {
				t.Errorf("%s has no text for %s", code, m.Key())
				continue
			}
			used := slots(strings.Join(texts(l, m), " "))
			if want := arguments(m); !slices.Equal(used, want) {
				t.Errorf("%s says %s with %v; its arguments are %v", code, m.Key(), used, want)
			}
			if said := l.Message(m); said == "" || strings.ContainsAny(strings.ReplaceAll(said, "{person-day: AMOUNT}", ""), "{}⟨⟩\x00") {
				t.Errorf("%s says %s as %q", code, m.Key(), said)
			}
		}
	}
}

func TestEveryTextOfAMessageHasAMessage(t *testing.T) {
	keys := map[string]bool{}
	for _, m := range message.Every() {
		if keys[string(m.Key())] {
			t.Errorf("two messages have the key %s", m.Key())
		}
		keys[string(m.Key())] = true
	}
	for _, text := range []string{"message.", "source."} {
		for key := range english {
			if name, ok := strings.CutPrefix(key, text); ok && !keys[name] {
				t.Errorf("no message has the key %s", key)
			}
		}
	}
}

func TestEveryTitleOfTheEnginesHasAName(t *testing.T) {
	for _, m := range message.Titles() {
		if !Korean().Has("source." + string(m.Key())) {
			t.Errorf("%s cannot be said as a name", m.Key())
		}
	}
}

func TestMessagesAreSaid(t *testing.T) {
	db := message.Group{Kind: message.Copies, Need: 1, Of: 2, Member: message.List([]string{"db"})}
	ab := message.Group{Kind: message.Any, Member: message.List([]string{"a", "b"})}
	two := message.Group{Kind: message.AtLeast, Need: 2, Member: message.List([]string{"a", "b", "c"})}
	for _, c := range []struct {
		m               message.Message
		english, korean string
	}{
		{message.StandsAlready("canary"), "canary stands already; adding it changes nothing", "canary: 이미 가동 중이므로, 추가해도 달라지지 않음"},
		{message.ChanceOf("bad-release"), "chance of bad-release", "bad-release의 확률"},
		{message.WorksFor("disk"), "chance that a recovery of disk works", "disk의 복구 성공률"},
		{message.SwitchWorks(db), "chance that switching between the copies of db works", "db의 복제본 간 전환 성공률"},
		{message.SwitchWorks(ab), "chance that switching between any of a, b works", "a, b 간 전환 성공률"},
		{message.CommonCauseOfGroup(two), "common cause of 2 of a, b, c", "a, b, c의 공통 원인 비율"},
		{message.LostPay(message.DowntimeOver(">=", "6h", "30d")), "pay of downtime >= 6h over 30d", "계약 조항의 배상(30일 중단 합계 >= 6시간)"},
		{message.LostPay(message.AvailabilityOver("<", "99.5%", "30d")), "pay of availability < 99.5% over 30d", "계약 조항의 배상(30일 가용성 < 99.5%)"},
		{message.NeedsStatus("canary", "metrics-v2", "rejected"), "canary requires metrics-v2, which is rejected", "canary에는 metrics-v2가 필요하지만, 그 상태는 '기각됨'임"},
		{message.LastExponential("a", 7500), "a is taken to last for exponential times, 7500 s on average", "a의 지속 시간은 평균 2시간 5분의 지수분포로 봄"},
		{message.TooLarge(5, message.GroupsLeft()), "structure is too large to be solved exactly: it needs more than 5 nodes; not known, and left out: outages of groups some of whose members can be spared, and how available the service is in the long run",
			"구조가 너무 커서 정확히 풀 수 없음(노드 5개 초과). 제외한 내용: 예비가 있는 묶음의 중단, 장기 가용성"},
		{message.ExcludesStanding("a", "b"), "a excludes b, which stands", "a는 가동 중인 b와 함께 쓸 수 없음"},
		{message.AllCopies(message.Named("a disk dies"), []string{"disk"}), "a disk dies (all copies at once)", "a disk dies(모든 복제본 동시)"},
		{message.NotPriced(message.And(message.PricedWorth(), message.PricedCosts(), message.PricedLoad())),
			"read and checked, but not part of this forecast: worth, the costs of safety nets, the load on people", "모델에 있으나 이 예측에는 포함하지 않은 항목: 서비스의 가치(worth), 안전장치 비용, 인력 부담"},
		{message.NoRateInCommon("a", db), "nothing is said of how a fails by itself, so that the common cause of 1 of 2 copies of db has no rate; it is left out",
			"a의 자체 장애에 대한 정보가 없어 db의 복제본의 공통 원인을 계산할 수 없음. 제외함"},
		{message.Precision("99.9%", 0.0000213, false), "the chance to meet 99.9% could be worked out only to within 0.002 percentage points, which cannot change the answer", "99.9% 목표의 달성 확률에는 ±0.002%p의 계산 오차가 있으나 판정은 달라지지 않음"},
		{message.Overlap(0.0213), "incidents often overlap: about 2.1% of this lost time is counted twice, because sums take incidents as never at once",
			"장애가 자주 겹침: 동시에 일어나지 않는다고 보고 더하므로, 이 장애 시간의 약 2.1%가 중복으로 계산됨"},
		{message.NoPrice("drill", message.DaysToBoth(5, 12)), "drill takes 5 person-days and 12 a year, which have no price; write rates: {person-day: AMOUNT}",
			"drill: 공수(구축 공수 5M/D, 연간 공수 12M/D)의 단가가 없음. 모델에 rates: {person-day: AMOUNT}를 적어야 함"},
		{message.WaitForIncident("disk", 3), "users wait until what disk #3 took down is up again", "disk #3으로 중단된 구성원이 복구될 때까지 사용자 대기"},
		{message.RecoverBy(-0.3, message.OnRisks([]string{"a", "b"})), "time to recover -30% of a, b", "a, b 복구 시간 -30%"},
		{message.Pays(50_000_000, "KRW"), "50,000,000 KRW", "50,000,000 KRW"},
		{message.Message{}, "", ""},
	} {
		if got := English().Message(c.m); got != c.english {
			t.Errorf("%v is %q, want %q", c.m, got, c.english)
		}
		if got := Korean().Message(c.m); got != c.korean {
			t.Errorf("%v is %q, want %q", c.m, got, c.korean)
		}
	}
}

// What the engines make of groups is named in the language; in English it has the
// name that the forecast gives it.
func TestSourcesAreNamed(t *testing.T) {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "m.yaml", Data: []byte(`version: 1
services:
  app:
    objective: {target: 99.9%}
    needs: [{any: [a, b], switch: {takes: 1m, works: 90%}, common_cause: 5%}, db]
  a: {}
  b: {}
  db: {copies: 2, switch: {takes: 30s, works: 97%}}
risks:
  fire: {service: a, title: {en: A fire, ko: 화재}, rate: 3/y, detect: 1m, recover: 1h}
  flood: {service: b, rate: 3/y, detect: 1m, recover: 10d}
  disk: {service: db, title: A disk dies, rate: 1/y, detect: 5m, recover: 3h}
`)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r, err := forecast.Run(m, forecast.Options{Services: []string{"app"}})
	if err != nil {
		t.Fatal(err)
	}
	names, notes := map[string]string{}, map[string]string{}
	e := r.Entries[0]
	for _, s := range e.Sources {
		names[English().SourceName(s)] = Korean().About(m).SourceName(s)
		notes[s.Name] = English().SourceNote(e, s)
	}
	for name, want := range map[string][2]string{
		"any of a, b":                {"a, b 동시 장애", "too many down at once"},
		"any of a, b/switch":         {"a, b 간 전환", "changing over"},
		"any of a, b/fire":           {"화재: 대체 전환 실패(a, b)", "A fire: nothing takes over"},
		"1 of 2 copies of db/switch": {"db의 복제본 간 전환", "changing over, on db"},
		"1 of 2 copies of db/disk":   {"disk: 대체 전환 실패(db의 복제본)", "A disk dies: nothing takes over, on db"},
		"disk":                       {"disk", "A disk dies, on db"},
		"a+b/fire":                   {"화재(a, b 전체)", "A fire (all of a, b at once), on a, b"},
	} {
		if names[name] != want[0] || notes[name] != want[1] {
			t.Errorf("%s is %q and noted %q, want %q", name, names[name], notes[name], want)
		}
	}
	if t.Failed() {
		t.Log(names, notes)
	}
}

// Groups are said in English as the engines name them.
func TestAGroupIsSaidAsItIsNamed(t *testing.T) {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "m.yaml", Data: []byte(`version: 1
services:
  app: {needs: [{any: [a, b]}, {at_least: 2, of: [a, b, db]}, db]}
  a: {}
  b: {}
  db: {copies: 3, need: 2}
`)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	sc, err := scenario.New(m, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := sc.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	y := sc.System(c)
	groups := 0
	for _, p := range y.Parts {
		for _, n := range p.Needs {
			if n.Spare {
				groups++
				if got := English().groupTitle(n.Group); got != n.Title {
					t.Errorf("%q is said %q", n.Title, got)
				}
			}
		}
	}
	if groups != 3 {
		t.Errorf("%d groups", groups)
	}
}

func TestWarningsAreSaidOnce(t *testing.T) {
	w := forecast.Warning{Code: "moon", Message: message.Named("the moon is full"), Pos: model.Pos{File: "a.yaml", Line: 3, Col: 1}}
	r := &forecast.Result{Warnings: []forecast.Warning{w, {Code: "not-priced"}, w}}
	if lines := Korean().Warnings(r, "not-priced"); len(lines) != 1 || lines[0] != "a.yaml:3: the moon is full" {
		t.Errorf("%q", lines)
	}
}

func TestForeignTextsAreMarked(t *testing.T) {
	pieces := Pieces("문제: " + Foreign("no such file"))
	if len(pieces) != 2 || pieces[0].Foreign || !pieces[1].Foreign || pieces[1].Text != "no such file" {
		t.Errorf("%+v", pieces)
	}
	if got := Unmarked("문제: " + Foreign("no such file")); got != "문제: no such file" {
		t.Errorf("%q", got)
	}
	for _, odd := range []string{"", "plain", foreign, native, native + foreign, foreign + "x", "a" + native + "b", foreign + foreign + native} {
		for _, p := range Pieces(odd) {
			if strings.Contains(p.Text, foreign) || strings.Contains(p.Text, native) {
				t.Errorf("%q leaves a mark", odd)
			}
		}
	}
}
