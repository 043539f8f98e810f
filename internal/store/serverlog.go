package store

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
)

// serverLog takes the lines of the NATS server. Its warnings are about its own insides (an index that is built again
// after a crash, a slow disk) and go out for debugging only.
type serverLog struct {
	log *slog.Logger

	mu   sync.Mutex
	died error // why the server cannot start
}

func (l *serverLog) fatal() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.died
}

// Noticef implements server.Logger.
func (l *serverLog) Noticef(format string, v ...any) { l.debug(format, v) }

// Warnf implements server.Logger.
func (l *serverLog) Warnf(format string, v ...any) { l.debug(format, v) }

// Debugf implements server.Logger.
func (l *serverLog) Debugf(format string, v ...any) { l.debug(format, v) }

// Tracef implements server.Logger.
func (l *serverLog) Tracef(format string, v ...any) { l.debug(format, v) }

// Errorf implements server.Logger.
func (l *serverLog) Errorf(format string, v ...any) {
	l.log.Error("the store's server", "line", line(format, v))
}

// Fatalf implements server.Logger. The server expects not to come back from here, and stops what it was doing.
func (l *serverLog) Fatalf(format string, v ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.died = errors.Join(l.died, errors.New(line(format, v)))
}

func (l *serverLog) debug(format string, v []any) {
	l.log.Debug("the store's server", "line", line(format, v))
}

func line(format string, v []any) string { return strings.TrimSpace(fmt.Sprintf(format, v...)) }
