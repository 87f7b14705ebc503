package web

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// How many connections are open at once, and how many requests that have not come
// whole. What is over is closed: that which has said nothing for longest.
const (
	mostConnections   = 1000
	mostConnectionsOf = 500 // of one address
	mostUnfinished    = 64
	mostUnfinishedOf  = 16               // of one address
	bodyTime          = 10 * time.Second // for all of a request to come
)

// conns are the connections to the server.
type conns struct {
	trusted func(netip.Addr) bool // a proxy speaks for many

	mu   sync.Mutex
	open map[net.Conn]*connection
	of   map[string]int // by address
}

type connection struct {
	address string
	quiet   time.Time // since when nothing is asked on it; zero: something is
}

func newConns(trusted func(netip.Addr) bool) *conns {
	return &conns{trusted: trusted, open: map[net.Conn]*connection{}, of: map[string]int{}}
}

// changed follows a connection, as http.Server tells of it.
func (c *conns) changed(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		x := &connection{quiet: time.Now()}
		at, _ := connected(conn)
		x.address = network(at)
		c.open[conn] = x
		c.of[x.address]++
		if c.of[x.address] > mostConnectionsOf && !c.trusted(at) {
			c.close(x.address)
		}
		if len(c.open) > mostConnections {
			c.close(c.busiest())
		}
		if len(c.open) > 2*mostConnections { // all of them are being answered
			c.end(conn)
		}
	case http.StateActive:
		if x := c.open[conn]; x != nil {
			x.quiet = time.Time{}
		}
	case http.StateIdle:
		if x := c.open[conn]; x != nil {
			x.quiet = time.Now()
		}
	case http.StateClosed, http.StateHijacked:
		c.forget(conn)
	}
}

func (c *conns) forget(conn net.Conn) {
	if x := c.open[conn]; x != nil {
		delete(c.open, conn)
		if c.of[x.address]--; c.of[x.address] == 0 {
			delete(c.of, x.address)
		}
	}
}

// busiest is the address that has most.
func (c *conns) busiest() (address string) {
	for name, n := range c.of {
		if address == "" || n > c.of[address] {
			address = name
		}
	}
	return address
}

// close closes the connection of an address on which nothing has been asked for
// longest. One that is being answered is not closed.
func (c *conns) close(address string) {
	var oldest net.Conn
	for conn, x := range c.open {
		if x.address == address && !x.quiet.IsZero() && (oldest == nil || x.quiet.Before(c.open[oldest].quiet)) {
			oldest = conn
		}
	}
	if oldest != nil {
		c.end(oldest)
	}
}

func (c *conns) end(conn net.Conn) {
	c.forget(conn)
	_ = conn.Close() // whoever is at its other end is not waited for
}

func (c *conns) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.open)
}

// A crowd counts what clients do at once, and refuses what is too much.
type crowd struct {
	most, mostOf int

	mu  sync.Mutex
	all int
	of  map[string]int
}

func newCrowd(most, mostOf int) *crowd {
	return &crowd{most: most, mostOf: mostOf, of: map[string]int{}}
}

// enter lets one more of a client in; leave has to be called then.
func (c *crowd) enter(client string) (leave func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all >= c.most || c.of[client] >= c.mostOf {
		return nil, false
	}
	c.all++
	c.of[client]++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.all--
		if c.of[client]--; c.of[client] == 0 {
			delete(c.of, client)
		}
	}, true
}
