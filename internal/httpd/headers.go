package httpd

import (
	"net/http"
	"strings"
)

// secured puts the headers on every answer that keep a page in its house (criterion 25).
func secured(next http.Handler, tls func(*http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy(r.Host))
		h.Set("Permissions-Policy", permissions())
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if tls(r) {
			h.Set("Strict-Transport-Security", "max-age=63072000")
		}
		next.ServeHTTP(w, r)
	})
}

// contentPolicy allows what the page is made of and nothing else: no inline script or style, no other host. The
// WebSocket is named beside 'self', as not every browser counts ws: and wss: of the same host in.
func contentPolicy(host string) string {
	connect := "connect-src 'self'"
	if isHost(host) {
		connect += " ws://" + host + " wss://" + host
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' blob:",
		"font-src 'self'",
		"media-src 'self' blob: mediastream:",
		"worker-src 'self'",
		"manifest-src 'self'",
		connect,
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	}, "; ")
}

// isHost tells whether a Host header holds a name or address with or without a port, and nothing that would end a
// directive of the policy.
func isHost(host string) bool {
	if host == "" || len(host) > 260 {
		return false
	}
	return strings.Trim(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]") == ""
}

// permissions are the browser's powers that the page asks for, and common ones that nothing here may ask for.
func permissions() string {
	return strings.Join([]string{
		"camera=(self)", "microphone=(self)", "display-capture=(self)", "fullscreen=(self)", "autoplay=(self)",
		"picture-in-picture=(self)", "screen-wake-lock=(self)",
		"geolocation=()", "payment=()", "usb=()", "serial=()", "hid=()", "midi=()", "browsing-topics=()",
	}, ", ")
}
