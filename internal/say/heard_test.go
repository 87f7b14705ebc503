package say

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// speakers are the functions of the engines that take what is said to people,
// and the fields that it ends in.
var (
	speakers = map[string]bool{"note": true, "warn": true, "assume": true, "cut": true, "Share": true, "rate": true, "complement": true, "signed": true, "change": true}
	fields   = map[string]bool{"Message": true}
	lists    = map[string]bool{"Assumed": true, "assumed": true, "Unknown": true}
	verbs    = regexp.MustCompile(`%[+.0-9]*[a-z]`)
)

// unheard are texts of the engines that no page says, and why.
var unheard = map[string]string{
	"read and checked, but not part of this forecast: x": "a page has money in it",
	"time to detect":      "a break-even, which a page does not ask for",
	"time to acknowledge": "the same",
	"time to recover":     "the same",
	// What stands for x is a text that is there.
	"x, which stands":     "x excludes x, which stands",
	"x, which x replaces": "x requires x, which x replaces",
	"x, which is x":       "x requires x, which is x",
	"what the catalogue does not explain of the past goes on, x": "spread evenly, or as incidents of exponential length",
	"x; not known, and left out: x":                              "the error of a structure stands before it",
}

// spoken texts of the engines, with x for each name and number.
func spokenTexts(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	var say func(e ast.Expr) (string, bool)
	say = func(e ast.Expr) (string, bool) {
		switch e := e.(type) {
		case *ast.BasicLit:
			if e.Kind != token.STRING {
				return "", false
			}
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		case *ast.BinaryExpr:
			x, a := say(e.X)
			y, b := say(e.Y)
			if !a && !b {
				return "", false
			}
			if !a {
				x = "x"
			}
			if !b {
				y = "x"
			}
			return x + y, true
		case *ast.CallExpr:
			if s, ok := e.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Sprintf" {
				return say(e.Args[0])
			}
		}
		return "", false
	}
	keep := func(file string, e ast.Expr) {
		if s, ok := say(e); ok && strings.Contains(s, " ") {
			out[strings.ReplaceAll(verbs.ReplaceAllString(s, "x"), "%%", "%")] = file
		}
	}
	for _, dir := range []string{"scenario", "forecast", "worth", "plan", "simulate"} {
		files, err := filepath.Glob("../" + dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					name := ""
					switch f := n.Fun.(type) {
					case *ast.Ident:
						name = f.Name
					case *ast.SelectorExpr:
						name = f.Sel.Name
						if x, ok := f.X.(*ast.Ident); ok && name == "add" && x.Name == "u" {
							keep(file, n.Args[0])
						}
					}
					if speakers[name] {
						for _, a := range n.Args {
							keep(file, a)
						}
					}
					if name == "append" && len(n.Args) > 1 {
						if s, ok := n.Args[0].(*ast.SelectorExpr); ok && lists[s.Sel.Name] {
							keep(file, n.Args[1])
						}
					}
				case *ast.CompositeLit:
					if s, ok := n.Type.(*ast.Ident); !ok || s.Name != "Warning" {
						if s, ok := n.Type.(*ast.SelectorExpr); !ok || s.Sel.Name != "Warning" {
							return true
						}
					}
					for _, e := range n.Elts {
						if kv, ok := e.(*ast.KeyValueExpr); ok {
							if k, ok := kv.Key.(*ast.Ident); ok && fields[k.Name] {
								keep(file, kv.Value)
							}
						}
					}
				case *ast.AssignStmt:
					for i, x := range n.Lhs {
						if s, ok := x.(*ast.SelectorExpr); ok && s.Sel.Name == "NotRecommended" && i < len(n.Rhs) {
							keep(file, n.Rhs[i])
						}
					}
				case *ast.FuncDecl:
					if n.Name.Name != "assumed" {
						return true
					}
					ast.Inspect(n, func(x ast.Node) bool {
						if c, ok := x.(*ast.CallExpr); ok {
							if f, ok := c.Fun.(*ast.Ident); ok && f.Name == "append" && len(c.Args) > 1 {
								keep(file, c.Args[1])
							}
						}
						return true
					})
				}
				return true
			})
		}
	}
	return out
}

