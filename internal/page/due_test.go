package page

import (
	"strings"
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/worth"
)

func TestAContractSaysHowOftenItIsDueAndWhatItPays(t *testing.T) {
	b := &builder{Results: &Results{}, Language: English()}
	b.Model = &model.Model{}
	pay := func(v float64) *float64 { return &v }
	for _, c := range []struct {
		clauses []*worth.ClauseLoss
		want    string
	}{
		{[]*worth.ClauseLoss{{PerYear: 0.08, Pay: pay(8000)}}, "due once in 12.5 years and pays about 100,000"},
		{[]*worth.ClauseLoss{{PerYear: 2, Pay: pay(600)}, {PerYear: 1, Pay: pay(300)}, {}}, "due 3 times a year in all and pay about 300"},
		{[]*worth.ClauseLoss{{PerYear: 2}}, ""},
		{nil, ""},
	} {
		if got := b.due(&worth.Loss{Clauses: c.clauses}, len(c.clauses) > 1); !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
