package chart

import (
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Names of causes are not cut, however narrow their column is.
func TestNamesOfBarsAreNotCut(t *testing.T) {
	const name, note = "Growth that nobody looked at fills the database of the hospital", "on the pair of databases in two buildings of the city"
	for _, width := range []int{340, 640} {
		p := Bars{Frame: Frame{ID: "x", Title: "t", Desc: "d", Width: width}, Parts: []string{"lost"}, Rows: []Bar{
			{Name: name, Note: note, Parts: []float64{60}, Value: "60%"}, {Name: "Short", Parts: []float64{40}, Value: "40%"},
		}}.Draw()
		if strings.Contains(p.SVG, "…") {
			t.Errorf("at %d a name is cut: %s", width, p.SVG)
		}
		for _, word := range strings.Fields(name) {
			if !strings.Contains(p.SVG, word) {
				t.Errorf("at %d %q is missing", width, word)
			}
		}
	}
}

// Labels of what needs what go on in a second line where columns are narrow.
func TestLabelsOfAGraphAreNotCut(t *testing.T) {
	g := Graph{Frame: Frame{ID: "g", Title: "t", Desc: "d", Width: 640}, Heads: [3]string{"a", "b", "c"}}
	before := ""
	for _, n := range []string{"Ordering and paying", "Order management", "Everything of accounts", "Storage of all files", "Network of the region"} {
		g.Nodes = append(g.Nodes, Node{ID: n, Label: n})
		if before != "" {
			g.Edges = append(g.Edges, Edge{From: before, To: n})
		}
		before = n
	}
	if p := g.Draw(); strings.Contains(p.SVG, "…") {
		t.Errorf("a label is cut: %s", p.SVG)
	}
}

// Where the mean lies behind the end of its bar, what is said of the bar is not written on its mark.
func TestWhatIsSaidOfABarIsNotOnTheMarkOfTheMean(t *testing.T) {
	for _, mean := range []float64{66, 80, 100, 150} {
		p := Reach{
			Frame: Frame{ID: "r", Title: "t", Desc: "d"}, Rows: []ReachRow{{Name: "today", Mean: 450, Most: 660, Says: "11 min"}, {Name: "as proposed", Mean: mean, Most: 65, Says: "1 min 5 s"}},
			Limits: []ReachLimit{{At: 130, Says: "99.995%"}, {At: 2600, Says: "99.9%", Asked: true}},
		}.Draw()
		label := regexp.MustCompile(`<text x="([\d.]+)" y="[\d.]+" class="b hal"( text-anchor="end")?>1 min 5 s`).FindStringSubmatch(p.SVG)
		marks := regexp.MustCompile(`<path d="M([\d.]+) [^>]*class="s"`).FindAllStringSubmatch(p.SVG, -1)
		if label == nil || len(marks) < 2 {
			t.Fatalf("no label or no marks: %v, %v", label, marks)
		}
		from, _ := strconv.ParseFloat(label[1], 64)
		to := from + 1.15*extent("1 min 5 s")
		if label[2] != "" {
			from, to = from-1.15*extent("1 min 5 s"), from
		}
		if at, _ := strconv.ParseFloat(marks[1][1], 64); at+5 > from && at-5 < to {
			t.Errorf("a mean of %v: its mark at %v is under the label from %v to %v", mean, at, from, to)
		}
	}
}

// A bar that is too short for what is said of it has it behind the line that is in the way.
func TestWhatIsSaidOfAShortBarStaysInThePicture(t *testing.T) {
	p := Reach{
		Frame: Frame{ID: "r", Title: "t", Desc: "d"}, Rows: []ReachRow{{Name: "as proposed", Mean: 40, Most: 65, Says: "1 min 5 s of all"}},
		Limits: []ReachLimit{{At: 70, Says: "99.9%: 1 min 10 s", Asked: true}, {At: 7000, Says: "99%"}},
	}.Draw()
	m := regexp.MustCompile(`<text x="([\d.]+)" y="[\d.]+" class="b hal"( text-anchor="end")?>1 min 5 s of all`).FindStringSubmatch(p.SVG)
	if m == nil {
		t.Fatal("nothing is said of the bar")
	}
	at, _ := strconv.ParseFloat(m[1], 64)
	from := at
	if m[2] != "" {
		from -= extent("1 min 5 s of all")
	}
	if left := extent("as proposed") + 10; from < left {
		t.Errorf("it begins at %v, before the bar at %v", from, left)
	}
}

// Wherever limits lie, a picture comes to an end: one that is just where a label
// would begin is passed once.
func TestLabelsPassEachLimitOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 0))
	anywhere := func() float64 { return math.Exp(math.Log(600) + 10*random.Float64()) }
	for range 3000 {
		most := anywhere()
		Reach{
			Frame: Frame{ID: "r", Title: "t", Desc: "d"}, Rows: []ReachRow{{Name: "today", Mean: anywhere(), Most: most, Says: "11 min"}},
			Limits: []ReachLimit{{At: most * (1 + random.Float64()/10), Says: "99.9%", Asked: true}, {At: anywhere(), Says: "99%"}},
		}.Draw()
	}
}
