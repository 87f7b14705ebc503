package modelfile

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// alone is a model of one file.
func alone(text string) []File { return []File{{Name: "model.yaml", Data: []byte(text)}} }

func TestAnEditChangesOneValueAndNothingElse(t *testing.T) {
	for _, c := range []struct{ name, before, path, text, after string }{
		{
			"a value in a block",
			"risks:\n  bad:\n    chance: 2%..6%\n    impact: 10%\n", "risks/bad/chance", "1%",
			"risks:\n  bad:\n    chance: 1%\n    impact: 10%\n",
		},
		{
			"a value in a flow",
			"services:\n  a: {objective: {target: 99.9%, over: 30d}}\n", "services/a/objective/target", "99.95%",
			"services:\n  a: {objective: {target: 99.95%, over: 30d}}\n",
		},
		{
			"a text in one of its languages",
			"risks:\n  bad:\n    title: {en: A release, ko: 배포}\n", "risks/bad/title/ko", "배포 장애",
			"risks:\n  bad:\n    title: {en: A release, ko: 배포 장애}\n",
		},
		{
			"a text in a language that it does not have yet",
			"risks:\n  bad:\n    title: {en: A release}\n", "risks/bad/title/ko", "배포, 장애",
			"risks:\n  bad:\n    title: {en: A release, ko: \"배포, 장애\"}\n",
		},
		{
			"a value with a comment after it",
			"risks:\n  bad:\n    # above\n    chance: 2%   # after\n    # below\n", "risks/bad/chance", "1%",
			"risks:\n  bad:\n    # above\n    chance: 1%   # after\n    # below\n",
		},
		{
			"a value in double quotes keeps them",
			`detection: {alarm: {after: "1m", catches: 90%}}`, "detection/alarm/after", "2m",
			`detection: {alarm: {after: "2m", catches: 90%}}`,
		},
		{
			"a value in single quotes keeps them",
			"detection:\n  alarm:\n    title: 'Don''t' # x\n", "detection/alarm/title", `It's "on"`,
			"detection:\n  alarm:\n    title: 'It''s \"on\"' # x\n",
		},
		{
			"its own text leaves a value as it is written",
			"detection:\n  alarm:\n    after: \"1\\u006d\"\n", "detection/alarm/after", "1m",
			"detection:\n  alarm:\n    after: \"1\\u006d\"\n",
		},
		{
			"a value on the line after its key",
			"risks:\n  bad:\n    chance:\n      2%\n    impact: 10%\n", "risks/bad/chance", "1%",
			"risks:\n  bad:\n    chance:\n      1%\n    impact: 10%\n",
		},
		{
			"a text over several lines becomes one line",
			"risks:\n  bad:\n    title: one\n      two\n\n      three # c\n    impact: 10%\n", "risks/bad/title", "four",
			"risks:\n  bad:\n    title: four # c\n    impact: 10%\n",
		},
		{
			"a quoted text over several lines becomes one line",
			"risks:\n  bad: {title: \"one\n    two\", impact: 10%}\n", "risks/bad/title", "four",
			"risks:\n  bad: {title: \"four\", impact: 10%}\n",
		},
		{
			"lines of Windows",
			"risks:\r\n  bad:\r\n    chance: 2%\r\n    impact: 10%\r\n", "risks/bad/impact", "20%",
			"risks:\r\n  bad:\r\n    chance: 2%\r\n    impact: 20%\r\n",
		},
		{
			"a byte order mark",
			"\ufeffrisks: {bad: {chance: 2%}}\n", "risks/bad/chance", "1%",
			"\ufeffrisks: {bad: {chance: 1%}}\n",
		},
		{
			"names of any script",
			"risks:\n  나쁜-배포: {title: 예약 시스템, chance: 2%} # 메모\n", "risks/나쁜-배포/chance", "1%",
			"risks:\n  나쁜-배포: {title: 예약 시스템, chance: 1%} # 메모\n",
		},
		{
			"a value by its position in a list",
			"services:\n  a:\n    needs:\n      - b\n      # c\n      - {service: c, impact: 4%} # d\n", "services/a/needs/1/impact", "5%",
			"services:\n  a:\n    needs:\n      - b\n      # c\n      - {service: c, impact: 5%} # d\n",
		},
		{
			"a value that is itself in a list",
			"safety_nets:\n  canary: {cost: {build: [15 person-days, 3_000_000]}}\n", "safety_nets/canary/cost/build/1", "4_000_000",
			"safety_nets:\n  canary: {cost: {build: [15 person-days, 4_000_000]}}\n",
		},
		{
			"a value in a list in a block",
			"safety_nets:\n  canary:\n    effects:\n    - risk: bad\n      prevents: 10%\n", "safety_nets/canary/effects/0/prevents", "20%",
			"safety_nets:\n  canary:\n    effects:\n    - risk: bad\n      prevents: 20%\n",
		},
		{
			"one of several objectives",
			"services:\n  a:\n    objectives:\n      available: {target: 99.9%}\n      fast: {target: 99%, over: 7d}\n", "services/a/objectives/fast/over", "30d",
			"services:\n  a:\n    objectives:\n      available: {target: 99.9%}\n      fast: {target: 99%, over: 30d}\n",
		},
		{
			"a word",
			"safety_nets:\n  canary: {status: proposed, owner: us}\n", "safety_nets/canary/status", "in-place",
			"safety_nets:\n  canary: {status: in-place, owner: us}\n",
		},
		{
			"a value beside the sections",
			"version: 1\ncurrency: KRW # won\nrates: {person-day: 600_000}\n", "currency", "EUR",
			"version: 1\ncurrency: EUR # won\nrates: {person-day: 600_000}\n",
		},
		{
			"the price of a day",
			"version: 1\nrates: {person-day: 600_000}\n", "rates/person-day", "700_000",
			"version: 1\nrates: {person-day: 700_000}\n",
		},
		{
			"a whole model in braces",
			"{version: 1, services: {a: {copies: 2}}}", "services/a/copies", "3",
			"{version: 1, services: {a: {copies: 3}}}",
		},
		{
			"keys in quotes",
			"\"risks\":\n  \"bad\" : {'chance' : 2%}\n", "risks/bad/chance", "1%",
			"\"risks\":\n  \"bad\" : {'chance' : 1%}\n",
		},
		{
			"a nothing is filled in",
			"risks:\n  bad:\n    chance: # what?\n    impact: 10%\n", "risks/bad/chance", "1%",
			"risks:\n  bad:\n    chance: 1% # what?\n    impact: 10%\n",
		},
		{
			"null is taken for a nothing",
			"risks:\n  bad: {chance: null, impact: ~}\n", "risks/bad/impact", "1%",
			"risks:\n  bad: {chance: null, impact: 1%}\n",
		},
		{
			"a key is added between braces",
			"services:\n  a: {objective: {target: 99.9%}} # c\n", "services/a/objective/over", "30d",
			"services:\n  a: {objective: {target: 99.9%, over: 30d}} # c\n",
		},
		{
			"a key is added before the last comma",
			"services:\n  a:\n    objective: {\n      target: 99.9%, # c\n    }\n", "services/a/objective/over", "30d",
			"services:\n  a:\n    objective: {\n      target: 99.9%, over: 30d, # c\n    }\n",
		},
		{
			"a key is added to empty braces",
			"services:\n  a: {}\n", "services/a/copies", "2",
			"services:\n  a: {copies: 2}\n",
		},
		{
			"a key is added to nothing",
			"services:\n  a: # c\n  b:\n", "services/a/copies", "2",
			"services:\n  a: {copies: 2} # c\n  b:\n",
		},
		{
			"a key is added after the last line of a block, before comments",
			"risks:\n  bad:\n    chance: 2% # c\n    # d\n\n  # e\n  worse: {}\n", "risks/bad/impact", "10%",
			"risks:\n  bad:\n    chance: 2% # c\n    impact: 10%\n    # d\n\n  # e\n  worse: {}\n",
		},
		{
			"a key is added after all that is in the last value",
			"risks:\n  bad:\n    chance: 2%\n    accepted:\n      by: cto\n      because: cheap # c\n  worse: {}\n", "risks/bad/impact", "10%",
			"risks:\n  bad:\n    chance: 2%\n    accepted:\n      by: cto\n      because: cheap # c\n    impact: 10%\n  worse: {}\n",
		},
		{
			"a key is added after a block of lines",
			"risks:\n  bad:\n    chance: 2%\n    source: >\n      the log\n\n      # no comment\n\n  worse: {}\n", "risks/bad/impact", "10%",
			"risks:\n  bad:\n    chance: 2%\n    source: >\n      the log\n\n      # no comment\n    impact: 10%\n\n  worse: {}\n",
		},
		{
			"a key is added after a block of lines that keeps its end",
			"risks:\r\n  bad:\r\n    source: |+\r\n      the log\r\n\r\n  worse: {}\r\n", "risks/bad/impact", "10%",
			"risks:\r\n  bad:\r\n    source: |+\r\n      the log\r\n\r\n    impact: 10%\r\n  worse: {}\r\n",
		},
		{
			"a key is added in a list in a block",
			"safety_nets:\n  canary:\n    effects:\n      -   risk: bad\n          prevents: 10%\n      - {risk: worse}\n", "safety_nets/canary/effects/0/recover", "-5%",
			"safety_nets:\n  canary:\n    effects:\n      -   risk: bad\n          prevents: 10%\n          recover: -5%\n      - {risk: worse}\n",
		},
		{
			"a key is added after a list",
			"services:\n  a:\n    needs:\n    - b\n    - c\n  d: {}\n", "services/a/copies", "2",
			"services:\n  a:\n    needs:\n    - b\n    - c\n    copies: 2\n  d: {}\n",
		},
		{
			"a key is added at an end without a line feed",
			"risks:\r\n  bad:\r\n    chance: 2%", "risks/bad/impact", "10%",
			"risks:\r\n  bad:\r\n    chance: 2%\r\n    impact: 10%",
		},
		{
			"a key is added with the line ends of its file",
			"risks:\r\n  bad:\r\n    chance: 2% # c\r\n", "risks/bad/impact", "10%",
			"risks:\r\n  bad:\r\n    chance: 2% # c\r\n    impact: 10%\r\n",
		},
		{
			"one more objective is hit",
			"risks:\n  bad: {impact: {available: 30%}}\n", "risks/bad/impact/fast", "100%",
			"risks:\n  bad: {impact: {available: 30%, fast: 100%}}\n",
		},
		{
			"a bare need says more",
			"services:\n  a:\n    needs:\n      - b # c\n      - d\n", "services/a/needs/0/impact", "20%",
			"services:\n  a:\n    needs:\n      - {service: b, impact: 20%} # c\n      - d\n",
		},
		{
			"a bare need between brackets says more",
			"services:\n  a: {needs: [b, \"d\"]}\n", "services/a/needs/1/rides_out", "5m",
			"services:\n  a: {needs: [b, {service: \"d\", rides_out: 5m}]}\n",
		},
		{
			"the one bare need says more",
			"services:\n  a:\n    needs: b\n", "services/a/needs/impact", "20%",
			"services:\n  a:\n    needs: {service: b, impact: 20%}\n",
		},
		{
			"a bare need is another service",
			"services:\n  a: {needs: [b]}\n", "services/a/needs/0/service", "c",
			"services:\n  a: {needs: [c]}\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, placed, problems := Apply(alone(c.before), []Edit{{c.path, c.text}})
			if problems != nil {
				t.Fatal(lines(problems))
			}
			if diff := cmp.Diff(c.after, string(files[0].Data)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if s, ok := Get(files, c.path); !ok || s.Text != c.text {
				t.Errorf("reads back %q", s.Text)
			}
			wantPlaced(t, files, placed)
		})
	}
}

