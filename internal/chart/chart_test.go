package chart

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write the golden files anew")

// minutes says seconds as minutes.
func minutes(s float64) string { return number(s/60) + "m" }

func percent(p float64) string { return number(100*p) + "%" }

func frame(id string) Frame {
	return Frame{ID: id, Title: "What is shown & why", Desc: `What is seen in "it"`, None: "nothing to show"}
}

// examples are one picture of each kind, as reports have them.
func examples(width int) map[string]Picture {
	f := func(id string) Frame { x := frame(id); x.Width = width; return x }
	var curve []Point
	for i := range 60 {
		x := float64(i) * 90
		curve = append(curve, Point{x, 1 - 0.7*math.Exp(-x/1500)})
	}
	out := map[string]Picture{}
	out["distribution"] = Distribution{
		Frame: f("d"), X: Axis{"lost time in a month", minutes, true}, Y: Axis{"share of months", percent, false}, Points: curve,
		Limit: 2592, LimitSays: "budget 43m", Met: 0.876, MetSays: "88%", Quantile: 2919, Confidence: 0.9, QuantileSays: "9 in 10 below 49m",
		Kept: "kept", Missed: "missed", Heads: [2]string{"at most", "share"},
	}.Draw()
	parts := []string{"detect", "acknowledge", "recover", "not told apart"}
	rows := []Bar{
		{"bad-release", "A release breaks <booking>", []float64{240, 400, 900, 0}, "42%"},
		{"disk", "", []float64{20, 0, 600, 0}, "17%"},
		{"release", "planned", []float64{0, 0, 0, 300}, "8%"},
		{"주문과 결제", "이름이 긴 서비스", []float64{1, 0, 1, 0}, "<0.1%"},
	}
	bars := Bars{Frame: f("b"), X: Axis{"lost time in a month", minutes, true}, Parts: parts, Rows: rows, Limit: 500, LimitSays: "budget", Name: "source", Value: "of the budget"}
	out["bars"] = bars.Draw()
	bars.ID, bars.Whole, bars.X.Label = "w", true, "share of the time of one incident"
	out["bars-whole"] = bars.Draw()
	out["tally"] = Tally{Frame: f("t"), Kept: 8.5, Of: 12, KeptN: "8½", MissedN: "3½", KeptSays: "months kept", MissedSays: "months missed", HeadWhat: "of 12 months", HeadHowMany: "number"}.Draw()
	out["layers"] = Layers{
		Frame: f("l"), Steps: []string{"prevent", "detect", "contain", "recover"}, End: "gets through",
		Rows: []LayerRow{
			{"bad-release", "A release breaks it", []Slat{{0, "review", true, 0.45, "45%", "stands"}, {0, "canary", false, 0.6, "60%", "proposed"}, {1, "error-alarm", true, 0.9, "90%", "stands"}, {3, "rollback", true, math.NaN(), "unknown", "stands"}}, "2 a year"},
			{"disk", "", []Slat{{2, "copies", true, 0.95, "95%", "stands"}}, "0.1 a year"},
		},
		Stands: "stands; filled as far as it stops", Could: "could stand", Missing: "none", Name: "risk", Layer: "layer", Stops: "stops", Status: "status",
	}.Draw()
	out["frontier"] = Frontier{
		Frame: f("f"), X: Axis{"cost a year in million won", nil, false}, Y: Axis{"chance to meet it", percent, false},
		Points: []Choice{{0, 0.32, "today", "no net", Ring, ""}, {12, 0.5, "", "alerts", Dot, ""}, {47, 0.92, "cheapest that meets it", "alerts, capacity", Diamond, ""}, {80, 0.97, "", "all", Dot, ""}},
		Asked:  0.9, AskedSays: "asked for: 90%", Heads: [3]string{"cost a year", "chance", "nets"},
	}.Draw()
	out["curve"] = Curve{
		Frame: f("u"), X: Axis{Label: "target"}, Y: Axis{"a year in million won", nil, false},
		Points: []Target{{"99%", 0, 90, true, false, false, "", ""}, {"99.5%", 10, 40, true, true, false, "", "recommended"}, {"99.9%", 60, 12, true, false, true, "", "objective"}, {"99.99%", 0, math.NaN(), false, false, false, "", "not possible"}},
		Keeps:  "safety nets", Loses: "expected loss", Both: "together", Best: "least: 99.5%", Impossible: "not possible",
		Heads: [4]string{"target", "nets", "loss", "together"}, Remark: "",
	}.Draw()
	out["graph"] = Graph{
		Frame: f("g"), Focus: "shop",
		Nodes:   []Node{{"shop", "shop", false, false}, {"search", "search", false, false}, {"db", "database", false, false}, {"zone", "zone", true, false}, {"any", "1 of 2", false, true}, {"sms-a", "sms-a", true, false}, {"sms-b", "sms-b", true, false}},
		Edges:   []Edge{{"shop", "search", "20%", false}, {"shop", "db", "", false}, {"search", "db", "", false}, {"db", "zone", "", false}, {"search", "zone", "", false}, {"shop", "any", "", false}, {"any", "sms-a", "", false}, {"any", "sms-b", "", true}},
		Outside: "not in our hands", Shared: "needed by several", Part: "only for some users", Apart: "felt, but does not count",
		Heads: [3]string{"what", "needs", "for"}, All: "all users",
	}.Draw()
	out["strip"] = Strip{
		Frame: f("s"), Length: 360 * 86400, Steps: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}, Y: Axis{"lost time", minutes, true},
		Events: []Event{{86400, 10, "release", true, false}, {20 * 86400, 600, "disk", false, false}, {25 * 86400, 540, "bad-release", false, false}, {200 * 86400, 9000, "database deleted", false, false}, {210 * 86400, 0, "promise", false, true}},
		Label:  "month", Incident: "incident", Planned: "planned work", Missed: "promise missed", Heads: [3]string{"when", "what", "lost time"},
	}.Draw()
	return out
}

