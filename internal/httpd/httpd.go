// Package httpd answers HTTP: the page for every room, the page's files, signalling, and whether the server is well.
// Everything of the program's own stands under /-/, so that any other path can be a room.
//
// It owns no goroutine beyond those of net/http. It must not know rooms: every room's page is the same answer, so
// that nobody learns from it which rooms there are.
package httpd

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Limits of requests. None of them touches a WebSocket, which has its own.
const (
	headerTimeout = 10 * time.Second
	answerTimeout = 2 * time.Minute // for a file over a slow line
	idleTimeout   = 2 * time.Minute
	maxHeader     = 16 << 10
	maxPath       = 400 // bytes; a room of 64 signs takes up to 256
)

// Config is what the server is made of.
type Config struct {
	Page   fs.FS                    // index.html, and its files in -/assets
	Signal http.Handler             // the WebSocket of signalling; needs HTTP/1.1
	LogIn  http.Handler             // who somebody is (docs/api.md); it bounds its requests itself. Nil: nothing
	Secure func(*http.Request) bool // whether a request's client spoke TLS
	Ready  func() bool              // whether new people are taken; nil: always
	Log    *slog.Logger
}

// New makes a server, ready for Serve or ServeTLS. It fails when the page is not whole.
func New(c Config) (*http.Server, error) {
	handler, err := newHandler(c)
	if err != nil {
		return nil, err
	}
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          log.New(complaints{c.Log}, "", 0),
	}, nil
}

// complaints takes what net/http has to say: of a handler that panicked, which is our fault, or else of what clients
// do wrong, of which there is no end.
type complaints struct{ log *slog.Logger }

// Write logs a line.
func (c complaints) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	if strings.HasPrefix(text, "http: panic") {
		c.log.Error(text)
	} else {
		c.log.Debug(text)
	}
	return len(line), nil
}

func newHandler(c Config) (http.Handler, error) {
	files, err := loadFiles(c.Page)
	if err != nil {
		return nil, fmt.Errorf("load the page: %w", err)
	}
	index, ok := files["/index.html"]
	if !ok {
		return nil, errors.New("load the page: it has no index.html; build it with `make build`")
	}
	delete(files, "/index.html")

	mux := http.NewServeMux()
	mux.Handle("GET /-/ws", c.Signal)
	if c.LogIn != nil {
		mux.Handle("GET /-/api/v1/", c.LogIn)
		mux.Handle("POST /-/api/v1/", c.LogIn)
		mux.Handle("GET /-/login/{provider}/callback", c.LogIn)
	}
	mux.Handle("GET /-/healthz", bounded(text("ok\n")))
	mux.Handle("GET /-/readyz", bounded(readiness(c.Ready)))
	mux.Handle("GET /robots.txt", bounded(text("User-agent: *\nDisallow: /-/\n")))
	mux.Handle("GET /", bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch file, ok := files[r.URL.Path]; {
		case ok:
			file.serve(w, r)
		case r.URL.Path == "/":
			index.serve(w, r)
		case isRoom(r.URL.Path) || isOwnPage(r.URL.Path):
			// Robots may fetch the page, as otherwise they would not see that they must not list it (criterion 10).
			w.Header().Set("X-Robots-Tag", "noindex, nofollow")
			index.serve(w, r)
		case strings.Contains(r.Header.Get("Accept"), "text/html"):
			index.send(w, r, http.StatusNotFound) // people are told in their language
		default:
			http.Error(w, "There is no such page.", http.StatusNotFound)
		}
	})))
	return secured(mux, c.Secure), nil
}

// isOwnPage tells whether a path is one of the page's own views.
func isOwnPage(path string) bool {
	switch path {
	case "/-/login", "/-/setup", "/-/account", "/-/privacy":
		return true
	}
	return false
}

// isRoom tells whether a path can be a meeting: /{room} or /{tenant}/{room}. What begins with a point is never one,
// as other programs look for their files there (RFC 8615), and "-" is the program's own.
func isRoom(path string) bool {
	if len(path) > maxPath {
		return false
	}
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(segments) > 2 || segments[0] == "-" || path == "/favicon.ico" || path == "/external_api.js" {
		return false
	}
	for _, segment := range segments {
		if segment == "" || segment[0] == '.' {
			return false
		}
	}
	return true
}

// text answers with a few words that are made afresh each time.
func text(words string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte(words)) // who asked is gone: nobody to tell
	})
}

// readiness tells whether new people are taken, and nothing else: the port is public.
func readiness(ready func() bool) http.Handler {
	yes, no := text("ready\n"), text("not ready\n")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ready == nil || ready() {
			yes.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		no.ServeHTTP(w, r)
	})
}

// bounded gives a request an end. It is not for WebSockets, which would be cut off.
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		end := time.Now().Add(answerTimeout)
		// A ResponseWriter without deadlines is a test's own.
		_ = control.SetReadDeadline(end)
		_ = control.SetWriteDeadline(end)
		r.Body = http.MaxBytesReader(w, r.Body, 0)
		next.ServeHTTP(w, r)
	})
}