// wantPlaced wants each edit where its value is.
func wantPlaced(t *testing.T, files []File, placed []Placed) {
	t.Helper()
	for _, p := range placed {
		s, ok := Get(files, p.Edit.Path)
		if !ok || s.Pos != p.Pos || !p.Holds(p.Pos) || !p.Holds(p.Key) || p.Holds(p.End) {
			t.Errorf("%s is at %v and said to be from %v, %v to %v", p.Edit.Path, s.Pos, p.Key, p.Pos, p.End)
		}
	}
}

func TestSeveralEditsAreAppliedOneAfterTheOther(t *testing.T) {
	for _, c := range []struct {
		name, before string
		edits        []Edit
		after        string
	}{
		{
			"of one path the last counts",
			"risks: {bad: {chance: 2%, impact: 5%}}\n",
			[]Edit{{"risks/bad/chance", "1%"}, {"risks/bad/impact", "10%"}, {"risks/bad/chance", "3%"}},
			"risks: {bad: {chance: 3%, impact: 10%}}\n",
		},
		{
			"keys are added in their order, where the first of a path says",
			"risks:\n  bad:\n    chance: 2%\n",
			[]Edit{{"risks/bad/units", "2"}, {"risks/bad/impact", "10%"}, {"risks/bad/units", "3"}},
			"risks:\n  bad:\n    chance: 2%\n    units: 3\n    impact: 10%\n",
		},
		{
			"keys added to empty braces",
			"services: {a: {}}\n",
			[]Edit{{"services/a/copies", "2"}, {"services/a/need", "1"}, {"services/a/title", "x, y"}},
			"services: {a: {copies: 2, need: 1, title: \"x, y\"}}\n",
		},
		{
			"keys added to nothing",
			"services:\n  a:\n",
			[]Edit{{"services/a/copies", "2"}, {"services/a/need", "1"}},
			"services:\n  a: {copies: 2, need: 1}\n",
		},
		{
			"keys added to a bare need, and its name",
			"services:\n  a:\n    needs:\n      - b\n",
			[]Edit{{"services/a/needs/0/impact", "20%"}, {"services/a/needs/0/service", "c"}, {"services/a/needs/0/rides_out", "1m"}},
			"services:\n  a:\n    needs:\n      - {service: c, impact: 20%, rides_out: 1m}\n",
		},
		{
			"keys added to a map and to the last map in it",
			"risks:\n  bad:\n    chance: 2%\n    accepted:\n      by: cto\n",
			[]Edit{{"risks/bad/impact", "10%"}, {"risks/bad/accepted/because", "cheap"}},
			"risks:\n  bad:\n    chance: 2%\n    accepted:\n      by: cto\n      because: cheap\n    impact: 10%\n",
		},
		{
			"a value filled in at the end of a map that gets one more",
			"risks:\n  bad:\n    chance:\n  worse: {chance: }\n",
			[]Edit{{"risks/bad/impact", "10%"}, {"risks/bad/chance", "1%"}, {"risks/worse/impact", "20%"}, {"risks/worse/chance", "2%"}},
			"risks:\n  bad:\n    chance: 1%\n    impact: 10%\n  worse: {chance: 2%, impact: 20% }\n",
		},
		{
			"a map that gets one more around one that was nothing",
			"services: {a: {worth: }}\n",
			[]Edit{{"services/a/copies", "2"}, {"services/a/worth/users", "5"}},
			"services: {a: {worth: {users: 5}, copies: 2 }}\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, size := range []int{1, partSize} {
				files, placed, problems := applyBy(alone(c.before), c.edits, size)
				if problems != nil {
					t.Fatal(lines(problems))
				}
				if diff := cmp.Diff(c.after, string(files[0].Data)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				wantPlaced(t, files, placed)
			}
		})
	}
}

