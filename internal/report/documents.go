package report

import "reflect"

// Documents returns the types of the JSON documents by their format, for whoever
// has to describe them: what is written is made of these and nothing else.
func Documents() map[string]reflect.Type {
	return map[string]reflect.Type{
		Format:           reflect.TypeFor[forecastDocument](),
		PlanFormat:       reflect.TypeFor[planDocument](),
		ExplainFormat:    reflect.TypeFor[explainDocument](),
		WhyFormat:        reflect.TypeFor[whyDocument](),
		SimulationFormat: reflect.TypeFor[simulationDocument](),
		TimelineFormat:   reflect.TypeFor[timelineDocument](),
	}
}
