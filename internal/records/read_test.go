package records

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// impacts is ParseImpacts of what is known to be right.
func impacts(t *testing.T, s string) Impacts {
	t.Helper()
	im, err := ParseImpacts(s)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

func TestProblemsSayWhereAndWhatWasExpected(t *testing.T) {
	const head = "started,resolved,cause\n"
	const good = "2026-01-01T10:00:00Z,2026-01-01T11:00:00Z,x\n"
	for _, c := range []struct {
		name string
		csv  string
		opts Options
		want string
	}{
		{"an empty file has no columns", "", Options{},
			"r.csv:1:1: the file is empty; expected a first line that names the columns, such as started,resolved,cause [record-column]"},
		{"names of columns alone are no record", head, Options{},
			"r.csv:1:1: no incidents; expected a line for each below the names of the columns [record-row]"},
		{"a file without the needed columns lists those that it has", "begin,resolved,cause\n" + good, Options{},
			`r.csv:1:1: no column "started"; expected it among begin, resolved, cause [record-column]`},
		{"a file with other separators is told about commas", "started;resolved\n", Options{},
			`r.csv:1:1: no column "started"; expected it among started;resolved; columns are separated by commas [record-column]
r.csv:1:1: no column "resolved"; expected it among started;resolved; columns are separated by commas [record-column]`},
		{"a column that is there twice is not guessed at", "started,resolved,Started\n" + good, Options{},
			"r.csv:1:18: column Started is there twice; expected each name once [record-column]"},
		{"the cause column that was asked for must be there", head + good, Options{CauseColumn: "components"},
			`r.csv:1:1: no column "components" (--cause); expected it among started, resolved, cause [record-column]`},
		{"impacts need a severity column", head + good, Options{Impacts: Impacts{{Severity: "minor", Share: 0.1, Text: "10%"}}},
			`r.csv:1:1: no column "severity" (--severity); expected it among started, resolved, cause [record-column]`},
		{"every lost time is reported at its cell", head + "yesterday,2026-01-01 11:00,x\n" + good + ",2026-01-01T11:00:00Z,x\n", Options{},
			`r.csv:2:1: started is "yesterday"; expected a time such as 2026-11-22T09:30:00Z or 2026-11-22T18:30:00+09:00 (RFC 3339) [record-time]
r.csv:2:11: resolved is "2026-01-01 11:00"; expected a time such as 2026-11-22T09:30:00Z or 2026-11-22T18:30:00+09:00 (RFC 3339) [record-time]
r.csv:4:1: started is empty; expected the time such as 2026-11-22T09:30:00Z (RFC 3339) [record-time]`},
		{"years before 1900 are mistakes", head + "0001-01-01T00:00:00Z,2026-01-01T11:00:00Z,x\n", Options{},
			`r.csv:2:1: started is "0001-01-01T00:00:00Z"; expected a time such as 2026-11-22T09:30:00Z or 2026-11-22T18:30:00+09:00 (RFC 3339) [record-time]`},
		{"an incident cannot end before it starts, whatever the offsets", head + "2026-01-01T10:00:00Z,2026-01-01T11:00:00+02:00,x\n", Options{},
			"r.csv:2:22: resolved is 2026-01-01T09:00:00Z, before started at 2026-01-01T10:00:00Z; expected started, detected, acknowledged, resolved in this order [record-order]"},
		{"an incident cannot be acknowledged before it is detected",
			"started,detected,acknowledged,resolved\n2026-01-01T10:00:00Z,2026-01-01T10:20:00Z,2026-01-01T10:10:00Z,2026-01-01T11:00:00Z\n", Options{},
			"r.csv:2:43: acknowledged is 2026-01-01T10:10:00Z, before detected at 2026-01-01T10:20:00Z; expected started, detected, acknowledged, resolved in this order [record-order]"},
		{"a short row is not filled up", head + "2026-01-01T10:00:00Z,2026-01-01T11:00:00Z\n" + good, Options{},
			"r.csv:2:1: 2 cells; expected 3, as many as the first line names [record-row]"},
		{"a bare quotation mark is said in words, and reading goes on", head + "2026-01-01T10:00:00Z,2026-01-01T11:00:00Z,a\"b\nnever,2026-01-01T11:00:00Z,x\n", Options{},
			`r.csv:2:44: a quotation mark inside a cell that does not start with one; expected the cell in quotes, and "" for each mark in it [record-row]
r.csv:3:1: started is "never"; expected a time such as 2026-11-22T09:30:00Z or 2026-11-22T18:30:00+09:00 (RFC 3339) [record-time]`},
		{"quotes that stay open are reported where the row began", head + good + "2026-01-01T10:00:00Z,2026-01-01T11:00:00Z,\"x\n" + good + good, Options{},
			`r.csv:3:1: a cell in quotes that does not end before the next comma; expected a closing quotation mark, and "" for each mark in it [record-row]`},
		{"an impact is a percentage", "started,resolved,impact\n2026-01-01T10:00:00Z,2026-01-01T11:00:00Z,0.2\n2026-01-01T10:00:00Z,2026-01-01T11:00:00Z,120%\n", Options{},
			`r.csv:2:43: impact: "0.2" is not a share; expected a percentage such as 20% [record-impact]
r.csv:3:43: impact: "120%" is more than everybody; expected a percentage from 0% to 100% [record-impact]`},
		{"severities without an impact are listed, with all that were seen",
			"started,severity,resolved\n2026-01-01T10:00:00Z,minor,2026-01-01T11:00:00Z\n2026-01-02T10:00:00Z,Major,2026-01-02T11:00:00Z\n2026-01-02T10:00:00Z,odd,2026-01-02T11:00:00Z\n",
			Options{Impacts: Impacts{{Severity: "MINOR", Share: 0.1, Text: "10%"}}},
			"r.csv:1:9: severities Major, odd have no impact; expected --impact with a share for each of minor, Major, odd, such as --impact Major=10% [record-severity]"},
		{"a severity column without impacts is told what is missing",
			"started,level,resolved\n2026-01-01T10:00:00Z,minor,2026-01-01T11:00:00Z\n", Options{SeverityColumn: "level"},
			"r.csv:1:9: severity minor has no impact; expected --impact with a share for each of minor, such as --impact minor=10% [record-severity]"},
		{"a record of open incidents has no lengths", head + "2026-01-01T10:00:00Z,,x\n2026-01-03T10:00:00Z,,x\n", Options{},
			"r.csv:1:9: no incident has an end; expected a time in the column resolved [record-row]"},
		{"a record that lasts no time has no rates", head + "2026-01-01T10:00:00Z,2026-01-01T10:00:00Z,x\n", Options{},
			"r.csv:1:1: the record has no length: it starts at 2026-01-01T10:00:00Z and ends at 2026-01-01T10:00:00Z; expected --until with a later date [record-span]"},
		{"the end cannot be before the beginning", head + good, Options{Until: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)},
			"r.csv:1:1: the record has no length: it starts at 2026-01-01T10:00:00Z and ends at 2025-01-01T00:00:00Z; expected --until with a later date [record-span]"},
		{"outages of a thousand years are mistakes", head + "1900-01-01T10:00:00Z,2999-01-01T10:00:00Z,x\n", Options{},
			"r.csv:1:1: the incidents together last more than 1000 years; expected the record of one service [record-span]"},
		{"what is not text is refused where it begins", head + good + "\xff\xfe,,\n", Options{},
			"r.csv:3:1: not text in UTF-8; expected a CSV file saved as UTF-8 [record-text]"},
		{"UTF-16 is not text", "\xff\xfes\x00t\x00", Options{},
			"r.csv:1:1: not text in UTF-8; expected a CSV file saved as UTF-8 [record-text]"},
		{"a cell of a column that is used is bounded", head + "2026-01-01T10:00:00Z,2026-01-01T11:00:00Z," + strings.Repeat("x", maxCell+1) + "\n", Options{},
			"r.csv:2:43: cause is longer than 4096 bytes [record-row]"},
		{"values of a cell are bounded", head + "2026-01-01T10:00:00Z,2026-01-01T11:00:00Z," + manyValues(maxValues+1) + "\n", Options{},
			"r.csv:2:43: cause holds more than 100 values [record-row]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.opts.File = "r.csv"
			_, err := Read(strings.NewReader(c.csv), c.opts)
			var problems *Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %v, expected problems", err)
			}
			if got := err.Error(); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func manyValues(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("c%d", i)
	}
	return strings.Join(words, ";")
}

func TestTooMuchIsRefused(t *testing.T) {
	row := "2026-01-01T10:00:00Z,2026-01-01T11:00:00Z\n"
	for _, c := range []struct {
		name, csv, want string
	}{
		{"more bytes than a record has", "started,resolved\n" + strings.Repeat(" ", maxBytes), "larger than 16 MB"},
		{"more cells than a record has", "started,resolved\n" + strings.Repeat(",", maxCells), "more than 2000000 cells"},
		{"more rows than people write", "started,resolved\n" + strings.Repeat(row, maxRows+1), "r.csv:100002:1: more than 100000 incidents"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.csv), Options{File: "r.csv"})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, expected %q", err, c.want)
			}
		})
	}
}

