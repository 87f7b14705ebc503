package report

import (
	"tightrope/internal/message"
	"tightrope/internal/model"
)

type (
	// jsonTitle is a title: in English, or as it is written, and in both languages
	// where it is written in both.
	jsonTitle struct {
		Title  *string     `json:"title"`
		Titles *jsonTitles `json:"titles,omitempty"`
	}

	jsonTitles struct {
		English string `json:"en"`
		Korean  string `json:"ko"`
	}
)

func titleJSON(t model.Texts) jsonTitle { return jsonTitle{known(t.In("en")), titlesJSON(t)} }

// madeJSON is the title of what the engines may have made.
func madeJSON(t model.Texts, made message.Message) jsonTitle {
	if made.Is() {
		return jsonTitle{Title: known(english().Message(made))}
	}
	return titleJSON(t)
}

func titlesJSON(t model.Texts) *jsonTitles {
	if !t.Translated() {
		return nil
	}
	return &jsonTitles{t.In("en"), t.In("ko")}
}
