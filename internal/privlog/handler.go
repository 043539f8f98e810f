package privlog

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

const addressPlaceholder = "[address]"

// New makes a logger that writes lines of text, or of JSON, to w, without network addresses.
func New(w io.Writer, level slog.Level, json bool) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: scrub}
	if json {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// scrub takes network addresses out of an attribute; slog hands it the message and each value.
func scrub(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(withoutAddresses(a.Value.String()))
	case slog.KindAny:
		switch v := a.Value.Any().(type) {
		case net.Addr, net.IP, net.IPNet, netip.Addr, netip.AddrPort, netip.Prefix:
			a.Value = slog.StringValue(addressPlaceholder)
		case *http.Request, *url.URL, url.URL, http.Header:
			a.Value = slog.StringValue("[request]")
		case error:
			a.Value = slog.StringValue(withoutAddresses(v.Error()))
		}
	}
	return a
}

// withoutAddresses replaces every IP address in a text, with its port, zone and brackets. Errors of the network
// carry them ("read tcp 192.0.2.1:443->192.0.2.7:50000: connection reset").
func withoutAddresses(text string) string {
	if strings.Count(text, ".") < 3 && strings.Count(text, ":") < 2 {
		return text // too few separators for any address
	}
	var out strings.Builder
	for len(text) > 0 {
		n := strings.IndexFunc(text, func(r rune) bool { return !inAddress(r) })
		if n < 0 {
			n = len(text)
		}
		out.WriteString(withoutAddress(text[:n]))
		text = text[n:]
		if n = strings.IndexFunc(text, inAddress); n < 0 {
			n = len(text)
		}
		out.WriteString(text[:n])
		text = text[n:]
	}
	return out.String()
}

// inAddress tells whether a character can stand in an IP address. Letters beyond f belong to zones ("%eth0"), and
// keep words whole, so that no end of a word is taken for an address.
func inAddress(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(".:%[]", r)
}

// withoutAddress is a word, or the placeholder when the word is an address; what punctuation stood around it stays.
func withoutAddress(word string) string {
	start := strings.TrimLeft(word, ".")
	bare := strings.TrimRight(start, ".:")
	for _, candidate := range []string{start, bare} {
		if isAddress(candidate) {
			i := strings.Index(word, candidate)
			return word[:i] + addressPlaceholder + word[i+len(candidate):]
		}
	}
	return word
}

func isAddress(text string) bool {
	if _, err := netip.ParseAddrPort(text); err == nil {
		return true
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	_, err := netip.ParseAddr(text)
	return err == nil
}
