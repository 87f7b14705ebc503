package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"tightrope/internal/forecast"
	"tightrope/internal/modelfile"
	"tightrope/internal/report"
)

// asked asks the API until the answer is there.
func asked(t testing.TB, h http.Handler, target string, tweaks ...tweak) *http.Response {
	t.Helper()
	for range 30 {
		r := get(t, h, target, tweaks...)
		if r.StatusCode != http.StatusAccepted {
			return r
		}
		if r.Header.Get("Retry-After") == "" {
			t.Fatalf("%s: 202 without Retry-After", target)
		}
	}
	t.Fatalf("%s: never done", target)
	return nil
}

func decoded(t testing.TB, r *http.Response) map[string]any {
	t.Helper()
	var out map[string]any
	body := text(t, r)
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatalf("%v\n%.300s", err, body)
	}
	return out
}

// problemIn is the problem that an answer holds, which is a whole one.
func problemIn(t testing.TB, r *http.Response) Problem {
	t.Helper()
	body := text(t, r)
	if kind := r.Header.Get("Content-Type"); kind != "application/problem+json" {
		t.Fatalf("%d is of type %q, expected a problem document: %.200s", r.StatusCode, kind, body)
	}
	var p Problem
	dec := json.NewDecoder(strings.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		t.Fatalf("%v\n%.300s", err, body)
	}
	if p.Status != r.StatusCode || p.Title == "" || p.Code == "" {
		t.Fatalf("a problem without status, title or code, with status %d: %+v", r.StatusCode, p)
	}
	return p
}

// answersOf are requests to every endpoint that are answered with 200, for the
// booking model; plans are asked of the small one, which takes no time.
var answersOf = map[string][]string{
	"/api/v1/model":          {"", "?text=1&with=canary", "?with=nobody&set=risks/nothing/rate=1/y"},
	"/api/v1/settings":       {"", "?set=services/booking/objective/target=99.9%25"},
	"/api/v1/overview":       {"", "?with=canary"},
	"/api/v1/forecast":       {"", "?service=booking", "?service=booking&with=canary"},
	"/api/v1/plan":           {"", "?service=app&with=canary"},
	"/api/v1/explain/{name}": {"risk:bad-release", "net:canary", "service:booking?with=canary"},
	"/api/v1/why":            {"?path=risks/disk/rate", "?path=risks/bad-release/saves/booking&with=canary", "?path=services/booking/chance"},
	"/api/v1/workshop":       {"", "?with=canary&set=services/booking/objective/target=99.9%25", "?with=nobody"},
	"/api/v1/compare":        {"", "?a=with=canary&b=/workshop?set=services/booking/objective/target=99.9%2525"},
	"/api/v1/load":           {"", "?with=canary"},
	"/api/v1/simulation":     {""},
	"/api/v1/year":           {""},
	"/api/v1/schema.json":    {""},
	"/api/v1/openapi.json":   {""},
}

func TestEveryAnswerIsAsItIsDescribed(t *testing.T) {
	s, all := bookingServer(t)
	quick := newTestServer(t, smallFiles()).Handler()
	valid := described(t, all)
	for _, e := range s.endpoints() {
		h := all
		if e.id == "plan" {
			h = quick
		}
		if e.method == http.MethodPost {
			continue
		}
		list := answersOf[e.path]
		if len(list) == 0 {
			t.Errorf("no request of this test asks for %s", e.path)
		}
		for _, more := range list {
			target := strings.ReplaceAll(e.path, "{name}", "") + more
			t.Run(target, func(t *testing.T) {
				r := asked(t, h, target)
				body := text(t, r)
				if r.StatusCode != http.StatusOK {
					t.Fatalf("status %d: %s", r.StatusCode, body)
				}
				if e.gives.of != nil {
					valid(t, e.id, "200", body)
				}
				again := get(t, h, target, header("If-None-Match", r.Header.Get("ETag")))
				if again.StatusCode != http.StatusNotModified || text(t, again) != "" {
					t.Errorf("asked again with its ETag %s: %d", r.Header.Get("ETag"), again.StatusCode)
				}
				head := send(t, h, http.MethodHead, target, "")
				if head.StatusCode != http.StatusOK || text(t, head) != "" || head.Header.Get("Content-Length") != fmt.Sprint(len(body)) {
					t.Errorf("HEAD: %d, %s bytes of %d", head.StatusCode, head.Header.Get("Content-Length"), len(body))
				}
			})
		}
	}
	for _, target := range []string{"/api/v1/check", "/api/v1/forecast"} {
		r := send(t, quick, http.MethodPost, target, small, header("Content-Type", "application/yaml"))
		body := text(t, r)
		if r.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", target, r.StatusCode, body)
		}
		valid(t, map[string]string{"/api/v1/check": "check", "/api/v1/forecast": "forecastModel"}[target], "200", body)
	}
}

