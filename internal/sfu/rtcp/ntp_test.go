package rtcp_test

import (
	"testing"
	"time"

	"stube/internal/sfu/rtcp"
)

func TestNTP(t *testing.T) {
	for unix, want := range map[int64]uint64{
		0:                             2_208_988_800 << 32,
		int64(time.Second / 2):        2_208_988_800<<32 | 1<<31,
		int64(time.Second):            2_208_988_801 << 32,
		1_790_000_000 * 1_000_000_000: 3_998_988_800 << 32,
	} {
		if got := rtcp.NTP(unix); got != want {
			t.Errorf("NTP(%d) = %x, want %x", unix, got, want)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	sent := rtcp.NTP(1_790_000_000_123_456_789)
	held := uint32(65536 / 4) // 250 ms
	at := func(d time.Duration) uint64 { return rtcp.NTP(1_790_000_000_123_456_789 + int64(d)) }
	report := rtcp.Report{LSR: uint32(sent >> 16), DLSR: held}
	d, ok := report.RoundTrip(at(290 * time.Millisecond))
	if !ok || (d-40*time.Millisecond).Abs() > time.Millisecond {
		t.Errorf("got %v, %v", d, ok)
	}
	if d, ok := report.RoundTrip(at(200 * time.Millisecond)); ok {
		t.Errorf("held longer than away: %v", d)
	}
	if d, ok := (rtcp.Report{DLSR: 5}).RoundTrip(sent); ok {
		t.Errorf("no sender report: %v", d)
	}
}
