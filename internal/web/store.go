package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// A Snapshot is a model as it was read at one time. It never changes.
type Snapshot struct {
	Files    []modelfile.File
	Model    *model.Model
	Revision string // of the files: the same bytes have the same
	Read     time.Time

	ctx      context.Context // ends when it is replaced; nil: it never is
	replaced context.CancelFunc
	proved   bool // it has been answered for

	once sync.Once // for the numbers, which only the workshop asks for
	list []modelfile.Setting
	at   map[string]int
}

// A Broken is what was read last, where it is no model.
type Broken struct {
	Files    []modelfile.File
	Problems []model.Problem
	Err      error // the files could not be read at all
	Revision string
	Read     time.Time
}

// A store holds the model: the last good one, and what is wrong with what is in
// the files now.
type store struct {
	read func() ([]modelfile.File, error)
	seen func() string // changes when the files may have
	now  func() time.Time

	parse func([]modelfile.File) (*model.Model, []model.Problem)
	fault func(*bug) // is told of every panic

	mu     sync.RWMutex
	good   *Snapshot // nil: there has been none yet
	before *Snapshot // the last that was answered for, until good is
	broken *Broken   // nil: the files are the good one
	mark   string
	told   chan struct{} // closed when anything changes
}

// newStore reads the model for the first time.
func newStore(read func() ([]modelfile.File, error), seen func() string, now func() time.Time) *store {
	s := &store{read: read, seen: seen, now: now, parse: modelfile.Parse, fault: func(*bug) {}, told: make(chan struct{})}
	s.mark = s.seen()
	s.load()
	return s
}

// fileStore holds the model of files and folders.
func fileStore(paths []string, now func() time.Time) *store {
	read := func() ([]modelfile.File, error) {
		files, err := modelfile.ReadAgain(paths)
		return shortened(files), err
	}
	return newStore(read, func() string { return signature(paths) }, now)
}

// shortened names files by their folder and name: where they are on the machine
// is nobody's business who looks at the pages. Where two would be called the
// same, they keep their names.
func shortened(files []modelfile.File) []modelfile.File {
	out := make([]modelfile.File, len(files))
	names := map[string]bool{}
	for i, f := range files {
		name := filepath.Base(f.Name)
		if abs, err := filepath.Abs(f.Name); err == nil {
			name = filepath.Base(filepath.Dir(abs)) + "/" + name
		}
		if names[name] {
			return files
		}
		names[name] = true
		out[i] = modelfile.File{Name: name, Data: f.Data}
	}
	return out
}

// fixedStore holds a model that no file can change.
func fixedStore(files []modelfile.File, now func() time.Time) *store {
	return newStore(func() ([]modelfile.File, error) { return files, nil }, func() string { return "" }, now)
}

// signature is made of what a folder tells of its files without reading them.
func signature(paths []string) string {
	var b strings.Builder
	note := func(name string, info fs.FileInfo, err error) {
		if err != nil {
			fmt.Fprintf(&b, "%s: %v\n", name, err)
			return
		}
		fmt.Fprintf(&b, "%s %d %d %v\n", name, info.Size(), info.ModTime().UnixNano(), info.Mode())
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		note(path, info, err)
		if err != nil || !info.IsDir() {
			continue
		}
		list, err := os.ReadDir(path)
		if err != nil {
			note(path, nil, err)
			continue
		}
		for _, e := range list {
			if ext := filepath.Ext(e.Name()); ext == ".yaml" || ext == ".yml" {
				// A link is followed: what it points to is what is read.
				info, err := os.Stat(filepath.Join(path, e.Name()))
				note(e.Name(), info, err)
			}
		}
	}
	return b.String()
}

// watch looks at the files again and again until ctx ends.
func (s *store) watch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.look()
		}
	}
}

// look reads the files if they may have changed.
func (s *store) look() {
	mark := s.seen()
	s.mu.RLock()
	same := mark == s.mark
	s.mu.RUnlock()
	if same {
		return
	}
	s.mu.Lock()
	s.mark = mark
	s.mu.Unlock()
	s.load()
}

