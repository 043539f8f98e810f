package ice

import (
	"log/slog"
	"net/netip"
	"regexp"
	"strings"
	"testing"
)

func TestHostCandidates(t *testing.T) {
	addrs := func(list ...string) []netip.AddrPort {
		var parsed []netip.AddrPort
		for _, s := range list {
			parsed = append(parsed, netip.MustParseAddrPort(s))
		}
		return parsed
	}
	got := HostCandidates(
		addrs("192.0.2.1:443", "[2001:db8::1]:443", "192.0.2.1:444", "[::ffff:192.0.2.1]:443", "192.0.2.1:0"),
		addrs("192.0.2.1:443", "[2001:db8::1]:443"))
	want := []Candidate{
		{"1", 2130706431, netip.MustParseAddrPort("192.0.2.1:443"), false}, // RFC 8839's example of a host candidate
		{"2", 2130706175, netip.MustParseAddrPort("[2001:db8::1]:443"), false},
		{"1", 2130705919, netip.MustParseAddrPort("192.0.2.1:444"), false},
		{"4", 90<<24 | 65535<<8 | 255, netip.MustParseAddrPort("192.0.2.1:443"), true},
		{"5", 90<<24 | 65534<<8 | 255, netip.MustParseAddrPort("[2001:db8::1]:443"), true},
	}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("candidate %d is %v, want %v", i, got[i], want[i])
		}
	}
	if got := HostCandidates(nil, append(addrs(), netip.AddrPort{})); len(got) != 0 {
		t.Errorf("from nothing came %v", got)
	}
}

func TestNewCredentials(t *testing.T) {
	iceChars := regexp.MustCompile("^[A-Za-z0-9+/]+$")
	c, other := NewCredentials(), NewCredentials()
	if len(c.Ufrag) != 12 || len(c.Password) != 24 || !iceChars.MatchString(c.Ufrag+c.Password) {
		t.Errorf("made %q and %q", c.Ufrag, c.Password)
	}
	if c.Ufrag == other.Ufrag || c.Password == other.Password {
		t.Error("made twice the same")
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("made", "credentials", c)
	if strings.Contains(log.String(), c.Password) {
		t.Error("the password is in the log")
	}
}
