package sfu

import "sync/atomic"

// strain is how much of a stream is lost on the way to those who listen, before it is sent again: the largest share, of
// 256, that one of them asked for lately. It is safe for concurrent use.
//
// Opus puts a coarse copy of each frame into the next packet (in-band FEC) only as far as its sender believes that
// packets get lost. What the server has repaired it would not believe, and of listeners' networks it knows nothing; so
// reports on sound tell what had to be repaired on either way. Browsers estimate bandwidth by other figures.
type strain struct{ share atomic.Uint32 }

// maxStrain is the largest share, of 256, that is told of listeners. Opus makes no use of more, and no listener may
// have everybody's sound made for a network that hardly carries any.
const maxStrain = 64

// bear notes the share of a listener.
func (s *strain) bear(share uint32) {
	share = min(share, maxStrain)
	for {
		known := s.share.Load()
		if share <= known || s.share.CompareAndSwap(known, share) {
			return
		}
	}
}

// ease gives the share, and lets it fade: it is called for each report.
func (s *strain) ease() uint8 {
	share := s.share.Load()
	s.share.Store(share - (share+3)/4) // a share that is noted just now may get lost: it comes again
	return uint8(min(share, 255))
}

// shareOf is a part of packets, of 256.
func shareOf(part, packets uint64) uint32 {
	if packets == 0 {
		return 0
	}
	return uint32(min(part<<8/packets, 255))
}

// strained gives the share of the stream that was to be repaired lately, of 256, when so many packets were expected
// since the last report. recvMu is held.
func (s *stream) strained(expected uint64) uint8 {
	asked := s.nack.Asked() - s.reportedAsked
	s.reportedAsked += asked
	return max(s.strain.ease(), uint8(shareOf(asked, expected)))
}

// tellStrain tells the stream that the consumer carries what its client asked for since the last time. sendMu is held.
func (c *Consumer) tellStrain() {
	packets := c.sent.packets - c.receiver.strainedPackets
	c.stream.strain.bear(shareOf(c.receiver.asked, packets))
	c.receiver.asked, c.receiver.strainedPackets = 0, c.sent.packets
}
