package auth

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"stube/internal/auth/session"
)

// errInsecure says that a request came by http from another machine: its cookie would be for all to read.
var errInsecure = errors.New("log-in needs https")

// site is where the page is reached.
type site struct {
	url    *url.URL // nil: wherever a request came by
	secure func(*http.Request) bool
}

// newSite takes an origin, or "", and what tells whether a request's client spoke TLS.
func newSite(text string, secure func(*http.Request) bool) (site, error) {
	if text == "" {
		return site{secure: secure}, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != text {
		return site{}, fmt.Errorf("make the log-in: %q is no origin; write it such as https://meet.example.org", text)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return site{}, fmt.Errorf("make the log-in: %q has no https, which log-in needs", text)
	}
	return site{u, secure}, nil
}

// origin is the scheme, host and port that a browser sees.
type origin struct {
	text   string
	secure bool
}

// origin tells where a request was made to. Another program that speaks TLS for this one is known by the site's URL.
func (s site) origin(r *http.Request) (origin, error) {
	if s.url != nil && strings.EqualFold(r.Host, s.url.Host) {
		return origin{s.url.Scheme + "://" + s.url.Host, s.url.Scheme == "https"}, nil
	}
	scheme, secure := "http", s.secure(r)
	if secure {
		scheme = "https"
	}
	text := scheme + "://" + strings.ToLower(r.Host)
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || scheme+"://"+u.Host != text || !secure && !isLoopback(u.Hostname()) {
		return origin{}, errInsecure
	}
	return origin{text, secure}, nil
}

// isLoopback tells whether a host is the browser's own machine. Browsers trust such pages without TLS.
func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// sameOrigin tells whether a page of this site made a request that changes something.
func (o origin) sameOrigin(r *http.Request) bool {
	if fetch := r.Header.Get("Sec-Fetch-Site"); fetch != "" && fetch != "same-origin" {
		return false
	}
	return strings.EqualFold(r.Header.Get("Origin"), o.text)
}

// Cookies begin with __Host- so that no other host, path or plain connection can set or see them (RFC 6265bis section
// 4.1.3.2), but for localhost without TLS, where browsers do not all allow that.
func (o origin) name(plain string) string {
	if o.secure {
		return "__Host-" + plain
	}
	return plain
}

func (o origin) sessionCookie() string { return o.name("stube") }

func (o origin) stepCookie() string { return o.name("stube-step") }

// setCookie sets a cookie, for so many seconds; 0 removes it.
func (o origin) setCookie(w http.ResponseWriter, name, value string, seconds int) {
	if seconds == 0 {
		seconds = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds, Secure: o.secure, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, // a provider sends the browser back from another site
	})
}

// setSession hands the secret of a session to the browser.
func (o origin) setSession(w http.ResponseWriter, secret string) {
	o.setCookie(w, o.sessionCookie(), secret, int(session.Absolute.Seconds()))
}

// cookie is the value of a cookie, "" where there is none.
func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// maxReturn bounds a path to come back to, in bytes.
const maxReturn = 512

// returnPath reads the path of this site that somebody wants to come back to after logging in. It takes no host, no
// query and no fragment, nor what browsers might read as one.
func returnPath(text string) (string, bool) {
	if text == "" {
		return "/", true
	}
	if len(text) > maxReturn || text[0] != '/' || strings.HasPrefix(text, "//") {
		return "", false
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || u.RawQuery != "" ||
		u.ForceQuery || u.Fragment != "" || strings.Contains(text, "#") {
		return "", false
	}
	if strings.Contains(u.Path, "//") || strings.ContainsFunc(u.Path, func(r rune) bool {
		return r < ' ' || r == '\\' || r == 0x7f || r == '\ufffd'
	}) {
		return "", false
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." {
			return "", false
		}
	}
	return u.EscapedPath(), true
}
