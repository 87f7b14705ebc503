package cli

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"tightrope/internal/forecast"
	"tightrope/internal/testmodel"
)

// forecasts is what the answers have in common.
var forecasts = forecast.NewMemory(192 << 20)

// answer is what a command writes, with a clock that goes.
func answer(args ...string) (stdout, stderr string, code int) {
	var out, err bytes.Buffer
	code = Main(&Process{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err,
		Getenv:   func(string) string { return "" },
		Terminal: func(io.Writer) (int, bool) { return 0, false },
		Now:      time.Now, After: time.After, Version: "test", Forecasts: forecasts,
	})
	return out.String(), err.String(), code
}

// onePage holds the text of a command to 40 lines of 80 columns.
func onePage(t *testing.T, args ...string) {
	t.Helper()
	out, stderr, code := answer(args...)
	if code != ExitOK && code != ExitFound || out == "" {
		t.Errorf("%q ended with %d: %s", args, code, stderr)
		return
	}
	cells := &runewidth.Condition{StrictEmojiNeutral: true}
	if n := strings.Count(out, "\n"); n > 40 {
		t.Errorf("%q takes %d lines:\n%s", args, n, out)
	}
	for line := range strings.SplitSeq(out, "\n") {
		if w := cells.StringWidth(line); w > 80 {
			t.Errorf("%q: %d columns: %s", args, w, line)
		}
	}
	if !strings.HasSuffix(out, "\n--all shows the rest\n") {
		t.Errorf("%q does not say how to see the rest:\n%s", args, out)
	}
}

// A decision is read on one page, whatever is in the model. What is behind it is
// as long as it is.
func TestForecastsAndPlansFitOnAPage(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 4))
	dir := t.TempDir()
	for i := range 5 {
		services, risks := 1+r.IntN(12), r.IntN(60)
		if i == 0 {
			services, risks = 60, 500
		}
		path := filepath.Join(dir, fmt.Sprintf("model%d.yaml", i))
		if err := os.WriteFile(path, testmodel.Generate(services, risks, uint64(i)), 0o666); err != nil {
			t.Fatal(err)
		}
		onePage(t, "forecast", path)
		onePage(t, "plan", path, "--time", "0.5s")
		if i%4 == 1 {
			onePage(t, "forecast", path, "--check=2", "--targets", "50%,99%,99.9%,99.99%,99.999%")
			onePage(t, "plan", path, "--time", "0.5s", "--break-even")
		}
	}
	path := filepath.Join(dir, "plain.yaml")
	if err := os.WriteFile(path, testmodel.Plain(40, true, 3), 0o666); err != nil {
		t.Fatal(err)
	}
	onePage(t, "forecast", path)
	onePage(t, "forecast", path, "--service", "s7")
}

func TestExamplesFitOnAPage(t *testing.T) {
	for _, name := range []string{"booking", "shop", "cre", "cre-nets", "change/before"} {
		path := "../../examples/" + name
		onePage(t, "forecast", path)
		onePage(t, "plan", path, "--time", "1s")
		if name == "shop" {
			continue // the others say all that the rest asks for, in less time
		}
		onePage(t, "forecast", path, "--count-unlisted", "--targets", "99%,99.9%,99.99%")
		onePage(t, "plan", path, "--time", "1s", "--break-even", "--target", "99.9%")
	}
}
