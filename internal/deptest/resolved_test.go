package deptest

import (
	"slices"
	"testing"
)

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
	t.Run("every key does something", func(t *testing.T) {
		for _, key := range Unused(packages, module) {
			t.Errorf("no engine or page reads what %s says", key)
		}
		if all := Unused(nil, module); !slices.Contains(all, "background of service") || len(all) < 100 {
			t.Errorf("where nobody reads anything, only %v are unused", all)
		}
	})
}
