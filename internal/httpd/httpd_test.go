package httpd

import (
	"compress/gzip"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func page() fs.FS {
	return fstest.MapFS{
		"index.html":            {Data: []byte("<!doctype html>" + strings.Repeat("stube ", 50))},
		"favicon.svg":           {Data: []byte("<svg/>")},
		"-/assets/main-1.js":    {Data: []byte(strings.Repeat("let a = 1;\n", 50))},
		"-/assets/main-1.js.br": {Data: []byte("brotli")},
		"-/assets/note-2.woff2": {Data: []byte("font")},
		".gitkeep":              {},
	}
}

func handler(t *testing.T, secure bool) http.Handler {
	t.Helper()
	signal := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "signal") })
	server, err := New(Config{
		Page: page(), Signal: signal, Secure: func(*http.Request) bool { return secure },
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return server.Handler
}

// answer is a response, read.
type answer struct {
	status int
	header http.Header
	body   string
}

func ask(h http.Handler, method, path string, header ...string) answer {
	r := httptest.NewRequest(method, "http://meet.example.org:8080"+path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

func TestRoutes(t *testing.T) {
	h := handler(t, false)
	tests := []struct {
		method, path string
		status       int
		begins       string
		noindex      bool
	}{
		{"GET", "/", 200, "<!doctype", false},
		{"HEAD", "/", 200, "<!doctype", false},
		{"GET", "/stammtisch", 200, "<!doctype", true},
		{"GET", "/verein/stammtisch", 200, "<!doctype", true},
		{"GET", "/K%C3%BCche", 200, "<!doctype", true},
		{"GET", "/a%2Fb", 200, "<!doctype", true},
		{"GET", "/wp-login.php", 200, "<!doctype", true},
		{"GET", "/index.html", 200, "<!doctype", true}, // a room like any other
		{"GET", "/favicon.svg", 200, "<svg/>", false},
		{"GET", "/-/assets/main-1.js", 200, "let a", false},
		{"GET", "/-/assets/main-1.js.br", 404, "", false},
		{"GET", "/-/assets/", 404, "", false},
		{"GET", "/-/assets/absent.js", 404, "", false},
		{"GET", "/-/ws", 200, "signal", false},
		{"GET", "/-/healthz", 200, "ok\n", false},
		{"GET", "/-/readyz", 200, "ready\n", false},
		{"GET", "/robots.txt", 200, "User-agent", false},
		{"GET", "/-/other", 404, "", false},
		{"GET", "/-", 404, "", false},
		{"GET", "/a/b/c", 404, "", false},
		{"GET", "/a/", 404, "", false},
		{"GET", "/.well-known/security.txt", 404, "", false},
		{"GET", "/.env", 404, "", false},
		{"GET", "/.gitkeep", 404, "", false},
		{"GET", "/favicon.ico", 404, "", false},
		{"GET", "/external_api.js", 404, "", false},
		{"GET", "/" + strings.Repeat("a", 500), 404, "", false},
		{"POST", "/", 405, "", false},
		{"POST", "/stammtisch", 405, "", false},
		{"DELETE", "/-/healthz", 405, "", false},
		{"POST", "/-/ws", 405, "", false},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			r := ask(h, test.method, test.path)
			if r.status != test.status || !strings.HasPrefix(r.body, test.begins) {
				t.Errorf("status %d, want %d and %q", r.status, test.status, test.begins)
			}
			// criterion 10
			if got := r.header.Get("X-Robots-Tag") != ""; got != test.noindex {
				t.Errorf("noindex %t, want %t", got, test.noindex)
			}
		})
	}
}

func TestWhoReadsPagesGetsOneForWhatIsNotThere(t *testing.T) {
	r := ask(handler(t, false), "GET", "/-/other", "Accept", "text/html,*/*;q=0.8")
	if r.status != http.StatusNotFound || !strings.HasPrefix(r.body, "<!doctype") {
		t.Errorf("status %d with %.20q, want 404 with the page", r.status, r.body)
	}
}

func TestCriterion3EveryRoomIsTheSameAnswer(t *testing.T) {
	h := handler(t, false)
	one, other := ask(h, "GET", "/one"), ask(h, "GET", "/other")
	if one.body != other.body || one.header.Get("Etag") != other.header.Get("Etag") {
		t.Error("two rooms have different pages")
	}
}

func TestCriterion25SecurityHeaders(t *testing.T) {
	for _, path := range []string{"/", "/room", "/-/assets/main-1.js", "/-/healthz", "/-/absent", "/-/ws"} {
		h := ask(handler(t, true), "GET", path).header
		policy := h.Get("Content-Security-Policy")
		if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'; script-src 'self'") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if !strings.Contains(policy, "connect-src 'self' ws://meet.example.org:8080 wss://meet.example.org:8080;") {
			t.Errorf("%s: policy %q", path, policy)
		}
		for name, want := range map[string]string{
			"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
			"Strict-Transport-Security": "max-age=63072000",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if !strings.HasPrefix(h.Get("Permissions-Policy"), "camera=(self), microphone=(self), display-capture=(self)") {
			t.Errorf("%s: permissions %q", path, h.Get("Permissions-Policy"))
		}
	}
	if hsts := ask(handler(t, false), "GET", "/").header.Get("Strict-Transport-Security"); hsts != "" {
		t.Errorf("without TLS: %q", hsts)
	}
}

func TestHostCannotExtendThePolicy(t *testing.T) {
	for _, host := range []string{"a; script-src *", "a b", "a,b", "", strings.Repeat("a", 300), "a'b"} {
		if policy := contentPolicy(host); !strings.Contains(policy, "; connect-src 'self'; ") {
			t.Errorf("host %q: policy %q", host, policy)
		}
	}
	if policy := contentPolicy("[::1]:8080"); !strings.Contains(policy, "wss://[::1]:8080;") {
		t.Errorf("policy %q", policy)
	}
}

func TestFilesAreCompressedAndCached(t *testing.T) {
	h := handler(t, false)
	const script = "/-/assets/main-1.js"
	tests := []struct{ path, accept, encoding, cache string }{
		{script, "gzip, deflate, br, zstd", "br", "public, max-age=31536000, immutable"},
		{script, "gzip", "gzip", "public, max-age=31536000, immutable"},
		{script, "br;q=0, GZIP; q=0.5", "gzip", "public, max-age=31536000, immutable"},
		{script, "gzip;q=0", "", "public, max-age=31536000, immutable"},
		{script, "", "", "public, max-age=31536000, immutable"},
		{"/room", "gzip", "gzip", "no-cache"},
		{"/favicon.svg", "gzip", "", "no-cache"}, // smaller as it is
		{"/-/assets/note-2.woff2", "gzip, br", "", "public, max-age=31536000, immutable"},
	}
	for _, test := range tests {
		r := ask(h, "GET", test.path, "Accept-Encoding", test.accept)
		if got := r.header.Get("Content-Encoding"); got != test.encoding {
			t.Errorf("%s with %q: encoding %q, want %q", test.path, test.accept, got, test.encoding)
		}
		if got := r.header.Get("Cache-Control"); got != test.cache {
			t.Errorf("%s: cache %q, want %q", test.path, got, test.cache)
		}
	}
	r := ask(h, "GET", script, "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || !strings.HasPrefix(string(text), "let a") {
		t.Errorf("text %q, error %v", text, err)
	}
	again := ask(h, "GET", script, "If-None-Match", r.header.Get("Etag"))
	if again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("status %d, want 304", again.status)
	}
}

func TestOnlyOurFaultsAreLogged(t *testing.T) {
	var out strings.Builder
	server, err := New(Config{Page: page(), Signal: http.NotFoundHandler(), Log: slog.New(slog.NewTextHandler(&out, nil))})
	if err != nil {
		t.Fatal(err)
	}
	server.ErrorLog.Print("http: TLS handshake error from somebody: EOF")
	server.ErrorLog.Print("http: panic serving somebody: oops")
	if strings.Contains(out.String(), "handshake") || !strings.Contains(out.String(), "level=ERROR msg=\"http: panic") {
		t.Errorf("logged %q", out.String())
	}
}

func TestPageMustBeWhole(t *testing.T) {
	for want, broken := range map[string]fs.FS{
		"make build": fstest.MapFS{"favicon.svg": {}},
		"type of":    fstest.MapFS{"index.html": {}, "tool.exe": {}},
	} {
		_, err := New(Config{Page: broken, Log: slog.New(slog.DiscardHandler)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
