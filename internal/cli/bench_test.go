package cli

import (
	"io"
	"testing"
	"time"
)

// BenchmarkForecast is the whole command but the start of the process.
func BenchmarkForecast(b *testing.B) {
	for _, example := range []string{"cre", "booking"} {
		b.Run(example, func(b *testing.B) {
			for b.Loop() {
				code := Main(&Process{
					Args:     []string{"forecast", "../../examples/" + example},
					Stdout:   io.Discard,
					Stderr:   io.Discard,
					Getenv:   func(string) string { return "" },
					Terminal: func(io.Writer) (int, bool) { return 0, false },
					After:    time.After,
				})
				if code != ExitOK {
					b.Fatalf("exit code %d", code)
				}
			}
		})
	}
}
