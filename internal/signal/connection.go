package signal

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"stube/internal/room"
	"stube/internal/signal/protocol"
)

// pace holds the times and rates of a connection.
type pace struct {
	ping    time.Duration // between two pings
	pong    time.Duration // how long to wait for an answer
	write   time.Duration // how long a message may take to be written
	goodbye time.Duration // how long a connection that ends may take for its last messages
	budget  rate.Limit    // requests a second, in the long run
	burst   int           // requests at once
	mercy   time.Duration // after which one bad message is forgiven
	strikes int           // bad messages that end a connection
}

func defaultPace() pace {
	return pace{
		ping: 15 * time.Second, pong: 10 * time.Second, write: 10 * time.Second, goodbye: 3 * time.Second,
		budget: 30, burst: 120, mercy: 30 * time.Second, strikes: 20,
	}
}

// connection is one client's WebSocket.
type connection struct {
	// Set once.
	server *Server
	log    *slog.Logger
	outbox *outbox
	cancel context.CancelFunc // cuts the connection off
	caller room.Caller

	loggedOut atomic.Bool // the log-in that the caller came by has ended

	// Touched by the reading goroutine only.
	budget  *rate.Limiter
	mercy   *rate.Limiter
	session *room.Session // nil while not in a room
	place   *room.Place   // nil while not in a lobby
	peeked  protocol.Peek // the last that was told
}

func newConnection(s *Server, cancel context.CancelFunc) *connection {
	return &connection{
		server: s, log: s.log.With("connection_id", rand.Text()[:12]), cancel: cancel,
		outbox: newOutbox(s.pace.goodbye, cancel),
		budget: rate.NewLimiter(s.pace.budget, s.pace.burst),
		mercy:  rate.NewLimiter(rate.Every(s.pace.mercy), s.pace.strikes-1),
	}
}

// run serves the connection until it ends.
func (c *connection) run(ctx context.Context, socket *websocket.Conn) {
	socket.SetReadLimit(-1) // read has its own, which tells the client
	c.outbox.push(c.server.hello)
	var wg sync.WaitGroup
	wg.Go(func() { c.write(ctx, socket, &wg) })
	c.read(ctx, socket)
	c.drop()
	if !c.outbox.ending() {
		c.cancel()
	}
	wg.Wait()
	_ = socket.CloseNow()
}

// read handles requests one after the other until the connection ends.
func (c *connection) read(ctx context.Context, socket *websocket.Conn) {
	for {
		kind, reader, err := socket.Reader(ctx)
		if err != nil {
			return
		}
		data, err := io.ReadAll(io.LimitReader(reader, protocol.MaxMessage+1))
		if err != nil {
			return
		}
		if len(data) > protocol.MaxMessage {
			c.outbox.End(protocol.ErrTooLarge)
			return
		}
		if c.outbox.ending() {
			continue // what comes now is too late; the closing frame is what we wait for
		}
		if !c.apart(func() bool { return c.serve(ctx, kind, data) }) {
			return
		}
	}
}

// write sends what is in the outbox, and closes the socket when that ends. Now and then it has the client pinged, in
// tasks.
func (c *connection) write(ctx context.Context, socket *websocket.Conn, tasks *sync.WaitGroup) {
	defer c.cancel()
	ping := time.NewTicker(c.server.pace.ping)
	defer ping.Stop()
	for goOn := true; goOn; {
		select {
		case <-ctx.Done():
			return
		case <-ping.C:
			tasks.Go(func() { c.ping(ctx, socket) })
		case <-c.outbox.filled:
			goOn = c.apart(func() bool { return c.writeAll(ctx, socket) })
		}
	}
}

// writeAll sends what is in the outbox now. It returns false when the connection ends.
func (c *connection) writeAll(ctx context.Context, socket *websocket.Conn) bool {
	messages, reason := c.outbox.take()
	for _, encode := range messages {
		if err := c.writeOne(ctx, socket, encode()); err != nil {
			return false
		}
	}
	if reason != "" {
		c.log.Info("connection ended by the server", "reason", reason)
		_ = socket.Close(closeStatus(reason), string(reason))
	}
	return reason == ""
}

func (c *connection) writeOne(ctx context.Context, socket *websocket.Conn, message []byte) error {
	ctx, cancel := context.WithTimeout(ctx, c.server.pace.write)
	defer cancel()
	return socket.Write(ctx, websocket.MessageText, message)
}

// closeStatus is the status with which a WebSocket is closed (RFC 6455 section 7.4.1).
func closeStatus(reason protocol.ErrorCode) websocket.StatusCode {
	switch reason {
	case protocol.ErrShuttingDown:
		return websocket.StatusGoingAway
	case protocol.ErrTooLarge:
		return websocket.StatusMessageTooBig
	case protocol.ErrReplaced:
		return websocket.StatusNormalClosure
	}
	return websocket.StatusPolicyViolation
}

// ping cuts the connection off when no answer comes.
func (c *connection) ping(ctx context.Context, socket *websocket.Conn) {
	ctx, cancel := context.WithTimeout(ctx, c.server.pace.pong)
	defer cancel()
	if err := socket.Ping(ctx); err != nil {
		c.cancel()
	}
}