func TestProblemsAreBounded(t *testing.T) {
	_, err := Read(strings.NewReader("started,resolved\n"+strings.Repeat("x,\n", 250)), Options{File: "r.csv"})
	var problems *Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v, expected problems", err)
	}
	if len(problems.List) != maxProblems || problems.More != 150 {
		t.Errorf("got %d problems and %d more, expected %d and 150", len(problems.List), problems.More, maxProblems)
	}
	if !strings.HasSuffix(err.Error(), "\nand 150 more") {
		t.Errorf("the end does not say how many more there are: %q", err.Error()[len(err.Error())-40:])
	}
}

type brokenReader struct{ err error }

func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }

func TestAFileThatCannotBeReadIsNotAProblemOfTheRecord(t *testing.T) {
	broken := errors.New("disk on fire")
	if _, err := Read(brokenReader{broken}, Options{}); !errors.Is(err, broken) {
		t.Errorf("got %v, expected %v", err, broken)
	}
}

func TestWhatIsLeftOutOrTakenByDefaultIsNoted(t *testing.T) {
	for _, c := range []struct {
		name string
		csv  string
		opts Options
		want []string
	}{
		{
			"columns without use are listed, and a missing cause is said",
			"\ufeffID, Resolved ,STARTED,title\n1,2026-03-01T00:00:00Z,2026-01-01T00:00:00Z,a\n", Options{},
			[]string{
				"r.csv:1: there is no column cause, so all incidents are of one risk; name another with --cause: ID, Resolved, STARTED, title",
				"r.csv:1: columns that are not used: ID, title",
				"the record does not tell how many users were hit; 100% is assumed for every incident",
			},
		},
		{
			"open incidents, impacts that are not told, and a short record",
			"started,resolved,cause,impact\n2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,a,10%\n2026-01-02T00:00:00Z,,a,20%\n2026-01-03T00:00:00Z,2026-01-03T01:00:00Z,a,\n,,,\n", Options{},
			[]string{
				"counted with the mean length of its cause: 1 incident without an end (line 3)",
				"taken to hit 100% of the users: 1 incident without an impact (line 4)",
				"the record spans only 2d1h, from its first incident to its end; rates from so short a time say little, see --until",
			},
		},
		{
			"incidents after the end, and severity none",
			"started,resolved,cause,severity\n2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,a,none\n2026-02-02T00:00:00Z,2026-02-02T01:00:00Z,a,bad\n2026-02-03T00:00:00Z,2026-02-03T01:00:00Z,a,bad\n",
			Options{Until: time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC), Impacts: Impacts{{"bad", 0.5, "50%"}}},
			[]string{
				"left out: 2 incidents that started at or after 2026-02-02T00:00:00Z (lines 3, 4)",
				"taken to hit nobody: 1 incident of severity none; say otherwise with --impact none=10%",
			},
		},
		{
			"a last year that is much worse than those before",
			"started,resolved,cause,impact\n2023-01-01T00:00:00Z,2023-01-01T01:00:00Z,a,100%\n2025-06-01T00:00:00Z,2025-06-01T10:00:00Z,a,100%\n",
			Options{Until: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
			[]string{
				"the last 365d of the record had 10h of lost time, and 30m in 365d before that; the model is of the record as a whole: leave out old rows that no longer tell what is to come",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.opts.File = "r.csv"
			rec, err := Read(strings.NewReader(c.csv), c.opts)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range rec.Notes {
				at := ""
				if n.Pos.Known() {
					at = fmt.Sprintf("%s:%d: ", n.Pos.File, n.Pos.Line)
				}
				got = append(got, at+n.Message)
			}
			if g, w := strings.Join(got, "\n"), strings.Join(c.want, "\n"); g != w {
				t.Errorf("got\n%s\nwant\n%s", g, w)
			}
		})
	}
}

