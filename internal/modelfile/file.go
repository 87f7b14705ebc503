// Package modelfile reads models from YAML files: it keeps the place of every
// value, collects everything that is wrong, and says what was expected. The
// tables that drive the reader also make the JSON Schema of the language.
package modelfile

import (
	"errors"
	"fmt"
	"io"
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
func Load(paths []string) (*model.Model, []model.Problem, error) {
	files, err := Read(paths)
	if err != nil {
		return nil, nil, err
	}
	m, problems := Parse(files)
	return m, problems, nil
}

// Read returns the files that Load merges, as they are.
func Read(paths []string) ([]File, error) {
	names, err := modelFiles(paths)
	if err != nil {
		return nil, err
	}
	var files []File
	left := int64(MaxBytes)
	for _, name := range names {
		data, err := readBounded(name, left)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: name, Data: data})
		if left -= int64(len(data)); left < 0 {
			break
		}
	}
	return files, nil
}

// modelFiles lists the files behind the paths, each once.
func modelFiles(paths []string) ([]string, error) {
	if len(paths) == 0 {
		return nil, errors.New("expected the path of a model file or of a folder with model files, got none")
	}
	var names []string
	seen := map[string]bool{}
	add := func(name string) {
		if clean := filepath.Clean(name); !seen[clean] {
			seen[clean] = true
			names = append(names, name)
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
			add(path)
			continue
		}
		inside, err := filesIn(path)
		if err != nil {
			return nil, err
		}
		for _, name := range inside {
			add(name)
		}
	}
	return names, nil
}

// filesIn lists the model files of a folder in the order of their names. Names
// that begin with a point belong to other tools.
func filesIn(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder of the model: %w", err)
	}
	var names []string
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") || ext != ".yaml" && ext != ".yml" {
			continue
		}
		if folder == "." {
			names = append(names, e.Name())
		} else {
			names = append(names, strings.TrimRight(folder, "/")+"/"+e.Name())
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no model in the folder %s: expected a file *.yaml or *.yml", folder)
	}
	return names, nil
}

// readBounded reads a file up to one byte more than left, so that whoever
// looks at the size sees that it is too much.
func readBounded(name string, left int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cannot read the model: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot read the model: %w", err)
	case info.IsDir():
		return nil, fmt.Errorf("cannot read the model: %s is a folder", name)
	case info.Size() > left:
		return make([]byte, left+1), nil
	}
	data, err := io.ReadAll(io.LimitReader(f, left+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read the model: %w", err)
	}
	return data, nil
}
