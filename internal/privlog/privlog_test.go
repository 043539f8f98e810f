package privlog

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

const canary = "canary"

func TestCriterion18NothingPersonalReachesTheOutput(t *testing.T) {
	request := &http.Request{RemoteAddr: "203.0.113.9:1", URL: &url.URL{Path: canary}}
	values := map[string]any{
		"name": Name(canary), "room": Room(canary), "address": Address(canary), "chat": Chat(canary),
		"token": Token(canary), "email": Email(canary),
		"nested":  struct{ Name Name }{canary},
		"pointer": &struct{ Token Token }{canary},
		"list":    []Room{canary},
		"wrapped": fmt.Errorf("join %s as %q: %w", Room(canary), Name(canary), errors.New("full")),
		"network": &net.OpError{
			Op: "read", Net: "tcp", Source: net.TCPAddrFromAddrPort(netip.MustParseAddrPort("203.0.113.9:80")),
			Err: errors.New("reset"),
		},
		"addr":     netip.MustParseAddr("203.0.113.9"),
		"addrport": netip.MustParseAddrPort("[2001:db8::9]:80"),
		"udp":      &net.UDPAddr{IP: net.ParseIP("203.0.113.9"), Port: 1},
		"request":  request,
		"url":      request.URL,
		"text":     "from 203.0.113.9",
		"group":    slog.GroupValue(slog.String("peer", "203.0.113.9:5"), slog.Any("name", Name(canary))),
	}
	for _, json := range []bool{false, true} {
		var out bytes.Buffer
		log := New(&out, slog.LevelDebug, json)
		for key, value := range values {
			log.Info("from 203.0.113.9", key, value)
			log.With(key, value).WithGroup("group").Debug("again", key, value)
		}
		slog.NewLogLogger(log.Handler(), slog.LevelWarn).Print("http: panic serving 203.0.113.9:50000: oops")
		for _, secret := range []string{canary, "203.0.113.9", "2001:db8"} {
			if strings.Contains(out.String(), secret) {
				t.Errorf("json %t: %q is in the log:\n%s", json, secret, out.String())
			}
		}
		if !strings.Contains(out.String(), "[name]") || !strings.Contains(out.String(), "reset") {
			t.Errorf("json %t: placeholders or causes are missing:\n%s", json, out.String())
		}
	}
}

func TestWithoutAddresses(t *testing.T) {
	tests := map[string]string{
		"":                                 "",
		"192.0.2.1":                        "[address]",
		"192.0.2.1:443":                    "[address]",
		"192.0.2.1.":                       "[address].",
		"dial 192.0.2.1: refused":          "dial [address]: refused",
		"read 192.0.2.1:4->192.0.2.7:5: x": "read [address]->[address]: x",
		"listen tcp [::1]:80: in use":      "listen tcp [address]: in use",
		"at fe80::1%eth0, at 2001:db8::":   "at [address], at [address]",
		"(::ffff:192.0.2.1)":               "([address])",
		"version 1.2.3 at 10:11:12":        "version 1.2.3 at 10:11:12",
		"a.b.c.d: e: f:":                   "a.b.c.d: e: f:",
		"300.1.1.1":                        "300.1.1.1",
	}
	for text, want := range tests {
		if got := withoutAddresses(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func FuzzWithoutAddresses(f *testing.F) {
	f.Add("read ", " from")
	f.Add("(", ")")
	f.Fuzz(func(t *testing.T, before, after string) {
		text := withoutAddresses(before + " 203.0.113.9:443 " + after)
		if strings.Count(text, "203.0.113.9:443") > strings.Count(before+" "+after, "203.0.113.9:443") {
			t.Errorf("an address passed: %q", text)
		}
	})
}
