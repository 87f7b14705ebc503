package model

import (
	"math"
	"strconv"
)

// A Reconciled is the history of a service held against its catalogue: of the
// model as it is written, with the safety nets that stand in it. What is asked
// with other nets, rhythms or numbers does not change what happened.
type Reconciled struct {
	Over     float64  // seconds of history
	Bad      *float64 // lost seconds that really happened; nil: not told
	Expected float64  // lost seconds that the catalogue expects in that time

	Incidents         *int // that happened; nil: not told
	ExpectedIncidents float64

	// Rest is the lost seconds in Over that the catalogue does not explain, 0 where
	// it explains all or more, or where that is not known. They come as Missing
	// incidents, or spread evenly where that is 0.
	Rest    float64
	Missing float64
}

// Text is how often the rest happens, as the language writes a rate that was
// counted: "3.37 in 730d". It was counted over a time that is written so.
func (r *Reconciled) Text(over string) string {
	decimals := 2
	for x := r.Missing; decimals > 0 && x >= 10; x /= 10 {
		decimals--
	}
	scale := math.Pow10(decimals)
	text := strconv.FormatFloat(math.Round(r.Missing*scale)/scale, 'f', -1, 64)
	return text + " in " + over
}

// past is what is known of the histories of a model.
type past struct {
	onlyListed bool
	of         map[string]*Reconciled // by service; nil: not worked out yet
}

// IsReconciled reports whether the histories of the model were held against its
// catalogue, or there are none.
func (m *Model) IsReconciled() bool {
	if m.past != nil && m.past.of != nil {
		return true
	}
	for _, s := range m.Services {
		if s.History != nil {
			return false
		}
	}
	return true
}

// Reconciled is the history of a service held against the catalogue, or nil.
func (m *Model) Reconciled(service string) *Reconciled {
	if m.past == nil {
		return nil
	}
	return m.past.of[service]
}

// Unlisted is Reconciled of a service whose history has a rest that counts into
// its promise; else nil.
func (m *Model) Unlisted(service string) *Reconciled {
	r := m.Reconciled(service)
	if r == nil || r.Rest <= 0 || m.past.onlyListed {
		return nil
	}
	return r
}

// WithReconciled is the model with its histories held against its catalogue.
func (m *Model) WithReconciled(of map[string]*Reconciled) *Model {
	out := *m
	out.past = &past{of: of}
	if m.past != nil {
		out.past.onlyListed = m.past.onlyListed
	}
	return &out
}

// OnlyListed is the model of which only what the catalogue lists counts into
// promises, whatever its histories have besides.
func (m *Model) OnlyListed() *Model {
	out := *m
	out.past = &past{onlyListed: true}
	if m.past != nil {
		out.past.of = m.past.of
	}
	return &out
}

// IsOnlyListed reports whether only what the catalogue lists counts.
func (m *Model) IsOnlyListed() bool { return m.past != nil && m.past.onlyListed }

// WithPastOf is the model with what is known of the histories of another, of
// which it is a variant.
func (m *Model) WithPastOf(o *Model) *Model {
	out := *m
	out.past = o.past
	return &out
}
