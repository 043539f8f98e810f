package rtcp

import (
	"encoding/binary"
	"iter"
)

const (
	itemCNAME   = 1
	maxItemText = 255
	maxByeCount = 31
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

// AppendBye appends a goodbye for at most 31 sources, RFC 3550 section 6.6.
func AppendBye(dst []byte, sources []uint32) []byte {
	sources = sources[:min(len(sources), maxByeCount)]
	dst = appendHeader(dst, len(sources), typeBye, ssrcLen*len(sources))
	return appendSources(dst, sources)
}

// AppendSDES appends a source description of one source with its canonical name, RFC 3550 section 6.5. A name of more
// than 255 bytes is cut.
func AppendSDES(dst []byte, ssrc uint32, cname string) []byte {
	cname = cname[:min(len(cname), maxItemText)]
	item := 2 + len(cname)
	end := 4 - item%4 // at least one zero ends the list, and the chunk is filled up to four bytes
	dst = appendHeader(dst, 1, typeSourceDescription, ssrcLen+item+end)
	dst = binary.BigEndian.AppendUint32(dst, ssrc)
	dst = append(dst, itemCNAME, byte(len(cname)))
	dst = append(dst, cname...)
	for range end {
		dst = append(dst, 0)
	}
	return dst
}

func appendSources(dst []byte, sources []uint32) []byte {
	for _, ssrc := range sources {
		dst = binary.BigEndian.AppendUint32(dst, ssrc)
	}
	return dst
}
