package rtcp

import (
	"encoding/binary"
	"iter"
)

// SSRCs walks the sources that a KindBye or a KindREMB names.
func (p Packet) SSRCs() iter.Seq[uint32] {
	sources := p.sources()
	return func(yield func(uint32) bool) {
		for b := sources; len(b) >= ssrcLen; b = b[ssrcLen:] {
			if !yield(binary.BigEndian.Uint32(b)) {
				return
			}
		}
	}
}

func (p Packet) sources() []byte {
	switch p.kind {
	case KindBye:
		return p.body[:int(p.count)*ssrcLen]
	case KindREMB:
		return p.body[rembLen:]
	default:
		return nil
	}
}

func appendSources(dst []byte, sources []uint32) []byte {
	for _, ssrc := range sources {
		dst = binary.BigEndian.AppendUint32(dst, ssrc)
	}
	return dst
}
