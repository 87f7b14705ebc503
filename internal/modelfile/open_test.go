package modelfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const small = "version: 1\nservices: {app: {}}\n"

// folderOf makes a folder with files, links (-> target) and pipes (|).
func folderOf(t *testing.T, content map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, what := range content {
		path := filepath.Join(dir, name)
		err := os.MkdirAll(filepath.Dir(path), 0o777)
		if target, link := strings.CutPrefix(what, "-> "); link {
			err = os.Symlink(strings.ReplaceAll(target, "DIR", dir), path)
		} else if what == "|" {
			err = exec.Command("mkfifo", path).Run()
		} else if err == nil {
			err = os.WriteFile(path, []byte(what), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOnlyFilesInsideAFolderAreRead(t *testing.T) {
	for _, c := range []struct {
		name    string
		content map[string]string
		path    string // of the model in the folder
		want    string // error; empty: it is read
	}{
		{"a pipe", map[string]string{"m/a.yaml": small, "m/b.yaml": "|"}, "m", "m/b.yaml is a pipe, not a file"},
		{"a pipe by its name", map[string]string{"b.yaml": "|"}, "b.yaml", "b.yaml is a pipe, not a file"},
		{"a link to a pipe", map[string]string{"m/p": "|", "m/b.yml": "-> p"}, "m", "m/b.yml is a pipe, not a file"},
		{"a device", map[string]string{"m/b.yaml": "-> /dev/zero"}, "m", "m/b.yaml is a link out of the folder"},
		{"a link out", map[string]string{"secret": "x: hidden", "m/b.yaml": "-> ../secret"}, "m", "m/b.yaml is a link out of the folder"},
		{"a link out that is absolute", map[string]string{"secret": "x: hidden", "m/b.yaml": "-> DIR/secret"}, "m", "m/b.yaml is a link out of the folder"},
		{"a link through a folder outside", map[string]string{"out/secret": "x: hidden", "m/in": "-> ../out", "m/b.yaml": "-> in/secret"}, "m", "m/b.yaml is a link out of the folder"},
		{"a link to nothing", map[string]string{"m/b.yaml": "-> nowhere"}, "m", "m/b.yaml is a link to what is not there"},
		{"a link to itself", map[string]string{"m/b.yaml": "-> b.yaml"}, "m", "m/b.yaml is a link to what is not there"},
		{"a link to a folder", map[string]string{"m/d/x": small, "m/b.yaml": "-> d"}, "m", "m/b.yaml is a folder"},
		{"a link that stays inside", map[string]string{"m/..data/x": small, "m/b.yaml": "-> ..data/x"}, "m", ""},
		{"an absolute link that stays inside", map[string]string{"m/d/x": small, "m/b.yaml": "-> DIR/m/d/x"}, "m", ""},
		{"a link to the folder itself", map[string]string{"m/a.yaml": small, "n": "-> m"}, "n", ""},
		{"a link that is named", map[string]string{"x": small, "b.yaml": "-> x"}, "b.yaml", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(folderOf(t, c.content), c.path)
			for _, read := range []func([]string) ([]File, error){Read, ReadAgain} {
				files, err := read([]string{path})
				if c.want == "" {
					if err != nil || len(files) != 1 || string(files[0].Data) != small {
						t.Errorf("got %q, error %v", files, err)
					}
					continue
				}
				if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hidden") {
					t.Errorf("got error %v, want %q", err, c.want)
				}
			}
		})
	}
}

func TestAPipeIsReadOnceWhereItIsNamed(t *testing.T) {
	pipe := filepath.Join(folderOf(t, map[string]string{"p": "|"}), "p")
	if _, err := ReadAgain([]string{pipe}); err == nil || !strings.Contains(err.Error(), "is a pipe") {
		t.Errorf("got error %v, want that it is a pipe", err)
	}
	go func() { _ = os.WriteFile(pipe, []byte(small), 0) }()
	files, err := Read([]string{pipe})
	if err != nil || len(files) != 1 || string(files[0].Data) != small {
		t.Errorf("got %q, error %v", files, err)
	}
}
