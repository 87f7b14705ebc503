package model

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// small is the least model that keeps every rule; cases break it. Models that
// are read from files have their own cases, with places, in modelfile.
func small() *Model {
	half := Share{Exact: big.NewRat(1, 2), Text: "50%"}
	hour := Time{Exact: big.NewRat(3600, 1), Text: "1h"}
	yearly := Rate{Exact: big.NewRat(1, Year), Text: "1/y"}
	return &Model{
		Services:   []*Service{{Name: "booking"}},
		Changes:    []*Change{{Name: "release", Every: yearly}},
		Risks:      []*Risk{{Name: "disk", Rate: &yearly, DetectInline: &hour, RecoverInline: &hour}},
		Detections: []*Detection{{Name: "alarm", After: hour, Catches: &half}},
		Recoveries: []*Recovery{{Name: "restart", Takes: hour, By: Ref{Name: Nobody}}},
		Responders: []*Responder{{Name: "on-call", Acknowledges: hour}},
		Nets:       []*Net{{Name: "review", Status: InPlace}},
	}
}

func TestCheckOfModelsMadeByCode(t *testing.T) {
	for _, c := range []struct {
		name    string
		change  func(m *Model)
		problem string
	}{
		{"the least model keeps every rule", func(m *Model) {}, ""},
		{"a name has no spaces", func(m *Model) { m.Services[0].Name = "a b" }, "bad-name"},
		{"a name is not empty", func(m *Model) { m.Services[0].Name = "" }, "bad-name"},
		{"a name is unique", func(m *Model) { m.Risks = append(m.Risks, m.Risks[0]) }, "duplicate-name"},
		{"a name is unique among its kind alone", func(m *Model) { m.Risks[0].Name = "booking" }, ""},
		{"an objective is defined once", func(m *Model) {
			o := &Objective{Name: "fast", Target: Share{Exact: big.NewRat(9, 10), Text: "90%"}}
			m.Services[0].Objectives = []*Objective{o, o}
		}, "duplicate-name"},
		{"a target is below 100 %", func(m *Model) {
			m.Services[0].Objectives = []*Objective{{Name: "fast", Target: Share{Exact: big.NewRat(1, 1), Text: "100%"}}}
		}, "bad-target"},
		{"a change recurs", func(m *Model) { m.Changes[0].Every = Rate{} }, "missing-key"},
		{"a risk has a frequency", func(m *Model) { m.Risks[0].Rate = nil }, "frequency"},
		{"a risk has one frequency", func(m *Model) {
			m.Risks[0].Per, m.Risks[0].Chance = &Ref{Name: "release"}, m.Detections[0].Catches
		}, "frequency"},
		{"a risk per a change has a chance", func(m *Model) { m.Risks[0].Rate, m.Risks[0].Per = nil, &Ref{Name: "release"} }, "frequency"},
		{"a risk is noticed", func(m *Model) { m.Risks[0].DetectInline, m.Risks[0].Detect = nil, []Ref{{Name: "alarm"}} }, "undetected"},
		{"a net that stands notices what the risk alone does not", func(m *Model) {
			m.Risks[0].DetectInline, m.Risks[0].Detect = nil, []Ref{{Name: "alarm"}}
			m.Nets[0].Effects = []*Effect{{Risks: []Ref{{Name: "disk"}}, Detects: &Detection{}}}
		}, ""},
		{"a net that stands notices for every risk of a change", func(m *Model) {
			r := m.Risks[0]
			r.DetectInline, r.Rate, r.Per, r.Chance = nil, nil, &Ref{Name: "release"}, m.Detections[0].Catches
			m.Nets[0].Effects = []*Effect{{RisksPer: &Ref{Name: "release"}, Detects: &Detection{}}}
		}, ""},
		{"the last attempt of the nets counts where the risk has none", func(m *Model) {
			r := m.Risks[0]
			r.RecoverInline, r.Rate, r.Per, r.Chance = nil, nil, &Ref{Name: "release"}, m.Detections[0].Catches
			half := m.Detections[0].Catches
			m.Nets[0].Effects = []*Effect{
				{Risks: []Ref{{Name: "disk"}}, RecoversBy: &Recovery{By: Ref{Name: Nobody}, Works: half}},
				{RisksPer: &Ref{Name: "release"}, RecoversBy: &Recovery{By: Ref{Name: Nobody}}},
			}
		}, ""},
		{"and an earlier one does not", func(m *Model) {
			r := m.Risks[0]
			r.RecoverInline, r.Rate, r.Per, r.Chance = nil, nil, &Ref{Name: "release"}, m.Detections[0].Catches
			half := m.Detections[0].Catches
			m.Nets[0].Effects = []*Effect{
				{RisksPer: &Ref{Name: "release"}, RecoversBy: &Recovery{By: Ref{Name: Nobody}}},
				{Risks: []Ref{{Name: "disk"}}, RecoversBy: &Recovery{By: Ref{Name: Nobody}, Works: half}},
			}
		}, "unending"},
		{"a recovery is by someone", func(m *Model) { m.Recoveries[0].By = Ref{} }, "missing-key"},
		{"an effect is on something", func(m *Model) { m.Nets[0].Effects = []*Effect{{}} }, "effect-target"},
		{"an in-place net does not prevent everything", func(m *Model) {
			m.Nets[0].Effects = []*Effect{{Risks: []Ref{{Name: "disk"}}, Prevents: &Share{Exact: big.NewRat(1, 1)}}}
		}, "prevents-all"},
		{"unless the numbers are from before", func(m *Model) {
			m.Risks[0].BeforeNets = true
			m.Nets[0].Effects = []*Effect{{Risks: []Ref{{Name: "disk"}}, Prevents: &Share{Exact: big.NewRat(1, 1)}}}
		}, ""},
		{"of every risk", func(m *Model) {
			other := *m.Risks[0]
			other.Name, other.BeforeNets = "other", true
			m.Risks = append(m.Risks, &other)
			m.Nets[0].Effects = []*Effect{{Risks: []Ref{{Name: "disk"}, {Name: "other"}}, ImpactBy: &Signed{Exact: big.NewRat(-1, 1)}}}
		}, "prevents-all"},
		{"a proposed net may", func(m *Model) {
			m.Nets[0].Status = Proposed
			m.Nets[0].Effects = []*Effect{{Risks: []Ref{{Name: "disk"}}, Prevents: &Share{Exact: big.NewRat(1, 1)}}}
		}, ""},
		{"at least all members may be needed", func(m *Model) {
			m.Services = append(m.Services, &Service{Name: "a"}, &Service{Name: "b"})
			m.Services[0].Needs = []*Need{{Kind: NeedAtLeast, AtLeast: 2, Members: []Member{{Ref: Ref{Name: "a"}}, {Ref: Ref{Name: "b"}}}}}
			m.Risks[0].Service, m.Changes[0].Service = Ref{Name: "a"}, Ref{Name: "a"}
		}, ""},
		{"a switch may wait for a net that adds copies", func(m *Model) {
			m.Services[0].Switch = &Switch{}
			m.Nets[0].Effects = []*Effect{{Service: &Ref{Name: "booking"}, Copies: &Count{N: 2}}}
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := small()
			c.change(m)
			m.Index()
			var codes []string
			for _, p := range Check(m) {
				codes = append(codes, p.Code)
			}
			if got := strings.Join(codes, " "); got != c.problem {
				t.Errorf("got %q, want %q: %v", got, c.problem, Check(m))
			}
		})
	}
}

