package model

import "testing"

func TestATextIsThatOfTheLanguageElseTheOther(t *testing.T) {
	for name, c := range map[string]struct {
		text             Texts
		en, ko           string
		hasEn, hasKo, is bool
		translated       bool
	}{
		"nothing":            {},
		"one in English":     {text: One("Booking"), en: "Booking", ko: "Booking", hasEn: true, is: true},
		"one in Korean":      {text: One("예약"), en: "예약", ko: "예약", hasEn: true, hasKo: true, is: true},
		"one for each":       {text: Each("Booking", "예약"), en: "Booking", ko: "예약", hasEn: true, hasKo: true, is: true, translated: true},
		"in English only":    {text: Each("Booking", ""), en: "Booking", ko: "Booking", hasEn: true, is: true},
		"in Korean only":     {text: Each("", "예약"), en: "예약", ko: "예약", hasKo: true, is: true},
		"the same in Korean": {text: Each("KT", "KT"), en: "KT", ko: "KT", hasEn: true, hasKo: true, is: true, translated: true},
	} {
		t.Run(name, func(t *testing.T) {
			if en, ko := c.text.In("en"), c.text.In("ko"); en != c.en || ko != c.ko {
				t.Errorf("in English %q and in Korean %q, want %q and %q", en, ko, c.en, c.ko)
			}
			if en, ko := c.text.Has("en"), c.text.Has("ko"); en != c.hasEn || ko != c.hasKo {
				t.Errorf("in English %t and in Korean %t, want %t and %t", en, ko, c.hasEn, c.hasKo)
			}
			if c.text.Is() != c.is || c.text.Translated() != c.translated {
				t.Errorf("there: %t, translated: %t", c.text.Is(), c.text.Translated())
			}
		})
	}
}
