package report

import (
	"bytes"
	"encoding/json"
	"testing"

	"tightrope/internal/message"
	"tightrope/internal/model"
)

func TestTitlesAreThereInBothLanguagesWhereBothAreWritten(t *testing.T) {
	for name, c := range map[string]struct {
		title model.Texts
		made  message.Message
		want  string
	}{
		"none":                   {want: `{"title":null}`},
		"one for both":           {title: model.One("예약"), want: `{"title":"예약"}`},
		"one for each":           {title: model.Each("Booking", "예약"), want: `{"title":"Booking","titles":{"en":"Booking","ko":"예약"}}`},
		"in Korean only":         {title: model.Each("", "예약"), want: `{"title":"예약"}`},
		"what the engines made":  {title: model.Each("Disk", "디스크"), made: message.AlwaysThere(), want: `{"title":"Errors that are always there"}`},
		"what is of such a part": {made: message.AllCopies(message.Titled("Disk", "디스크"), nil), want: `{"title":"Disk (all copies at once)"}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := json.Marshal(madeJSON(c.title, c.made))
			if err != nil || string(got) != c.want {
				t.Errorf("%s %v, want %s", got, err, c.want)
			}
		})
	}
}

// A document keeps the places of its keys.
func TestADocumentHasTitlesBesideTheTitle(t *testing.T) {
	r := roomForOne()
	e := r.Entries[0]
	e.Title, e.Sources[0].Title = model.Each("Hospital booking", "병원 예약"), model.Each("A release breaks it", "배포 장애")
	var b bytes.Buffer
	if err := JSON(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"title": "Hospital booking",`, `"ko": "병원 예약"`, `"title": "A release breaks it",`, `"ko": "배포 장애"`} {
		if !bytes.Contains(b.Bytes(), []byte(want)) {
			t.Errorf("the document has no %s", want)
		}
	}
}