func TestTheOneServiceIsFilledIn(t *testing.T) {
	m := small()
	m.Index()
	Check(m)
	if m.Risks[0].Service.Name != "booking" || m.Changes[0].Service.Name != "booking" {
		t.Errorf("risk of %q, change of %q", m.Risks[0].Service.Name, m.Changes[0].Service.Name)
	}
}

// A chain of services each of which needs the next and the first closes a
// cycle at every step; each is told in few words.
func TestLongCyclesAreToldInShort(t *testing.T) {
	const n = 2_000
	m := &Model{}
	for i := range n {
		s := &Service{Name: fmt.Sprintf("s%d", i)}
		for _, to := range []int{(i + 1) % n, 0} {
			if to != i {
				s.Needs = append(s.Needs, &Need{Members: []Member{{Ref: Ref{Name: fmt.Sprintf("s%d", to)}}}})
			}
		}
		m.Services = append(m.Services, s)
	}
	m.Index()
	problems := Check(m)
	if len(problems) != n {
		t.Fatalf("%d cycles", len(problems))
	}
	longest := "services need each other: s0 -> s1 -> s2 -> s3 -> s4 -> s5 -> s6 -> s7 -> s8 -> s9 -> … -> " +
		"s1990 -> s1991 -> s1992 -> s1993 -> s1994 -> s1995 -> s1996 -> s1997 -> s1998 -> s1999 -> s0"
	if got := problems[0].Message; got != longest {
		t.Errorf("got %s", got)
	}
	if got, want := problems[n-1].Message, "services need each other: s0 -> s1 -> s0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
