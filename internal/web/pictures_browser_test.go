package web_test

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tightrope/internal/browser"
	"tightrope/internal/web"
)

var makePictures = flag.Bool("pictures", false, "write the pictures of pages under docs/images anew")

// imageFolder is where the manual keeps pictures of pages.
const imageFolder = "../../docs/images"

// tried is a state of the booking example that has something of everything.
const tried = "set=services/booking/objective/target%3D99.95%25&with=canary"

// The manual has a picture of each page, on a desk and on a phone; with -pictures
// they are made anew, to be looked at.
func TestPicturesOfPages(t *testing.T) {
	one := serve(t, hospital, func(o *web.Options) { o.Planning = time.Minute })
	shop, broken := serve(t, "../../examples/shop"), serve(t, hospital)
	broken.edit("risks.yaml", "chance: 2%..6%", "chanse: 2%..6%")
	if *makePictures { // a plan takes longer than a page waits
		for end := time.Now().Add(3 * time.Minute); strings.Contains(one.get("/plan"), `class="progress"`) && time.Now().Before(end); {
			time.Sleep(time.Second)
		}
	}
	for _, p := range []struct {
		s          *site
		name, path string
	}{
		{shop, "overview", "/"},
		{one, "answer", "/"},
		{one, "service", "/service/booking"},
		{one, "workshop", "/workshop?" + tried},
		{one, "risks", "/risks"},
		{one, "plan", "/plan"},
		{one, "compare", "/compare?b=set%3Dservices/booking/objective/target%3D99.95%2525%26with%3Dcanary"},
		{broken, "model", "/model"},
		{one, "workshop-ko", "/workshop?lang=ko&" + tried},
	} {
		for _, width := range []int{browser.Desk, browser.Phone} {
			name, height := p.name, 960
			if width == browser.Phone {
				name, height = name+"-phone", 844
			}
			kept := filepath.Join(imageFolder, name+".png")
			if !*makePictures {
				// Making them anew takes a plan of the whole example: that they are
				// there, and of what size, is seen at once.
				pictured(t, kept, width, height)
				continue
			}
			for end := time.Now().Add(3 * time.Minute); strings.Contains(p.s.get(p.path), `class="progress"`) && time.Now().Before(end); {
				time.Sleep(time.Second) // a plan takes longer than a page waits
			}
			page := p.s.open(t, p.path, browser.Options{Width: width, Height: height})
			page.Wait(`document.readyState === "complete" && !document.querySelector(".progress")`)
			page.Screenshot(kept, false)
			pictured(t, kept, width, height)
		}
	}
}

func pictured(t *testing.T, file string, width, height int) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test ./internal/web -run Pictures -pictures makes it", err)
	}
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if c.Width < width || c.Height < height {
		t.Errorf("%s is %d × %d, expected %d × %d or more", file, c.Width, c.Height, width, height)
	}
}
