package model

// Unread says what could not be read of a model, so that rules do not repeat
// it as a lack.
type Unread struct {
	Parts map[Pos]bool    // places of parts that are not whole
	Names map[string]bool // names that stand in what could not be read
}

// Check holds a model to its rules and returns what is wrong with it.
func Check(m *Model) []Problem { return CheckRead(m, Unread{}) }

// CheckRead is Check for a model that was read only in part.
func CheckRead(m *Model, _ Unread) []Problem {
	if len(m.Services) == 1 {
		only := Ref{Name: m.Services[0].Name}
		for _, r := range m.Risks {
			if r.Service.Name == "" {
				r.Service = only
			}
		}
		for _, c := range m.Changes {
			if c.Service.Name == "" {
				c.Service = only
			}
		}
	}
	return nil
}
