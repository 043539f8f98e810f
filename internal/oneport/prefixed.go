package oneport

import (
	"fmt"
	"net"
	"sync"
)

// prefixed is a connection of which some bytes were read already.
type prefixed struct {
	net.Conn

	prefix []byte // touched by the reader only
	closed func() // told once; may be nil
	once   sync.Once
}

// Close closes the connection and gives its place back.
func (p *prefixed) Close() error {
	if p.closed != nil {
		p.once.Do(p.closed)
	}
	return p.Conn.Close()
}

// Read gives the bytes read ahead first.
func (p *prefixed) Read(b []byte) (int, error) {
	if len(p.prefix) > 0 && len(b) > 0 {
		n := copy(b, p.prefix)
		p.prefix = p.prefix[n:]
		return n, nil
	}
	return p.Conn.Read(b)
}

// CloseWrite ends one direction; net/http uses it so that a client reads an answer before the connection goes.
func (p *prefixed) CloseWrite() error {
	tcp, ok := p.Conn.(*net.TCPConn)
	if !ok {
		return fmt.Errorf("close one direction: %w", net.ErrClosed)
	}
	if err := tcp.CloseWrite(); err != nil {
		return fmt.Errorf("close one direction: %w", err)
	}
	return nil
}
