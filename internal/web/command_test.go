package web_test

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"tightrope/internal/cli"
	"tightrope/internal/say"
	"tightrope/internal/web"
)

var (
	commandShown = regexp.MustCompile(`<pre id="command">([^<]*)</pre>`)
	chanceShown  = regexp.MustCompile(`<th scope="row">chance to meet it</th><td class="r"[^>]*>[^<]*</td><td class="r"[^>]*>([^<]*)</td>`)
)

// What the workshop says of a state, its command says in a terminal.
func TestTheCommandOfTheWorkshopAnswersTheSame(t *testing.T) {
	t.Parallel()
	s := serve(t, hospital)
	for _, state := range []url.Values{
		{"with": {"canary"}, "without": {"review"}, "set": {"services/booking/objective/target=99.5%", "risks/bad-release/chance=3%..8%"}},
		{"set": {"services/booking/objective/target=99.9%", "risks/disk/rate=2 in 5y", "risks/disk/recover=~30m", "risks/disk/detect=exp(10m)"}},
		{"set": {"services/booking/objective/target=99.5%", "services/booking/objective/confidence=95%"}},
	} {
		state.Set("service", "booking")
		page := s.get("/workshop?" + state.Encode())
		shown, chance := commandShown.FindStringSubmatch(page), chanceShown.FindStringSubmatch(page)
		if shown == nil || chance == nil {
			t.Fatalf("%v: no command, or no chance", state)
		}
		command := html.UnescapeString(shown[1])
		for _, e := range state["set"] {
			if !strings.Contains(command, e) {
				t.Errorf("%s does not hold %s", command, e)
			}
		}
		// A shell divides it into words.
		words, err := exec.Command("sh", "-c", "set -- "+command+` && printf '%s\n' "$@"`).Output()
		if err != nil {
			t.Fatal(err)
		}
		args := strings.Split(strings.TrimSuffix(string(words), "\n"), "\n")
		if got, want := chanceBy(t, append(args[1:], "--format", "json", s.folder)), html.UnescapeString(chance[1]); got != want {
			t.Errorf("%s\nhas a chance of %s, the workshop of %s", command, got, want)
		}
	}
}

// chanceBy is the chance that a command of the program tells of its one
// objective, as the workshop writes it.
func chanceBy(t *testing.T, args []string) string {
	t.Helper()
	var out, complaint bytes.Buffer
	code := cli.Main(&cli.Process{
		Args: args, Stdin: &bytes.Buffer{}, Stdout: &out, Stderr: &complaint, Getenv: func(string) string { return "" },
		Terminal: func(io.Writer) (int, bool) { return 0, false }, Version: "test", Forecasts: web.Forecasts,
	})
	if code != 0 {
		t.Fatalf("tightrope %s: exit code %d\n%s", strings.Join(args, " "), code, complaint.String())
	}
	var answer struct {
		Services []struct {
			Objective struct{ Confidence float64 }
			Chance    float64 `json:"met_probability"`
		}
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil || len(answer.Services) != 1 {
		t.Fatal(err, len(answer.Services))
	}
	of := answer.Services[0]
	return say.English().Beside(of.Chance, of.Objective.Confidence)
}
