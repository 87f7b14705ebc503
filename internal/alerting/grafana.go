package alerting

import (
	"fmt"
	"io"
	"math/big"

	"tightrope/internal/alert"
	"tightrope/internal/safetext"
)

// The order of the fields is that of the keys in the file.
type (
	board struct {
		UID           string   `json:"uid"`
		Title         string   `json:"title"`
		Description   string   `json:"description"`
		Tags          []string `json:"tags"`
		SchemaVersion int      `json:"schemaVersion"`
		Editable      bool     `json:"editable"`
		Refresh       string   `json:"refresh"`
		Time          span     `json:"time"`
		Templating    struct {
			List []variable `json:"list"`
		} `json:"templating"`
		Panels []panel `json:"panels"`
	}
	span struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	variable struct {
		Name  string `json:"name"`
		Label string `json:"label"`
		Type  string `json:"type"`
		Query string `json:"query"`
	}
	source struct {
		Type string `json:"type"`
		UID  string `json:"uid"`
	}
	place struct {
		X int `json:"x"`
		Y int `json:"y"`
		W int `json:"w"`
		H int `json:"h"`
	}
	panel struct {
		ID          int          `json:"id"`
		Type        string       `json:"type"`
		Title       string       `json:"title"`
		GridPos     place        `json:"gridPos"`
		Collapsed   *bool        `json:"collapsed,omitempty"`
		Panels      *[]panel     `json:"panels,omitempty"`
		Datasource  *source      `json:"datasource,omitempty"`
		FieldConfig *fieldConfig `json:"fieldConfig,omitempty"`
		Targets     []query      `json:"targets,omitempty"`
	}
	fieldConfig struct {
		Defaults  defaults `json:"defaults"`
		Overrides []string `json:"overrides"`
	}
	defaults struct {
		Unit       string      `json:"unit"`
		Max        *float64    `json:"max,omitempty"`
		Thresholds *thresholds `json:"thresholds,omitempty"`
	}
	thresholds struct {
		Mode  string `json:"mode"`
		Steps []step `json:"steps"`
	}
	step struct {
		Color string   `json:"color"`
		Value *float64 `json:"value"` // null: from the lowest on
	}
	query struct {
		RefID        string `json:"refId"`
		Expr         string `json:"expr"`
		LegendFormat string `json:"legendFormat"`
		Instant      bool   `json:"instant,omitempty"`
	}
)

// Of the grid, which is 24 wide.
const (
	rowHeight   = 1
	panelHeight = 7
)

// dashboard writes what the rules of some objectives record, a row for each service.
// It reads only series that the rules make.
func dashboard(to io.Writer, list []*alert.Objective) error {
	b := board{
		UID: "tightrope", Title: "Error budgets", Description: made, Tags: []string{"tightrope", "slo"},
		SchemaVersion: 39, Refresh: "1m", Time: span{"now-24h", "now"}, Panels: []panel{},
	}
	b.Templating.List = []variable{{"datasource", "Prometheus", "datasource", "prometheus"}}
	y, service := 0, ""
	add := func(p panel) {
		p.ID = len(b.Panels) + 1
		b.Panels = append(b.Panels, p)
	}
	for i, o := range list {
		if i == 0 || o.Service != service {
			service = o.Service
			add(panel{Type: "row", Title: service, GridPos: place{0, y, 24, rowHeight}, Collapsed: new(bool), Panels: &[]panel{}})
			y += rowHeight
		}
		x := 0
		for _, p := range panels(o) {
			p.GridPos.X, p.GridPos.Y, p.GridPos.H = x, y, panelHeight
			p.Datasource = &source{"prometheus", "${datasource}"}
			x += p.GridPos.W
			add(p)
		}
		y += panelHeight
	}
	return safetext.Document(to, b)
}

// panels are what is left of the budget of an objective, how fast it is spent, and
// the ratio of errors.
func panels(o *alert.Objective) []panel {
	x := &ruler{o: o}
	x.selectors()
	windows := []string{"5m"}
	for i := range o.Alerts {
		if a := &o.Alerts[i]; a.Refused == "" {
			windows = append(windows, a.LongText)
		}
	}
	var burns, ratios []query
	for i, w := range windows {
		ref := string(rune('A' + i))
		burns = append(burns, query{RefID: ref, Expr: x.burn(w), LegendFormat: w})
		ratios = append(ratios, query{RefID: ref, Expr: badEvents + w + x.selector + " / (" + allEvents + w + x.selector + " > 0)", LegendFormat: w})
	}
	all, quarter, none := 1.0, 0.25, 0.0
	budget := defaults{Unit: "percentunit", Max: &all, Thresholds: &thresholds{"absolute", []step{{"red", nil}, {"orange", &none}, {"green", &quarter}}}}
	of := fmt.Sprintf("%s: %s over %s", o.Name, o.Target.Text, o.WindowText)
	return []panel{
		{Type: "stat", Title: of + ", budget left", GridPos: place{W: 6}, FieldConfig: &fieldConfig{budget, []string{}},
			Targets: []query{{RefID: "A", Expr: budgetLeft + x.selector, LegendFormat: "left", Instant: true}}},
		{Type: "timeseries", Title: of + ", burn rate", GridPos: place{W: 9}, FieldConfig: &fieldConfig{defaults{Unit: "none"}, []string{}}, Targets: burns},
		{Type: "timeseries", Title: of + ", ratio of errors", GridPos: place{W: 9}, FieldConfig: &fieldConfig{defaults{Unit: "percentunit"}, []string{}}, Targets: ratios},
	}
}

// selectors sets what the series of an objective have in common.
func (x *ruler) selectors() {
	x.selector = fmt.Sprintf("{service=%q, slo=%q}", x.o.Service, x.o.Name)
	x.allowed = alert.Text(new(big.Rat).Sub(big.NewRat(1, 1), x.o.Target.Exact))
}
