package rtcp

import "time"

// unixToNTP is the seconds from 1900 to 1970, RFC 868.
const unixToNTP = 2_208_988_800

// NTP is a Unix time in nanoseconds as the 32.32 fixed point seconds since 1900 of a SenderReport, RFC 3550 section 4.
func NTP(unix int64) uint64 {
	s, rest := uint64(unix)/uint64(time.Second), uint64(unix)%uint64(time.Second)
	return (s+unixToNTP)<<32 | rest<<32/uint64(time.Second)
}

// RoundTrip is the time from our sender report to this answer to it and back, RFC 3550 section 6.4.1, when the answer
// came at the NTP time now. ok is false when no sender report is answered, or the peer claims to have held it for
// longer than it has been away.
func (r Report) RoundTrip(now uint64) (d time.Duration, ok bool) {
	elapsed := int32(uint32(now>>16) - r.LSR - r.DLSR)
	if r.LSR == 0 || elapsed < 0 {
		return 0, false
	}
	return time.Duration(elapsed) * time.Second >> 16, true
}
