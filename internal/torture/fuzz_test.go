package torture

import (
	"math/rand/v2"
	"testing"

	"tightrope/internal/modelfile"
)

// FuzzMeaning mutates the choices of which a model is made, and runs one of the
// commands on it: a fuzzer finds its way through the language and not only
// through bytes.
func FuzzMeaning(f *testing.F) {
	for seed := uint64(1); seed <= 3; seed++ {
		f.Add(choices(small+seed), seed)
		f.Add(choices(woven+seed), seed)
	}
	f.Fuzz(func(t *testing.T, data []byte, which uint64) {
		if len(data) > 300 {
			return // a model that is only larger
		}
		g := generate(data)
		if _, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(g.yaml)}}); len(problems) > 0 {
			return
		}
		folder := t.TempDir()
		if err := write(folder, g.yaml, other(data, which, g.yaml)); err != nil {
			t.Fatal(err)
		}
		for _, j := range chosen(jobs(g, rand.New(rand.NewPCG(which, 13))), 1, rand.New(rand.NewPCG(which, 14))) {
			found, _ := judge(j, run(j.in(folder)))
			for _, x := range found {
				t.Errorf("%s\n%s\n%.2000s\n%s", j, x.Sign, x.Detail, g.yaml)
			}
		}
	})
}
