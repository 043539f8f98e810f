package metrics

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Path is where Prometheus looks by itself.
const Path = "/metrics"

const (
	headerTimeout = 5 * time.Second
	answerTimeout = 20 * time.Second
	maxHeader     = 8 << 10
	maxAsking     = 4 // at a time
)

// Listener serves metrics by HTTP, and nothing else.
type Listener struct {
	http    *http.Server
	address net.Addr
	serving sync.WaitGroup
}

// Serve serves metrics on a socket until Close. It takes the socket over.
func Serve(socket net.Listener, m *Metrics, logger *slog.Logger) *Listener {
	mux := http.NewServeMux()
	mux.Handle("GET "+Path, m.Handler())
	l := &Listener{
		address: socket.Addr(),
		http: &http.Server{
			Handler: mux, ReadHeaderTimeout: headerTimeout, ReadTimeout: headerTimeout, WriteTimeout: answerTimeout,
			IdleTimeout: time.Minute, MaxHeaderBytes: maxHeader, ErrorLog: log.New(complaints{logger}, "", 0),
		},
	}
	l.serving.Go(func() {
		if err := l.http.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("metrics are served no more", "error", err)
		}
	})
	return l
}

// Handler answers with all metrics in the text form of Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: maxAsking, Timeout: answerTimeout / 2,
	})
}

// Address is where it listens.
func (l *Listener) Address() net.Addr { return l.address }

// Close ends the serving, after the answers that are being given or with the context, and waits for it.
func (l *Listener) Close(ctx context.Context) error {
	err := errors.Join(l.http.Shutdown(ctx), l.http.Close())
	l.serving.Wait()
	if err != nil {
		return fmt.Errorf("close the metrics: %w", err)
	}
	return nil
}

// complaints takes what net/http has to say about those who ask.
type complaints struct{ log *slog.Logger }

// Write logs a line.
func (c complaints) Write(line []byte) (int, error) {
	c.log.Debug("metrics", "said", strings.TrimSpace(string(line)))
	return len(line), nil
}
