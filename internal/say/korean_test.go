package say

import (
	"math"
	"strings"
	"testing"

	"tightrope/internal/model"
)

func TestParticlesFollowHowTheWordBeforeThemEnds(t *testing.T) {
	say := func(word, particle string) string {
		l := Language{Code: "ko", words: map[string]string{"x": "{w}" + particle}}
		return l.Say("x", "w", word)
	}
	for _, c := range []struct{ word, particle, want string }{
		{"서비스", "은(는)", "서비스는"}, {"상점", "은(는)", "상점은"},
		{"결제", "이(가)", "결제가"}, {"배포", "을(를)", "배포를"}, {"검색", "을(를)", "검색을"},
		{"99.9%", "을(를)", "99.9%를"}, {"99.9%", "이(가)", "99.9%가"}, {"99.9%", "으로(로)", "99.9%로"},
		{"서울", "으로(로)", "서울로"}, {"부산", "으로(로)", "부산으로"}, {"경주", "으로(로)", "경주로"},
		{"서울", "과(와)", "서울과"}, {"경주", "과(와)", "경주와"},
		{"3", "은(는)", "3은"}, {"2", "은(는)", "2는"}, {"10", "이(가)", "10이"}, {"7", "으로(로)", "7로"}, {"6", "으로(로)", "6으로"},
		{"5분 15초", "을(를)", "5분 15초를"}, {"10개월", "은(는)", "10개월은"}, {"3,900만 원", "이(가)", "3,900만 원이"},
		{"zone-a", "이(가)", "zone-a가"}, {"booking", "은(는)", "booking은"}, {"checkout", "은(는)", "checkout은"}, {"database", "을(를)", "database를"},
		{"email", "으로(로)", "email로"}, {"payment", "은(는)", "payment는"}, {"LG", "은(는)", "LG는"}, {"SMS", "은(는)", "SMS는"},
		{"URL", "을(를)", "URL을"}, {"EUR", "이(가)", "EUR가"}, {"mail", "이(가)", "mail이"}, {"cron", "을(를)", "cron을"},
		{"서비스(주문)", "은(는)", "서비스는"}, {"상점(본점)", "은(는)", "상점(본점)은"}, {"‘검색’", "은(는)", "‘검색’은"},
		{"", "은(는)", "는"}, {"(빈 이름)", "은(는)", "(빈 이름)은"}, {"!!", "은(는)", "!!는"}, {"日本", "은(는)", "日本는"},
	} {
		got := say(c.word, c.particle)
		want := c.want
		if c.word == "서비스(주문)" { // the brackets stay where they are
			want = "서비스(주문)는"
		}
		if got != want {
			t.Errorf("%s + %s is %q, want %q", c.word, c.particle, got, want)
		}
	}
	if got := English().Say("verdict.kept", "promise", "은(는)", "kept", "x", "band", ""); !strings.HasPrefix(got, "은(는)") {
		t.Errorf("a name of the model was changed: %q", got)
	}
}

func TestNoParticleIsLeftUndecided(t *testing.T) {
	for key, text := range korean {
		for _, p := range []string{"은는", "을를", "이/가", "은/는", "을/를", "(으)로", "(이)"} {
			if strings.Contains(text, p) {
				t.Errorf("%s has %q", key, p)
			}
		}
		values := []string{}
		for _, s := range slots(text) {
			values = append(values, s, "7")
		}
		for _, s := range []string{"one", "many", "unit"} {
			values = append(values, s, "7")
		}
		if said := Korean().Say(key, values...); strings.Contains(said, "은(는)") || strings.Contains(said, "(를)") || strings.Contains(said, "(가)") || strings.Contains(said, "으로(로)") {
			t.Errorf("%s is said %q", key, said)
		}
	}
}

func TestTimesAreSaidInKorean(t *testing.T) {
	l := Korean()
	for _, c := range []struct {
		seconds       float64
		around, exact string
	}{
		{0, "0초", "0초"}, {0.01, "0.1초 미만", "0.01초"}, {6.048, "6초", "6.04초"}, {69, "1분 9초", "1분 9초"},
		{315.576, "5분 16초", "5분 15초"}, {7500, "2시간 5분", "2시간 5분"}, {10800, "3시간", "3시간"},
		{267840, "3.1일", "3일 2시간"}, {31 * model.Day, "31일", "31일"}, {123 * model.Year, "120년", "123년"},
		{math.NaN(), "알 수 없음", "알 수 없음"},
	} {
		if got := l.Around(c.seconds); got != c.around {
			t.Errorf("Around(%v) = %q, want %q", c.seconds, got, c.around)
		}
		if got := l.Exact(c.seconds); got != c.exact {
			t.Errorf("Exact(%v) = %q, want %q", c.seconds, got, c.exact)
		}
	}
}

func TestMoneyIsCountedByTenThousands(t *testing.T) {
	l := Korean()
	for _, c := range []struct {
		v        float64
		won, eur string
	}{
		{0, "0원", "0 EUR"}, {0.35, "0.35원", "0.35 EUR"}, {47, "47원", "47 EUR"}, {1234, "1,200원", "1,200 EUR"},
		{9949, "9,900원", "9,900 EUR"}, {9999, "1만 원", "1만 EUR"}, {49266, "4만 9,000원", "4만 9,000 EUR"},
		{240_000, "24만 원", "24만 EUR"}, {39e6, "3,900만 원", "3,900만 EUR"}, {1e8, "1억 원", "1억 EUR"},
		{4.2e8, "4억 2,000만 원", "4억 2,000만 EUR"}, {2.5e9, "25억 원", "25억 EUR"}, {1.3e12, "1조 3,000억 원", "1조 3,000억 EUR"},
		{-1200, "−1,200원", "−1,200 EUR"}, {math.Inf(1), "?원", "? EUR"},
	} {
		if got := l.Money("KRW", c.v); got != c.won {
			t.Errorf("%v KRW is %q, want %q", c.v, got, c.won)
		}
		if got := l.Money("EUR", c.v); got != c.eur {
			t.Errorf("%v EUR is %q, want %q", c.v, got, c.eur)
		}
	}
	for v := 9000.0; v < 1e17; v *= 1.137 {
		if said := l.Money("", v); strings.Count(said, " ") > 1 || strings.Contains(said, "e") {
			t.Errorf("%v is %q", v, said)
		}
	}
}

