package deptest

import "testing"

func TestOneMeaning(t *testing.T) {
	watch(t)
	packages, err := LoadTyped(root, module, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 10 {
		t.Fatalf("only %d packages were found", len(packages))
	}
	t.Run("nothing is referred to by its position", func(t *testing.T) {
		for _, broken := range Positions(packages, module) {
			t.Errorf("%s; refer to it by its scenario.ID", broken)
		}
	})
	t.Run("nobody decides what scenario has resolved", func(t *testing.T) {
		for _, broken := range Decisions(packages, module) {
			t.Errorf("%s; ask scenario", broken)
		}
	})
}
