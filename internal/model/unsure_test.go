package model_test

import (
	"math/big"
	"reflect"
	"testing"

	"tightrope/internal/model"
)

func unsureModel() *model.Model {
	m := &model.Model{
		Services: []*model.Service{{Name: "app", Background: &model.Share{Text: "1%", Exact: big.NewRat(1, 100)}}},
		Changes:  []*model.Change{{Name: "release", Every: model.Rate{Kind: model.Between, Low: 1, High: 2, Text: "5d..9d"}}},
		Risks: []*model.Risk{
			{Name: "disk", Rate: &model.Rate{Kind: model.Counted, Count: 2, Span: 5, Text: "2 in 5y"}},
			{Name: "bad", Chance: &model.Share{Kind: model.Between, Low: 0.02, High: 0.06, Text: "2%..6%"}},
		},
		Nets: []*model.Net{{
			Name:    "canary",
			Cost:    model.Cost{RunMoney: []model.Amount{{Kind: model.Between, Low: 1, High: 3, Per: model.Year, Text: "1..3/y"}}},
			Effects: []*model.Effect{{ImpactBy: &model.Signed{Kind: model.Between, Low: -0.2, High: -0.5, Text: "-50%..-20%"}}},
		}},
	}
	m.Index()
	return m
}

func TestUnsureListsWhatIsNotExactlyKnown(t *testing.T) {
	var got [][3]string
	for _, u := range unsureModel().Unsure() {
		got = append(got, [3]string{u.Of, u.Field, u.Text})
	}
	want := [][3]string{
		{"change release", "every", "5d..9d"},
		{"risk disk", "rate", "2 in 5y"},
		{"risk bad", "chance", "2%..6%"},
		{"safety net canary", "run money", "1..3/y"},
		{"safety net canary", "impact", "-50%..-20%"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAPinnedModelIsAnother(t *testing.T) {
	m := unsureModel()
	before := m.Unsure()
	for k := range before {
		p := m.Pin(k, 0.25)
		if left := len(p.Unsure()); left != len(before)-1 {
			t.Errorf("%s of %s is pinned, %d are left unsure", before[k].Field, before[k].Of, left)
		}
		if p.Net("canary") == m.Net("canary") || p.Risk("bad") == nil {
			t.Error("the copy is not one, or is not indexed")
		}
	}
	if !reflect.DeepEqual(before, m.Unsure()) {
		t.Error("pinning a copy changed the model")
	}
	if x := m.Pin(2, 0.25).Risk("bad").Chance; x.Kind != model.Exactly || x.Exact.Cmp(big.NewRat(1, 4)) != 0 {
		t.Errorf("the chance is %v, expected 1/4", x.Exact)
	}
}
