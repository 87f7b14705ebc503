// Package examples holds the example models that the program can show without
// any file.
package examples

import (
	"embed"
	"io/fs"
)

//go:embed booking/*.yaml
var booking embed.FS

// Booking is the hospital booking example, as a folder of model files.
func Booking() fs.FS {
	sub, err := fs.Sub(booking, "booking")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return sub
}
