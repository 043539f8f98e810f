package sfu

import (
	"time"

	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
)

// sendTime is when a packet left its sender, as abs-send-time tells it, with a bit that says so; 0: not known.
type sendTime uint32

const (
	sendTimeBits  = 24
	sendTimeKnown = 1 << sendTimeBits
	sendTimeUnits = 1 << 18 // of a second
)

// readSendTime reads the data of the extension.
func readSendTime(data []byte) sendTime {
	value, ok := rtp.SendTime(data)
	if !ok {
		return 0
	}
	return sendTime(value) | sendTimeKnown
}

// since tells how many ns later than another packet of the same sender a packet was sent, up to half a minute.
func (s sendTime) since(earlier sendTime) (ns int64, ok bool) {
	const unused = 32 - sendTimeBits
	units := int64(int32(uint32(s-earlier)<<unused) >> unused)
	return units * int64(time.Second) / sendTimeUnits, s&earlier&sendTimeKnown != 0
}

// ntp gives a time of the Server's clock as an NTP timestamp. Only differences count for receivers, but a wall clock
// makes captures readable.
func (s *Server) ntp(now int64) uint64 { return rtcp.NTP(s.epoch.UnixNano() + now) }

// fromNTP gives an NTP timestamp in nanoseconds; from which epoch doesn't matter.
func fromNTP(ntp uint64) int64 {
	return int64(ntp>>32)*int64(time.Second) + int64((ntp&0xffffffff)*uint64(time.Second)>>32)
}
