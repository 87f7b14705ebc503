package testmodel_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"tightrope/internal/testmodel"
)

const root = "../.."

// build compiles the program as it is shipped and returns its path.
func build(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "tightrope")
	cmd := exec.Command("go", "build", "-buildvcs=false", "-trimpath", "-o", binary, "./cmd/tightrope")
	cmd.Dir = root
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// BenchmarkProcess measures whole processes, from start to end, and the most
// memory that they held: what a user waits for. The promise is 60 ms for the
// risk sheet, 10 s and 1 GiB for 1,000 services with 10,000 risks, and growth
// in between that is linear, which ns/service shows.
func BenchmarkProcess(b *testing.B) {
	binary := build(b)
	for _, name := range []string{"cre", "booking", "shop"} {
		b.Run("example="+name, func(b *testing.B) {
			process(b, binary, "forecast", filepath.Join(root, "examples", name))
		})
	}
	for _, services := range []int{100, 200, 500, testmodel.DefaultServices} {
		b.Run(fmt.Sprintf("services=%d", services), func(b *testing.B) {
			file := filepath.Join(b.TempDir(), "model.yaml")
			if err := os.WriteFile(file, testmodel.Generate(services, 10*services, 1), 0o644); err != nil {
				b.Fatal(err)
			}
			process(b, binary, "forecast", "--format", "json", file)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(services), "ns/service")
		})
	}
}

// process runs a command again and again, each time to its end.
func process(b *testing.B, binary string, args ...string) {
	b.Helper()
	most, told := int64(0), false
	for b.Loop() {
		cmd := exec.Command(binary, args...)
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%s: %v\n%s", cmd, err, out)
		}
		held, ok := maxMemory(cmd.ProcessState)
		most, told = max(most, held), ok
	}
	if told {
		b.ReportMetric(float64(most)/(1<<20), "MiB-most")
	}
}
