package safetext

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

const evil = "a\x1b[31mred\x1b]0;title\x07\u009b2J\u202eback\u2066\x7f\r\x9bend"

func TestALineHasNothingThatActs(t *testing.T) {
	if got, want := Line("one\ntwo\t\u2028"+evil), "one two  a[31mred]0;title2Jback end"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatActsIsWrittenOut(t *testing.T) {
	if got, want := Visible(evil+"\n"), `a\x1b[31mred\x1b]0;title\x07\u009b2J\u202eback\u2066\x7f\x0d\x9bend\x0a`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAWriterLetsLinesAndStylesThrough(t *testing.T) {
	in := "\x1b[1mapp\x1b[0m: 한국어\n\tx " + strings.ReplaceAll(evil, "\x1b[31m", "\x1b[8m") + "\x1b[3"
	want := "\x1b[1mapp\x1b[0m: 한국어\n\tx " + `a\x1b[8mred\x1b]0;title\x07\u009b2J\u202eback\u2066\x7f\x0d\x9bend\x1b[3`
	var whole, bytewise bytes.Buffer
	w := NewWriter(&whole, "\x1b[0m", "\x1b[1m", "\x1b[31m")
	if n, err := w.Write([]byte(in)); n != len(in) || err != nil {
		t.Errorf("wrote %d of %d, error %v", n, len(in), err)
	}
	_ = w.Flush()
	w = NewWriter(&bytewise, "\x1b[0m", "\x1b[1m", "\x1b[31m")
	for i := range len(in) {
		_, _ = w.Write([]byte{in[i]})
	}
	_ = w.Flush()
	if whole.String() != want || bytewise.String() != want {
		t.Errorf("got\n%q and byte by byte\n%q, want\n%q", whole.String(), bytewise.String(), want)
	}
}

func TestAWriterWithoutStylesLetsNoneThrough(t *testing.T) {
	var out bytes.Buffer
	_, _ = NewWriter(&out).Write([]byte("a\x1b[31mb"))
	if out.String() != `a\x1b[31mb` {
		t.Errorf("got %q", out.String())
	}
}

func TestAWriterSaysWhatFailed(t *testing.T) {
	if _, err := NewWriter(failing{}).Write([]byte("x")); err == nil {
		t.Error("got no error")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, iotest.ErrTimeout }

func TestJSONMeansTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Just(strings.ToValidUTF8(evil, ""))).Draw(t, "s")
		var out bytes.Buffer
		enc := json.NewEncoder(JSON(&out))
		enc.SetEscapeHTML(false)
		if err := enc.Encode(map[string]string{"s": s}); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsFunc(strings.TrimSuffix(out.String(), "\n"), Acts) {
			t.Fatalf("something acts in %q", out.String())
		}
		var back map[string]string
		if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["s"] != strings.ToValidUTF8(s, "\ufffd") {
			t.Fatalf("%q became %q, error %v", s, back["s"], err)
		}
	})
}
