package examples_test

import (
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

func load(t *testing.T, name string) *model.Model {
	t.Helper()
	m, problems, err := modelfile.Load([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	if m == nil {
		t.FailNow()
	}
	return m
}

func TestClean(t *testing.T) {
	for _, name := range []string{"booking", "cre", "shop"} {
		t.Run(name, func(t *testing.T) { load(t, name) })
	}
}
