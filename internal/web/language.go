package web

import (
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"tightrope/internal/model"
	"tightrope/internal/page"
)

// A tongue is what pages say in one language: the words of the server's pages,
// and those of what is set in them.
type tongue struct {
	page.Language
	own map[string]string
}

// Say returns the text of a key, with the values of the names in braces, which
// are given in pairs.
func (t tongue) Say(key string, pairs ...string) string {
	text, ok := t.own[key]
	if !ok {
		return t.Language.Say(key, pairs...)
	}
	list := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(list...).Replace(text)
}

// has reports whether there is such a key.
func (t tongue) has(key string) bool {
	_, ok := t.own[key]
	return ok || t.Has(key)
}

// Languages that pages are in; the first is the one that fits nobody better.
var (
	tags    = []language.Tag{language.English, language.Korean}
	matcher = language.NewMatcher(tags)
)

func tongues() map[string]tongue {
	en, ko := english(), korean()
	for _, k := range model.KeyNames() {
		en["key."+k.Key], ko["key."+k.Key] = k.English, k.Korean
	}
	out := map[string]tongue{"en": {page.English(), en}}
	if l, ok := page.LanguageOf("ko"); ok {
		out["ko"] = tongue{l, ko}
	}
	return out
}

// languageCookie keeps the language that somebody chose.
const languageCookie = "tightrope_lang"

// tongue is the language of a request: what its link asks for, what was chosen
// before, what the server was told, or what the browser prefers.
func (s *Server) tongue(w http.ResponseWriter, r *http.Request) tongue {
	if code := r.URL.Query().Get("lang"); code != "" {
		if t, ok := s.tongues[code]; ok {
			http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: code, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600})
			return t
		}
	}
	if c, err := r.Cookie(languageCookie); err == nil {
		if t, ok := s.tongues[c.Value]; ok {
			return t
		}
	}
	if t, ok := s.tongues[s.opts.Language]; ok {
		return t
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err == nil && len(wanted) > 0 {
		_, i, _ := matcher.Match(wanted...)
		base, _ := tags[i].Base()
		if t, ok := s.tongues[base.String()]; ok {
			return t
		}
	}
	return s.tongues["en"]
}