func TestPicturesAreAsTheyWere(t *testing.T) {
	for _, width := range []int{640, 360} {
		for name, p := range examples(width) {
			file := filepath.Join("testdata", fmt.Sprintf("%s-%d.svg", name, width))
			got := strings.ReplaceAll(p.SVG, "><", ">\n<") + "\n"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs from %s; go test ./internal/chart -update writes it anew", name, file)
			}
		}
	}
}

func TestTheSameNumbersGiveTheSameBytes(t *testing.T) {
	a, b := examples(640), examples(640)
	for name := range a {
		if a[name].SVG != b[name].SVG {
			t.Errorf("%s differs from itself", name)
		}
	}
}

var (
	ids     = regexp.MustCompile(` id="([^"]*)"`)
	refs    = regexp.MustCompile(`url\(#([^)]*)\)`)
	classes = regexp.MustCompile(`class="([^"]*)"`)
)

// sound holds a picture to what every picture must be.
func sound(t *testing.T, what string, p Picture) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(p.SVG))
	var root *xml.StartElement
	said := map[string]string{}
	in := ""
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: not XML: %v\n%.600s", what, err, p.SVG)
		}
		switch x := tok.(type) {
		case xml.StartElement:
			if root == nil {
				c := x.Copy()
				root = &c
			}
			in = x.Name.Local
			if in == "script" || in == "foreignObject" || in == "image" || in == "use" || in == "style" {
				t.Errorf("%s: has <%s>", what, in)
			}
			for _, a := range x.Attr {
				name := a.Name.Local
				if strings.HasPrefix(name, "on") || name == "href" || name == "style" {
					t.Errorf("%s: has an attribute %s", what, name)
				}
			}
		case xml.CharData:
			said[in] += string(x)
		}
	}
	if root == nil || root.Name.Local != "svg" {
		t.Fatalf("%s: no picture", what)
	}
	attr := map[string]string{}
	for _, a := range root.Attr {
		attr[a.Name.Local] = a.Value
	}
	if attr["role"] != "img" || said["title"] == "" || said["desc"] == "" {
		t.Errorf("%s: no role, title or description", what)
	}
	if strings.Contains(p.SVG, "NaN") || strings.Contains(p.SVG, "Inf") && !strings.Contains(p.SVG, ">") {
		t.Errorf("%s: a coordinate is no number", what)
	}
	for _, m := range regexp.MustCompile(` (?:x|y|d|cx|cy|r|width|height|viewBox|x1)="([^"]*)"`).FindAllStringSubmatch(p.SVG, -1) {
		if strings.ContainsAny(m[1], "NIe") {
			t.Errorf("%s: %s is no coordinate", what, m[1])
		}
	}
	have := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(p.SVG, -1) {
		if have[m[1]] {
			t.Errorf("%s: the id %s is there twice", what, m[1])
		}
		have[m[1]] = true
	}
	for _, m := range refs.FindAllStringSubmatch(p.SVG, -1) {
		if !have[m[1]] {
			t.Errorf("%s: refers to %s, which is not there", what, m[1])
		}
	}
	for _, m := range classes.FindAllStringSubmatch(p.SVG, -1) {
		for name := range strings.FieldsSeq(m[1]) {
			if !strings.Contains(Stylesheet, "."+name) {
				t.Errorf("%s: the class %s is not in the stylesheet", what, name)
			}
		}
	}
	if !utf8.ValidString(p.SVG) {
		t.Errorf("%s: not UTF-8", what)
	}
	for _, r := range p.Table.Rows {
		if len(r) != len(p.Table.Heads) {
			t.Errorf("%s: a row of %d under %d heads", what, len(r), len(p.Table.Heads))
		}
	}
	if p.Height <= 0 || p.Height > 20000 || p.Width < 20 || p.Width > 20000 {
		t.Errorf("%s: %d × %d", what, p.Width, p.Height)
	}
}

