package srtp

import "encoding/binary"

// Opener checks and decrypts what one end receives. It is not safe for concurrent use.
type Opener struct {
	suite        suite
	rtpOverhead  int
	rtcpOverhead int
	reports      reportWindows
}

// NewOpener makes the Opener of a direction. It refuses keys of the wrong length.
func NewOpener(p Profile, masterKey, masterSalt []byte) (*Opener, error) {
	s, err := newSuite(p, masterKey, masterSalt)
	if err != nil {
		return nil, err
	}
	return &Opener{suite: s, rtpOverhead: p.RTPOverhead(), rtcpOverhead: p.RTCPOverhead()}, nil
}

// OpenRTP checks an RTP packet with a header of headerLen bytes and decrypts it in place. The payload answered is
// a part of packet; index is the roll-over counter and the sequence number, ROC<<16 | SEQ. w is the window of the
// stream ssrc; it takes note of the packet when that is authentic.
//
// After an error (ErrShort, ErrReplay, ErrAuth) the packet's bytes are undefined.
func (o *Opener) OpenRTP(w *Window, packet []byte, headerLen int, ssrc uint32) (
	payload []byte, index uint64, err error,
) {
	if headerLen < rtpHeader || len(packet) < headerLen+o.rtpOverhead {
		return nil, 0, ErrShort
	}
	index = w.guess(binary.BigEndian.Uint16(packet[2:]))
	if !w.fresh(index) {
		return nil, 0, ErrReplay
	}
	payload, err = o.suite.openRTP(packet, headerLen, ssrc, index)
	if err != nil {
		return nil, 0, err
	}
	w.note(index)
	return payload, index, nil
}

// NewestRTP tells whether an RTP packet is authentic and newer than all that w has noted. It decrypts the packet in
// place and takes note of nothing.
func (o *Opener) NewestRTP(w *Window, packet []byte, headerLen int, ssrc uint32) bool {
	if headerLen < rtpHeader || len(packet) < headerLen+o.rtpOverhead {
		return false
	}
	index := w.guess(binary.BigEndian.Uint16(packet[2:]))
	if !w.newer(index) {
		return false
	}
	_, err := o.suite.openRTP(packet, headerLen, ssrc, index)
	return err == nil
}

// NewestRTCP tells whether an RTCP packet is authentic and newer than all that its sender sent. It decrypts the packet
// in place and takes note of nothing.
func (o *Opener) NewestRTCP(packet []byte) bool {
	if len(packet) < rtcpHeader+o.rtcpOverhead {
		return false
	}
	word := o.suite.rtcpWord(packet)
	if word&encrypted == 0 || !o.reports.newer(rtcpSSRC(packet), uint64(word&^encrypted)) {
		return false
	}
	_, err := o.suite.openRTCP(packet, rtcpSSRC(packet), word)
	return err == nil
}

// OpenRTCP checks a compound RTCP packet and decrypts it in place; the answer is the beginning of packet.
// Replay is checked for each sender's SSRC. A packet sent without encryption is refused: no profile that DTLS
// negotiates has it.
//
// After an error (ErrShort, ErrReplay, ErrAuth) the packet's bytes are undefined.
func (o *Opener) OpenRTCP(packet []byte) ([]byte, error) {
	if len(packet) < rtcpHeader+o.rtcpOverhead {
		return nil, ErrShort
	}
	word := o.suite.rtcpWord(packet)
	if word&encrypted == 0 {
		return nil, ErrAuth
	}
	ssrc, index := rtcpSSRC(packet), uint64(word&^encrypted)
	if !o.reports.fresh(ssrc, index) {
		return nil, ErrReplay
	}
	plain, err := o.suite.openRTCP(packet, ssrc, word)
	if err != nil {
		return nil, err
	}
	o.reports.note(ssrc, index)
	return plain, nil
}
