package modelfile

import (
	"testing"
)

func TestTheWholeLanguageLoads(t *testing.T) {
	m, problems, err := Load([]string{"testdata/design.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	if m == nil {
		t.Fatal("no model")
	}
}
