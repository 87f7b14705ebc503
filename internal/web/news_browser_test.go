package web_test

import (
	"strings"
	"testing"

	"tightrope/internal/browser"
)

func TestAPageFollowsTheModelAsItIsSaved(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/", browser.Options{})
	shop := s.open(t, "/workshop", browser.Options{})
	p.WaitText("#promises", "99.9%")

	s.edit("model.yaml", "target: 99.9%", "target: 99.7%")
	p.WaitText("#promises", "99.7%")

	t.Log("the workshop only says so, since something may be typed there")
	shop.WaitText("#news", "The model has changed.")
	f := field("risks/bad-release/chance")
	shop.Set(f, "5%")
	asked(shop, "set=risks/bad-release/chance=5%")
	if got := shop.Value(f); got != "5%" {
		t.Errorf("what was typed has become %q", got)
	}
	shop.Sound()
	shop.Click("#news button")
	shop.Wait(`document.readyState === "complete" && document.querySelector("#news").textContent === ""`)
	asked(shop, "set=risks/bad-release/chance=5%")
	if got := shop.Value(f); got != "5%" {
		t.Errorf("with the new model what was typed has become %q", got)
	}
	if got := shop.Value(field("services/shop/objective/target")); got != "99.7%" {
		t.Errorf("the new model has a target of %s", got)
	}

	t.Log("what is taken back is no news")
	whole := s.read("model.yaml")
	s.edit("model.yaml", "target: 99.7%", "target: 99.6%")
	shop.WaitText("#news", "The model has changed.")
	s.save("model.yaml", whole)
	shop.Wait(`document.querySelector("#news").textContent === ""`)
}

func TestBrokenFilesLeaveTheLastGoodState(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/service/shop", browser.Options{})
	// What to build is added once the plan has been found.
	promise := func() string {
		said, _, _ := strings.Cut(p.Text(".verdict"), "%. ")
		return strings.TrimSuffix(said, "%.")
	}
	verdict := promise()
	model := s.open(t, "/model", browser.Options{})
	shop := s.open(t, "/workshop", browser.Options{})
	good := s.read("model.yaml")

	s.save("model.yaml", strings.NewReplacer("chance: 3%..8%", "chanse: 3%..8%", "every: 45d", "every: 45x").Replace(good))
	p.WaitText(".alert.bad", "The model's files have errors. Problems: 2. What you see is the last good state, of ")
	if got := promise(); got != verdict {
		t.Errorf("the page says %q, expected %q still", got, verdict)
	}
	shop.WaitText("#news", "The model has changed.")
	shop.Click("#net-canary")
	asked(shop, "with=canary")

	model.WaitText("#problems", "Problems: 2")
	places := model.Texts("#problems li a")
	if len(places) != 2 || !strings.HasPrefix(places[0], "pair/model.yaml:") {
		t.Fatalf("the problems are at %q", places)
	}
	if got := model.Text("#problems li"); !strings.Contains(got, `did you mean "chance"?`) {
		t.Errorf("the first problem is %q", got)
	}
	if n := model.Count(".alert.bad a"); n != 0 {
		t.Error("the page Model leads to itself")
	}
	model.SoundEverywhere()
	model.Click("#problems li a")
	if got := model.Text("tr:target code"); got != "chanse: 3%..8% # from the log" {
		t.Errorf("its link leads to %q", got)
	}
	if got := model.Text("tr:target .problem"); !strings.Contains(got, "chance") {
		t.Errorf("beside the line stands %q", got)
	}
	p.Click(".alert.bad a")
	if got := p.Text("#problems h2"); got != "Problems: 2" {
		t.Errorf("the alert leads to %q", got)
	}

	s.save("model.yaml", good)
	model.Wait(`document.readyState === "complete" && !document.querySelector(".alert, #problems") && document.querySelector(".code")`)
	p.Goto(s.url + "/service/shop")
	if p.Count(".alert") != 0 || promise() != verdict {
		t.Errorf("after it was mended the page has %d alerts and says %q", p.Count(".alert"), p.Text(".verdict"))
	}
}

func TestAServerOfBrokenFilesComesAliveWhenTheyAreMended(t *testing.T) {
	t.Parallel()
	s := serve(t, "testdata/broken")
	for _, path := range []string{"/workshop", "/plan", "/risks", "/compare", "/service/app"} {
		p := s.open(t, path, browser.Options{})
		if got := p.Text("main"); !strings.Contains(got, "There is no model to show yet.") || !strings.Contains(got, "Problems: 1") {
			t.Errorf("%s says %q", path, got)
		}
	}
	p := s.open(t, "/", browser.Options{})
	looked(t, p, "Overview", "Overview")
	p.Click(".alert a")
	looked(t, p, "Model", "Model")
	if got := p.Text("#problems li"); !strings.Contains(got, `did you mean "objective"?`) {
		t.Errorf("the problem is %q", got)
	}
	home := s.open(t, "/", browser.Options{})
	s.edit("model.yaml", "objectiv:", "objective:")
	home.WaitText("main .verdict", "99.9%")
	p.WaitText("main .code", "objective: {target: 99.9%}")
	p.Wait(`!document.querySelector(".alert, #problems")`)
}
