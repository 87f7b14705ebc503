package cli

import (
	"fmt"
	"io"
	"os"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// here is where a model is looked for when no path is given.
const here = "."

func pathsOr(args []string) []string {
	if len(args) == 0 {
		return []string{here}
	}
	return args
}

// load reads the model at the paths. A path that cannot be read is misuse; what
// is wrong inside the model is returned as problems.
func load(paths []string) (*model.Model, []model.Problem, error) {
	m, problems, err := modelfile.Load(paths)
	if err != nil {
		return nil, nil, unread(paths, err)
	}
	return m, problems, nil
}

// unread says that there is no model to read at the paths.
func unread(paths []string, err error) error {
	if info, statErr := os.Stat(paths[0]); len(paths) == 1 && statErr == nil && info.IsDir() && len(modelfile.Names(paths[0])) == 0 {
		return misused(err, initHint(paths[0]))
	}
	return misused(err)
}

func initHint(folder string) string {
	if folder == here {
		return "tightrope init writes a small model to begin with"
	}
	return fmt.Sprintf("tightrope init %s writes a small model to begin with", folder)
}

// refuse prints the problems of a model that must have none.
func refuse(w io.Writer, problems []model.Problem, undone string) error {
	printProblems(w, problems)
	fmt.Fprintf(w, "%s; %s\n", count(len(problems), "problem"), undone)
	return &failure{code: ExitFound}
}

func printProblems(w io.Writer, problems []model.Problem) {
	for _, p := range problems {
		fmt.Fprintln(w, p)
	}
}

// count writes "1 problem", "3 problems".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
