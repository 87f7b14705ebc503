package report

import (
	"io"

	"tightrope/internal/alert"
)

// AlertsFormat is the name and version of the JSON document.
const AlertsFormat = "tightrope.alerts/1"

// AlertsJSON writes what alerts see for machines, as ExplainJSON does.
func AlertsJSON(w io.Writer, r *alert.Result) error {
	doc := alertsDocument{
		Format: AlertsFormat, Services: make([]jsonWatched, 0, len(r.Objectives)),
		Delays: jsonDelays{r.Delays.Scrape, r.Delays.Evaluate, r.Delays.For, r.Delays.Group, r.Delays.Notify}, Warnings: jsonWarnings(r.Warnings),
	}
	for _, o := range r.Objectives {
		j := jsonWatched{
			Service: o.Service, Objective: o.Name, Target: float(o.Target.Exact), Window: o.Window, Budget: o.Budget, Background: o.Background,
			Indicator: o.SLI != nil, Alerts: []jsonAlert{}, Risks: []jsonSeen{}, Never: []string{}, Enough: []string{},
		}
		for i := range o.Alerts {
			a := &o.Alerts[i]
			x := jsonAlert{
				Name: a.Name, Severity: string(a.Severity), Share: float(a.Share), Long: float(a.Long), Short: float(a.Short),
				Rate: float(a.Factor), Threshold: float(a.Threshold), Reachable: a.Reachable(),
			}
			if a.Refused != "" {
				refused := string(a.Refused)
				x.Refused = &refused
			}
			j.Alerts = append(j.Alerts, x)
		}
		for _, i := range o.Set {
			j.Enough = append(j.Enough, o.Alerts[i].Name)
		}
		for _, r := range o.Risks {
			if r.Unseen() {
				j.Never = append(j.Never, r.Risk.Name)
			}
			for i, s := range r.Seen {
				x := jsonSeen{Risk: r.Risk.Name, Alert: o.Alerts[i].Name, Ratio: r.Ratio, ByItself: r.Alone, Fires: s.Fires, Spent: s.Spent}
				x.Detect = jsonDetect{s.Detect.P5, s.Detect.P50, s.Detect.P95}
				j.Risks = append(j.Risks, x)
			}
		}
		doc.Services = append(doc.Services, j)
	}
	return encode(w, "alerts", doc)
}

// The order of the fields below is the order of the keys in the document.
type (
	alertsDocument struct {
		Format   string        `json:"format"`
		Services []jsonWatched `json:"services"`
		Delays   jsonDelays    `json:"delays"`
		Warnings []jsonWarning `json:"warnings"`
	}

	jsonWatched struct {
		Service    string      `json:"service"`
		Objective  string      `json:"objective"`
		Target     float64     `json:"target"`
		Window     float64     `json:"window_seconds"`
		Budget     float64     `json:"budget_seconds"`
		Background float64     `json:"background"`
		Indicator  bool        `json:"indicator"`
		Alerts     []jsonAlert `json:"alerts"`
		Risks      []jsonSeen  `json:"risks"`
		Never      []string    `json:"never"`
		Enough     []string    `json:"enough"`
	}

	jsonAlert struct {
		Name      string  `json:"name"`
		Severity  string  `json:"severity"`
		Share     float64 `json:"budget_share"`
		Long      float64 `json:"long_window_seconds"`
		Short     float64 `json:"short_window_seconds"`
		Rate      float64 `json:"burn_rate"`
		Threshold float64 `json:"threshold"`
		Reachable bool    `json:"reachable"`
		Refused   *string `json:"refused"`
		// FalsePages is not computed yet.
		FalsePages *float64 `json:"false_pages_per_week"`
	}

	jsonSeen struct {
		Risk     string     `json:"risk"`
		Alert    string     `json:"alert"`
		Ratio    float64    `json:"error_ratio"`
		ByItself bool       `json:"felt_by_itself"`
		Fires    *float64   `json:"fires_after_seconds"`
		Detect   jsonDetect `json:"detect_seconds"`
		Spent    *float64   `json:"budget_spent"`
	}

	jsonDetect struct {
		P5  *float64 `json:"p5"`
		P50 *float64 `json:"p50"`
		P95 *float64 `json:"p95"`
	}

	jsonDelays struct {
		Scrape   float64 `json:"scrape_seconds"`
		Evaluate float64 `json:"evaluate_seconds"`
		For      float64 `json:"for_seconds"`
		Group    float64 `json:"group_wait_seconds"`
		Notify   float64 `json:"notify_seconds"`
	}
)
