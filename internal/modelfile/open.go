package modelfile

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// read reads a file up to one byte more than left, so that whoever looks at the
// size sees that it is too much.
func (l location) read(left int64, pipes bool) ([]byte, error) {
	f, err := l.open(pipes)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.Mode().IsRegular() && info.Size() > left:
		return make([]byte, left+1), nil
	}
	return io.ReadAll(io.LimitReader(f, left+1))
}

// open opens a regular file, and never waits for anybody who would write into it;
// or, where that was named and pipes may be read, a pipe.
func (l location) open(pipes bool) (*os.File, error) {
	if l.folder != "" {
		f, err := openInside(l.folder, l.inside, l.name)
		return regular(f, err, l.name)
	}
	if info, err := os.Stat(l.name); err == nil && pipes && isStream(info.Mode()) && !IsName(filepath.Base(l.name)) {
		return os.Open(l.name)
	}
	f, err := os.OpenFile(l.name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	return regular(f, err, l.name)
}

// isStream reports whether a file is one to read from as it comes: a pipe, a
// socket or a terminal.
func isStream(m fs.FileMode) bool {
	return m&(fs.ModeNamedPipe|fs.ModeSocket|fs.ModeCharDevice) != 0
}

// openInside opens a file in a folder or below it: whatever links say, it is never
// one that lies elsewhere.
func openInside(folder, inside, name string) (*os.File, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.OpenFile(inside, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err == nil {
		return f, nil
	}
	info, there := root.Lstat(inside)
	if there != nil || info.Mode()&fs.ModeSymlink == 0 {
		return nil, err
	}
	// A link that names its target from the root of the system may stay inside, too.
	target, err := filepath.EvalSymlinks(filepath.Join(folder, inside))
	if err != nil {
		return nil, fmt.Errorf("%s is a link to what is not there", name)
	}
	if base, err := filepath.EvalSymlinks(folder); err == nil {
		if base, err = filepath.Abs(base); err == nil {
			if target, err = filepath.Abs(target); err == nil {
				if rest, err := filepath.Rel(base, target); err == nil && filepath.IsLocal(rest) {
					return root.OpenFile(rest, os.O_RDONLY|syscall.O_NONBLOCK, 0)
				}
			}
		}
	}
	return nil, fmt.Errorf("%s is a link out of the folder of the model, which is not followed; put the file into the folder, or name it beside it", name)
}

// regular is an open file, if that is one like any other.
func regular(f *os.File, err error, name string) (*os.File, error) {
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		return f, nil
	}
	f.Close()
	what := "neither a file nor a folder"
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		what = "a folder"
	case info.Mode()&fs.ModeNamedPipe != 0:
		what = "a pipe, not a file"
	case info.Mode()&fs.ModeDevice != 0:
		what = "a device, not a file"
	}
	return nil, fmt.Errorf("%s is %s", name, what)
}
