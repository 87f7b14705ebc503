package report

import (
	"io"

	"tightrope/internal/alert"
	"tightrope/internal/falsepage"
)

// AlertsFormat is the name and version of the JSON document.
const AlertsFormat = "tightrope.alerts/1"

// AlertsJSON writes what alerts see for machines, as ExplainJSON does.
func AlertsJSON(w io.Writer, r *alert.Result) error {
	doc := alertsDocument{
		Format: AlertsFormat, Services: make([]jsonWatched, 0, len(r.Objectives)),
		Delays:    jsonDelays{r.Delays.Scrape, r.Delays.Evaluate, r.Delays.For, r.Delays.Group, r.Delays.Notify},
		MostFalse: r.FalsePages, Warnings: jsonWarnings(r.Warnings),
	}
	for _, o := range r.Objectives {
		j := jsonWatched{
			Service: o.Service, Objective: o.Name, Target: float(o.Target.Exact), Window: o.Window, Budget: o.Budget, Background: o.Background,
			Indicator: o.SLI != nil, Alerts: []jsonAlert{}, Risks: []jsonSeen{}, Never: []string{}, Enough: []string{},
		}
		if o.Traffic != nil {
			j.Traffic = &o.PerSecond
		}
		for i := range o.Alerts {
			a, n := &o.Alerts[i], &o.Noise[i]
			x := jsonAlert{
				Name: a.Name, Severity: string(a.Severity), Share: float(a.Share), Long: float(a.Long), Short: float(a.Short),
				Rate: float(a.Factor), Threshold: float(a.Threshold), Reachable: a.Reachable(),
			}
			if a.Refused != "" {
				refused := string(a.Refused)
				x.Refused = &refused
			}
			if n.Unknown != "" {
				unknown := string(n.Unknown)
				x.FalseUnknown = &unknown
			} else {
				found := foundAs(n.PerWeek.How)
				x.FalsePages, x.FalseError, x.FalseFound = &n.PerWeek.Value, &n.PerWeek.Error, &found
			}
			x.TooOften, x.Instead = n.TooOften, []jsonQuieter{}
			for _, c := range n.Changes {
				p := c.Rule.Pairs[0]
				x.Instead = append(x.Instead, jsonQuieter{
					changedBy[c.Kind], p.Long, p.Short, p.MinFailed, float(c.Rule.Target), c.PerWeek.Value, c.PerWeek.Error, foundAs(c.PerWeek.How),
				})
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

// changedBy are the names of changes to alerts.
var changedBy = map[falsepage.Kind]string{
	falsepage.LongerWindows: "longer-windows", falsepage.AtLeastFailed: "least-failed", falsepage.LowerTarget: "lower-target",
}

// foundAs is how a figure was found.
func foundAs(h falsepage.How) string {
	switch h {
	case falsepage.Exact:
		return "exact"
	case falsepage.Halved:
		return "estimate"
	}
	return "drawn"
}

// The order of the fields below is the order of the keys in the document.
type (
	alertsDocument struct {
		Format    string        `json:"format"`
		Services  []jsonWatched `json:"services"`
		Delays    jsonDelays    `json:"delays"`
		MostFalse float64       `json:"most_false_pages_per_week"`
		Warnings  []jsonWarning `json:"warnings"`
	}

	jsonWatched struct {
		Service    string      `json:"service"`
		Objective  string      `json:"objective"`
		Target     float64     `json:"target"`
		Window     float64     `json:"window_seconds"`
		Budget     float64     `json:"budget_seconds"`
		Background float64     `json:"background"`
		Traffic    *float64    `json:"traffic_per_second"`
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
		// False pages are null where FalseUnknown says why they are not known.
		FalsePages   *float64      `json:"false_pages_per_week"`
		FalseError   *float64      `json:"false_pages_per_week_error"`
		FalseFound   *string       `json:"false_pages_found"`
		FalseUnknown *string       `json:"false_pages_unknown"`
		TooOften     bool          `json:"false_pages_too_often"`
		Instead      []jsonQuieter `json:"instead"`
	}

	// jsonQuieter is a change with which an alert rings no more often than asked for.
	jsonQuieter struct {
		Change string  `json:"change"`
		Long   float64 `json:"long_window_seconds"`
		Short  float64 `json:"short_window_seconds"`
		Least  int     `json:"least_failed"`
		Target float64 `json:"target"`
		False  float64 `json:"false_pages_per_week"`
		Error  float64 `json:"false_pages_per_week_error"`
		Found  string  `json:"false_pages_found"`
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
