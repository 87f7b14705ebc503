package records

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// record makes a record of incidents a day apart that last an hour, with these
// cells in the column cause.
func record(t *testing.T, causes ...string) *Record {
	t.Helper()
	var b strings.Builder
	b.WriteString("started,resolved,cause\n")
	for i, c := range causes {
		fmt.Fprintf(&b, "2026-01-%02dT10:00:00Z,2026-01-%02dT11:00:00Z,\"%s\"\n", i+1, i+1, strings.ReplaceAll(c, `"`, `""`))
	}
	rec, err := Read(strings.NewReader(b.String()), Options{File: "r.csv"})
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

func TestEveryIncidentIsInOneGroup(t *testing.T) {
	for _, c := range []struct {
		name   string
		causes []string
		want   string // name "title" count, in order of the first incident
	}{
		{"one cause, whatever its case and spaces", []string{"Disk full", "disk  FULL ", "Disk full;disk full"},
			`disk-full "Disk full" 3`},
		{"a cause seen once stands alone where it is the only such", []string{"a", "a", "b"},
			`a "a" 2, b "b" 1`},
		{"causes seen once are gathered", []string{"a", "a", "b", "c"},
			`a "a" 2, other "Other causes, each seen once" 2 (b, c)`},
		{"no cause is unknown, and so is the word", []string{"", "Unknown", " ; "},
			`unknown "Cause not told" 3`},
		{"a combination seen four times is among several", []string{"a;b", "b;a", "a;b", "B;A", "a;c"},
			`several "Several at once" 5 (a + b, B + A, a + c, b + a)`},
		{"a combination seen five times is a group, in whatever order it is written", []string{"a;b", "b;a", "A;b", "a;b", " b ; a ", "a;c"},
			`a-b "a + b" 5, several "Several at once" 1 (a + c)`},
		{"a cause named like a gathering belongs to it", []string{"other", "x", "y", "Several", "a;b"},
			`other "Other causes, each seen once" 3 (x, y), several "Several at once" 2 (a + b)`},
		{"names that come out the same are told apart", []string{"C++", "C++", "c#", "c#", "C", "C"},
			`c "C++" 2, c-2 "c#" 2, c-3 "C" 2`},
		{"a number behind a name that is taken is passed over", []string{"c", "c", "c-2", "c-2", "c!", "c!"},
			`c "c" 2, c-2 "c-2" 2, c-3 "c!" 2`},
		{"a cause of signs alone still has a name", []string{"!!!", "!!!"},
			`cause "!!!" 2`},
		{"letters of any script stay", []string{"디스크", "디스크", "Überlast", "Überlast"},
			`디스크 "디스크" 2, überlast "Überlast" 2`},
	} {
		t.Run(c.name, func(t *testing.T) {
			rec := record(t, c.causes...)
			var got []string
			total := 0
			for _, g := range rec.groups() {
				s := fmt.Sprintf("%s %q %d", g.name, g.title, len(g.incidents))
				if len(g.gathered) > 0 {
					s += " (" + strings.Join(g.gathered, ", ") + ")"
				}
				got = append(got, s)
				total += len(g.incidents)
			}
			if g := strings.Join(got, ", "); g != c.want {
				t.Errorf("got\n%s\nwant\n%s", g, c.want)
			}
			if total != len(c.causes) {
				t.Errorf("%d incidents are in groups, expected %d", total, len(c.causes))
			}
		})
	}
}

func TestNamesAndTextsFromARecordAreTame(t *testing.T) {
	for _, c := range []struct{ in, name, text string }{
		{"ci.jenkins.io", "ci.jenkins.io", "ci.jenkins.io"},
		{"..Disk: /var -- full!", "disk-var-full", `"..Disk: /var -- full!"`},
		{"a\x1b[31mred\u202egnp", "a-31mred-gnp", `"a [31mred gnp"`},
		{`say "no" \o/`, "say-no-o", `"say \"no\" \\o/"`},
		{"null", "null", `"null"`},
		{"2026-11-22", "2026-11-22", `"2026-11-22"`},
		{"- x", "x", `"- x"`},
		{"a # b", "a-b", `"a # b"`},
		{strings.Repeat("é", 200), strings.Repeat("é", 60), strings.Repeat("é", 119) + "…"},
	} {
		if got := slug(c.in); got != c.name {
			t.Errorf("name of %q: got %q, want %q", c.in, got, c.name)
		}
		text := clean(c.in, maxTitle)
		if got := scalar(text); got != c.text && strings.Trim(got, `"`) != c.text {
			t.Errorf("text of %q: got %s, want %s", c.in, got, c.text)
		}
	}
}

// fitsOf reads a table and returns what it tells about each cause.
func fitsOf(t *testing.T, csv string) map[string]*fit {
	t.Helper()
	rec, err := Read(strings.NewReader(csv), Options{File: "r.csv"})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*fit{}
	for _, f := range rec.fits() {
		all[f.name] = f
	}
	return all
}

func TestPartsAddUpToTheMeanOfTheGroup(t *testing.T) {
	const head = "started,detected,acknowledged,resolved,cause\n"
	// times writes rows of one day each: minutes after 10:00, -1 is not told.
	times := func(cause string, rows ...[3]int) string {
		var b strings.Builder
		for i, r := range rows {
			at := func(m int) string {
				if m < 0 {
					return ""
				}
				return fmt.Sprintf("2026-01-%02dT%02d:%02d:00Z", i+1, 10+m/60, m%60)
			}
			fmt.Fprintf(&b, "%s,%s,%s,%s,%s\n", at(0), at(r[0]), at(r[1]), at(r[2]), cause)
		}
		return b.String()
	}
	for _, c := range []struct {
		name      string
		csv       string
		divided   division
		want      [parts]float64 // minutes
		responder string
	}{
		{"all times are told", times("x", [3]int{2, 5, 20}, [3]int{4, 13, 40}), division{true, true}, [parts]float64{3, 6, 21}, "on-call"},
		{"the missing ones are like the others", times("x", [3]int{2, 5, 20}, [3]int{4, 13, 40}, [3]int{-1, -1, 60}),
			division{true, true}, [parts]float64{4, 8, 28}, "on-call"},
		{"told for half is not told for most", times("x", [3]int{2, -1, 20}, [3]int{-1, -1, 40}), division{}, [parts]float64{0, 0, 30}, ""},
		{"detection alone", times("x", [3]int{6, -1, 30}, [3]int{6, -1, 30}), division{true, false}, [parts]float64{6, 0, 24}, ""},
		{"acknowledging alone runs from the start", times("x", [3]int{-1, 6, 30}, [3]int{-1, 6, 30}), division{false, true}, [parts]float64{0, 6, 24}, "on-call"},
		{"incidents of no length", times("x", [3]int{0, 0, 0}, [3]int{0, 0, 0}), division{true, true}, [parts]float64{}, "on-call"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := fitsOf(t, head+c.csv)["x"]
			if f.divided != c.divided || f.responder != c.responder {
				t.Errorf("got %+v by %q, want %+v by %q", f.divided, f.responder, c.divided, c.responder)
			}
			for p := range parts {
				if math.Abs(f.means[p]/60-c.want[p]) > 1e-9 {
					t.Errorf("part %d: got a mean of %v min, want %v", p, f.means[p]/60, c.want[p])
				}
			}
		})
	}

	t.Run("the same people answer for causes that are answered alike", func(t *testing.T) {
		all := fitsOf(t, head+
			times("a", [3]int{2, 6, 20}, [3]int{2, 5, 40}, [3]int{2, 8, 30})+
			times("b", [3]int{1, 6, 50}, [3]int{1, 5, 30}, [3]int{1, 4, 40}))
		a, b := all["a"], all["b"]
		if a.responder != onCall || b.responder != onCall {
			t.Fatalf("got %q and %q, want on-call twice", a.responder, b.responder)
		}
		if a.means[acknowledging] != b.means[acknowledging] || a.sigma[acknowledging] != b.sigma[acknowledging] {
			t.Errorf("one responder has two times: %v and %v", a.means, b.means)
		}
		for _, f := range all {
			if sum := f.means[detecting] + f.means[acknowledging] + f.means[recovering]; math.Abs(sum-f.mean) > 1e-6 {
				t.Errorf("%s: parts are %v together, want %v", f.name, sum, f.mean)
			}
		}
	})

	t.Run("a cause that is answered clearly later has a responder of its own", func(t *testing.T) {
		early := slices.Repeat([][3]int{{2, 4, 20}, {2, 5, 30}}, 5)
		late := slices.Repeat([][3]int{{2, 42, 80}, {2, 52, 90}}, 2)
		all := fitsOf(t, head+times("a", early...)+times("b", late...))
		if got := all["b"].responder; got != "on-call-b" {
			t.Errorf("got %q, want on-call-b", got)
		}
		if got := all["b"].means[acknowledging]; math.Abs(got-45*60) > 1e-6 {
			t.Errorf("got a mean of %v s, want its own 2700", got)
		}
	})

	t.Run("a cause without any end is as long as all others", func(t *testing.T) {
		f := fitsOf(t, head+times("a", [3]int{-1, -1, 30}, [3]int{-1, -1, 50})+times("b", [3]int{-1, -1, -1}))["b"]
		if f.mean != 2400 || f.means[recovering] != 2400 || f.sigma[recovering] == 0 {
			t.Errorf("got mean %v, parts %v, spread %v", f.mean, f.means, f.sigma)
		}
	})
}

func TestImpactIsWeightedByTime(t *testing.T) {
	f := fitsOf(t, "started,resolved,cause,impact\n"+
		"2026-01-01T10:00:00Z,2026-01-01T13:00:00Z,x,10%\n"+
		"2026-01-02T10:00:00Z,2026-01-02T11:00:00Z,x,50%\n")["x"]
	if math.Abs(f.share-0.2) > 1e-12 || math.Abs(f.bad-2880) > 1e-9 {
		t.Errorf("got %v and %v lost seconds, want 0.2 and 2880", f.share, f.bad)
	}
	still := fitsOf(t, "started,resolved,cause,impact\n"+
		"2026-01-01T10:00:00Z,2026-01-01T10:00:00Z,x,10%\n"+
		"2026-01-02T10:00:00Z,2026-01-02T10:00:00Z,x,50%\n")["x"]
	if math.Abs(still.share-0.3) > 1e-12 {
		t.Errorf("without any length: got %v, want the plain mean 0.3", still.share)
	}
}