func TestImpactsAreReadFromTheFlag(t *testing.T) {
	for _, c := range []struct{ name, in, want, err string }{
		{"nothing is no impacts", " ", "", ""},
		{"several, with spaces", "minor=10%, major = 0.5 %,critical=100%", "minor=10%,major=0.5 %,critical=100%", ""},
		{"a severity without a share", "minor", "", `impact "minor": expected severity=share, such as minor=10%,major=50%`},
		{"a share without a severity", "=10%", "", `impact "=10%": expected severity=share, such as minor=10%,major=50%`},
		{"a share that is no percentage", "minor=0.1", "", `impact of "minor": "0.1" is not a share; expected a percentage such as 20%`},
		{"a share that is not a number", "minor=1.2.3%", "", `impact of "minor": "1.2.3%" is not a share; expected a percentage such as 20%`},
		{"a negative share", "minor=-5%", "", `impact of "minor": "-5%" is not a share; expected a percentage such as 20%`},
		{"more than everybody", "minor=101%", "", `impact of "minor": "101%" is more than everybody; expected a percentage from 0% to 100%`},
		{"one severity twice", "minor=10%,Minor=20%", "", `impact of "Minor" is given twice`},
	} {
		t.Run(c.name, func(t *testing.T) {
			im, err := ParseImpacts(c.in)
			if got := fmt.Sprint(err); c.err != "" && got != c.err || c.err == "" && err != nil {
				t.Errorf("got error %s, want %s", got, c.err)
			}
			if got := im.String(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestTheEndOfARecordIsADayOrAMoment(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a day counts in whole", "2024-06-30", "2024-07-01T00:00:00Z"},
		{"a moment is taken as it is", "2024-06-30T12:00:00+09:00", "2024-06-30T03:00:00Z"},
		{"anything else is an error", "last week", `"last week" is not a date; expected YYYY-MM-DD or a time such as 2026-11-22T09:30:00Z`},
		{"a day that is not in the calendar is an error", "2024-02-30", `"2024-02-30" is not a date; expected YYYY-MM-DD or a time such as 2026-11-22T09:30:00Z`},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, err := ParseUntil(c.in)
			got := stamp(at)
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAServiceIsNamedAfterItsRecord(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"github-incidents.csv", "github"},
		{"logs/2025/Booking API.csv", "booking-api"},
		{`C:\records\예약-incidents.csv`, "예약"},
		{"incidents.csv", "service"},
		{"", "service"},
		{"shop_outages.CSV", "shop"},
	} {
		if got := ServiceName(c.in); got != c.want {
			t.Errorf("%q: got %s, want %s", c.in, got, c.want)
		}
	}
}
