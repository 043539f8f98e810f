package testpeer

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"

	"stube/internal/sfu/tcp"
)

// arrival is a packet and when it came, in nanoseconds since 1970.
type arrival struct {
	data []byte
	at   int64
}

// link is the way on which one transport's packets travel. One goroutine reads it; writing and closing are safe for
// concurrent use.
type link interface {
	// read waits for packets, which are valid until the next read. It fails when the link was closed.
	read() ([]arrival, error)
	write(packet []byte) error
	close() error
}

// tcpLink frames packets on a TCP connection (RFC 4571).
type tcpLink struct {
	conn   *tcp.Conn
	buffer []byte
	one    [1]arrival
}

// maxFrame is the longest packet on a TCP link, in bytes.
const maxFrame = 2048

// dialTCP opens a connection to a passive TCP candidate; from nil the system chooses.
func dialTCP(ctx context.Context, from net.Addr, remote netip.AddrPort) (*tcpLink, error) {
	dialer := net.Dialer{LocalAddr: from}
	conn, err := dialer.DialContext(ctx, "tcp", remote.String())
	if err != nil {
		return nil, fmt.Errorf("connect by TCP: %w", err)
	}
	return &tcpLink{conn: tcp.New(conn), buffer: make([]byte, maxFrame)}, nil
}

func (l *tcpLink) read() ([]arrival, error) {
	n, err := l.conn.ReadFrame(l.buffer)
	if err != nil {
		return nil, err
	}
	l.one[0] = arrival{data: l.buffer[:n], at: time.Now().UnixNano()}
	return l.one[:], nil
}

func (l *tcpLink) write(packet []byte) error {
	if !l.conn.Send(packet) {
		return net.ErrClosed
	}
	return nil
}

func (l *tcpLink) close() error { return l.conn.Close() }
