package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tightrope/internal/modelfile"
)

// wanted is a model of which it is known what is worth building: what costs little
// saves much.
const wanted = `version: 1
currency: EUR
services:
  app:
    title: {en: The app, ko: 앱}
    owner: app-team
    objective: {target: 99.9%, over: 30d, confidence: 90%}
    worth: {revenue: 20000/d, lost: 50%}
changes:
  release: {service: app, every: 7d}
risks:
  crash: {title: {en: It stops, ko: 멈춤}, service: app, rate: 7/y, detect: 5m, recover: 1h}
  bad-release: {title: {en: A bad release, ko: 배포 실패}, service: app, per: release, chance: 5%, detect: 10m, recover: 40m}
  key: {title: {en: A lost key, ko: 키 분실}, service: app, rate: 1 in 3y, detect: 5m, recover: 1h}
  disk: {title: {en: A full disk, ko: 디스크 부족}, service: app, rate: 1 in 9y, detect: 5m, recover: 10m}
safety_nets:
  review: {kind: process, status: in-place, cost: {run: 10/month}, effects: [{risk: bad-release, prevents: 10%}]}
  canary: {title: {en: A canary, ko: 카나리}, kind: automation, status: proposed, replaces: [review], cost: {run: 5/month}, effects: [{risk: bad-release, prevents: 70%}]}
  restart: {title: {en: A restart, ko: 자동 재시작}, kind: automation, status: proposed, cost: {run: 20/month}, effects: [{risk: crash, recover: -70%}]}
  dear: {title: {en: Two of all, ko: 이중화}, kind: redundancy, status: proposed, cost: {run: 90000/month}, effects: [{risk: crash, prevents: 10%}]}
`

func wantedServer(t *testing.T) *Server {
	t.Helper()
	return newTestServer(t, []modelfile.File{{Name: "wanted.yaml", Data: []byte(wanted)}})
}

// pageAt is a page as it is once it is known.
func pageAt(t *testing.T, s *Server, path string) *httptest.ResponseRecorder {
	t.Helper()
	for range 200 {
		rec := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil)
		s.Handler().ServeHTTP(rec, r)
		if rec.Code == http.StatusOK && strings.Contains(rec.Body.String(), "<progress") {
			continue
		}
		return rec
	}
	t.Fatalf("%s is never known", path)
	return nil
}

// The plan is one click away: it leads to the workshop with just the nets that are
// worth building, for the numbers that are tried, whatever was switched before.
func TestTheWorkshopShowsThePlanInOneClick(t *testing.T) {
	s := wantedServer(t)
	shop := pageAt(t, s, "/workshop?lang=en&with=dear&set=risks/crash/rate%3D8/y").Body.String()
	const link = `href="/workshop?service=app&amp;set=risks/crash/rate=8/y&amp;show=plan"`
	if !strings.Contains(shop, link) {
		t.Fatalf("the workshop has no link %s", link)
	}
	to := pageAt(t, s, "/workshop?service=app&set=risks/crash/rate%3D8/y&show=plan")
	if at := to.Header().Get("Location"); to.Code != http.StatusSeeOther || at != "/workshop?service=app&set=risks/crash/rate=8/y&with=canary,restart" {
		t.Errorf("the plan leads to %d %q", to.Code, at)
	}
	// Where nothing is worth building, it says so and shows what stands.
	nothing := pageAt(t, s, "/workshop?lang=en&service=app&set=risks/crash/rate%3D1+in+900y&set=risks/bad-release/chance%3D0.0001%25&show=plan")
	if body := nothing.Body.String(); nothing.Code != http.StatusOK || !strings.Contains(body, s.tongues["en"].Say("web.showplan.none")) {
		t.Errorf("where nothing is to be built the answer is %d, and does not say so", nothing.Code)
	}
}

// Each page opens with its answer in a sentence.
func TestEachPageOpensWithItsAnswer(t *testing.T) {
	s := wantedServer(t)
	pageAt(t, s, "/plan?lang=en") // so that all pages know it
	for path, want := range map[string][]string{
		"/?lang=en":                         {"Promise 99.8%, not 99.9%", "A canary"},
		"/workshop?lang=en":                 {"No. 99.9% over 30 days would be met"},
		"/plan?lang=en":                     {"Promise 99.8%, not 99.9%", "A canary", "A restart"},
		"/plan?lang=ko":                     {"99.9%", "카나리", "자동 재시작"},
		"/risks?lang=en":                    {"Act first on “It stops”, “A bad release” and “A lost key”: 100% of the lost time.", "Decide on what is proposed against it: “Two of all” and “A restart”", "Nothing keeps it from happening.", "somebody should propose one"},
		"/risks?lang=ko":                    {"먼저 조치할 위험은", "‘멈춤’, ‘배포 실패’", "예방 수단이 없습니다."},
		"/compare?lang=en":                  {"Nothing differs: both are the same state."},
		"/service/app?lang=en":              {"Promise 99.8%, not 99.9%", "A canary"},
		"/compare?lang=en&b=with%3Drestart": {"With B instead of A, the chance to meet the promise goes from ", "lost time from ", "nets and losses together from "},
		"/compare?lang=ko&b=with%3Drestart": {"A 대신 B를 적용하면 달성 확률은 ", "바뀝니다."},
	} {
		_, body, _ := strings.Cut(pageAt(t, s, path).Body.String(), "</h1>")
		at := strings.Index(body, `<div class="answer`)
		if at < 0 {
			t.Errorf("%s has no answer", path)
			continue
		}
		for _, before := range []string{"<table", "<h2", "<figure", "<textarea", `type="text"`} {
			if i := strings.Index(body, before); i >= 0 && i < at {
				t.Errorf("%s has %s before its answer", path, before)
			}
		}
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s does not say %q:\n%.1500s", path, w, body[at:])
			}
		}
	}
}

// The page of the model begins with whether it can be read, and what is in it.
func TestTheModelPageBeginsWithAnAnswer(t *testing.T) {
	s := wantedServer(t)
	body := pageAt(t, s, "/model").Body.String()
	for _, want := range []string{"The model can be read, without an error.", "Files: 1; services: 1, with a promise: 1; risks: 4, with a source: 0; kinds of planned work: 1; safety nets: 4, standing: 1."} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
