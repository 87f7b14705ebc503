// Command attack serves a model with a built tightrope, attacks it with links as
// anybody may follow them, and prints how it answers others meanwhile.
//
//	go run ./scripts/attack -binary bin/tightrope -for 3m
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

var (
	binary = flag.String("binary", "bin/tightrope", "the program to attack")
	model  = flag.String("model", "examples/booking", "the model that it serves")
	heavy  = flag.Int("heavy", 30, "heavy clients")
	long   = flag.Duration("for", time.Minute, "how long")
	same   = flag.Bool("same", false, "all clients have the same address")
	slow   = flag.Int("slow", 1, "times are so many times as long, on a machine that is that much slower")
	pause  = flag.Duration("pause", time.Second, "between two requests of a heavy client")
)

// heavyLinks are of the booking example; each holds a number that differs from
// request to request, so that nothing is found in a memory.
var heavyLinks = []string{
	"/workshop?set=changes/release/every=1m..%dm",
	"/service/booking?set=changes/release/every=1m..%dm",
	"/risks?set=changes/release/every=2m..%dm&with=canary",
	"/api/v1/forecast?set=changes/release/every=3m..%dm",
	"/plan?set=changes/release/every=1h..%dh",
	"/api/v1/plan?set=risks/bad-release/chance=1%%25..%d%%25",
	"/api/v1/explain/risk:bad-release?set=changes/release/every=4m..%dm",
	"/api/v1/overview?set=changes/release/every=5m..%dm",
}

var nets = []string{"metrics-v2", "rolling-release", "canary", "config-check", "small-steps", "soft-delete", "warm-restore", "waiting-room", "automatic-scaling", "disk-growth-alarm", "third-copy", "second-region", "night-shift"}

func main() {
	flag.Parse()
	if err := attack(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func attack() error {
	server := exec.Command(*binary, "serve", "--listen", "127.0.0.1:0", *model)
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	defer func() { _ = server.Process.Kill(); _ = server.Wait() }()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return err
	}
	at := line[strings.Index(line, "http://"):]
	at = strings.TrimSpace(at)
	v := &victim{at: at, pid: server.Process.Pid}
	for range 300 {
		if m := v.metrics(); m[`jobs{kind="plan",state="open"}`] == 0 && m[`jobs{kind="survey",state="done"}`] > 0 && m[`jobs{kind="plan",state="done"}`] > 0 {
			break
		}
		time.Sleep(time.Second)
	}
	fmt.Printf("at rest: %d MB\n", v.memory())
	v.underLoad()
	v.abandoned()
	v.unfinished()
	return nil
}

type victim struct {
	at  string
	pid int
}

// client has an address of its own, unless all are to have the same.
func client(n int, timeout time.Duration) *http.Client {
	d := &net.Dialer{}
	if !*same {
		d.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, byte(1+n/250), byte(1+n%250))}
	}
	return &http.Client{Timeout: timeout, Transport: &http.Transport{DialContext: d.DialContext, MaxIdleConnsPerHost: 4}}
}

func (v *victim) ask(c *http.Client, path string) (status int, took time.Duration) {
	began := time.Now()
	r, err := c.Get(v.at + path)
	if err != nil {
		return 0, time.Since(began)
	}
	defer r.Body.Close()
	_, _ = io.Copy(io.Discard, r.Body)
	return r.StatusCode, time.Since(began)
}

// A tally is how requests of one kind were answered.
type tally struct {
	mu     sync.Mutex
	took   []time.Duration
	status map[int]int
}

func (t *tally) add(status int, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.status == nil {
		t.status = map[int]int{}
	}
	t.took = append(t.took, took)
	t.status[status]++
}

func (t *tally) print(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.took) == 0 {
		return
	}
	slices.Sort(t.took)
	of := func(p float64) time.Duration {
		return (t.took[int(p*float64(len(t.took)-1))] / time.Duration(*slow)).Round(time.Millisecond)
	}
	fmt.Printf("%-28s n %d, p50 %v, p95 %v, max %v, by status %v\n", what, len(t.took), of(.5), of(.95), of(1), t.status)
}

