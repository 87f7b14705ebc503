package modelfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder makes a folder with the files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAFolderIsOneModel(t *testing.T) {
	dir := folder(t, map[string]string{
		"b.yaml":         "version: 1\nservices: {search: {}}\n",
		"a.yml":          "version: 1\nservices: {booking: {needs: [search]}}\n",
		"c/inside.yaml":  "not read",
		".hidden.yaml":   "not read",
		"README.md":      "not read",
		"folder.yaml/x":  "not read",
		"incidents.yaml": "risks: {disk: {service: booking, rate: 2/y, detect: 5m, recover: 2h}}\n",
	})
	m, problems, err := Load([]string{dir})
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	if len(m.Services) != 2 || m.Services[0].Name != "booking" || m.Risk("disk") == nil {
		t.Errorf("got %d services, the first %s", len(m.Services), m.Services[0].Name)
	}
	if got, want := m.Risk("disk").Pos.File, dir+"/incidents.yaml"; got != want {
		t.Errorf("the file is called %s, not %s", got, want)
	}
}

func TestPathsAreCalledAsTheyWereWritten(t *testing.T) {
	dir := folder(t, map[string]string{"models/a.yaml": "version: 1\nservices: {booking: {}}\n", "b.yaml": "currency: KRW\n"})
	t.Chdir(dir)
	for _, c := range []struct {
		name  string
		paths []string
		file  string
	}{
		{"a file", []string{"models/a.yaml"}, "models/a.yaml"},
		{"a file from here", []string{"./models/a.yaml"}, "./models/a.yaml"},
		{"a folder", []string{"models"}, "models/a.yaml"},
		{"a folder with a slash", []string{"models/"}, "models/a.yaml"},
		{"a folder and a file in it count once", []string{"models", "models/a.yaml", "./models"}, "models/a.yaml"},
		{"a file elsewhere first", []string{"b.yaml", "models"}, "models/a.yaml"},
		{"everything from the root", []string{filepath.Join(dir, "models")}, dir + "/models/a.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, problems, err := Load(c.paths)
			if err != nil || len(problems) > 0 {
				t.Fatal(problems, err)
			}
			if got := m.Services[0].Pos.File; got != c.file {
				t.Errorf("got %s, want %s", got, c.file)
			}
		})
	}
	t.Run("the current folder", func(t *testing.T) {
		t.Chdir("models")
		m, _, err := Load([]string{"."})
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Services[0].Pos.File; got != "a.yaml" {
			t.Errorf("got %s", got)
		}
	})
}

func TestPathsThatCannotBeRead(t *testing.T) {
	dir := folder(t, map[string]string{"notes.txt": "nothing"})
	for _, c := range []struct {
		name  string
		paths []string
		say   string
	}{
		{"no path at all", nil, "got none"},
		{"a path that is not there", []string{dir + "/model.yaml"}, "no such file or folder"},
		{"a folder without a model", []string{dir}, "expected a file *.yaml or *.yml"},
		{"a path through a file", []string{dir + "/notes.txt/model.yaml"}, "cannot read the model"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, problems, err := Load(c.paths)
			if err == nil || m != nil || problems != nil {
				t.Fatalf("model %v, problems %v, error %v", m != nil, problems, err)
			}
			if !strings.Contains(err.Error(), c.say) {
				t.Errorf("%q does not say %q", err, c.say)
			}
		})
	}
}

func TestFilesOfOtherEditorsLoad(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"with a byte order mark", "\ufeffversion: 1\nservices:\n  booking: {titel: x}\n"},
		{"with the line ends of Windows", "version: 1\r\nservices:\r\n  booking: {titel: x}\r\n"},
		{"without an end of the last line", "version: 1\nservices:\n  booking: {titel: x}"},
		{"with a document marker", "---\nservices:\n  booking: {titel: x}\nversion: 1\n..."},
		{"with comments", "version: 1 # one\nservices: # these\n  booking: {titel: x} # here\n# end\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := Parse([]File{{Name: "model.yaml", Data: []byte(c.text)}})
			want := "model.yaml:3:13: unknown key \"titel\" for service; did you mean \"title\"? [unknown-key]\n"
			if got := lines(problems); got != want {
				t.Errorf("got %s", got)
			}
			m, problems := Parse([]File{{Name: "model.yaml", Data: []byte(strings.ReplaceAll(c.text, "titel", "title"))}})
			if m == nil || m.Service("booking").Title.In("en") != "x" {
				t.Error(problems)
			}
		})
	}
}
