package report

import (
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/say"
)

// redundant is a service on two regions that share a control plane, with a
// database of two copies that changes over, and users behind carriers.
func redundant() *forecast.Result {
	e := &forecast.Entry{
		Service: "frontend", Objective: objective("99.95%", thirtyDays), Window: thirtyDays, WindowSay: "30d",
		Met: sure(0.78), None: 0.4, Quantiles: forecast.Quantiles{P50: 300, P80: 1400, P90: 2500, P95: 4000, P99: 9000},
		Achievable: 1 - 2500.0/thirtyDays, Suggested: ref(target("99.9%")),
		Usual: []forecast.Chance{odds("99.9%", thirtyDays, 0.91), odds("99.95%", thirtyDays, 0.78)},
		Availability: &forecast.Availability{
			Expected: 0.99939905059995, Error: 1e-15, Napkin: 0.9998977517, Shared: "control-plane",
		},
		Requirements: []*forecast.Requirement{
			{Service: "regions", Direct: true, Required: ref(0.2), Offers: 0.999},
			{Service: "control-plane", Direct: true, Outside: true, Required: ref(0.999651), Offers: 0.9995},
			{Service: "postgres", Direct: true, Required: ref(0.99951234), Offers: 0.99995},
			{Service: "dns", Title: model.One("Names"), Outside: true, Offers: 0.999},
			{Service: "cache", Direct: true, Required: ref(0.0), Offers: 1},
		},
		Felt: forecast.Felt{Mean: 5000, Met: sure(0.3), Different: true, Hands: &forecast.Hands{Ours: 110, Theirs: 1265, NextNine: 1276}},
		Sources: []*forecast.Source{
			{Name: "control-plane", Kind: forecast.StatedSource, Service: "control-plane", IncidentsPerYear: 4, Recover: 3945, PerIncident: 3945, Room: ref(0),
				Importance: &forecast.Importance{Birnbaum: 0.9999, FussellVesely: 0.83, BrokeGivenDown: 0.832}},
			{Name: "release", Kind: forecast.ChangeSource, IncidentsPerYear: 52, Recover: 10, PerIncident: 10, Certain: 40,
				Importance: &forecast.Importance{Birnbaum: 0.9994, FussellVesely: 0.16, BrokeGivenDown: 0.164}},
			{Name: "any of region-a, region-b", Group: "any of region-a, region-b", Made: message.TooManyDown(message.Group{Kind: message.Any, Member: message.List([]string{"region-a", "region-b"})}), Kind: forecast.GroupSource, IncidentsPerYear: 0.03, Impact: 0.5, PerIncident: 900, Room: ref(1)},
			{Name: "1 of 2 copies of postgres/switch", Group: "1 of 2 copies of postgres", Changing: true, Made: message.ChangingOver(copiesOfPostgres), Kind: forecast.SwitchSource, Service: "postgres", IncidentsPerYear: 6, Recover: 40, PerIncident: 40, Room: ref(30)},
			{Name: "1 of 2 copies of postgres/disk", Group: "1 of 2 copies of postgres", Cause: "disk", Made: message.NotChangedAfter(copiesOfPostgres, message.Named("A disk dies"), message.Named("disk")), Kind: forecast.SwitchSource, Service: "postgres", IncidentsPerYear: 0.02, Detect: 300, Recover: 8000, PerIncident: 8300, Room: ref(0)},
			{Name: "crash", Kind: forecast.RiskSource, Service: "postgres", IncidentsPerYear: 0.01, Detect: 60, Recover: 600, PerIncident: 660, Room: ref(1),
				Importance: &forecast.Importance{Birnbaum: 0.9994, FussellVesely: 0.006, BrokeGivenDown: 0.0061}},
		},
	}
	carrier := &forecast.Entry{Service: "carrier", Outside: true, Window: thirtyDays, WindowSay: "30d", Achievable: 0.999}
	return &forecast.Result{Entries: []*forecast.Entry{filled(e), filled(carrier)}}
}

// dependent is a service that spends its target by itself, whatever its
// providers do, and whose next nine its users would notice.
func dependent() *forecast.Result {
	r := redundant()
	e := r.Entries[0]
	e.Availability = &forecast.Availability{Expected: 0.9972, Error: 3e-4, Napkin: 0.9951, Shared: "control-plane"}
	for _, q := range e.Requirements {
		q.Required = nil
	}
	e.Requirements = append(e.Requirements, &forecast.Requirement{Service: "mail", Offers: 0.99})
	e.Felt = forecast.Felt{Mean: e.Mean, Met: e.Met, Hands: &forecast.Hands{Ours: 900, Theirs: 100, NextNine: 190, Visible: true}}
	return r
}

