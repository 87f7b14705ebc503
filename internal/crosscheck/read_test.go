package crosscheck

import (
	"fmt"
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// parse reads a model.
func parse(text string) (*model.Model, error) {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(text)}})
	if len(problems) > 0 {
		return nil, fmt.Errorf("%v", problems)
	}
	return m, nil
}

// mustCompile reads a model and makes a program of its service top.
func mustCompile(t *testing.T, text string) (*model.Model, *program) {
	t.Helper()
	m, err := parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	p, err := compile(m, "top")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return m, p
}