// parsed is the model of files. Where the program itself fails on them, they are
// none.
func (s *store) parsed(files []modelfile.File) (m *model.Model, problems []model.Problem) {
	defer func() {
		if what := recover(); what != nil {
			s.fault(&bug{what, debug.Stack()})
			m, problems = nil, []model.Problem{failsOn}
		}
	}()
	if m, problems = s.parse(files); m == nil || len(problems) > 0 {
		return m, problems
	}
	// What happened is held against it once. Where that fails, so does every answer.
	if known, err := forecast.Reconcile(context.Background(), m, nil); err == nil {
		m = known
	}
	return m, problems
}

// failsOn is what is wrong with a model on which the program itself fails.
var failsOn = model.Problem{Code: "internal", Message: "the program fails on this model: that is an error of the program, which is in its log"}

// load reads the files and takes what is a model.
func (s *store) load() {
	files, err := s.read()
	revision := revisionOf(files)
	s.mu.RLock()
	same := err == nil && (s.broken != nil && s.broken.Err == nil && s.broken.Revision == revision ||
		s.broken == nil && s.good != nil && s.good.Revision == revision)
	s.mu.RUnlock()
	if same {
		return
	}
	var m *model.Model
	var problems []model.Problem
	if err == nil {
		m, problems = s.parsed(files)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || len(problems) > 0 {
		s.broken = &Broken{Files: files, Problems: problems, Err: err, Revision: revision, Read: s.now()}
	} else {
		s.broken = nil
		if s.good == nil || s.good.Revision != revision {
			s.take(&Snapshot{Files: files, Model: m, Revision: revision, Read: s.now()})
		}
	}
	close(s.told)
	s.told = make(chan struct{})
}

// take serves another model. The one before is kept until this has shown that it
// can be answered for. The store is locked.
func (s *store) take(next *Snapshot) {
	if s.good != nil && s.good.replaced != nil {
		s.good.replaced()
	}
	if s.good != nil && s.good.proved {
		s.before = s.good
	}
	next.ctx, next.replaced = context.WithCancel(context.Background())
	s.good = next
}

// prove notes that a model can be answered for: the one before is not needed any
// more.
func (s *store) prove(snap *Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.good == snap {
		snap.proved, s.before = true, nil
	}
}

// reject goes back to the last model that could be answered for, where the program
// itself fails on this one. It reports whether there was one.
func (s *store) reject(snap *Snapshot) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.good != snap || s.before == nil {
		return false
	}
	s.broken = &Broken{Files: snap.Files, Problems: []model.Problem{failsOn}, Revision: snap.Revision, Read: snap.Read}
	old := s.before
	s.before = nil
	s.take(&Snapshot{Files: old.Files, Model: old.Model, Revision: old.Revision, Read: old.Read, proved: true})
	close(s.told)
	s.told = make(chan struct{})
	return true
}

// errReplaced ends work on a model that is no longer served.
var errReplaced = errors.New("the model was replaced")

// while is ctx, which also ends when the snapshot has been replaced for a while:
// what is nearly done is still of use to who waits for it.
func (s *Snapshot) while(ctx context.Context, grace time.Duration) (context.Context, func()) {
	own, end := context.WithCancelCause(ctx)
	if s.ctx == nil {
		return own, func() { end(nil) }
	}
	stop := context.AfterFunc(s.ctx, func() {
		t := time.NewTimer(grace)
		defer t.Stop()
		select {
		case <-t.C:
			end(errReplaced)
		case <-own.Done():
		}
	})
	return own, func() { stop(); end(nil) }
}

// now returns what is known, and a channel that is closed when that changes.
func (s *store) state() (good *Snapshot, broken *Broken, changed <-chan struct{}) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.good, s.broken, s.told
}

// revisionOf names the content of files.
func revisionOf(files []modelfile.File) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%d %s %d\n", len(f.Name), f.Name, len(f.Data))
		h.Write(f.Data)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// settings are the numbers of the snapshot, by the place of each.
func (s *Snapshot) settings() []modelfile.Setting {
	s.once.Do(func() {
		s.list = modelfile.Settings(s.Files)
		s.at = make(map[string]int, len(s.list))
		for i, n := range s.list {
			s.at[n.Path] = i
		}
	})
	return s.list
}

// setting is one number of the snapshot.
func (s *Snapshot) setting(path string) (modelfile.Setting, bool) {
	list := s.settings()
	i, ok := s.at[path]
	if !ok {
		return modelfile.Setting{}, false
	}
	return list[i], true
}