func TestAvailabilityIsSaidToTwoDigitsOfWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		a, err                float64
		served, demanded, low string
	}{
		{0.99939905059995, 0, "99.94%", "99.94%", "99.939%"},
		{0.9998977517, 0, "99.99%", "99.99%", "99.989%"},
		{0.99951234, 0, "99.951%", "99.952%", "99.951%"},
		{0.99951234, 2e-4, "99.95%", "99.952%", "99.951%"},
		{0.5, 0, "50%", "50%", "50%"},
		{0.123, 0, "12%", "13%", "12%"},
		{0, 0, "0%", "0%", "0%"},
		{1, 0, "100%", "100%", "100%"},
		{1 - 1e-12, 0, "more than 99.9999999%", "100%", "99.9999999999%"},
	} {
		if got := english().Served(c.a, c.err); got != c.served {
			t.Errorf("served(%v, %v) = %s, want %s", c.a, c.err, got, c.served)
		}
		if got := say.Demanded(c.a); got != c.demanded {
			t.Errorf("demanded(%v) = %s, want %s", c.a, got, c.demanded)
		}
		if got := goodTime(c.a); got != c.low {
			t.Errorf("goodTime(%v) = %s, want %s", c.a, got, c.low)
		}
	}
}

func TestANapkinIsMentionedOnlyWhereItMisleads(t *testing.T) {
	for _, c := range []struct {
		name string
		a    *forecast.Availability
		want string
	}{
		{"unknown", nil, ""},
		{"right", &forecast.Availability{Expected: 0.999, Napkin: 0.999}, "a user is served 99.9% of the time"},
		{"a little wrong", &forecast.Availability{Expected: 0.999, Napkin: 0.99909}, "a user is served 99.9% of the time"},
		{"too good", &forecast.Availability{Expected: 0.99939905059995, Napkin: 0.9998977517, Shared: "control-plane"},
			"a user is served 99.94% of the time; availabilities multiplied give 99.99%; sharing control-plane makes it 99.94%"},
		{"too bad", &forecast.Availability{Expected: 0.999, Napkin: 0.998, Shared: "db"},
			"a user is served 99.9% of the time; availabilities multiplied give 99.8%; counting db once makes it 99.9%"},
		{"nothing shared", &forecast.Availability{Expected: 0.999, Napkin: 0.998},
			"a user is served 99.9% of the time; availabilities multiplied give 99.8%; counting what is shared, changed over and ridden out makes it 99.9%"},
	} {
		if got := english().OnAverage(&forecast.Entry{Availability: c.a}); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAGroupIsCalledByItsMembers(t *testing.T) {
	zones := message.List([]string{"zone-a", "zone-b", "zone-c"})
	for want, group := range map[string]message.Group{
		"zone-a, zone-b and zone-c": {Kind: message.AtLeast, Need: 2, Member: zones},
		"sms-a and sms-b":           {Kind: message.Any, Member: message.List([]string{"sms-a", "sms-b"})},
		"the copies of postgres":    copiesOfPostgres,
	} {
		if got := english().Members(group); got != want {
			t.Errorf("members(%v) = %q, want %q", group, got, want)
		}
	}
}

func TestWhatIsNotFilledInIsNotSaid(t *testing.T) {
	e := booking().Entries[0]
	r := &forecast.Result{Entries: []*forecast.Entry{e}}
	for name, got := range map[string]string{
		"on average": english().OnAverage(e), "what broke": english().WhatBroke(e), "hands": english().Hands(r, e), "providers": english().NoneEnough(e),
	} {
		if got != "" {
			t.Errorf("%s: got %q, want nothing", name, got)
		}
	}
	if got := forecastTables().Providers(e); got != nil {
		t.Errorf("got %d providers, want none", len(got.Rows))
	}
}

func TestHandsAreSaidWithWhatUsersWouldFeel(t *testing.T) {
	minutes := func(ours, theirs, next float64, visible bool) *forecast.Hands {
		return &forecast.Hands{Ours: ours * model.Minute, Theirs: theirs * model.Minute, NextNine: next * model.Minute, Visible: visible}
	}
	for _, c := range []struct {
		name string
		h    *forecast.Hands
		want string
	}{
		{"nothing outside", nil, ""},
		{"nothing at all", minutes(0, 0, 0, false), ""},
		{"invisible", minutes(1, 19, 19.1, false), "of what users feel, 95% is in the hands of others (cdn); our next nine would be invisible: users would feel 19m in 30d instead of 20m"},
		{"not even in digits", minutes(0.1, 20, 20.01, false), "of what users feel, 100% is in the hands of others (cdn); our next nine would be invisible: users would feel 20m in 30d as before"},
		{"visible", minutes(15, 5, 6.5, true), "of what users feel, 25% is in the hands of others (cdn); our next nine would be felt: 6m30s in 30d instead of 20m"},
	} {
		e := &forecast.Entry{Service: "app", WindowSay: "30d", Felt: forecast.Felt{Hands: c.h}, Requirements: []*forecast.Requirement{{Service: "cdn", Outside: true}, {Service: "db"}}}
		if got := english().Hands(&forecast.Result{Entries: []*forecast.Entry{e}}, e); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

var copiesOfPostgres = message.Group{Kind: message.Copies, Need: 1, Of: 2, Member: message.List([]string{"postgres"})}
