package modelfile

import (
	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// textsObject is a text that is written in each language.
var textsObject = object[model.Texts]{
	name:   "text by language",
	doc:    "A text in English and one in Korean. Where one is missing the other stands for both.",
	at:     func(t *model.Texts) *model.Pos { return &t.Pos },
	fields: languages(),
}

// languages are its keys.
func languages() []field[model.Texts] {
	var out []field[model.Texts]
	for _, k := range model.TextsKeys() {
		f := in(k.Name, aText, where[model.Text](k.At))
		f.doc = k.About()
		out = append(out, f)
	}
	return out
}

// someTexts is a text that stands for all languages, or one for each.
var someTexts = kind[model.Texts]{
	schema: anyOf(ref("text"), ref(textsObject.name)),
	read: func(r *reader, n *yaml.Node) (t model.Texts, ok bool) {
		if n.Kind != yaml.MappingNode {
			v, ok := aText.read(r, n)
			return model.Texts{Pos: v.Pos, Both: v.S}, ok
		}
		if len(n.Content) == 0 {
			r.problem(n, "wrong-type", "expected a text, or one for each language as in {en: …, ko: …}, found an empty map")
			return t, false
		}
		ok = textsObject.read(r, n, site{place: n, who: "the text", stranger: r.unknownLanguage}, &t)
		return t, ok && t.Is()
	},
}

// unknownLanguage reports a language in which no text can be.
func (r *reader) unknownLanguage(key *yaml.Node) bool {
	r.problem(key, "unknown-key", "unknown language %s; expected %s", quote(key.Value), or(textsObject.keyNames()))
	return true
}
