package safetext_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"tightrope/internal/safetext"
)

type place struct {
	Line float64 `json:"line"`
}

type inner struct {
	Mean   float64            `json:"mean"`
	Maybe  *float64           `json:"maybe"`
	Pair   [2]float64         `json:"pair"`
	ByName map[string]float64 `json:"by_name"`
	Any    any                `json:"any"`
	Hidden float64            `json:"-"`
	Bare   float64
	place
}

type outer struct {
	Services []inner `json:"services"`
	Word     string  `json:"word"`
}

func TestANumberThatIsNoneIsAnErrorThatNamesItsField(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	for want, in := range map[string]inner{
		"services[1].mean is NaN":            {Mean: nan},
		"services[1].maybe is -Inf":          {Maybe: &inf},
		"services[1].pair[1] is NaN":         {Pair: [2]float64{0, nan}},
		"services[1].by_name.b is +Inf":      {ByName: map[string]float64{"a": 1, "b": math.Inf(1), "c": nan}},
		"services[1].any[0].mean is NaN":     {Any: []*inner{{Mean: nan}}},
		"services[1].Bare is -Inf":           {Bare: inf},
		"services[1].line is NaN":            {place: place{nan}},
		"services[1].any is NaN, which is n": {Any: nan},
	} {
		var b bytes.Buffer
		err := safetext.Document(&b, outer{Services: []inner{{}, in}})
		var number *safetext.NumberError
		if !errors.As(err, &number) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if b.Len() > 0 {
			t.Errorf("%s: %q is written", want, b.String())
		}
	}
}

func TestADocumentIsIndentedAndSafe(t *testing.T) {
	var b bytes.Buffer
	if err := safetext.Document(&b, outer{Services: []inner{}, Word: "a<b \u009b31m"}); err != nil {
		t.Fatal(err)
	}
	if want := "{\n  \"services\": [],\n  \"word\": \"a<b \\u009b31m\"\n}\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
	hidden := math.NaN()
	if err := safetext.Document(&b, inner{Hidden: hidden}); err != nil {
		t.Errorf("what is not written: %v", err)
	}
	if err := safetext.Document(&b, nil); err != nil {
		t.Error(err)
	}
}