func TestExamplesAreSound(t *testing.T) {
	for _, width := range []int{640, 360} {
		for name, p := range examples(width) {
			sound(t, name, p)
			if len(p.Table.Rows) == 0 {
				t.Errorf("%s: no table", name)
			}
		}
	}
}

// dice makes what nobody would write down.
type dice struct{ *rand.Rand }

func (d dice) number() float64 {
	switch d.IntN(9) {
	case 0:
		return 0
	case 1:
		return math.Inf(1)
	case 2:
		return math.Inf(-1)
	case 3:
		return math.NaN()
	case 4:
		return -d.Float64()
	case 5:
		return math.MaxFloat64
	case 6:
		return math.SmallestNonzeroFloat64
	}
	return d.Float64() * math.Pow(10, float64(d.IntN(14)-4))
}

func (d dice) word() string {
	switch d.IntN(7) {
	case 0:
		return ""
	case 1:
		return strings.Repeat("W", 1+d.IntN(5000))
	case 2:
		return `<script>alert("x")</script>&'` + "\x00\x1b\u202e\uffff\xff"
	case 3:
		return strings.Repeat("가나다 ", d.IntN(40))
	}
	return fmt.Sprintf("name-%d", d.IntN(40))
}

func (d dice) size() int { return []int{0, 1, 2, 7, 200, 250}[d.IntN(6)] }

func (d dice) frame(i int) Frame {
	f := frame(fmt.Sprintf("x%d", i))
	f.Width = []int{0, 360, 640, -5, 100000}[d.IntN(5)]
	return f
}

func (d dice) say(float64) string { return d.word() }

