package testpeer

// historySize is how many packets of a stream can be resent: about a second of video. A power of two.
const historySize = 256

// history keeps the newest packets of a stream for retransmission. It is not safe for concurrent use.
type history struct {
	packets [historySize]pastPacket
}

type pastPacket struct {
	sentPacket
	sequence uint16
}

// store copies a packet over the oldest one.
func (h *history) store(sequence uint16, p sentPacket) {
	slot := &h.packets[sequence%historySize]
	slot.sequence = sequence
	slot.payload = append(slot.payload[:0], p.payload...)
	slot.timestamp, slot.marker = p.timestamp, p.marker
}

// load finds a packet. Its payload is valid until the next store.
func (h *history) load(sequence uint16) (p sentPacket, ok bool) {
	slot := &h.packets[sequence%historySize]
	if slot.sequence != sequence || slot.payload == nil {
		return p, false
	}
	return slot.sentPacket, true
}
