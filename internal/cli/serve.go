package cli

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tightrope/examples"
	"tightrope/internal/modelfile"
	"tightrope/internal/web"
)

// serveRoom is how many bytes of memory a server is content with.
const serveRoom = 330 << 20

// usualListen is where the server listens unless told otherwise.
const usualListen = "127.0.0.1:8642"

// serveArgs is what the command line of serve asks for.
type serveArgs struct {
	paths     []string
	listen    string
	tokenFile string
	proxies   []string      // whose word on a client is believed
	language  string        // en or ko; auto: each browser's
	time      time.Duration // for each plan
	verbose   bool
}

func newServe(p *Process) *cobra.Command {
	a := &serveArgs{listen: usualListen, language: "auto", time: defaultTime}
	cmd := &cobra.Command{
		Use:   "serve [PATH...]",
		Short: "pages and an API to decide around",
		Long: `Serves a model as pages: all promises at a glance, a workshop in which safety
nets are switched and numbers changed while the answer follows, the plan, the
risks, and the model's files with their errors. Whatever is tried lives in the
link and is written nowhere. The files are watched: what is saved shows at once,
and while they are broken the last good state stays. Without PATH it shows the
hospital booking example.

It listens on this machine only. With --listen on another address it asks
everybody for a token: that in --token-file, or one that it makes and prints.

The API is described at /api/v1/openapi.json; /metrics is for Prometheus.

Exit code 0: it was stopped with Ctrl-C, after what was being answered; 2: the
command was used wrongly, or it cannot listen.`,
		Example: `  tightrope serve examples/booking
  tightrope serve --listen 0.0.0.0:8642 --token-file token.txt model/`,
		ValidArgsFunction: completeModels,
		RunE: func(_ *cobra.Command, args []string) error {
			a.paths = args
			return runServe(p, a)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&a.listen, "listen", a.listen, "`ADDRESS` to listen on; off this machine everybody needs the token")
	f.StringVar(&a.tokenFile, "token-file", "", "`FILE` that holds the token")
	f.StringSliceVar(&a.proxies, "trusted-proxy", nil, "`ADDRESS` or range of a proxy that is believed where a request comes from (X-Forwarded-For) and whether by TLS (X-Forwarded-Proto)")
	f.Var(oneOf(&a.language, "auto", "en", "ko"), "lang", "language of the pages; auto: what each browser asks for")
	f.Var(timeLimit(&a.time), "time", "end the search for each plan after so long, with the best so far")
	f.BoolVar(&a.verbose, "verbose", false, "write warnings to the standard error, not errors alone")
	completeWords(cmd, "lang", "auto", "en", "ko")
	return cmd
}

func runServe(p *Process, a *serveArgs) error {
	if p.Room != nil {
		p.Room(serveRoom)
	}
	token, made, err := a.token(p)
	if err != nil {
		return misused(err)
	}
	proxies, err := a.trusted()
	if err != nil {
		return misused(err)
	}
	o := web.Options{
		Proxies: proxies,
		Paths:   a.paths, Name: modelName(a.paths), Token: token, Version: p.Version, Language: strings.TrimPrefix(a.language, "auto"),
		Planning: a.time, Log: a.log(p.Stderr),
	}
	if len(a.paths) == 0 {
		o.Name = "examples/booking"
		if o.Files, err = bookingFiles(); err != nil {
			return err
		}
	}
	// It stays: memory matters more than for a command that is soon over.
	debug.SetGCPercent(100)
	read := p.busy("reading " + o.Name)
	s, err := web.New(o)
	read()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", a.listen)
	if err != nil {
		return misused(fmt.Errorf("cannot listen on %s: %w", a.listen, err), "--listen 127.0.0.1:0 takes any port that is free")
	}
	if b := s.Problems(); b != nil {
		if b.Err != nil {
			_ = l.Close()
			return misused(b.Err)
		}
		// In the terminal with the paths that were given, to open them from there.
		if _, problems, err := modelfile.Load(a.paths); err == nil {
			printProblems(p.Stderr, problems)
		}
		fmt.Fprintf(p.Stderr, "%s; the pages show them, and the model as soon as they are mended\n", count(len(b.Problems), "problem"))
	}
	at := address(l.Addr())
	fmt.Fprintf(p.Stdout, "%s is at %s\n", o.Name, at)
	switch {
	case made:
		fmt.Fprintf(p.Stdout, "whoever comes needs this token, or this link: %s/?token=%s\n", at, token)
	case token != "":
		fmt.Fprintf(p.Stdout, "whoever comes needs the token in %s\n", a.tokenFile)
	}
	fmt.Fprintln(p.Stdout, "Ctrl-C ends it")
	p.course.staying("ending, when what is being answered is answered; Ctrl-C again ends it at once")
	if err := s.Serve(p.context(), l); err != nil {
		return &failure{code: ExitFound, err: err}
	}
	return nil
}

// token returns what everybody has to show; made says that it was made now. On
// this machine alone nobody needs one.
func (a *serveArgs) token(p *Process) (token string, made bool, err error) {
	if a.tokenFile != "" {
		data, err := readToken(a.tokenFile)
		return data, false, err
	}
	host, _, err := net.SplitHostPort(a.listen)
	if err != nil {
		return "", false, fmt.Errorf("--listen %q: expected an address and a port, such as %s", a.listen, usualListen)
	}
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
		return "", false, nil
	}
	var b [24]byte
	_, _ = rand.Read(b[:]) // it never fails
	return base64.RawURLEncoding.EncodeToString(b[:]), true, nil
}

// trusted reads the addresses of proxies.
func (a *serveArgs) trusted() (out []netip.Prefix, err error) {
	for _, text := range a.proxies {
		if at, err := netip.ParseAddr(text); err == nil {
			out = append(out, netip.PrefixFrom(at.Unmap(), at.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxy %q: expected an address or a range, such as 10.0.0.7 or 10.0.0.0/24", text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// The length that a token has at least and at most.
const (
	leastToken = 16
	mostToken  = 1024
)

// othersMay is what the mode of a token file must not let others do.
const othersMay = 0o007

func readToken(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("cannot read the token: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&othersMay != 0 && runtime.GOOS != "windows" {
		return "", fmt.Errorf("--token-file %s: everybody on this machine may read or change it (mode %#o); chmod 600 %s keeps it to its owner", file, info.Mode().Perm(), file)
	}
	data, err := io.ReadAll(io.LimitReader(f, mostToken+2))
	if err != nil {
		return "", fmt.Errorf("cannot read the token: %w", err)
	}
	token := strings.TrimSpace(string(data))
	if len(token) < leastToken || len(token) > mostToken {
		return "", fmt.Errorf("--token-file %s: expected a token of %d to %d letters on one line, such as openssl rand -hex 24 makes", file, leastToken, mostToken)
	}
	for _, r := range token {
		if r <= ' ' || r > '~' || strings.ContainsRune(`",;\`, r) {
			return "", fmt.Errorf("--token-file %s: expected letters, digits and signs without space, quote, comma, semicolon or backslash", file)
		}
	}
	return token, nil
}

// address is where a browser finds a listener.
func address(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return "http://" + a.String()
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func (a *serveArgs) log(w io.Writer) *slog.Logger {
	level := slog.LevelError
	if a.verbose {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// bookingFiles is the example that is shown where no model is given.
func bookingFiles() ([]modelfile.File, error) {
	folder := examples.Booking()
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil || len(names) == 0 {
		return nil, errors.Join(err, errors.New("the example is not there"))
	}
	var out []modelfile.File
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		out = append(out, modelfile.File{Name: "booking/" + name, Data: data})
	}
	return out, nil
}
