package deptest

import "testing"

func TestNothingIsReferredToByItsPosition(t *testing.T) {
	watch(t)
	packages, err := LoadTyped(root, module, "./...")
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range Positions(packages, module) {
		t.Errorf("%s; refer to it by its scenario.ID", broken)
	}
}