// described returns a function that holds an answer against the description. All
// keys of an answer have to be in it, though the description lets more be added.
func described(t *testing.T, h http.Handler) func(t *testing.T, id, status, body string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(get(t, h, "/api/v1/openapi.json").Body)
	if err != nil {
		t.Fatal(err)
	}
	root := doc.(map[string]any)
	for _, s := range root["components"].(map[string]any)["schemas"].(map[string]any) {
		s.(map[string]any)["additionalProperties"] = false
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mem:///openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	at := map[string]string{}
	for path, item := range root["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			o := op.(map[string]any)
			for status, a := range o["responses"].(map[string]any) {
				content, _ := a.(map[string]any)["content"].(map[string]any)
				for kind := range content {
					escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D", "+", "%2B").Replace
					at[o["operationId"].(string)+" "+status] = "mem:///openapi.json#/paths/" + escape(path) + "/" + method + "/responses/" + status + "/content/" + escape(kind) + "/schema"
				}
			}
		}
	}
	return func(t *testing.T, id, status, body string) {
		t.Helper()
		where, ok := at[id+" "+status]
		if !ok {
			t.Fatalf("%s: status %s is not described", id, status)
		}
		sch, err := c.Compile(where)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := sch.Validate(value); err != nil {
			t.Errorf("%s is not as described: %v", id, err)
		}
	}
}

func TestTheDescriptionIsWhole(t *testing.T) {
	s, h := bookingServer(t)
	doc := decoded(t, get(t, h, "/api/v1/openapi.json"))
	if doc["openapi"] != "3.1.0" {
		t.Errorf("openapi: %v", doc["openapi"])
	}
	paths := doc["paths"].(map[string]any)
	ids := map[string]bool{}
	for _, e := range s.endpoints() {
		op, _ := paths[e.path].(map[string]any)[strings.ToLower(e.method)].(map[string]any)
		if op == nil || op["summary"] == "" || ids[e.id] {
			t.Errorf("%s %s is not described, or not by an id of its own", e.method, e.path)
		}
		ids[e.id] = true
		for _, in := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(e.path, -1) {
			if !slices.ContainsFunc(e.inPath, func(p param) bool { return p.name == in[1] }) {
				t.Errorf("%s: {%s} is not described", e.path, in[1])
			}
		}
	}
	// Every reference leads somewhere.
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				name := strings.TrimPrefix(ref, "#/components/schemas/")
				if doc["components"].(map[string]any)["schemas"].(map[string]any)[name] == nil {
					t.Errorf("%s leads nowhere", ref)
				}
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(doc)
}

func TestEveryDescribedParameterIsTaken(t *testing.T) {
	s := newTestServer(t, smallFiles())
	h := s.Handler()
	values := map[string]string{"with": "canary", "without": "review", "set": "services/app/objective/target=99%25", "service": "app", "text": "1", "only_listed": "1", "a": "with=canary", "b": "with=canary"}
	for _, e := range s.endpoints() {
		for _, p := range e.params {
			target := strings.ReplaceAll(e.path, "{name}", "risk:crash") + "?" + p.name + "=" + values[p.name]
			body, kind := "", ""
			if e.takes {
				body, kind = small, "text/plain"
			}
			r := send(t, h, e.method, target, body, header("Content-Type", kind))
			if r.StatusCode == http.StatusBadRequest || r.StatusCode >= 500 {
				t.Errorf("%s %s: %d %s", e.method, target, r.StatusCode, text(t, r))
			}
			wrong := send(t, h, e.method, strings.Replace(target, "?"+p.name, "?"+p.name+"x", 1), body, header("Content-Type", kind))
			if p := problemIn(t, wrong); p.Code != "unknown-parameter" || !strings.Contains(p.Detail, "did you mean") && len(e.params[0].name) > 3 {
				t.Errorf("%s: %+v", target, p)
			}
		}
	}
}

