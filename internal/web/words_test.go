package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/model"
)

var inBraces = regexp.MustCompile(`\{[a-z]+\}`)

// What is said in one language is said in the other, with the same names put in.
func TestBothLanguagesSayTheSame(t *testing.T) {
	en, ko := english(), korean()
	for key, text := range en {
		other, ok := ko[key]
		if !ok || other == "" || text == "" {
			t.Errorf("%s is not in both languages", key)
			continue
		}
		a, b := inBraces.FindAllString(text, -1), inBraces.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s puts in %v in English and %v in Korean", key, a, b)
		}
	}
	for key := range ko {
		if _, ok := en[key]; !ok {
			t.Errorf("%s is in Korean only", key)
		}
	}
}

// Every text is used, and every text that is used is there.
func TestEveryTextIsUsedAndThere(t *testing.T) {
	var source strings.Builder
	for _, pattern := range []string{"*.go", "templates/*.tmpl"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") || f == "english.go" || f == "korean.go" {
				continue
			}
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(data)
		}
	}
	text := source.String()
	words := english()
	// These are put together: the kinds and statuses of nets, the keys of the
	// model's language, the codes of problems, the two fields of a comparison.
	made := regexp.MustCompile(`^(kind|key|problem)\.|^web\.nets\.(proposed|building|in-place)$|^web\.compare\.[ab]$`)
	for key := range words {
		if !made.MatchString(key) && !strings.Contains(text, `"`+key+`"`) {
			t.Errorf("%s is never said", key)
		}
	}
	for _, m := range regexp.MustCompile(`(?:[Ss]ay\(|say )"(web\.[a-z.\-]+)"`).FindAllStringSubmatch(text, -1) {
		if _, ok := words[m[1]]; !ok && !strings.HasSuffix(m[1], ".") {
			t.Errorf("%s is said, and not there", m[1])
		}
	}
}

// The workshop calls the keys of a model as the language does.
func TestKeysOfAModelAreSaidInEveryLanguage(t *testing.T) {
	all := tongues()
	for _, k := range model.KeyNames() {
		if en, ko := all["en"].Say("key."+k.Key), all["ko"].Say("key."+k.Key); en != k.English || ko != k.Korean {
			t.Errorf("%s is called %s and %s", k.Key, en, ko)
		}
	}
}

// Names that somebody gave are not translated where they are also those of keys.
func TestNamesAreSaidAsTheyAre(t *testing.T) {
	ko := tongues()["ko"]
	for path, want := range map[string]string{
		"chance":                      "한 번에 일어날 확률",
		"objectives/over/over":        "목표 · over · 기간",
		"objectives/available/target": "목표 · 가용성 · 목표치",
		"impact/users":                "영향받는 사용자 · users",
		"needs/3/split/source":        "필요한 것 · 4 · 사용자 비율 · source",
		"needs/3/split/3":             "필요한 것 · 4 · 사용자 비율 · 3",
		"effects/0/detects/after":     "효과 · 1 · 탐지 · 탐지까지",
	} {
		if got := ko.label("", path); got != want {
			t.Errorf("%s is called %s, want %s", path, got, want)
		}
	}
}