func TestWhatTheEnginesSayIsRecognised(t *testing.T) {
	texts := spokenTexts(t)
	if len(texts) < 45 {
		t.Errorf("only %d texts were found", len(texts))
	}
	for text, file := range texts {
		if _, ok := unheard[text]; ok {
			continue
		}
		if _, _, ok := recognised(text); !ok {
			t.Errorf("%s says %q, which englishEngines does not have", file, text)
		}
	}
}

func TestWhatIsHeardIsSaidInKorean(t *testing.T) {
	for text, want := range map[string]string{
		"canary stands already; adding it changes nothing":           "canary: 이미 가동 중이므로, 추가해도 달라지지 않음",
		"chance of bad-release":                                      "bad-release의 확률",
		"impact of a need of booking":                                "booking의 의존 영향",
		"chance that a recovery of disk works":                       "disk의 복구 성공률",
		"chance that rollback works":                                 "rollback의 성공률",
		"pay of downtime >= 6h over 30d":                             "계약 조항의 배상(30일 중단 합계 >= 6시간)",
		"pay of availability < 99.5% over 30d":                       "계약 조항의 배상(30일 가용성 < 99.5%)",
		"canary requires metrics-v2, which is rejected":              "canary에는 metrics-v2가 필요하지만, 그 상태는 '기각됨'임",
		"a is taken to last for exponential times, 2h05m on average": "a의 지속 시간은 평균 2시간 5분의 지수분포로 봄",
		"structure is too large to be solved exactly: it needs more than 5 nodes; not known, and left out: changing over between the members of any of a, b": "구조가 너무 커서 정확히 풀 수 없음(노드 5개 초과). 제외한 내용: a, b 간 전환",
		"what the catalogue does not explain of the past goes on, spread evenly":                                                                             "목록으로 설명되지 않는 과거의 장애가 고르게 계속된다고 봄",
		"the time was up: in which order the nets of the plan are best built is not known":                                                                   "시간 제한으로 끝남: 계획의 안전장치를 어떤 순서로 구축하는 것이 가장 좋은지 알 수 없음",
		"a excludes b, which stands":       "a는 가동 중인 b와 함께 쓸 수 없음",
		"a disk dies (all copies at once)": "a disk dies(모든 복제본 동시)",
		"nothing is said of how a fails by itself, so that the common cause of 1 of 2 copies of db has no rate; it is left out": "a의 자체 장애에 대한 정보가 없어 db의 복제본의 공통 원인을 계산할 수 없음. 제외함",
	} {
		if got := Korean().Heard(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
		if got := English().Heard(text); got != text {
			t.Errorf("in English %q is %q", text, got)
		}
	}
}

func TestWhatIsNotHeardStaysInEnglishAndIsMarked(t *testing.T) {
	got := Korean().Heard("the moon is full")
	pieces := Pieces(got)
	if len(pieces) != 2 || pieces[0].Foreign || !pieces[1].Foreign || pieces[1].Text != "the moon is full" {
		t.Errorf("%+v", pieces)
	}
	if Unmarked(got) != "참고(원문): the moon is full" {
		t.Errorf("%q", Unmarked(got))
	}
	r := &forecast.Result{Warnings: []forecast.Warning{{Code: "moon", Message: "the moon is full", Pos: model.Pos{File: "a.yaml", Line: 3, Col: 1}}, {Code: "not-priced"}}}
	if lines := Korean().Warnings(r, "not-priced"); len(lines) != 1 || Unmarked(lines[0]) != "a.yaml:3: 참고(원문): the moon is full" {
		t.Errorf("%q", lines)
	}
	for _, odd := range []string{"", "plain", foreign, native, native + foreign, foreign + "x", "a" + native + "b", foreign + foreign + native} {
		for _, p := range Pieces(odd) {
			if strings.Contains(p.Text, foreign) || strings.Contains(p.Text, native) {
				t.Errorf("%q leaves a mark", odd)
			}
		}
	}
}
