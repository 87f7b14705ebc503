package simulate

import (
	"context"
	"errors"
	"testing"

	"tightrope/internal/modelfile"
)

func TestWhatHappensTooOftenIsEndedAndSaid(t *testing.T) {
	for _, tt := range []struct{ name, model string }{
		{"a change every second", "version: 1\nservices: {a: {objective: {target: 99.9%}}}\nchanges: {c: {every: 1s, downtime: 5s..20s}}\n"},
		{"incidents that pile up", "version: 1\nservices: {a: {objective: {target: 99.9%}}}\nrisks: {r: {rate: 1000000/y, detect: 5m, recover: 10000y}}\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(tt.model)}})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			r, err := Run(context.Background(), m, Options{Years: 3, Seed: 1, mostWork: 1 << 22})
			if err != nil {
				t.Fatal(err)
			}
			if !r.Cut || r.Years >= r.Asked || r.Warnings[len(r.Warnings)-1].Code != "too-busy" {
				t.Errorf("%d of %d years, cut %v, warnings %v", r.Years, r.Asked, r.Cut, r.Warnings)
			}
			if _, err := LogYear(context.Background(), m, Options{Years: 1, Seed: 1, mostWork: 1 << 22}, 1); !errors.Is(err, ErrTooBusy) {
				t.Errorf("a log of it: %v", err)
			}
		})
	}
}

func TestAShortenedRunIsTheBeginningOfALongOne(t *testing.T) {
	// Some of the years fit into the bound, so that they are seen.
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte("version: 1\nservices: {a: {objective: {target: 99.9%}}}\nrisks: {r: {rate: 3000/y, detect: 1s, recover: 1s}}\n")}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r, err := Run(context.Background(), m, Options{Years: 1_000, Seed: 1, mostWork: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Cut || r.Years == 0 || r.Years >= 50 {
		t.Fatalf("%d of %d years, cut %v", r.Years, r.Asked, r.Cut)
	}
	again, err := Run(context.Background(), m, Options{Years: r.Years, Seed: 1, Workers: 1, mostWork: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if again.Cut || again.Entries[0].Bad.Value != r.Entries[0].Bad.Value {
		t.Errorf("%d years give %v, cut %v; as the beginning of more they gave %v", r.Years, again.Entries[0].Bad.Value, again.Cut, r.Entries[0].Bad.Value)
	}
}

func TestTimeGoesOnWhereAnOutageLastsFromBeforeTheFirstYear(t *testing.T) {
	// The clock of the service was stopped years ago when the inputs are drawn
	// anew, which is no reason to start it.
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte("version: 1\nservices: {s: {objective: {target: 99.9%, over: 30d}, every: 45d..120d, outage: 1s..100y}}\nrisks: {r: {rate: 1/y, detect: 5m, recover: 5m}}\n")}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for seed := range uint64(6) {
		year, err := LogYear(context.Background(), m, Options{Years: 1, Seed: seed}, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range year.Moments {
			if x.At < 0 {
				t.Fatalf("seed %d: %s of %s at %v s", seed, x.Kind, x.Source, x.At)
			}
		}
	}
}

func TestAllYearsTogetherAreBoundedToo(t *testing.T) {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte("version: 1\nservices: {a: {objective: {target: 99.9%}}}\nrisks: {r: {rate: 300/y, detect: 1s, recover: 1s}}\n")}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r, err := Run(context.Background(), m, Options{Years: 2_000, Seed: 1, mostTotal: 1 << 22})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Cut || r.Years < chunkYears || r.Years > 1_000 || r.Warnings[len(r.Warnings)-1].Code != "too-busy" {
		t.Fatalf("%d of %d years, cut %v, warnings %v", r.Years, r.Asked, r.Cut, r.Warnings)
	}
	again, err := Run(context.Background(), m, Options{Years: 2_000, Seed: 1, Workers: 1, mostTotal: 1 << 22})
	if err != nil {
		t.Fatal(err)
	}
	if again.Years != r.Years || again.Entries[0].Bad != r.Entries[0].Bad {
		t.Errorf("one worker plays %d years, several %d", again.Years, r.Years)
	}
}
