package cli

import (
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestATokenFileIsLongEnoughAndNobodyElses(t *testing.T) {
	const token = "0123456789abcdef"
	for _, tt := range []struct {
		name, content string
		mode          os.FileMode
		want          string // in the error; empty: it is taken
	}{
		{"its owner's", token + "\n", 0o600, ""},
		{"its group's", token, 0o640, ""},
		{"everybody may read it", token, 0o644, "chmod 600"},
		{"everybody may change it", token, 0o602, "chmod 600"},
		{"one letter", "x", 0o600, "16 to 1024"},
		{"a letter too few", token[1:], 0o600, "16 to 1024"},
		{"empty", "", 0o600, "16 to 1024"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "token")
			if err := os.WriteFile(file, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(file, tt.mode); err != nil {
				t.Fatal(err)
			}
			if tt.mode.Perm()&0o007 != 0 && runtime.GOOS == "windows" {
				return // there are no such modes
			}
			got, err := readToken(file)
			switch {
			case tt.want == "" && (err != nil || got != token):
				t.Errorf("%q %v", got, err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), token)):
				t.Errorf("%v, expected it to say %s", err, tt.want)
			}
		})
	}
}

func TestTrustedProxiesAreAddresses(t *testing.T) {
	a := serveArgs{proxies: []string{"10.0.0.7", "10.1.2.3/16", "::ffff:192.0.2.1", "2001:db8::/32"}}
	got, err := a.trusted()
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.7/32"), netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::/32")}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v", got, err)
	}
	if code, _, stderr := run(t, 0, nil, "serve", "--trusted-proxy", "proxy.example"); code != ExitUsage || !strings.Contains(stderr, "10.0.0.0/24") {
		t.Errorf("a name: %d %s", code, stderr)
	}
}
