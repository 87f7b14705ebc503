package report

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"tightrope/internal/safetext"
)

// A number that is none is an error that names its field, and nothing is written.
func TestNoNumberThatIsNoneIsWritten(t *testing.T) {
	r := booking()
	r.Entries[0].SD = math.NaN()
	var b bytes.Buffer
	err := JSON(&b, r, Options{})
	var number *safetext.NumberError
	if !errors.As(err, &number) || number.Field != "services[0].bad_seconds.sd" || b.Len() > 0 {
		t.Errorf("got %v, and %d bytes", err, b.Len())
	}
}
