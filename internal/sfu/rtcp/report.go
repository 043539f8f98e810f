package rtcp

import (
	"encoding/binary"
	"iter"
)

const (
	senderInfoLen = 20
	reportLen     = 24
	maxReports    = 31 // what the five bits of a packet's count can say
)

// SenderReport is what a sender tells about its stream, RFC 3550 section 6.4.1.
type SenderReport struct {
	SSRC    uint32
	NTP     uint64 // wall clock in 32.32 fixed point seconds since 1900, see NTP
	RTP     uint32 // the same moment in the stream's timestamps
	Packets uint32 // sent so far
	Octets  uint32 // of payload sent so far
}

// Report is what a receiver tells about one stream, RFC 3550 section 6.4.1.
type Report struct {
	SSRC         uint32
	FractionLost uint8  // since the last report, of 256
	TotalLost    int32  // since the beginning, 24 bits; negative when packets were doubled
	HighestSeq   uint32 // sequence number with the count of wrap-arounds above it
	Jitter       uint32 // in units of the stream's timestamps
	LSR          uint32 // middle 32 bits of the NTP time of the last sender report; 0: none came
	DLSR         uint32 // since that report, in 1/65536 s
}

// SenderReport is the sender's part of a KindSenderReport.
func (p Packet) SenderReport() SenderReport {
	if p.kind != KindSenderReport {
		return SenderReport{}
	}
	b := p.body[:ssrcLen+senderInfoLen]
	return SenderReport{
		SSRC:    binary.BigEndian.Uint32(b),
		NTP:     binary.BigEndian.Uint64(b[4:]),
		RTP:     binary.BigEndian.Uint32(b[12:]),
		Packets: binary.BigEndian.Uint32(b[16:]),
		Octets:  binary.BigEndian.Uint32(b[20:]),
	}
}

// Reports walks the reception reports of a KindSenderReport or KindReceiverReport.
func (p Packet) Reports() iter.Seq[Report] {
	blocks := p.reportBlocks()
	return func(yield func(Report) bool) {
		for b := blocks; len(b) >= reportLen; b = b[reportLen:] {
			if !yield(readReport(b)) {
				return
			}
		}
	}
}

// reportBlocks are the bytes of as many reports as the packet's count says.
func (p Packet) reportBlocks() []byte {
	begin := ssrcLen
	switch p.kind {
	case KindSenderReport:
		begin += senderInfoLen
	case KindReceiverReport:
	default:
		return nil
	}
	return p.body[begin:][:int(p.count)*reportLen]
}

func readReport(b []byte) Report {
	return Report{
		SSRC:         binary.BigEndian.Uint32(b),
		FractionLost: b[4],
		TotalLost:    int32(binary.BigEndian.Uint32(b[4:])<<8) >> 8, // sign of 24 bits
		HighestSeq:   binary.BigEndian.Uint32(b[8:]),
		Jitter:       binary.BigEndian.Uint32(b[12:]),
		LSR:          binary.BigEndian.Uint32(b[16:]),
		DLSR:         binary.BigEndian.Uint32(b[20:]),
	}
}

// AppendSenderReport appends a sender report. Reports beyond the 31st go into receiver reports behind it.
func AppendSenderReport(dst []byte, sr SenderReport, reports []Report) []byte {
	n := min(len(reports), maxReports)
	dst = appendHeader(dst, n, typeSenderReport, ssrcLen+senderInfoLen+n*reportLen)
	dst = binary.BigEndian.AppendUint32(dst, sr.SSRC)
	dst = binary.BigEndian.AppendUint64(dst, sr.NTP)
	dst = binary.BigEndian.AppendUint32(dst, sr.RTP)
	dst = binary.BigEndian.AppendUint32(dst, sr.Packets)
	dst = binary.BigEndian.AppendUint32(dst, sr.Octets)
	dst = appendReports(dst, reports[:n])
	if n == len(reports) {
		return dst
	}
	return AppendReceiverReport(dst, sr.SSRC, reports[n:])
}

// AppendReceiverReport appends a receiver report, which may be empty, and more of them when there are over 31 reports.
func AppendReceiverReport(dst []byte, sender uint32, reports []Report) []byte {
	for {
		n := min(len(reports), maxReports)
		dst = appendHeader(dst, n, typeReceiverReport, ssrcLen+n*reportLen)
		dst = binary.BigEndian.AppendUint32(dst, sender)
		dst = appendReports(dst, reports[:n])
		if reports = reports[n:]; len(reports) == 0 {
			return dst
		}
	}
}

func appendReports(dst []byte, reports []Report) []byte {
	const minLost, maxLost = -1 << 23, 1<<23 - 1
	for i := range reports {
		r := &reports[i]
		lost := min(max(r.TotalLost, minLost), maxLost)
		dst = binary.BigEndian.AppendUint32(dst, r.SSRC)
		dst = binary.BigEndian.AppendUint32(dst, uint32(r.FractionLost)<<24|uint32(lost)&0xffffff)
		dst = binary.BigEndian.AppendUint32(dst, r.HighestSeq)
		dst = binary.BigEndian.AppendUint32(dst, r.Jitter)
		dst = binary.BigEndian.AppendUint32(dst, r.LSR)
		dst = binary.BigEndian.AppendUint32(dst, r.DLSR)
	}
	return dst
}

// appendHeader appends a packet's header. bodyLen is a multiple of four.
func appendHeader(dst []byte, count, packetType, bodyLen int) []byte {
	dst = append(dst, byte(version<<6|count), byte(packetType))
	return binary.BigEndian.AppendUint16(dst, uint16(bodyLen/4))
}
