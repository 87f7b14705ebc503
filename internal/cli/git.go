package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// A version is a model as an argument names it: at a path, or at a path in a
// revision of git.
type version struct {
	arg  string
	path string // in a revision without one: empty
	git  bool
	rev  string // for git
}

const gitPrefix = "git:"

// parseVersion reads PATH, git:REV or git:REV:PATH. As git itself does it, the
// first colon ends the revision.
func parseVersion(arg string) (version, error) {
	rest, git := strings.CutPrefix(arg, gitPrefix)
	if !git {
		if arg == "" {
			return version{}, errors.New("expected the path of a model, or git:REVISION, got nothing")
		}
		return version{arg: arg, path: arg}, nil
	}
	rev, path, named := strings.Cut(rest, ":")
	v := version{arg: arg, git: true, rev: rev, path: path}
	switch {
	case rev == "":
		return v, fmt.Errorf("%s: expected a revision behind git:, such as git:HEAD~1 or git:main:models", arg)
	case strings.HasPrefix(rev, "-"):
		return v, fmt.Errorf("%s: a revision does not begin with -", arg)
	case strings.ContainsFunc(rev, func(r rune) bool { return r < ' ' || r == 0x7f }) || strings.ContainsRune(path, 0):
		return v, fmt.Errorf("%q: expected a revision and a path without control characters", arg)
	case named && path == "":
		return v, fmt.Errorf("%s: expected a path behind the second colon, such as . for the current folder", arg)
	}
	return v, nil
}

// parseVersions reads both arguments of diff. A revision without a path is the
// other argument's path or, where that has none either, the current folder.
func parseVersions(a, b string) (before, after version, err error) {
	before, err = parseVersion(a)
	if err == nil {
		after, err = parseVersion(b)
	}
	if err != nil {
		return before, after, err
	}
	asked := [2]string{before.path, after.path}
	if before.path == "" {
		before.path = asked[1]
	}
	if after.path == "" {
		after.path = asked[0]
	}
	for _, v := range []*version{&before, &after} {
		if v.path == "" {
			v.path = here
		}
	}
	return before, after, nil
}

// load reads the model of a version. What is wrong with the argument is misuse;
// what is wrong inside the model is returned as problems.
func (v version) load() (*model.Model, []model.Problem, error) {
	if !v.git {
		return load([]string{v.path})
	}
	files, err := v.files()
	if err != nil {
		return nil, nil, err
	}
	m, problems := modelfile.Parse(files)
	return m, problems, nil
}

// A repository is where git is asked, and how its paths begin.
type repository struct {
	folder string // where git runs
	prefix string // of that folder inside the repository, "" or "models/"
}

// files reads the model files of a revision.
func (v version) files() ([]modelfile.File, error) {
	r, inside, err := openRepository(v.path)
	if err != nil {
		return nil, v.refused(err)
	}
	commit, err := r.commit(v.rev)
	if err != nil {
		return nil, v.refused(err, "git log names the revisions that there are; in a pipeline fetch them all (actions/checkout: fetch-depth: 0)")
	}
	whole := path.Clean("/" + r.prefix + filepath.ToSlash(inside))[1:]
	files, err := r.read(commit, whole, v)
	if err != nil {
		return nil, v.refused(err)
	}
	return files, nil
}

func (v version) refused(err error, hints ...string) error {
	return misused(fmt.Errorf("cannot read %s: %w", v.arg, err), hints...)
}

