package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"tightrope/internal/document/text"
	"tightrope/internal/modelfile"
	"tightrope/internal/safetext"
)

// apart refuses an output that is also read: a file of the model, or one that
// would be by its name. Revisions of git are not written to.
func apart(output string, inputs ...string) error {
	if output == "" || output == "-" {
		return nil
	}
	refuse := func(what string) error {
		return misused(fmt.Errorf("-o %s: %s", output, what), "name a file outside of the model, or one that does not end in .yaml or .yml")
	}
	there, err := os.Stat(output)
	if err == nil && !there.Mode().IsRegular() {
		return nil // devices and pipes are not replaced
	}
	if err != nil { // a link to nothing is replaced, and what it points to stays
		there = nil
	}
	whole := output
	if resolved, err := filepath.EvalSymlinks(output); err == nil {
		whole = resolved
	}
	folder, _ := os.Stat(filepath.Dir(whole))
	for _, path := range inputs {
		info, err := os.Stat(path)
		switch {
		case err != nil: // whoever reads it says so
		case !info.IsDir() && there != nil && os.SameFile(info, there):
			return refuse("that is the model itself, which would be lost")
		case info.IsDir():
			for _, name := range modelfile.Names(path) {
				if part, err := os.Stat(name); err == nil && there != nil && os.SameFile(part, there) {
					return refuse("that is a file of the model, which would be lost")
				}
			}
			if folder != nil && os.SameFile(info, folder) && modelfile.IsName(filepath.Base(whole)) {
				return refuse("that would be a file of the model, by its folder and its name")
			}
		}
	}
	return nil
}

// writeFile writes a file whole or not at all: what write produces goes to a
// file beside it, which then takes its place, when it is on the disk. Devices and
// pipes are written to directly.
func (p *Process) writeFile(path string, write func(io.Writer) error) error {
	mode := fs.FileMode(0o666)
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return fmt.Errorf("cannot write %s: it is a folder", path)
	case err == nil && !info.Mode().IsRegular():
		return writeThrough(path, write)
	case err == nil:
		mode = info.Mode().Perm()
		// A link stays one: what it points to is replaced.
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return fmt.Errorf("cannot write %s: %w", path, err)
		}
	}
	half, err := p.beside(path, mode, write)
	if err == nil {
		if err = os.Rename(half, path); err != nil {
			os.Remove(half)
		}
		p.course.writes("")
	}
	if err == nil {
		err = p.syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	return nil
}

// beside writes a file into the folder of path, down to the disk, and returns its
// name.
func (p *Process) beside(path string, mode fs.FileMode, write func(io.Writer) error) (name string, err error) {
	f, err := create(path, mode)
	if err != nil {
		return "", err
	}
	p.course.writes(f.Name())
	if err = fill(f, write); err == nil {
		err = p.sync(f)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		p.course.writes("")
	}
	return f.Name(), err
}

// create makes a file in the folder of path. Unlike os.CreateTemp it leaves
// the permissions to the user's mask.
func create(path string, mode fs.FileMode) (*os.File, error) {
	for i := 0; ; i++ {
		name := fmt.Sprintf("%s.%d-%d.tmp", path, os.Getpid(), i)
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) || i == 100 {
			return f, err
		}
	}
}

// sync brings a file to the disk.
func (p *Process) sync(f *os.File) error {
	if p.synced != nil {
		return p.synced(f)
	}
	return f.Sync()
}

// syncFolder brings the names in a folder to the disk, where folders can be
// synced.
func (p *Process) syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return nil // what may be written to need not be readable
	}
	defer f.Close()
	if err := p.sync(f); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

func writeThrough(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		err = errors.Join(fill(f, write), f.Close())
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	return nil
}

func fill(f *os.File, write func(io.Writer) error) error {
	w := bufio.NewWriter(f)
	safe := safetext.NewWriter(w, text.Styles()...)
	if err := write(safe); err != nil {
		return err
	}
	return errors.Join(safe.Flush(), w.Flush())
}

// writeNew writes a file that must not be there yet, whole or not at all.
func (p *Process) writeNew(path string, content []byte) error {
	half, err := p.beside(path, 0o666, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
	if err == nil {
		// Unlike a rename, a link never takes the place of what is there. Where
		// there are no links, a rename has to do.
		if err = os.Link(half, path); errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EPERM) {
			if _, there := os.Lstat(path); there == nil {
				err = fs.ErrExist
			} else {
				err = os.Rename(half, path)
			}
		}
		os.Remove(half)
		p.course.writes("")
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return errThere(path)
	case err == nil:
		err = p.syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	return nil
}

func errThere(path string) error {
	return fmt.Errorf("%s is there already, and nothing is ever overwritten", path)
}

// cause is what went wrong without the path, which is said already.
func cause(err error) error {
	var at *fs.PathError
	var between *os.LinkError
	switch {
	case errors.As(err, &at):
		return at.Err
	case errors.As(err, &between):
		return between.Err
	}
	return err
}
