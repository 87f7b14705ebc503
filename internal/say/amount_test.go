package say

import "testing"

// Amounts that add up are said by one unit, and as they are said alone: nobody meets one
// amount in two ways of writing.
func TestAmountsThatAddUpAreSaidInOneWay(t *testing.T) {
	for _, k := range []struct {
		currency string
		parts    []float64
		en, ko   []string // the parts, and their sum
	}{
		{"KRW", []float64{3_800_000, 17_800_000, 300_000}, []string{"3.8 million KRW", "17.8 million KRW", "300,000 KRW", "21.9 million KRW"}, []string{"380만 원", "1,780만 원", "30만 원", "2,190만 원"}},
		{"EUR", []float64{15_000, 884_000, 20}, []string{"15,000 EUR", "884,000 EUR", "<1,000 EUR", "899,000 EUR"}, []string{"1만 5,000 EUR", "88만 4,000 EUR", "1,000 EUR 미만", "89만 9,000 EUR"}},
		{"KRW", []float64{2_400, 0}, []string{"2,400 KRW", "0 KRW", "2,400 KRW"}, []string{"2,400원", "0원", "2,400원"}},
		{"", []float64{0.25, 0.5}, []string{"0.25", "0.5", "0.75"}, nil},
	} {
		r := AddUpRoughly(k.parts...)
		for _, l := range []struct {
			Language
			want []string
		}{{English(), k.en}, {Korean(), k.ko}} {
			for i, want := range l.want {
				got := l.AmountTotal(k.currency, r)
				if i < len(k.parts) {
					got = l.AmountOf(k.currency, r, i)
				}
				if got != want {
					t.Errorf("%s: %v: %q, expected %q", l.Code, k.parts, got, want)
				}
			}
		}
	}
	if a, b := Korean().Money("KRW", 3_800_000), Korean().AmountTotal("KRW", Alone(3_800_000)); a != b {
		t.Errorf("one amount is said as %q and as %q", a, b)
	}
}

func TestHowWellANumberIsKnown(t *testing.T) {
	for text, want := range map[string][2]string{
		"2 in 1y":    {"seen twice in 1 year so far", "지금까지 1년 동안 2건"},
		"0 in 4y":    {"not seen in 4 years so far", "지금까지 4년 동안 0건"},
		"7 in 2y":    {"seen 7 times in 2 years so far", "지금까지 2년 동안 7건"},
		"0.3%..2.5%": {"estimated at 0.3% to 2.5%", "현재 추정 0.3%~2.5%"},
		"45d..120d":  {"estimated at 45 days to 120 days", "현재 추정 45일~120일"},
	} {
		if got := English().Spaced().Known(text); got != want[0] {
			t.Errorf("%q is said as %q, expected %q", text, got, want[0])
		}
		if got := Korean().Spaced().Known(text); got != want[1] {
			t.Errorf("%q is said as %q, expected %q", text, got, want[1])
		}
	}
}
