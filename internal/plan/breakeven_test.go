package plan

import (
	"testing"

	"tightrope/internal/model"
)

// What a signed change does is said in words whatever it changes.
func TestEverySignedChangeIsSaid(t *testing.T) {
	for _, k := range model.EffectKeys() {
		if k.Combines == model.Multiplies && changes[k.Name] == nil {
			t.Errorf("nobody says what a change of %s is", k.Name)
		}
	}
}
