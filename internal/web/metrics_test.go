package web

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

// surveyDone waits until all promises of the model are forecast.
func surveyDone(t *testing.T, s *Server) {
	t.Helper()
	good, _, _ := s.store.state()
	for range 500 {
		if _, done := s.surveyed(good); done {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the survey does not end")
}

func TestMetricsAreInOrder(t *testing.T) {
	s := newTestServer(t, smallFiles())
	h := s.Handler()
	get(t, h, "/api/v1/load")
	get(t, h, "/", asBrowser)
	surveyDone(t, s)
	problems, err := testutil.GatherAndLint(s.registry())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestMetricsOfPromises(t *testing.T) {
	s := newTestServer(t, smallFiles())
	surveyDone(t, s)
	if err := testutil.GatherAndCompare(s.registry(), strings.NewReader(`
# HELP tightrope_objective_target The target that is promised, as a ratio.
# TYPE tightrope_objective_target gauge
tightrope_objective_target{objective="available",service="app",window="30d"} 0.999
# HELP tightrope_confidence The chance with which the promise must be met in any one window.
# TYPE tightrope_confidence gauge
tightrope_confidence{objective="available",service="app",window="30d"} 0.9
# HELP tightrope_budget_seconds Lost time that the promise leaves room for in a window.
# TYPE tightrope_budget_seconds gauge
tightrope_budget_seconds{objective="available",service="app",window="30d"} 2592
# HELP tightrope_window_seconds The window of the promise.
# TYPE tightrope_window_seconds gauge
tightrope_window_seconds{objective="available",service="app",window="30d"} 2.592e+06
# HELP tightrope_survey_done 1 where the numbers of all promises are there; those not known yet are absent.
# TYPE tightrope_survey_done gauge
tightrope_survey_done 1
# HELP tightrope_model_good 1 where the files are a model; 0 where they are broken, and the last good state is served.
# TYPE tightrope_model_good gauge
tightrope_model_good 1
# HELP tightrope_model_read_timestamp_seconds When the model that is served was read.
# TYPE tightrope_model_read_timestamp_seconds gauge
tightrope_model_read_timestamp_seconds 1.7956080e+09
`), "tightrope_objective_target", "tightrope_confidence", "tightrope_budget_seconds", "tightrope_window_seconds", "tightrope_survey_done", "tightrope_model_good", "tightrope_model_read_timestamp_seconds"); err != nil {
		t.Error(err)
	}
	doc := decoded(t, asked(t, s.Handler(), "/api/v1/overview"))
	met := doc["promises"].([]any)[0].(map[string]any)["met_probability"].(float64)
	got := text(t, get(t, s.Handler(), "/metrics"))
	if !strings.Contains(got, "tightrope_met_probability{") || met <= 0 || met >= 1 {
		t.Errorf("met %v in:\n%s", met, got)
	}
}

func TestMetricsOfABrokenModel(t *testing.T) {
	file := filepath.Join(t.TempDir(), "m.yaml")
	if err := os.WriteFile(file, []byte("version: 1\nx: 1\ny: 2\nservices: {app: {}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Paths: []string{file}, Name: "m"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	got := text(t, get(t, s.Handler(), "/metrics"))
	if !strings.Contains(got, "tightrope_model_good 0") || !strings.Contains(got, "tightrope_model_problems 2") || strings.Contains(got, "tightrope_model_info") {
		t.Error(got)
	}
}

// What requests are counted by does not grow with what is asked.
func TestLabelsAreBounded(t *testing.T) {
	s := newTestServer(t, smallFiles())
	h := s.Handler()
	for _, target := range []string{"/a", "/b", "/api/x", "/service/one", "/service/two", "/static/x", "/static/y", "/api/v1/explain/a", "/api/v1/explain/b", "//", "/../.."} {
		for _, method := range []string{http.MethodGet, "BREW", "MELT"} {
			send(t, h, method, target, "")
		}
	}
	got := text(t, get(t, h, "/metrics"))
	series := map[string]bool{}
	for line := range strings.Lines(got) {
		if name, ok := strings.CutPrefix(line, "tightrope_http_requests_total{"); ok {
			series[name[:strings.LastIndex(name, "}")]] = true
		}
	}
	for s := range series {
		for _, leak := range []string{"e/one", "two", `"/a"`, "BREW", "MELT", "explain/a"} {
			if strings.Contains(s, leak) {
				t.Errorf("%s is a label", s)
			}
		}
	}
	if len(series) == 0 || len(series) > 20 {
		t.Errorf("%d series:\n%s", len(series), got)
	}
}
