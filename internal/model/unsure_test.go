package model_test

import (
	"math/big"
	"reflect"
	"slices"
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

// TestUnsureIsKnownByWhatItIs: numbers that are called the same have identities of
// their own, and keep them whatever is written before them.
func TestUnsureIsKnownByWhatItIs(t *testing.T) {
	share := func() *model.Share {
		return &model.Share{Kind: model.Between, Low: 0.1, High: 0.2, Text: "10%..20%"}
	}
	need := func(kind model.NeedKind, names ...string) *model.Need {
		n := &model.Need{Kind: kind, Impact: share()}
		for _, name := range names {
			n.Members = append(n.Members, model.Member{Ref: model.Ref{Name: name}})
		}
		return n
	}
	effect := func(risk string) *model.Effect {
		return &model.Effect{Risks: []model.Ref{{Name: risk}}, Prevents: share()}
	}
	m := &model.Model{
		Services: []*model.Service{
			{Name: "app", Needs: []*model.Need{need(model.NeedOne, "db"), need(model.NeedAny, "sms-b", "sms-a"), {
				Kind: model.NeedSplit, Members: []model.Member{{Ref: model.Ref{Name: "db"}, Share: *share()}},
			}}},
			{Name: "db"}, {Name: "sms-a"}, {Name: "sms-b"},
		},
		Risks: []*model.Risk{{Name: "bad", Impact: model.Impact{ByObjective: []model.ObjectiveImpact{{Objective: "fast", Share: *share()}}}, Chance: share()}},
		Nets: []*model.Net{{
			Name: "canary",
			Cost: model.Cost{RunMoney: []model.Amount{
				{Kind: model.Between, Low: 1, High: 3, Per: model.Year, Text: "1..3/y"}, {Kind: model.Between, Low: 1, High: 3, Per: model.Year, Text: "1..3/y"},
			}},
			Effects: []*model.Effect{effect("bad"), effect("worse")},
		}},
	}
	m.Index()
	ids := func() (out []model.UnsureID) {
		for _, u := range m.Unsure() {
			out = append(out, u.ID)
		}
		return out
	}
	want := []model.UnsureID{
		{Kind: "need", Owner: "app", Name: "db", Key: "impact"},
		{Kind: "need", Owner: "app", Name: "any of sms-a, sms-b", Key: "impact"},
		{Kind: "need", Owner: "app", Name: "split of db", Key: "db"},
		{Kind: "risk", Name: "bad", Key: "chance"},
		{Kind: "risk", Name: "bad", Key: "impact fast"},
		{Kind: "net", Name: "canary", Key: "run money"},
		{Kind: "net", Name: "canary", Key: "run money #2"},
		{Kind: "effect", Owner: "canary", Name: "risk bad", Key: "prevents"},
		{Kind: "effect", Owner: "canary", Name: "risk worse", Key: "prevents"},
	}
	if got := ids(); !reflect.DeepEqual(got, want) {
		t.Fatalf("got %q", got)
	}
	m.Services[0].Needs[0], m.Services[0].Needs[1] = m.Services[0].Needs[1], m.Services[0].Needs[0]
	m.Nets[0].Effects = append([]*model.Effect{effect("third")}, m.Nets[0].Effects...)
	got := ids()
	for _, id := range want {
		if !slices.Contains(got, id) {
			t.Errorf("%q is gone: %q", id, got)
		}
	}
}
