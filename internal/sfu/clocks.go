package sfu

import (
	"time"

	"stube/internal/sfu/rtcp"
)

// ntp gives a time of the Server's clock as an NTP timestamp. Only differences count for receivers, but a wall clock
// makes captures readable.
func (s *Server) ntp(now int64) uint64 { return rtcp.NTP(s.epoch.UnixNano() + now) }

// fromNTP gives an NTP timestamp in nanoseconds; from which epoch doesn't matter.
func fromNTP(ntp uint64) int64 {
	return int64(ntp>>32)*int64(time.Second) + int64((ntp&0xffffffff)*uint64(time.Second)>>32)
}