func TestTheForecastIsThatOfTheCommandLine(t *testing.T) {
	_, h := bookingServer(t)
	m, problems := modelfile.Parse(bookingFiles(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r, err := forecast.Run(m, forecast.Options{Services: []string{"booking"}, With: []string{"canary"}})
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := report.JSON(&want, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), text(t, asked(t, h, "/api/v1/forecast?service=booking&with=canary"))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRequestsThatAreWrong(t *testing.T) {
	_, h := bookingServer(t)
	yaml := header("Content-Type", "application/yaml")
	for _, tt := range []struct {
		name, method, target, body string
		tweaks                     []tweak
		status                     int
		code, says                 string
	}{
		{"an unknown parameter", "GET", "/api/v1/forecast?servce=booking", "", nil, 400, "unknown-parameter", `did you mean "service"`},
		{"a parameter twice", "GET", "/api/v1/forecast?service=booking&service=booking", "", nil, 400, "repeated-parameter", ""},
		{"a flag that is none", "GET", "/api/v1/model?text=perhaps", "", nil, 400, "bad-parameter", ""},
		{"a query with a semicolon", "GET", "/api/v1/model?a;b", "", nil, 400, "bad-query", ""},
		{"a bad escape", "GET", "/api/v1/model?with=%zz", "", nil, 400, "bad-query", ""},
		{"a number without value", "GET", "/api/v1/forecast?set=risks/disk/rate", "", nil, 400, "bad-link", "set="},
		{"an unknown service", "GET", "/api/v1/plan?service=boking", "", nil, 404, "no-service", `did you mean "booking"`},
		{"an unknown net", "GET", "/api/v1/forecast?with=canari", "", nil, 422, "bad-state", ""},
		{"an unknown number", "GET", "/api/v1/load?set=risks/nothing/rate=1/y", "", nil, 422, "bad-state", ""},
		{"an unknown name", "GET", "/api/v1/explain/bad-relese", "", nil, 404, "no-such-name", `did you mean "bad-release"`},
		{"a number that there is not", "GET", "/api/v1/why?path=risks/disk/rat", "", nil, 404, "no-such-number", `did you mean risks/disk/rate`},
		{"no number", "GET", "/api/v1/why", "", nil, 404, "no-such-number", "risks/NAME/rate"},
		{"an unknown kind", "GET", "/api/v1/explain/thing:x", "", nil, 404, "no-such-kind", ""},
		{"a state in a state that is none", "GET", "/api/v1/compare?a=set=x", "", nil, 400, "bad-link", ""},
		{"no such endpoint", "GET", "/api/v1/nothing", "", nil, 404, "not-found", "openapi"},
		{"no such endpoint, for a browser", "GET", "/api/v1/nothing", "", []tweak{asBrowser}, 404, "not-found", ""},
		{"another method", "DELETE", "/api/v1/model", "", nil, 405, "bad-method", "GET"},
		{"another method again", "PUT", "/api/v1/forecast", "", nil, 405, "bad-method", "POST"},
		{"a form as a model", "POST", "/api/v1/check", small, []tweak{header("Content-Type", "application/x-www-form-urlencoded")}, 415, "bad-content-type", "application/yaml"},
		{"no type", "POST", "/api/v1/check", small, nil, 415, "bad-content-type", ""},
		{"another character set", "POST", "/api/v1/check", small, []tweak{header("Content-Type", "text/plain; charset=utf-16")}, 415, "bad-content-type", ""},
		{"compressed", "POST", "/api/v1/check", small, []tweak{yaml, header("Content-Encoding", "gzip")}, 415, "bad-content-encoding", ""},
		{"too much", "POST", "/api/v1/check", strings.Repeat("#", mostBody+1), []tweak{yaml}, 413, "too-large", "1024 KiB"},
		{"no model", "POST", "/api/v1/check", "", []tweak{yaml}, 422, "bad-model", ""},
		{"a model with an error", "POST", "/api/v1/forecast", strings.Replace(small, "chance: 2%..6%", "chnce: 2%", 1), []tweak{yaml}, 422, "bad-model", ""},
		{"a model and a net that it has not", "POST", "/api/v1/forecast?with=canari", small, []tweak{yaml}, 422, "bad-with", "canari"},
		{"a model and a service that it has not", "POST", "/api/v1/forecast?service=ap", small, []tweak{yaml}, 422, "bad-service", ""},
		{"a model that is too big", "POST", "/api/v1/forecast", manyServices(mostPostedServices + 1), []tweak{yaml}, 422, "model-too-big", "60"},
		{"a link that is too long", "GET", "/api/v1/model?with=" + strings.Repeat("x", mostURL), "", nil, 414, "link-too-long", ""},
		{"sent by another site", "POST", "/api/v1/check", small, []tweak{header("Content-Type", "text/plain"), header("Sec-Fetch-Site", "cross-site")}, 403, "cross-site", ""},
		{"loaded by another site", "GET", "/api/v1/plan", "", []tweak{header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "no-cors"), header("Sec-Fetch-Dest", "image")}, 403, "cross-site", ""},
		{"framed by another site", "GET", "/plan", "", []tweak{header("Sec-Fetch-Site", "same-site"), header("Sec-Fetch-Mode", "navigate"), header("Sec-Fetch-Dest", "iframe")}, 403, "cross-site", ""},
		{"sent by another site, by an old browser", "POST", "/api/v1/check", small, []tweak{header("Content-Type", "text/plain"), header("Origin", "http://evil.example")}, 403, "cross-site", ""},
		{"another host", "GET", "/api/v1/model", "", []tweak{host("evil.example")}, 421, "wrong-host", "localhost"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := send(t, h, tt.method, tt.target, tt.body, tt.tweaks...)
			p := problemIn(t, r)
			if r.StatusCode != tt.status || p.Code != tt.code || !strings.Contains(p.Title+p.Detail, tt.says) {
				t.Errorf("got %d %+v, expected %d %s with %q", r.StatusCode, p, tt.status, tt.code, tt.says)
			}
			if r.Header.Get("ETag") != "" || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("a problem may be kept: %v", r.Header)
			}
			if tt.status == 405 && r.Header.Get("Allow") == "" {
				t.Error("405 without Allow")
			}
		})
	}
}

