package page

import (
	"fmt"
	"slices"

	"tightrope/internal/chart"
	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// needs draws what a service depends on, and says whose hands its lost time is
// in. Of one among several the picture is that of all.
func (b *builder) needs(id string, e *forecast.Entry, alone bool) *document.Section {
	s := &document.Section{ID: id + "-needs", Title: b.Say("needs.title")}
	svc := b.Model.Service(e.Service)
	if alone && svc != nil && len(svc.Needs) > 0 {
		g := b.graph(id+"-needs-c", b.Say("needs.picture", "name", b.title(e.Service)), b.below(svc), e.Service)
		s.Blocks = append(s.Blocks, document.Block{Figure: &document.Figure{Picture: g}})
	}
	facts := fact(nil, b.Say("needs.feel"), b.Felt(e))
	facts = fact(facts, b.Say("needs.hands"), b.Hands(b.Forecast, e))
	facts = fact(facts, b.Say("needs.average"), b.OnAverage(e))
	facts = fact(facts, b.Say("needs.broke"), b.WhatBroke(e))
	facts = fact(facts, b.Say("needs.noproviders"), b.NoneEnough(e))
	if len(facts) > 0 {
		s.Blocks = append(s.Blocks, document.Block{Facts: facts})
	}
	s.Add(table(b.tables().Providers(e))...)
	if len(s.Blocks) == 0 {
		return nil
	}
	return s
}

// allNeeds draws all services, where any needs another.
func (b *builder) allNeeds() *document.Section {
	for _, s := range b.Model.Services {
		if len(s.Needs) > 0 {
			g := b.graph("all-needs-c", b.Say("needs.picture0"), b.Model.Services, "")
			return &document.Section{ID: "all-needs", Title: b.Say("needs.all"), Blocks: []document.Block{{Figure: &document.Figure{Picture: g}}}}
		}
	}
	return nil
}

// below lists a service and all that it needs, however indirectly.
func (b *builder) below(s *model.Service) []*model.Service {
	list := []*model.Service{s}
	for i := 0; i < len(list); i++ {
		for _, n := range list[i].Needs {
			for _, m := range n.Members {
				if x := b.Model.Service(m.Name); x != nil && !slices.Contains(list, x) {
					list = append(list, x)
				}
			}
		}
	}
	return list
}

// wide is the width of a picture that takes all of the page.
const wide = 850

// exposed says which share of the users a need of a service exposes; nothing
// where that is all of them.
func (b *builder) exposed(at *scenario.Scenario, s *model.Service, k int) string {
	switch v := at.NeedOf(s, k).Impact; v.From {
	case scenario.Written:
		return b.Written(s.Needs[k].Impact.Text)
	case scenario.ByNet:
		return b.Part(v.Is.Value(at.Params.Means()))
	}
	return ""
}

// graph draws services and what they need.
func (b *builder) graph(id, title string, services []*model.Service, focus string) chart.Picture {
	g := chart.Graph{
		Focus: focus, Outside: b.Say("needs.outside"), Shared: b.Say("needs.shared"), Part: b.Say("needs.part"), Apart: b.Say("needs.apart"),
		More: func(shown, all int) string {
			return b.Say("needs.more", "shown", fmt.Sprint(shown), "all", fmt.Sprint(all))
		},
		Heads: [3]string{b.Say("needs.what"), b.Say("needs.needs"), b.Say("needs.who")}, All: b.Say("needs.everyone"),
	}
	times := map[string]int{}
	var outside []string
	at := scenario.At(b.Model, b.Forecast.Standing)
	for _, s := range services {
		label := b.title(s.Name)
		if copies := at.Service(s).Copies.Is; copies > 1 {
			label = b.Say("needs.copies", "name", label, "copies", fmt.Sprint(copies))
		}
		g.Nodes = append(g.Nodes, chart.Node{ID: s.Name, Label: label, Outside: s.Outside})
		if s.Outside {
			outside = append(outside, b.title(s.Name))
		}
		for i, n := range s.Needs {
			from := s.Name
			share := b.exposed(at, s, i)
			if n.Kind != model.NeedOne {
				joint := fmt.Sprintf("%s#%d", s.Name, i)
				label := b.Say("needs.any", "of", fmt.Sprint(len(n.Members)))
				switch n.Kind {
				case model.NeedAtLeast:
					label = b.Say("needs.atleast", "need", fmt.Sprint(n.AtLeast), "of", fmt.Sprint(len(n.Members)))
				case model.NeedSplit:
					label = b.Say("needs.split")
				}
				g.Nodes = append(g.Nodes, chart.Node{ID: joint, Label: label, Joint: true})
				g.Edges = append(g.Edges, chart.Edge{From: s.Name, To: joint, Label: share, Apart: !n.Counts})
				from, share = joint, ""
			}
			for _, m := range n.Members {
				said := share
				if n.Kind == model.NeedSplit {
					said = b.Written(m.Share.Text)
				}
				g.Edges = append(g.Edges, chart.Edge{From: from, To: m.Name, Label: said, Apart: !n.Counts})
				times[m.Name]++
			}
		}
	}
	var shared []string
	for _, s := range services {
		if times[s.Name] > 1 {
			shared = append(shared, b.title(s.Name))
		}
	}
	names := func(list []string) string {
		if len(list) == 0 {
			return b.Say("needs.nobody")
		}
		return b.Listed(list)
	}
	g.Frame = b.frame(id, title, b.Say("needs.desc", "services", fmt.Sprint(len(services)), "shared", names(shared), "outside", names(outside)))
	g.Width = wide
	return g.Draw()
}
