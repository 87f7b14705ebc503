package web_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tightrope/internal/modelfile"
	"tightrope/internal/testmodel"
	"tightrope/internal/web"
)

func server(b *testing.B, files []modelfile.File) http.Handler {
	b.Helper()
	s, err := web.New(web.Options{Files: files, Name: "bench", Version: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	if p := s.Problems(); p != nil {
		b.Fatal(p.Err, p.Problems)
	}
	return s.Handler()
}

func booking(b testing.TB) []modelfile.File {
	b.Helper()
	files, err := modelfile.Read([]string{"../../examples/booking"})
	if err != nil {
		b.Fatal(err)
	}
	return files
}

// bookingNets are the nets of the booking example that do not stand, and those
// that do.
var (
	proposed = []string{
		"metrics-v2", "rolling-release", "canary", "release-every-two-weeks", "config-check", "small-steps", "soft-delete", "warm-restore",
		"waiting-room", "automatic-scaling", "disk-growth-alarm", "third-copy", "second-region", "night-shift",
	}
	standing = []string{"review", "tests", "manual-check", "certificate-alarm", "rota", "restore-drill"}
)

// A user of the workshop switches one net after another, and turns a number now
// and then.
type user struct {
	dice *rand.Rand
	on   map[string]bool
	set  url.Values
}

func newUser(seed uint64) *user {
	u := &user{dice: rand.New(rand.NewPCG(seed, 1)), on: map[string]bool{}, set: url.Values{}}
	for _, n := range standing {
		u.on[n] = true
	}
	return u
}

// next is the form after one more switch.
func (u *user) next() url.Values {
	before := u.state()
	all := append(slices.Clone(proposed), standing...)
	n := all[u.dice.IntN(len(all))]
	u.on[n] = !u.on[n]
	form := url.Values{"service": {"booking"}, "state": {before}}
	if u.dice.IntN(4) == 0 {
		form.Set("n.risks/bad-release/chance", fmt.Sprintf("%.1f%%..%d%%", 1+2*u.dice.Float64(), 5+u.dice.IntN(4)))
	}
	for n, on := range u.on {
		if on {
			form.Add("net", n)
		}
	}
	return form
}

func (u *user) state() string {
	var with, without []string
	for _, n := range proposed {
		if u.on[n] {
			with = append(with, n)
		}
	}
	for _, n := range standing {
		if !u.on[n] {
			without = append(without, n)
		}
	}
	q := url.Values{}
	if len(with) > 0 {
		q.Set("with", strings.Join(with, ","))
	}
	if len(without) > 0 {
		q.Set("without", strings.Join(without, ","))
	}
	return q.Encode()
}

// live sends a form as the script of the workshop does.
func live(form url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://localhost/workshop", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Live", "1")
	return r
}

// BenchmarkSwitch is one switch in the workshop of the booking example, nearly
// always to a state that nobody has asked for before: by somebody who goes back to
// what stands after five switches, and by somebody who never does, so that half of
// all nets are switched.
func BenchmarkSwitch(b *testing.B) {
	b.Run("back=5", func(b *testing.B) { switches(b, 5) })
	b.Run("back=never", func(b *testing.B) { switches(b, 1<<30) })
}

func switches(b *testing.B, back uint64) {
	h := server(b, booking(b))
	var took []time.Duration
	u := newUser(1)
	for i := uint64(1); b.Loop(); i++ {
		if i%back == 0 {
			u = newUser(i)
		}
		r := live(u.next())
		w := httptest.NewRecorder()
		began := time.Now()
		h.ServeHTTP(w, r)
		took = append(took, time.Since(began))
		if w.Code != http.StatusOK {
			b.Fatal(w.Code, w.Body.String())
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}

// BenchmarkOverview is the overview of 1,000 services once they are forecast.
func BenchmarkOverview(b *testing.B) {
	h := server(b, []modelfile.File{{Name: "model.yaml", Data: testmodel.Plain(1000, false, 1)}})
	ask := func() string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/", nil))
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
		return w.Body.String()
	}
	began := time.Now()
	ask()
	first := time.Since(began)
	for strings.Contains(ask(), "http-equiv=\"refresh\"") {
		time.Sleep(100 * time.Millisecond)
	}
	whole := time.Since(began)
	for b.Loop() {
		ask()
	}
	b.ReportMetric(float64(first.Milliseconds()), "first-ms")
	b.ReportMetric(float64(whole.Milliseconds()), "forecast-ms")
}

// BenchmarkFiftyUsers is fifty people at once in the workshop of the booking
// example, over real connections; each thinks for a second between two switches.
func BenchmarkFiftyUsers(b *testing.B) {
	s, err := web.New(web.Options{Files: booking(b), Name: "bench", Version: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	web := httptest.Server{Listener: l, Config: &http.Server{Handler: s.Handler()}}
	web.Start()
	defer web.Close()
	for _, thinks := range []time.Duration{time.Second, 3 * time.Second} {
		b.Run(fmt.Sprint("thinking=", thinks), func(b *testing.B) {
			var mu sync.Mutex
			var took []time.Duration
			failed := 0
			for b.Loop() {
				var all sync.WaitGroup
				for i := range 50 {
					all.Go(func() {
						u := newUser(uint64(i + 1))
						client := &http.Client{Transport: &http.Transport{}}
						time.Sleep(time.Duration(u.dice.Int64N(int64(thinks))))
						for range 8 {
							r, err := http.NewRequest(http.MethodPost, web.URL+"/workshop", strings.NewReader(u.next().Encode()))
							if err != nil {
								b.Error(err)
								return
							}
							r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
							r.Header.Set("X-Live", "1")
							began := time.Now()
							answer, err := client.Do(r)
							ok := err == nil && answer.StatusCode == http.StatusOK
							if err == nil {
								_, _ = io.Copy(io.Discard, answer.Body)
								_ = answer.Body.Close()
							}
							mu.Lock()
							took = append(took, time.Since(began))
							if !ok {
								failed++
							}
							mu.Unlock()
							time.Sleep(thinks/2 + time.Duration(u.dice.Int64N(int64(thinks))))
						}
						client.CloseIdleConnections()
					})
				}
				all.Wait()
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(failed), "failed")
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapAlloc>>20), "heap-MB")
		})
	}
}
