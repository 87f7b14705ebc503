package report

import "tightrope/internal/model"

// Parts counts the parts of a model.
type Parts struct {
	Services   int `json:"services"`
	Risks      int `json:"risks"`
	Changes    int `json:"changes"`
	Detections int `json:"detection"`
	Recoveries int `json:"recovery"`
	Responders int `json:"responders"`
	SafetyNets int `json:"safety_nets"`
}

// PartsOf counts; nil where there is no model.
func PartsOf(m *model.Model) *Parts {
	if m == nil {
		return nil
	}
	return &Parts{
		Services: len(m.Services), Risks: len(m.Risks), Changes: len(m.Changes),
		Detections: len(m.Detections), Recoveries: len(m.Recoveries), Responders: len(m.Responders),
		SafetyNets: len(m.Nets),
	}
}
