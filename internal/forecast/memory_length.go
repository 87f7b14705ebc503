package forecast

import "tightrope/internal/dist"

// Length is the law of how long an incident lasts, as dist.Incident.Length
// computes it, found again where it is known.
func (m *Memory) Length(in *dist.Incident) dist.Law {
	var t teller
	t.tell('L').incident(in)
	return m.law(t.key(), func() dist.Law {
		p := m.planner()
		defer m.giveBack(p)
		return in.Length(p)
	})
}
