package simulate

import (
	"tightrope/internal/message"
	"tightrope/internal/scenario"
)

// detection names a way in which a source is detected; "" where it has no name.
func (s *source) detection(i int) string {
	if i >= len(s.Incident.Detect) {
		return ""
	}
	switch d := &s.Incident.Detect[i]; {
	case d.Net != nil:
		return d.Net.Name
	case d.Of != nil:
		return d.Of.Name
	}
	return ""
}

// attempt names a way in which it is recovered from.
func (s *source) attempt(i int) string {
	switch a := &s.Incident.Attempts[i]; {
	case a.Net != nil:
		return a.Net.Name
	case a.Of != nil:
		return a.Of.Name
	}
	return ""
}

// by is who or what did it, where that has a name.
func by(name string) message.Message {
	if name == "" {
		return message.Message{}
	}
	return message.By(name)
}

// tried is what was tried, where that has a name.
func tried(name string) message.Message {
	if name == "" {
		return message.Message{}
	}
	return message.Tried(name)
}

// holder is the service that has a need.
func (p *player) holder(n *scenario.Need) string {
	for i := range p.system.Parts {
		part := &p.system.Parts[i]
		for k := range part.Needs {
			if &part.Needs[k] == n {
				return part.Name
			}
		}
	}
	return ""
}
