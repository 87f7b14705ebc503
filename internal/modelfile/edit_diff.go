package modelfile

import (
	"bytes"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Changes returns what differs between two texts of the files of a model as
// diff -u tells it, with three lines around each change; it is empty where
// nothing differs. The files are called a/NAME before and b/NAME after.
func Changes(before, after []File) string {
	data := map[string][]byte{}
	for _, f := range after {
		data[f.Name] = f.Data
	}
	var b strings.Builder
	for _, f := range before {
		write(&b, f.Name, f.Data, data[f.Name])
		delete(data, f.Name)
	}
	for _, f := range after {
		if _, left := data[f.Name]; left {
			write(&b, f.Name, nil, f.Data)
		}
	}
	return b.String()
}

// write adds what differs in one file, without the line `diff a b`, which
// diff -u does not have.
func write(b *strings.Builder, name string, before, after []byte) {
	_, text, _ := bytes.Cut(diff.Diff("a/"+name, before, "b/"+name, after), []byte("\n"))
	b.Write(text)
}
