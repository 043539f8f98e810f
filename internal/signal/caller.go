package signal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/netip"

	"stube/internal/auth/limit"
	"stube/internal/room"
)

// guestCookie names a browser for as long as it runs, so that somebody who was taken out of a meeting does not come
// back as a stranger, and somebody who reloads the page is known again. It holds random bits and is kept nowhere.
const guestCookie = "stube-guest"

// guestBytes is how many random bytes a guest's cookie has.
const guestBytes = 16

// callers finds out who is at the other end of a connection.
type callers struct {
	// Set once.
	identify func(*http.Request) (room.Caller, bool)
	address  func(*http.Request) netip.Addr
	secure   func(*http.Request) bool
	key      []byte // of the hashes that stand for browsers; ends with the process
	network  *networkKey
}

func newCallers(cfg Config) callers {
	if cfg.Address == nil {
		cfg.Address = func(r *http.Request) netip.Addr {
			addr, _ := netip.ParseAddrPort(r.RemoteAddr) // else not valid
			return addr.Addr()
		}
	}
	if cfg.Secure == nil {
		cfg.Secure = func(r *http.Request) bool { return r.TLS != nil }
	}
	return callers{
		identify: cfg.Identify, address: cfg.Address, secure: cfg.Secure, key: newKey(), network: new(networkKey),
	}
}

// caller finds who asks. A browser that has no cookie gets one with the answer.
func (s callers) caller(w http.ResponseWriter, r *http.Request) room.Caller {
	var who room.Caller
	if s.identify != nil {
		if known, ok := s.identify(r); ok {
			who = known
		}
	}
	who.Browser = hash(s.key, "browser", s.browser(w, r))
	if addr := s.address(r); addr.IsValid() {
		today, before := s.network.now()
		who.AddressKey = hash(today, "network", limit.Network(addr))
		if before != nil {
			who.AddressKeyBefore = hash(before, "network", limit.Network(addr))
		}
	}
	return who
}

// still tells whether a caller's log-in holds, now that its connection is known: a log-out that looked for connections
// before has ended it.
func (s callers) still(who room.Caller, r *http.Request) bool {
	if who.Session == "" {
		return true
	}
	now, ok := s.identify(r)
	return ok && now.Account == who.Account && now.Session == who.Session
}

// browser gives the value of the guest's cookie.
func (s callers) browser(w http.ResponseWriter, r *http.Request) string {
	name, secure := guestCookie, s.secure(r)
	if secure {
		name = "__Host-" + guestCookie
	}
	if cookie, err := r.Cookie(name); err == nil {
		if raw, err := base64.RawURLEncoding.DecodeString(cookie.Value); err == nil && len(raw) == guestBytes {
			return cookie.Value
		}
	}
	raw := make([]byte, guestBytes)
	_, _ = rand.Read(raw) // never fails
	value := base64.RawURLEncoding.EncodeToString(raw)
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	})
	return value
}

func hash(key []byte, purpose, text string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(purpose + " " + text)) // never fails
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
