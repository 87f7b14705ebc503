// Package modelfile reads models from YAML files: it keeps the place of every
// value, collects everything that is wrong, and says what was expected. The
// tables that drive the reader also make the JSON Schema of the language.
package modelfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tightrope/internal/model"
)

// MaxBytes is the size up to which a model is read, all files together.
const MaxBytes = 16 << 20

// A File is a model file, or a part of a model. Name is what positions call it.
type File struct {
	Name string
	Data []byte
}

// Load reads the files at the paths, and the *.yaml and *.yml files in those
// that are folders (not recursively, in the order of their names), and merges
// them into one model. The error says which path could not be read; what is
// wrong inside the files is in the problems, and then the model is nil.
//
// In a folder only regular files are read, and links to some in that folder or
// below it. A path may also be a pipe, such as <(…) in a shell.
func Load(paths []string) (*model.Model, []model.Problem, error) {
	files, err := Read(paths)
	if err != nil {
		return nil, nil, err
	}
	m, problems := Parse(files)
	return m, problems, nil
}

// Read returns the files that Load merges, as they are.
func Read(paths []string) ([]File, error) { return read(paths, true) }

// ReadAgain is Read for whoever reads more than once: a pipe is an error.
func ReadAgain(paths []string) ([]File, error) { return read(paths, false) }

func read(paths []string, pipes bool) ([]File, error) {
	locations, err := locationsOf(paths)
	if err != nil {
		return nil, err
	}
	var files []File
	left := int64(MaxBytes)
	for _, from := range locations {
		data, err := from.read(left, pipes)
		if err != nil {
			return nil, fmt.Errorf("cannot read the model: %w", err)
		}
		files = append(files, File{Name: from.name, Data: data})
		if left -= int64(len(data)); left < 0 {
			break
		}
	}
	return files, nil
}

// A location is where a file of a model is: a path, or a name inside a folder.
type location struct {
	name           string // as positions call it
	folder, inside string // empty for a path
}

// locationsOf lists the model files behind the paths, each once.
func locationsOf(paths []string) ([]location, error) {
	if len(paths) == 0 {
		return nil, errors.New("expected the path of a model file or of a folder with model files, got none")
	}
	var locations []location
	seen := map[string]bool{}
	add := func(l location) {
		if clean := filepath.Clean(l.name); !seen[clean] {
			seen[clean] = true
			locations = append(locations, l)
		}
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("no model at %s: there is no such file or folder", path)
		case err != nil:
			return nil, fmt.Errorf("cannot read the model: %w", err)
		case !info.IsDir():
			add(location{name: path})
			continue
		}
		inside, err := filesIn(path)
		if err != nil {
			return nil, err
		}
		for _, from := range inside {
			add(from)
		}
	}
	return locations, nil
}

// IsName reports whether a file of that name in a folder is part of its model.
// Names that begin with a point belong to other tools.
func IsName(name string) bool {
	ext := filepath.Ext(name)
	return !strings.HasPrefix(name, ".") && (ext == ".yaml" || ext == ".yml")
}

// Names returns the paths of the model files in a folder.
func Names(folder string) []string {
	inside, _ := filesIn(folder)
	var names []string
	for _, from := range inside {
		names = append(names, from.name)
	}
	return names
}

// filesIn lists the model files of a folder in the order of their names.
func filesIn(folder string) ([]location, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder of the model: %w", err)
	}
	var locations []location
	for _, e := range entries {
		if e.IsDir() || !IsName(e.Name()) {
			continue
		}
		name := e.Name()
		if folder != "." {
			name = strings.TrimRight(folder, "/") + "/" + name
		}
		locations = append(locations, location{name: name, folder: folder, inside: e.Name()})
	}
	if len(locations) == 0 {
		return nil, fmt.Errorf("no model in the folder %s: expected a file *.yaml or *.yml", folder)
	}
	return locations, nil
}