func TestMoneyIsSaidAsPeopleDo(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.35: "0.35", 47: "47", 49266: "49,000", 3.9e6: "3.9 million", 4.2e8: "420 million", 2.5e9: "2.5 billion", -1200: "−1,200", math.Inf(1): "?"} {
		if got := English().Money("", v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
	if got := English().Money("KRW", 39e6); got != "39 million KRW" {
		t.Error(got)
	}
}

func TestAxesOfMoneyHaveAUnitThatPeopleCountBy(t *testing.T) {
	for _, c := range []struct {
		l        Language
		currency string
		top      float64
		want     Scale
	}{
		{English(), "KRW", 4e8, Scale{1e6, "million KRW"}}, {English(), "KRW", 4e9, Scale{1e9, "billion KRW"}}, {English(), "", 50, Scale{1, ""}},
		{Korean(), "KRW", 4e8, Scale{1e8, "억 원"}}, {Korean(), "KRW", 4e6, Scale{1e4, "만 원"}}, {Korean(), "KRW", 500, Scale{1, "원"}},
		{Korean(), "EUR", 49000, Scale{1, "EUR"}}, {Korean(), "", 4e8, Scale{1e8, "억"}},
	} {
		if got := c.l.ScaleOf(c.currency, c.top); got != c.want {
			t.Errorf("%s up to %v %s: %+v, want %+v", c.l.Code, c.top, c.currency, got, c.want)
		}
	}
}

func TestScalarsOfAModelAreReadInKorean(t *testing.T) {
	for text, want := range map[string]string{
		"30d": "30일", "1y": "1년", "4w": "4주", "1h30m": "1시간 30분", "30m..3h": "30분~3시간", "2%..6%": "2%~6%", "99.9%": "99.9%",
		"2 in 5y": "2건/5년", "1.4%/y": "연 1.4%", "0.3/y": "연 0.3", "45d..120d": "45일~120일", "~30m": "약 30분", "exp(30m)": "평균 30분(지수분포)", "2/w": "주당 2", "": "",
	} {
		if got := Korean().Written(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
		if got := English().Written(text); got != text {
			t.Errorf("%q is %q in English", text, got)
		}
	}
}

func TestDays(t *testing.T) {
	d := &model.Date{Year: 2026, Month: 11, Day: 4, Text: "2026-11-04"}
	if got := Korean().Date(d); got != "2026년 11월 4일" {
		t.Error(got)
	}
	if got := English().Date(d); got != "2026-11-04" {
		t.Error(got)
	}
	if got := English().Date(&model.Date{Year: 2026, Month: 1, Day: 4}); got != "2026-01-04" {
		t.Error(got)
	}
	if got := Korean().Date(nil); got != "" {
		t.Error(got)
	}
}

func TestHowOftenIsSaidInKorean(t *testing.T) {
	month := Korean().Cadence(30*model.Day, "30d")
	year := Korean().Cadence(model.Year, "1y")
	other := Korean().Cadence(14*model.Day, "14d")
	for _, c := range []struct{ got, want string }{
		{month.Kept(0.92), "12개월 중 약 11개월 달성됩니다"},
		{month.Kept(1), "항상 달성됩니다"}, {month.Kept(0), "한 번도 달성되지 않습니다"},
		{month.Kept(0.999), "거의 항상 달성되고, 미달은 약 82년에 한 번입니다"},
		{month.Kept(0.02), "거의 달성되지 않고, 달성은 약 50개월에 한 번입니다"},
		{year.Kept(0.8), "10년 중 약 8년 달성됩니다"}, {other.Kept(0.7), "14일 기간 10회 중 약 7회 달성됩니다"},
		{month.Cell(0.92), "12개월 중 약 11개월"}, {month.Cell(0.9999), "거의 항상(약 820년에 한 번 미달)"}, {other.Cell(0.7), "10회 중 약 7회"},
		{month.Window(), "한 달(30일)"}, {other.Window(), "14일"}, {month.OutOf(1), "12개월 중 1개월"},
		{month.BeKept(0.999), "약 82년에 한 번만 미달할 전망"}, {month.BeKept(0.7), "12개월 중 약 8.5개월 달성할 전망"},
		{Korean().Beside(0.64, 0.9), "64%"}, {Korean().Likely(0), "0.01% 미만"}, {Korean().Likely(1), "99.99% 초과"},
		{Korean().Part(26), "26배"}, {Korean().Part(0.0001), "0.1% 미만"}, {Korean().Listed([]string{"a", "b", "c"}), "a, b, c"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestALineDoesNotBeginBehindASign(t *testing.T) {
	if got := Korean().Joined("99%가 50% 이상"); got != "99%\u2060가 50% 이상" {
		t.Errorf("%q", got)
	}
	if got := English().Joined("99%가"); got != "99%가" {
		t.Errorf("%q", got)
	}
}
