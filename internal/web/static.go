package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"

	"tightrope/internal/document/html"
)

//go:embed static
var staticFiles embed.FS

// An asset is a file that pages load, under a name that changes with what is in
// it, so that browsers keep it.
type asset struct {
	name string // of the link
	kind string
	data []byte
}

// assets are what is served under /static/, by the name without the mark.
func assets() (map[string]asset, error) {
	out := map[string]asset{}
	for file, kind := range map[string]string{"web.css": "text/css; charset=utf-8", "web.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml"} {
		data, err := staticFiles.ReadFile("static/" + file)
		if err != nil {
			return nil, err
		}
		if file == "web.css" {
			data = append([]byte(html.Stylesheet()+"\n"), data...)
		}
		sum := sha256.Sum256(data)
		out[file] = asset{hex.EncodeToString(sum[:6]) + "-" + file, kind, data}
	}
	return out, nil
}

// link is where an asset is found.
func (s *Server) link(file string) string { return path.Join("/static", s.static[file].name) }

func (s *Server) staticFile(w http.ResponseWriter, r *http.Request) {
	for _, a := range s.static {
		if a.name == r.PathValue("name") {
			w.Header().Set("Content-Type", a.kind)
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			if r.Method != http.MethodHead {
				_, _ = w.Write(a.data)
			}
			return
		}
	}
	s.problem(w, r, notFound)
}