func TestWhateverIsDrawnIsSound(t *testing.T) {
	for seed := range 80 {
		d := dice{rand.New(rand.NewPCG(uint64(seed), 1))}
		x, y := Axis{d.word(), nil, d.IntN(2) == 0}, Axis{d.word(), percent, false}
		if d.IntN(3) == 0 {
			x.Say = d.say
		}
		n := d.size()
		dist := Distribution{Frame: d.frame(seed), X: x, Y: y, Limit: d.number(), LimitSays: d.word(), Met: d.number(), MetSays: d.word(), Quantile: d.number(), Confidence: d.number(), QuantileSays: d.word(), Kept: d.word(), Missed: d.word()}
		bars := Bars{Frame: d.frame(seed), X: x, Parts: []string{d.word(), d.word(), "c", "d"}, Whole: d.IntN(2) == 0, Limit: d.number(), LimitSays: d.word(), Name: "n", Value: "v"}
		lay := Layers{Frame: d.frame(seed), Steps: []string{"a", d.word(), "c"}, End: d.word(), Stands: "s", Could: "c", Missing: d.word()}
		front := Frontier{Frame: d.frame(seed), X: x, Y: y, Asked: d.number(), AskedSays: d.word()}
		curve := Curve{Frame: d.frame(seed), X: x, Y: y, Keeps: "k", Loses: d.word(), Both: "b", Best: d.word(), Impossible: d.word()}
		graph := Graph{Frame: d.frame(seed), Focus: fmt.Sprintf("n%d", d.IntN(n+1)), Outside: "o", Shared: d.word(), Part: "p", Apart: "a", More: func(a, b int) string { return fmt.Sprint(a, b) }}
		strip := Strip{Frame: d.frame(seed), Length: 31557600, Steps: []string{"1", "2", d.word()}, Y: x, Label: d.word(), Incident: "i", Planned: "p", Missed: d.word()}
		for i := range n {
			dist.Points = append(dist.Points, Point{d.number(), d.number()})
			bars.Rows = append(bars.Rows, Bar{d.word(), d.word(), []float64{d.number(), d.number(), d.number(), d.number()}[:1+d.IntN(4)], d.word()})
			var slats []Slat
			for range d.IntN(12) {
				slats = append(slats, Slat{d.IntN(5) - 1, d.word(), d.IntN(2) == 0, d.number(), d.word(), d.word()})
			}
			lay.Rows = append(lay.Rows, LayerRow{d.word(), d.word(), slats, d.word()})
			front.Points = append(front.Points, Choice{d.number(), d.number(), d.word(), d.word(), Sign(d.IntN(6)), d.word()})
			curve.Points = append(curve.Points, Target{d.word(), d.number(), d.number(), d.IntN(2) == 0, d.IntN(5) == 0, d.IntN(5) == 0, d.word(), d.word()})
			graph.Nodes = append(graph.Nodes, Node{fmt.Sprintf("n%d", d.IntN(n)), d.word(), d.IntN(3) == 0, d.IntN(6) == 0})
			for range d.IntN(3) {
				graph.Edges = append(graph.Edges, Edge{fmt.Sprintf("n%d", d.IntN(n+2)), fmt.Sprintf("n%d", d.IntN(n)), d.word(), d.IntN(4) == 0})
			}
			strip.Events = append(strip.Events, Event{d.Float64() * 4e7, d.number(), d.word(), d.IntN(2) == 0, d.IntN(9) == 0})
			_ = i
		}
		for name, p := range map[string]Picture{
			"distribution": dist.Draw(), "bars": bars.Draw(), "layers": lay.Draw(), "frontier": front.Draw(), "curve": curve.Draw(),
			"graph": graph.Draw(), "strip": strip.Draw(), "tally": Tally{Frame: d.frame(seed), Kept: float64(d.IntN(180)-18) / 2, Of: d.IntN(90) - 9}.Draw(),
		} {
			sound(t, fmt.Sprintf("%s of seed %d", name, seed), p)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}

func TestAGraphKeepsItsNodesApart(t *testing.T) {
	for seed := range 60 {
		d := dice{rand.New(rand.NewPCG(uint64(seed), 2))}
		n := 2 + d.IntN(60)
		var edges [][2]int
		for range 2 * n {
			a, b := d.IntN(n), d.IntN(n)
			if a != b {
				edges = append(edges, [2]int{a, b})
			}
		}
		l := newLayout(n, edges, func(int) float64 { return 26 }, 9)
		for _, layer := range l.layers {
			for i := 1; i < len(layer); i++ {
				a, b := l.nodes[layer[i-1]], l.nodes[layer[i]]
				if b.y-a.y < (a.high+b.high)/2+9-1e-6 {
					t.Fatalf("seed %d: two places of a layer are %v apart", seed, b.y-a.y)
				}
			}
		}
		for i, r := range l.routes {
			if r[0] != edges[i][0] || r[len(r)-1] != edges[i][1] {
				t.Fatalf("seed %d: the route of %v is %v", seed, edges[i], r)
			}
		}
	}
}

func TestCrossingsThatNeedNotBeAreUndone(t *testing.T) {
	// Two chains whose ends are listed the wrong way round.
	l := newLayout(4, [][2]int{{0, 3}, {1, 2}}, func(int) float64 { return 26 }, 9)
	if n := l.crossings(); n != 0 {
		t.Errorf("%d crossings, expected none", n)
	}
}

func TestOfManyNodesTheNearestAreDrawn(t *testing.T) {
	g := Graph{Frame: frame("g"), Focus: "n100", Most: 5, More: func(a, b int) string { return fmt.Sprintf("%d of %d", a, b) }}
	for i := range 200 {
		g.Nodes = append(g.Nodes, Node{ID: fmt.Sprintf("n%d", i), Label: fmt.Sprintf("n%d", i)})
		if i > 0 {
			g.Edges = append(g.Edges, Edge{From: fmt.Sprintf("n%d", i-1), To: fmt.Sprintf("n%d", i)})
		}
	}
	nodes, _, all := g.chosen()
	var got []string
	for _, n := range nodes {
		got = append(got, n.ID)
	}
	if s := strings.Join(got, " "); all != 200 || s != "n98 n99 n100 n101 n102" {
		t.Errorf("%s of %d", s, all)
	}
}

func TestTicksAreWhatPeopleCount(t *testing.T) {
	for _, c := range []struct {
		top  float64
		time bool
		want string
	}{
		{3000, true, "[0 600 1200 1800 2400 3000]"},
		{7, true, "[0 2 4 6]"},
		{0.9, true, "[0 0.2 0.4 0.6000000000000001 0.8]"},
		{90000, true, "[0 21600 43200 64800 86400]"},
		{1, false, "[0 0.2 0.4 0.6000000000000001 0.8 1]"},
		{47, false, "[0 10 20 30 40]"},
		{0, false, "[0]"},
		{math.Inf(1), false, "[0]"},
	} {
		if got := fmt.Sprint(ticks(Axis{Time: c.time}, c.top, 5)); got != c.want {
			t.Errorf("up to %v: %s, want %s", c.top, got, c.want)
		}
	}
}
