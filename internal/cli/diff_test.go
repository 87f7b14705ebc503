package cli

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

func TestVersionsOfAModel(t *testing.T) {
	for _, tt := range []struct {
		name, a, b           string
		aRev, aPath          string
		bRev, bPath, refused string
	}{
		{"two paths", "old", "new", "", "old", "", "new", ""},
		{"a revision takes the path of the other", "git:HEAD~1", "models", "HEAD~1", "models", "", "models", ""},
		{"whichever comes first", "models", "git:main", "", "models", "main", "models", ""},
		{"and that of another revision", "git:v1", "git:v2:models", "v1", "models", "v2", "models", ""},
		{"two revisions are of the current folder", "git:v1", "git:v2", "v1", ".", "v2", ".", ""},
		{"a path may hold colons", "git:v1:a:b", "x", "v1", "a:b", "", "x", ""},
		{"words of git", "git:main@{1}", "git:HEAD^2:x", "main@{1}", "x", "HEAD^2", "x", ""},
		{"a path that begins like a revision", "./git:v1", "x", "", "./git:v1", "", "x", ""},
		{"no revision", "git:", "x", "", "", "", "", "expected a revision"},
		{"a search is no revision", "git::/fix", "x", "", "", "", "", "expected a revision"},
		{"a flag", "git:--output=x", "x", "", "", "", "", "does not begin with -"},
		{"an empty path", "git:v1:", "x", "", "", "", "", "expected a path behind the second colon"},
		{"control characters", "git:a\nb", "x", "", "", "", "", "control characters"},
		{"nothing", "", "x", "", "", "", "", "got nothing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, b, err := parseVersions(tt.a, tt.b)
			if tt.refused != "" {
				if err == nil || !strings.Contains(err.Error(), tt.refused) {
					t.Errorf("got error %v, want %q", err, tt.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if a.rev != tt.aRev || a.path != tt.aPath || b.rev != tt.bRev || b.path != tt.bPath {
				t.Errorf("got %+v and %+v", a, b)
			}
		})
	}
}

func FuzzVersion(f *testing.F) {
	for _, s := range []string{"", "models", "git:", "git:HEAD~1", "git:main:a/b", "git:-x", "git:a:b:c", "git:main@{yesterday}", "git:\x00:x", "git::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := parseVersion(s)
		if err != nil {
			return
		}
		if !v.git {
			if v.path != s || strings.HasPrefix(s, gitPrefix) {
				t.Errorf("%q was taken as the path %q", s, v.path)
			}
			return
		}
		if v.rev == "" || strings.HasPrefix(v.rev, "-") || strings.ContainsAny(v.rev, ":\x00\n") || strings.ContainsRune(v.path, 0) {
			t.Errorf("%q was taken as the revision %q, path %q", s, v.rev, v.path)
		}
		again := gitPrefix + v.rev
		if v.path != "" {
			again += ":" + v.path
		}
		if again != s {
			t.Errorf("%q was read as %q", s, again)
		}
	})
}

func TestWithoutGitARevisionCannotBeRead(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("PATH", t.TempDir())
	var out, wrong bytes.Buffer
	code := Main(&Process{
		Args: []string{"diff", "git:HEAD", "."}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &wrong,
		Getenv: func(string) string { return "" }, Terminal: func(io.Writer) (int, bool) { return 0, false },
		After: func(time.Duration) <-chan time.Time { return nil }, Version: "test",
	})
	if code != ExitUsage || !strings.Contains(wrong.String(), "cannot read git:HEAD: git is not installed, or not on the PATH") {
		t.Errorf("exit code %d, said %q", code, wrong.String())
	}
}
