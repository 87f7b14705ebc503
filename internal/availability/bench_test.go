package availability_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tightrope/internal/availability"
	"tightrope/internal/modelfile"
	"tightrope/internal/scenario"
)

// layered is n services with risks that each need the previous three.
func layered(n int, rate string) string {
	var b strings.Builder
	b.WriteString("services:\n")
	for i := range n {
		fmt.Fprintf(&b, "  s%d:\n    title: service %d\n", i, i)
		var needs []string
		for k := max(0, i-3); k < i; k++ {
			needs = append(needs, fmt.Sprint("s", k))
		}
		if needs != nil {
			fmt.Fprintf(&b, "    needs: [{service: %s}]\n", strings.Join(needs, "}, {service: "))
		}
	}
	b.WriteString("risks:\n")
	for i := range n {
		fmt.Fprintf(&b, "  bug%d: {service: s%d, rate: %s, detect: 5m, recover: 10m..2h}\n", i, i, rate)
	}
	return b.String()
}

// copied gives each service a second copy, which fails as often as the first
// and hits as many.
func copied(model string) string {
	model = strings.ReplaceAll(model, "    title", "    copies: 2\n    title")
	return strings.ReplaceAll(model, "5m, recover", "5m, impact: 20%..60%, recover")
}

// plant is a top of several systems, each of trains of which one must stand,
// all of which share supports: events below that many need.
func plant(systems, trains, supports, events int) string {
	random := rand.New(rand.NewPCG(1, uint64(events)))
	var b strings.Builder
	b.WriteString("services:\n  top: {needs: [")
	for i := range systems {
		fmt.Fprintf(&b, "sys%d, ", i)
	}
	b.WriteString("]}\n")
	event := 0
	own := func(n int) string {
		var out []string
		for range n {
			out = append(out, fmt.Sprint("e", event))
			event++
		}
		return strings.Join(out, ", ")
	}
	for i := range systems {
		var list []string
		for k := range trains {
			list = append(list, fmt.Sprintf("t%d-%d", i, k))
		}
		fmt.Fprintf(&b, "  sys%d: {needs: [{any: [%s]}]}\n", i, strings.Join(list, ", "))
		for k := range trains {
			fmt.Fprintf(&b, "  t%d-%d: {needs: [%s, p%d, p%d]}\n", i, k, own(events), random.IntN(supports), random.IntN(supports))
		}
	}
	for i := range supports {
		fmt.Fprintf(&b, "  p%d: {needs: [%s, {any: [%s]}]}\n", i, own(events), own(2))
	}
	for i := range event {
		fmt.Fprintf(&b, "  e%d: {availability: 99.%d%%, outage: 1h}\n", i, 1+i%9)
	}
	return b.String()
}

func BenchmarkEntry(b *testing.B) {
	for _, bm := range []struct{ name, model, service string }{
		{"20 services", layered(20, "2/y"), "s19"},
		{"20 services of two copies each, with unsure rates and impacts", copied(layered(20, "1/y..5/y")), "s19"},
		{"300 services", layered(300, "2/y"), "s299"},
		{"100 pairs", pairs(100), "front"},
		{"a plant of 300 events", plant(10, 3, 8, 7), "top"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte("version: 1\n" + bm.model)}})
			if len(problems) > 0 {
				b.Fatal(problems[0])
			}
			b.ReportAllocs()
			for b.Loop() {
				sc, err := scenario.New(m, nil, nil)
				if err != nil {
					b.Fatal(err)
				}
				c, err := sc.Catalogue()
				if err != nil {
					b.Fatal(err)
				}
				y := sc.System(c)
				if _, err := availability.New(sc, c, y).Entry(y.Number(bm.service), "available", 0.99); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
