package web

import (
	"context"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/page"
)

// A number that is none is the error of that answer, which names it; nothing else
// suffers.
func TestANumberThatIsNoneIsAProblemThatNamesIt(t *testing.T) {
	s := newTestServer(t, smallFiles())
	real := s.engines.gather
	s.engines.gather = func(ctx context.Context, m *model.Model, o page.Options) (*page.Results, error) {
		r, err := real(ctx, m, o)
		if err == nil {
			r.Load.PagesPerWeek = math.Inf(1)
		}
		return r, err
	}
	h := s.Handler()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/api/v1/compare", nil))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "pages_per_week is +Inf") {
		t.Errorf("%d: %s", w.Code, w.Body.String())
	}
	w = httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/api/v1/load", nil))
	if w.Code != http.StatusOK {
		t.Errorf("%d: %s", w.Code, w.Body.String())
	}
}
