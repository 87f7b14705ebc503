package web

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// A ticket goes with a request to whatever is worked out for it.
type ticket struct {
	client string    // who asks, to be fair to others
	until  time.Time // a place has to be found; then the request is refused
	anew   bool      // the model was replaced: the request is to be answered once more
	tries  int       // that are left for that
}

type ticketKey struct{}

// ticketOf is that of the request a context is of. Work of the server itself has
// none: it is nobody's, and may wait as long as it likes.
func ticketOf(ctx context.Context) *ticket {
	if t, ok := ctx.Value(ticketKey{}).(*ticket); ok {
		return t
	}
	return &ticket{}
}

// ticketed notes who asks.
func (s *Server) ticketed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := &ticket{client: s.clientOf(r), until: time.Now().Add(s.patience), tries: 2}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), ticketKey{}, t)))
	})
}

// clientOf names who asks: a session, or else an address.
func (s *Server) clientOf(r *http.Request) string {
	if s.token != "" {
		if id, ok := s.sessionOf(r); ok {
			return "session " + id
		}
	}
	return s.addressOf(r)
}

// addressOf is where a request comes from: the address of the client, or the
// network of one machine in IPv6. What a proxy says of it holds if the proxy is
// trusted.
func (s *Server) addressOf(r *http.Request) string {
	at, ok := remoteOf(r)
	if !ok {
		return r.RemoteAddr
	}
	if s.trusts(at) {
		// The last one that no trusted proxy has added is who asked; what stands
		// before it is whatever that client sent.
		list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for _, text := range slices.Backward(list) {
			from, err := netip.ParseAddr(strings.TrimSpace(text))
			if err != nil {
				break
			}
			if at = from.Unmap(); !s.trusts(at) {
				break
			}
		}
	}
	return network(at)
}

// network names an address, or in IPv6 the network that one client usually has
// for itself.
func network(at netip.Addr) string {
	at = at.Unmap().WithZone("")
	if at.Is6() {
		if p, err := at.Prefix(64); err == nil {
			return p.String()
		}
	}
	return at.String()
}

func remoteOf(r *http.Request) (netip.Addr, bool) {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	return at.Addr().Unmap(), err == nil
}

// trusts reports whether an address is that of a proxy whose word holds.
func (s *Server) trusts(at netip.Addr) bool {
	return slices.ContainsFunc(s.opts.Proxies, func(p netip.Prefix) bool { return p.Contains(at.Unmap()) })
}

// private reports whether nobody between the browser and this server, or the
// trusted proxy before it, can read a request.
func (s *Server) private(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	at, ok := remoteOf(r)
	return ok && s.trusts(at) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// connected is where a connection comes from.
func connected(c net.Conn) (netip.Addr, bool) {
	at, err := netip.ParseAddrPort(c.RemoteAddr().String())
	return at.Addr().Unmap(), err == nil
}
