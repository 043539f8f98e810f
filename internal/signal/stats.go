package signal

import (
	"errors"
	"sync/atomic"
	"time"

	"stube/internal/room"
	"stube/internal/signal/protocol"
)

// Stats counts connections, without whose they are.
type Stats struct {
	Open int // now
	// SlowReaders are those that were ended since the start because too many messages waited for them.
	SlowReaders uint64
}

// stats gathers what Stats tells.
type stats struct{ slowReaders atomic.Uint64 }

// Stats tells how many connections there are.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Stats{Open: len(s.open), SlowReaders: s.stats.slowReaders.Load()}
}

// ended counts why a connection ended.
func (s *Server) ended(c *connection) {
	if _, reason := c.outbox.take(); reason == protocol.ErrSlowReader {
		s.stats.slowReaders.Add(1)
	}
}

// joined tells how long it took to let somebody in or not, if anybody wants to know.
func (s *Server) joined(since time.Time, err error) {
	if s.tellJoin == nil {
		return
	}
	var refused *room.Error
	switch {
	case err == nil:
		s.tellJoin(time.Since(since), "")
	case errors.As(err, &refused):
		s.tellJoin(time.Since(since), refused.Code)
	default:
		s.tellJoin(time.Since(since), protocol.ErrInternal)
	}
}
