package web

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The watcher must neither wait for what never comes nor show what is elsewhere.
func TestWhatIsNoFileOfTheFolderLeavesTheLastGoodState(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(at("a.yaml"), []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	s := fileStore([]string{dir}, func() time.Time { return noon })
	for what, put := range map[string]func() error{
		"b.yaml is a pipe":                          func() error { return exec.Command("mkfifo", at("b.yaml")).Run() },
		"b.yaml is a link out of the folder of the": func() error { return os.Symlink("/etc/passwd", at("b.yaml")) },
	} {
		if err := put(); err != nil {
			t.Fatal(err)
		}
		s.look()
		if good, bad, _ := s.state(); good == nil || bad == nil || bad.Err == nil || !strings.Contains(bad.Err.Error(), what) {
			t.Errorf("got %v and %v, want the last good state and that %s", good, bad, what)
		}
		if err := os.Remove(at("b.yaml")); err != nil {
			t.Fatal(err)
		}
		s.look()
		if good, bad, _ := s.state(); good == nil || bad != nil {
			t.Errorf("mended: got %v and %v", good, bad)
		}
	}
}
