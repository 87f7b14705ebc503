package safetext

import "testing"

func TestMarkdownIsNothingButText(t *testing.T) {
	for in, want := range map[string]string{
		"ask @ops/db, or a@b.example": `ask @&#8203;ops/db, or a@&#8203;b.example`,
		"@@ops @ 5%":                  `@@&#8203;ops @ 5%`,
		"see https://x.example/a_b":   `see https:&#8203;//x.example/a\_b`,
		"FTP://x WWW.x.example":       `FTP:&#8203;//x WWW&#8203;.x.example`,
		"disk #1, #one":               `disk #&#8203;1, \#one`,
		"a: b www c":                  `a: b www c`,
		"<b>&`*|\\~[x](y)\x1b\u202e":  "&lt;b&gt;&amp;\\`\\*\\|\\\\\\~\\[x\\](y)",
		"@한국":                         `@&#8203;한국`,
	} {
		if got := Markdown(in); got != want {
			t.Errorf("%q became\n%s, want\n%s", in, got, want)
		}
	}
	if got, want := MarkdownHTML("a_b <c> @ops"), `a_b &lt;c&gt; @&#8203;ops`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