// Whatever a text holds, it ends up as the one value that it is.
func TestATextIsOneValueWhateverItHolds(t *testing.T) {
	for _, text := range []string{
		"plain", "", " ", " a", "a ", "null", "~", "Null", "yes", "true", "1", "40_000_000", "0x1f", "-50%", "+2", "-", "- a", "?", "? a", ":", ": a",
		"a: b", "a:", "a:b", "a #b", "a#b", "#a", "[a", "{a", "]", "}", "a, b", "a]", "a}", "&a", "*a", "!a", "!!null", "|", ">", "'", `"`, "%a", "@a", "`a",
		`a\`, `"a"`, `'a'`, `\n`, "---", "--- a", "...", "...a", "<<", "=", "a}}, x: {y: 1", `", x: "y`, `', x: 'y`, "예약", "a\u00a0", "\u3000a", "…", "é", "🙂",
		"a?b", "2026-11-22", "outage >= 3h", strings.Repeat("x", maxText), strings.Repeat(`"`, maxText), "${a}", "{{a}}", "a\\", "\u200b",
	} {
		for _, before := range []string{
			"services: {a: {title: b, owner: c}}\n",
			"services: {a: {title: 'b', owner: c}}\n",
			"services: {a: {title: \"b\", owner: c}}\n",
			"services: {a: {owner: c}}\n",
			"services: {a: }\n",
			"services:\n  a:\n    title: b # c\n    owner: c\n",
			"services:\n  a:\n    title: # c\n    owner: c\n",
			"services:\n  a:\n    owner: c\n",
			"services:\n  a:\n    title:\n      b\n    owner: c\n",
			"services:\n  a:\n",
		} {
			files, _, problems := Apply(alone(before), []Edit{{"services/a/title", text}})
			if problems != nil {
				t.Errorf("%q in %q: %s", text, before, lines(problems))
				continue
			}
			s, ok := Get(files, "services/a/title")
			if !ok || s.Text != text {
				t.Errorf("%q in %q reads %q:\n%s", text, before, s.Text, files[0].Data)
			}
			if owner, _ := Get(files, "services/a/owner"); strings.Contains(before, "owner") && owner.Text != "c" {
				t.Errorf("%q in %q changed the owner:\n%s", text, before, files[0].Data)
			}
		}
	}
}