func manyServices(n int) string {
	var b strings.Builder
	b.WriteString("version: 1\nservices:\n")
	for i := range n {
		fmt.Fprintf(&b, "  s%d: {objective: {target: 99.9%%}}\n", i)
	}
	return b.String()
}

func TestProblemsOfASentModelHaveTheirPlaces(t *testing.T) {
	_, h := bookingServer(t)
	body := "version: 1\nservices:\n  app: {objectve: {target: 99%}}\n"
	p := problemIn(t, send(t, h, "POST", "/api/v1/check", body, header("Content-Type", "text/plain; charset=utf-8")))
	want := []PlacedProblem{{postedName, 3, 9, "unknown-key", `unknown key "objectve" for service; did you mean "objective"?`}}
	if diff := cmp.Diff(want, p.Problems); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	p = problemIn(t, send(t, h, "POST", "/api/v1/check", "version: 1\nservices:\n"+strings.Repeat("  x: {}\n", 2*mostProblems), header("Content-Type", "text/plain")))
	if len(p.Problems) != mostProblems || !strings.Contains(p.Detail, fmt.Sprint(mostProblems)) {
		t.Errorf("%d problems: %s", len(p.Problems), p.Detail)
	}
}

// A model may be sent that takes longer than anybody waits.
func TestAModelThatTakesTooLongIsGivenUp(t *testing.T) {
	s := newTestServer(t, smallFiles(), func(o *Options) { o.Answer = 30 * time.Millisecond })
	h := s.Handler()
	slow := "version: 1\nservices:\n"
	for i := range mostPostedServices {
		slow += fmt.Sprintf("  s%d: {copies: 3, objective: {target: 99.9%%}, needs: [", i)
		for j := range i {
			slow += fmt.Sprintf("{service: s%d, impact: 50%%..60%%}, ", j)
		}
		slow += "]}\n"
	}
	slow += "risks:\n"
	for i := range mostPostedRisks {
		slow += fmt.Sprintf("  r%d: {service: s%d, rate: 1/y..%d/y, detect: 1s..9h, recover: 1s..20h}\n", i, i%mostPostedServices, i+2)
	}
	began := time.Now()
	r := send(t, h, "POST", "/api/v1/forecast", slow, header("Content-Type", "text/plain"))
	if p := problemIn(t, r); p.Code != "too-long" || r.Header.Get("Retry-After") == "" {
		t.Errorf("%d %+v", r.StatusCode, p)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestAnAnswerThatIsNotThereYetSaysHowFarItIs(t *testing.T) {
	s := newTestServer(t, smallFiles(), func(o *Options) { o.Answer = time.Second })
	h := s.Handler()
	valid := described(t, h)
	hold := make(chan struct{})
	open := shut(s.queue) // no plan goes through
	s.queue.mu.Lock()
	s.queue.room[common] = 2
	s.queue.mu.Unlock()
	go func() { <-hold; open() }()
	r := get(t, h, "/api/v1/plan")
	body := text(t, r)
	if r.StatusCode != http.StatusAccepted || r.Header.Get("ETag") != "" {
		t.Fatalf("%d %v %s", r.StatusCode, r.Header, body)
	}
	valid(t, "plan", "202", body)
	close(hold)
	if r := asked(t, h, "/api/v1/plan"); r.StatusCode != http.StatusOK {
		t.Errorf("%d %s", r.StatusCode, text(t, r))
	}
}

func TestTagsTellAnswersApart(t *testing.T) {
	_, h := bookingServer(t)
	tags := map[string]string{}
	for _, target := range []string{
		"/api/v1/settings", "/api/v1/load", "/api/v1/load?with=canary", "/api/v1/load?set=services/booking/objective/target=99.9%25",
		"/api/v1/explain/risk:bad-release", "/api/v1/explain/net:canary", "/api/v1/model", "/api/v1/model?text=1",
	} {
		tag := get(t, h, target).Header.Get("ETag")
		if was, ok := tags[tag]; ok || tag == "" {
			t.Errorf("%s and %s have the tag %s", target, was, tag)
		}
		tags[tag] = target
	}
	other := newTestServer(t, smallFiles()).Handler()
	if a, b := get(t, h, "/api/v1/load").Header.Get("ETag"), get(t, other, "/api/v1/load").Header.Get("ETag"); a == b {
		t.Error("two models have the same tag")
	}
	if a, b := get(t, h, "/api/v1/load?with=canary&with=third-copy").Header.Get("ETag"), get(t, h, "/api/v1/load?with=third-copy,canary").Header.Get("ETag"); a != b {
		t.Error("equal states have different tags")
	}
}

func TestWhileTheFilesAreBroken(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "m.yaml")
	write := func(s string) {
		if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("version: 1\nservces: {}\n")
	s, err := New(Options{Paths: []string{dir}, Name: "m"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	h := s.Handler()
	valid := described(t, h)
	if r := get(t, h, "/api/v1/load"); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("without a model: %d", r.StatusCode)
	} else if p := problemIn(t, r); p.Code != "no-model" || len(p.Problems) == 0 {
		t.Errorf("%+v", p)
	}
	body := text(t, get(t, h, "/api/v1/model"))
	valid(t, "model", "200", body)
	if !strings.Contains(body, `"revision": null`) || !strings.Contains(body, "servces") {
		t.Error(body)
	}
	write(small)
	s.store.look()
	first := get(t, h, "/api/v1/load")
	if first.StatusCode != http.StatusOK {
		t.Fatal(text(t, first))
	}
	write(small + "x: 1\n")
	s.store.look()
	if r := get(t, h, "/api/v1/load"); r.StatusCode != http.StatusOK {
		t.Errorf("the last good state is gone: %d", r.StatusCode)
	}
	body = text(t, get(t, h, "/api/v1/model"))
	valid(t, "model", "200", body)
	if !strings.Contains(body, `"revision": "`) || !strings.Contains(body, `"count": 1`) {
		t.Error(body)
	}
	for _, tag := range []string{first.Header.Get("ETag")} {
		if r := get(t, h, "/api/v1/model", header("If-None-Match", tag)); r.StatusCode != http.StatusOK {
			t.Error("the tag of another answer is taken")
		}
	}
}

func TestTheCompareLinkHoldsStates(t *testing.T) {
	_, h := bookingServer(t)
	q := url.Values{"a": {"with=canary"}, "b": {"http://localhost/workshop?set=risks/bad-release/chance=1%25&service=booking"}}
	doc := decoded(t, get(t, h, "/api/v1/compare?"+q.Encode()))
	page := doc["page"].(string)
	if r := get(t, h, page, asBrowser); r.StatusCode != http.StatusOK {
		t.Errorf("%s: %d", page, r.StatusCode)
	}
	if len(doc["changes"].([]any)) != 1 {
		t.Errorf("changes: %v", doc["changes"])
	}
}