// openRepository finds the repository that a path lies in, which need not be
// there any more. inside is the path from the folder in which git runs.
func openRepository(name string) (r repository, inside string, err error) {
	folder := filepath.Clean(name)
	for {
		info, err := os.Stat(folder)
		if err == nil && info.IsDir() {
			break
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !strings.Contains(err.Error(), "not a directory") {
			return r, "", err
		}
		inside = filepath.Join(filepath.Base(folder), inside)
		folder = filepath.Dir(folder)
	}
	r.folder = folder
	out, err := r.git("rev-parse", "--show-prefix")
	if err != nil {
		return r, "", err
	}
	r.prefix = strings.TrimSuffix(string(out), "\n")
	return r, inside, nil
}

// commit returns the commit that a revision names. As in a pipeline there is
// often no branch of one's own, a branch of origin will do.
func (r repository) commit(rev string) (string, error) {
	var first error
	for _, name := range []string{rev, "refs/remotes/origin/" + rev} {
		out, err := r.git("rev-parse", "--verify", "--quiet", name+"^{commit}")
		if err == nil {
			return strings.TrimSpace(string(out)), nil
		}
		var unknown *exec.ExitError
		if !errors.As(err, &unknown) {
			return "", err
		}
		if first == nil {
			first = err
		}
	}
	return "", fmt.Errorf("there is no revision %q", rev)
}

// An object of git: a file, a folder, or something else, with its size.
type object struct {
	mode, kind, id, name string
	size                 int64
}

// read returns the files of a model at a path of a commit.
func (r repository) read(commit, name string, v version) ([]modelfile.File, error) {
	objects, folder, err := r.list(commit, name)
	if err != nil {
		return nil, err
	}
	left := int64(modelfile.MaxBytes)
	var files []modelfile.File
	for _, o := range objects {
		called := gitPrefix + v.rev + ":" + name
		if folder {
			ext := path.Ext(o.name)
			if o.kind != "blob" || strings.HasPrefix(o.name, ".") || ext != ".yaml" && ext != ".yml" {
				continue
			}
			called = gitPrefix + v.rev + ":" + path.Join(name, o.name)
		}
		if o.mode == "120000" {
			return nil, fmt.Errorf("%s is a symbolic link, which is not followed inside a revision; name what it points to", called)
		}
		f := modelfile.File{Name: called}
		if o.size > left {
			f.Data = make([]byte, left+1) // whoever looks at the size sees that it is too much
		} else if f.Data, err = r.git("cat-file", "blob", o.id); err != nil {
			return nil, err
		}
		files = append(files, f)
		if left -= int64(len(f.Data)); left < 0 {
			break
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no model in the folder %s of that revision: expected a file *.yaml or *.yml", orRoot(name))
	}
	return files, nil
}

// list returns what is at a path of a commit: one file, or what is in a folder.
func (r repository) list(commit, name string) (objects []object, folder bool, err error) {
	if name != "" {
		// Names are not patterns, and begin at the top of the repository.
		at, err := r.tree(commit, "--full-tree", "--", name)
		if err != nil {
			return nil, false, err
		}
		if len(at) == 0 {
			return nil, false, fmt.Errorf("there is no %s in that revision", name)
		}
		if at[0].kind == "blob" {
			return at, false, nil
		}
		if at[0].kind != "tree" {
			return nil, false, fmt.Errorf("%s is neither a file nor a folder of that revision", name)
		}
		commit = at[0].id
	}
	objects, err = r.tree(commit, "--full-tree")
	return objects, true, err
}

// tree runs git ls-tree and reads its lines: MODE KIND ID SIZE, a tab, NAME.
func (r repository) tree(id string, arguments ...string) ([]object, error) {
	command := []string{"ls-tree", "-z", "-l"}
	i := 0
	for ; i < len(arguments) && strings.HasPrefix(arguments[i], "--") && arguments[i] != "--"; i++ {
		command = append(command, arguments[i])
	}
	command = append(append(command, id), arguments[i:]...)
	out, err := r.git(command...)
	if err != nil {
		return nil, err
	}
	var objects []object
	for line := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		head, name, ok := strings.Cut(line, "\t")
		words := strings.Fields(head)
		if !ok || len(words) != 4 {
			continue
		}
		size, _ := strconv.ParseInt(words[3], 10, 64) // - for a folder
		objects = append(objects, object{words[0], words[1], words[2], name, size})
	}
	return objects, nil
}

// git runs git, without a shell, and returns what it writes.
func (r repository) git(arguments ...string) ([]byte, error) {
	program, err := exec.LookPath("git")
	if err != nil {
		return nil, errors.New("git is not installed, or not on the PATH")
	}
	cmd := exec.Command(program, append([]string{"--literal-pathspecs", "-C", r.folder}, arguments...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0")
	var wrong bytes.Buffer
	cmd.Stderr = &wrong
	out, err := cmd.Output()
	if err == nil {
		return out, nil
	}
	said, _, _ := strings.Cut(strings.TrimSpace(wrong.String()), "\n")
	if strings.Contains(said, "not a git repository") {
		return nil, fmt.Errorf("%s is not in a git repository", r.folder)
	}
	if said != "" {
		return nil, fmt.Errorf("git: %s: %w", strings.TrimPrefix(said, "fatal: "), err)
	}
	return nil, fmt.Errorf("git %s: %w", arguments[0], err)
}

func orRoot(name string) string {
	if name == "" {
		return "at the top"
	}
	return name
}