func TestEditsAreRefused(t *testing.T) {
	const base = `version: 1
services:
  booking:
    objectives: {fast: {target: 99%}}
    needs: [postgres, {service: search, impact: 20%}]
  postgres: {objective: {target: 99.9%}}
  search:
risks:
  bad-release:
    chance: 2%
    title: |
      A release
    impact: {fast: 20%}
safety_nets:
  canary: {effects: [{risk: bad-release, prevents: 20%}], cost: {build: []}, title: {en: A few first, ko: 카나리}}
`
	for _, c := range []struct{ name, path, text, want string }{
		{"no path", "", "1%", `:0:0: cannot set "": expected keys with a slash between them, as in risks/NAME/chance [no-such-setting]`},
		{"a slash at the end", "risks/bad-release/", "1%", `:0:0: cannot set "risks/bad-release/": expected keys with a slash between them, as in risks/NAME/chance [no-such-setting]`},
		{"a mistyped section", "rissks/bad-release/chance", "1%", `:0:0: cannot set "rissks/bad-release/chance": the model has no "rissks"; did you mean "risks"? [no-such-setting]`},
		{"a section that is not there", "changes/release/every", "7d", `:0:0: cannot set "changes/release/every": there is no "release" in changes [no-such-setting]`},
		{"a section alone", "risks", "1%", `model.yaml:9:3: cannot set "risks": expected a name and a key after the section, as in risks/NAME/title [no-such-setting]`},
		{"a mistyped name", "risks/bad-relaese/chance", "1%", `model.yaml:9:3: cannot set "risks/bad-relaese/chance": there is no "bad-relaese" in risks; did you mean "bad-release"? [no-such-setting]`},
		{"a mistyped key", "risks/bad-release/chnce", "1%", `model.yaml:10:5: cannot set "risks/bad-release/chnce": unknown key "chnce" for risk; did you mean "chance"? [no-such-setting]`},
		{"a part as a whole", "risks/bad-release", "1%", `model.yaml:10:5: cannot set "risks/bad-release": expected the path of a single value, found that of a map; add one of "chance", "title", "impact" [no-such-setting]`},
		{"a text that is written in each language", "safety_nets/canary/title", "Canary", `model.yaml:15:85: cannot set "safety_nets/canary/title": expected the path of a single value, found that of a map; add one of "en", "ko" [no-such-setting]`},
		{"a text in another language", "safety_nets/canary/title/fr", "Canari", `model.yaml:15:85: cannot set "safety_nets/canary/title/fr": unknown key "fr" for text by language; expected one of en, ko [no-such-setting]`},
		{"a list as a whole", "services/booking/needs", "x", `model.yaml:5:12: cannot set "services/booking/needs": expected the path of a single value, found that of a list; add a position, 0 to 1 [no-such-setting]`},
		{"an empty list", "safety_nets/canary/cost/build/0", "1", `model.yaml:15:73: cannot set "safety_nets/canary/cost/build/0": expected a position in the list, which is empty, found "0" [no-such-setting]`},
		{"a position beyond the end", "services/booking/needs/2/impact", "1%", `model.yaml:5:12: cannot set "services/booking/needs/2/impact": expected a position in the list, 0 to 1, found "2" [no-such-setting]`},
		{"a position written oddly", "services/booking/needs/01/impact", "1%", `model.yaml:5:12: cannot set "services/booking/needs/01/impact": expected a position in the list, 0 to 1, found "01" [no-such-setting]`},
		{"a key of a single value", "risks/bad-release/chance/low", "1%", `model.yaml:10:13: cannot set "risks/bad-release/chance/low": "2%" is a single value, in which there is no "low" [no-such-setting]`},
		{"a mistyped key of a bare need", "services/booking/needs/0/impct", "1%", `model.yaml:5:13: cannot set "services/booking/needs/0/impct": unknown key "impct" for need; did you mean "impact"? [no-such-setting]`},
		{"the short for one objective", "services/booking/objective/over", "7d", `model.yaml:4:5: cannot set "services/booking/objective/over": the service has no objective, but objectives; write objectives/NAME/… [no-such-setting]`},
		{"the long for one objective", "services/postgres/objectives/available/over", "7d", `model.yaml:6:13: cannot set "services/postgres/objectives/available/over": the service has no objectives, but one objective, which is named available; write objective/… [no-such-setting]`},
		{"an objective that is not there", "services/booking/objectives/slow/over", "7d", `model.yaml:4:17: cannot set "services/booking/objectives/slow/over": there is no "slow" [no-such-setting]`},
		{"a map that is not there", "services/postgres/worth/users", "5", `model.yaml:6:13: cannot set "services/postgres/worth/users": the service has no worth; write one into the file first [no-such-setting]`},
		{"a map for a single value", "services/postgres/worth", "5", `model.yaml:6:13: cannot set "services/postgres/worth": the service has no worth; write one into the file first [no-such-setting]`},
		{"a part that is nothing", "services/search", "x", `model.yaml:7:3: cannot set "services/search": expected the path of a single value; nothing is written there, and no single value may be [no-such-setting]`},
		{"an objective by a name that cannot be", "risks/bad-release/impact/a: b", "1%", `model.yaml:13:13: cannot set "risks/bad-release/impact/a: b": a name is made of letters, digits, - _ and ., found ':' in "a: b" [no-such-setting]`},
		{"a key that another effect has", "safety_nets/canary/effects/0/copies", "3", `model.yaml:15:22: cannot set "safety_nets/canary/effects/0/copies": unknown key "copies" for effect on risks; expected one of risk, risks_per, prevents, impact, detect, recover, detects, recovers [no-such-setting]`},
		{"a block of lines", "risks/bad-release/title", "x", `model.yaml:11:12: cannot set "risks/bad-release/title": it is written as a block of lines; write it on one line first [cannot-edit]`},
		{"a text on two lines", "risks/bad-release/chance", "1%\nimpact: 5%", `:0:0: cannot set "risks/bad-release/chance": expected a value on one line, found "1%\nimpact: 5%" [bad-value]`},
		{"a control character", "risks/bad-release/chance", "1%\x00", `:0:0: cannot set "risks/bad-release/chance": expected a value without control characters, found U+0000 in "1%\x00" [bad-value]`},
		{"what YAML takes for a line", "risks/bad-release/chance", "1%\u2028x", `:0:0: cannot set "risks/bad-release/chance": expected a value without control characters, found U+2028 in "1%\u2028x" [bad-value]`},
		{"no text", "risks/bad-release/chance", "1%\xff", `:0:0: cannot set "risks/bad-release/chance": expected a value in UTF-8, found "1%\xff" [bad-value]`},
		{"a long text", "risks/bad-release/chance", strings.Repeat("1", maxText+1), `:0:0: cannot set "risks/bad-release/chance": expected a value of at most 1000 bytes, found one of 1001 [bad-value]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := alone(base)
			files, placed, problems := Apply(before, []Edit{{c.path, c.text}, {"risks/bad-release/chance", "3%"}})
			if c.path == "risks/bad-release/chance" {
				problems = problems[:1] // both edits are of that path
			}
			if diff := cmp.Diff(c.want+"\n", lines(problems)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if files != nil || placed[0].Problem == nil || *placed[0].Problem != problems[0] || string(before[0].Data) != base {
				t.Errorf("files %v, placed %v", files, placed)
			}
		})
	}
}

func TestEditsFindTheFileOfAPart(t *testing.T) {
	before := []File{
		{Name: "a.yaml", Data: []byte("version: 1\nservices:\n  booking: {copies: 2}\n")},
		{Name: "b.yaml", Data: []byte("version: 1\nrisks:\n  bad: {chance: 2%}\n")},
		{Name: "c.yaml", Data: []byte("version: 1\nservices:\n  search: {copies: 2}\n")},
	}
	files, placed, problems := Apply(before, []Edit{{"services/search/copies", "3"}, {"risks/bad/impact", "10%"}})
	if problems != nil {
		t.Fatal(lines(problems))
	}
	want := `--- a/b.yaml
+++ b/b.yaml
@@ -1,3 +1,3 @@
 version: 1
 risks:
-  bad: {chance: 2%}
+  bad: {chance: 2%, impact: 10%}
--- a/c.yaml
+++ b/c.yaml
@@ -1,3 +1,3 @@
 version: 1
 services:
-  search: {copies: 2}
+  search: {copies: 3}
`
	if diff := cmp.Diff(want, Changes(before, files)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantPlaced(t, files, placed)
	if Changes(before, before) != "" || Changes(nil, before[:1]) != "--- a/a.yaml\n+++ b/a.yaml\n@@ -0,0 +1,3 @@\n+version: 1\n+services:\n+  booking: {copies: 2}\n" {
		t.Errorf("got %s", Changes(nil, before[:1]))
	}
}

// A problem that Parse finds in what an edit wrote is found back to the edit.
func TestAProblemIsFoundBackToItsEdit(t *testing.T) {
	text := "version: 1\nservices:\n  a: {copies: 2}\nrisks:\n  bad: {service: a, every: 30d, detect: 5m, recover: 1h} # 나\n"
	files, placed, problems := Apply(alone(text), []Edit{{"services/a/copies", "two"}, {"risks/bad/every", "60d"}, {"risks/bad/rate", "1/y"}, {"risks/bad/impact", "150%"}})
	if problems != nil {
		t.Fatal(lines(problems))
	}
	_, problems = Parse(files)
	var got []string
	for _, p := range problems {
		for _, e := range placed {
			if e.Holds(p.Pos) {
				got = append(got, fmt.Sprintf("%s %s", e.Edit.Path, p.Code))
			}
		}
	}
	want := []string{"services/a/copies bad-count", "risks/bad/rate frequency", "risks/bad/impact bad-share"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, lines(problems))
	}
}

func TestFilesThatCannotBeReadAreNotEdited(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no YAML", "risks: [", "yaml-syntax"},
		{"an anchor", "risks: {bad: &x {chance: 2%}}", "yaml-feature"},
		{"two documents", "risks: {}\n---\nrisks: {}\n", "yaml-feature"},
		{"a list", "- risks\n", "wrong-type"},
		{"nothing", "", "empty-model"},
		{"a control character", "risks: {bad: {chance: \x01}}", "encoding"},
		{"too much", strings.Repeat("#", MaxBytes+1), "too-big"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, _, problems := Apply(alone(c.text), []Edit{{"risks/bad/chance", "1%"}})
			if files != nil || len(problems) != 1 || problems[0].Code != c.want {
				t.Errorf("files %v, problems %s", files != nil, lines(problems))
			}
			if s := Settings(alone(c.text)); s != nil {
				t.Errorf("settings %v", s)
			}
		})
	}
	_, _, problems := Apply(alone("version: 1"), make([]Edit, MaxEdits+1))
	if len(problems) != 1 || problems[0].Code != "too-big" {
		t.Errorf("got %s", lines(problems))
	}
}

// What cannot be written without a doubt is refused, not guessed.
func TestWhatIsWrittenOddlyIsLeftAlone(t *testing.T) {
	for _, c := range []struct{ name, text, path string }{
		{"a key without a colon", "services: {a: {copies, need: 1}}\n", "services/a/copies"},
		{"a part without a colon", "services: {a, b: {}}\n", "services/a/copies"},
		{"null in so many letters", "services: {a: null}\n", "services/a/copies"},
		{"a nothing in a list", "services:\n  a:\n    needs:\n      -\n      - b\n", "services/a/needs/0"},
		{"a comment at the brace", "services: {a: {#c\n}}\n", "services/a/copies"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, _, problems := Apply(alone(c.text), []Edit{{c.path, "2"}})
			if files != nil || len(problems) != 1 || problems[0].Code != "cannot-edit" {
				t.Errorf("%s, problems %s", Changes(alone(c.text), files), lines(problems))
			}
		})
	}
}

// The parts of a file are what the whole is, for edits and settings too.
func TestEditsInPartsAreThoseOfTheWhole(t *testing.T) {
	design, err := os.ReadFile("testdata/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var edits []Edit
	for _, s := range Settings([]File{{Name: "model.yaml", Data: design}}) {
		edits = append(edits, Edit{s.Path, other(s)})
	}
	for _, data := range [][]byte{design, bytes.ReplaceAll(design, []byte("\n"), []byte("\r\n"))} {
		before := []File{{Name: "model.yaml", Data: data}}
		whole, placed, problems := Apply(before, edits)
		if problems != nil {
			t.Fatal(lines(problems))
		}
		wantPlaced(t, whole, placed)
		for _, size := range []int{1, 40, 400} {
			parts, placedToo, problems := applyBy(before, edits, size)
			if problems != nil {
				t.Fatal(lines(problems))
			}
			if diff := cmp.Diff(string(whole[0].Data), string(parts[0].Data)); diff != "" {
				t.Errorf("(-whole +parts):\n%s", diff)
			}
			if diff := cmp.Diff(placed, placedToo); diff != "" {
				t.Errorf("(-whole +parts):\n%s", diff)
			}
			if diff := cmp.Diff(Settings(before), settingsBy(before, size)); diff != "" {
				t.Errorf("(-whole +parts):\n%s", diff)
			}
		}
	}
}

// A file may be one line, or have a part as large as itself.
func TestLargeFilesAreEditedInTime(t *testing.T) {
	var line bytes.Buffer
	line.WriteString("version: 1\nservices: {a: {copies: 2}}\nrisks: {")
	for i := range 60_000 {
		fmt.Fprintf(&line, "r%d: {title: 가나다라, chance: 2%%, impact: 10%%}, ", i)
	}
	line.WriteString("}\n")
	for _, c := range []struct {
		name string
		data []byte
	}{{"one line", line.Bytes()}, {"many lines", generated(4_000)}} {
		t.Run(c.name, func(t *testing.T) {
			before := []File{{Name: "model.yaml", Data: c.data}}
			start := time.Now()
			var edits []Edit
			for _, s := range Settings(before) {
				if strings.HasSuffix(s.Path, "/impact") && len(edits) < MaxEdits {
					edits = append([]Edit{{s.Path, "30%"}}, edits...)
				}
			}
			files, _, problems := Apply(before, edits)
			if problems != nil || len(edits) != MaxEdits {
				t.Fatal(len(edits), lines(problems))
			}
			if n := bytes.Count(files[0].Data, []byte("impact: 30%")); n != MaxEdits {
				t.Errorf("%d are changed", n)
			}
			t.Logf("%d bytes in %s", len(c.data), time.Since(start))
			if time.Since(start) > time.Minute {
				t.Error("this takes too long")
			}
		})
	}
}

func BenchmarkSettings(b *testing.B) {
	files := example(b, "booking")
	b.ReportAllocs()
	for b.Loop() {
		if len(Settings(files)) < 100 {
			b.Fatal("too few")
		}
	}
}

func BenchmarkApply(b *testing.B) {
	files := example(b, "booking")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, problems := Apply(files, []Edit{{"risks/bad-release/chance", "3%"}}); problems != nil {
			b.Fatal(problems)
		}
	}
}

// other is another text of the kind of a setting.
func other(s Setting) string {
	all := map[string][2]string{
		"share": {"37%", "38%"}, "target": {"97%", "98%"}, "confidence": {"77%", "78%"}, "signed": {"-37%", "-38%"},
		"rate": {"7/y", "8/y"}, "interval": {"77d", "78d"}, "time": {"77m", "78m"}, "duration": {"77d", "78d"},
		"amount": {"77_000", "78_000"}, "effort": {"7 person-days", "8 person-days"}, "revenue-share": {"7% of revenue", "8% of revenue"},
		"count": {"7", "8"}, "more": {"+7", "+8"}, "stage": {"7%", "8% for 5m"},
	}
	texts, ok := all[s.Kind]
	if !ok {
		panic("no text of the kind " + s.Kind)
	}
	if texts[0] == s.Text {
		return texts[1]
	}
	return texts[0]
}