func (v *victim) underLoad() {
	ctx, stop := context.WithTimeout(context.Background(), *long)
	defer stop()
	var attacks, light, again, pages, health tally
	var all sync.WaitGroup
	every := func(pause time.Duration, do func()) {
		all.Go(func() {
			for ctx.Err() == nil {
				do()
				select {
				case <-time.After(pause * time.Duration(*slow)):
				case <-ctx.Done():
				}
			}
		})
	}
	for n := range *heavy {
		c := client(10+n, 0)
		every(*pause, func() {
			c.Timeout = time.Duration(*slow*(1+rand.IntN(10))) * time.Second // then it drops the connection
			attacks.add(v.ask(c, fmt.Sprintf(heavyLinks[rand.IntN(len(heavyLinks))], 10+rand.IntN(1000))))
		})
	}
	other, prober := client(1, time.Hour), client(2, time.Hour)
	every(time.Second, func() {
		list := slices.Clone(nets)
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		path := "/workshop?with=" + strings.Join(list[:2], ",")
		light.add(v.ask(other, path))
		again.add(v.ask(other, path))
	})
	every(time.Second, func() {
		for _, path := range []string{"/", "/service/booking", "/workshop", "/risks", "/plan"} {
			pages.add(v.ask(other, path))
		}
	})
	every(100*time.Millisecond, func() { health.add(v.ask(prober, "/healthz")) })
	most, began, before := 0, time.Now(), v.cpu()
	every(500*time.Millisecond, func() { most = max(most, v.memory()) })
	all.Wait()
	attacks.print("heavy clients")
	light.print("another's light link, cold")
	again.print("the same link again")
	pages.print("pages of the model")
	health.print("/healthz")
	fmt.Printf("memory at most: %d MB; %.2f processors for the server\n", most, (v.cpu()-before).Seconds()/time.Since(began).Seconds())
}

// abandoned sends a thousand heavy requests and leaves each at once.
func (v *victim) abandoned() {
	var all sync.WaitGroup
	todo := make(chan int)
	for range 50 {
		all.Go(func() {
			for i := range todo {
				c := client(10+i%100, time.Duration(20+rand.IntN(400))*time.Millisecond)
				v.ask(c, fmt.Sprintf(heavyLinks[rand.IntN(len(heavyLinks))], 10+i))
			}
		})
	}
	for i := range 1000 {
		todo <- i
	}
	close(todo)
	all.Wait()
	time.Sleep(2 * time.Second)
	before := v.cpu()
	time.Sleep(time.Second)
	used := v.cpu() - before
	running, waiting, jobs := 0.0, 0.0, 0.0
	for name, n := range v.metrics() {
		switch {
		case strings.HasPrefix(name, "answers_running"):
			running += n
		case strings.HasPrefix(name, "answers_waiting"):
			waiting += n
		case strings.HasPrefix(name, "jobs") && strings.Contains(name, `"open"`):
			jobs += n
		}
	}
	fmt.Printf("2 s after 1,000 abandoned requests: %.0f running, %.0f waiting, %.0f jobs open, %v of processor time in the next second\n", running, waiting, jobs, used)
}

// unfinished sends 410 forms that do not come whole.
func (v *victim) unfinished() {
	var conns []net.Conn
	for range 410 {
		c, err := net.Dial("tcp", strings.TrimPrefix(v.at, "http://"))
		if err != nil {
			continue
		}
		defer c.Close()
		conns = append(conns, c)
		_, _ = io.WriteString(c, "POST /enter HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\ntoken=")
	}
	var health, page tally
	c := client(1, 10*time.Second)
	for range 20 {
		health.add(v.ask(c, "/healthz"))
		page.add(v.ask(c, "/service/booking"))
	}
	health.print(fmt.Sprintf("/healthz, %d unfinished", len(conns)))
	page.print("a page, the same")
}

var sample = regexp.MustCompile(`(?m)^tightrope_(\S+) (\S+)$`)

func (v *victim) metrics() map[string]float64 {
	out := map[string]float64{}
	r, err := http.Get(v.at + "/metrics")
	if err != nil {
		return out
	}
	defer r.Body.Close()
	text, _ := io.ReadAll(r.Body)
	for _, m := range sample.FindAllStringSubmatch(string(text), -1) {
		if x, err := strconv.ParseFloat(m[2], 64); err == nil {
			out[m[1]] = x
		}
	}
	return out
}

// memory is what the server has of it, in MB.
func (v *victim) memory() int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", v.pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.Atoi(strings.Fields(rest)[0])
			return n / 1024
		}
	}
	return 0
}

func (v *victim) cpu() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", v.pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}
