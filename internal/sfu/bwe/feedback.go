package bwe

import (
	"encoding/binary"
	"slices"
)

// The message of section 3.1 of the draft.
const (
	firstByte      = 2<<6 | 15 // version 2, format 15
	paddingBit     = 0x20
	packetType     = 205
	lengthAt       = 2
	maxReceived    = 400 // keeps a message of at most two bytes for each, and its chunks, below 1,200 bytes
	maxSmall       = 0xff
	oneBitSymbols  = 14
	twoBitSymbols  = 7
	vectorBit      = 1 << 15
	twoBitBit      = 1 << 14
	symbolBits     = 14 // behind the two above
	runSymbolShift = 13
)

// symbol is the state of a packet, section 3.1.1.
type symbol uint8

const (
	lost  symbol = iota
	small        // came; one byte of delta
	large        // came; two bytes of delta
)

// AppendFeedback appends one message about what came since the last, from sender, our own source, about media, any
// source of the peer's. It leaves dst as it is when there is nothing to report. A message has less than 1,200 bytes;
// when more is to be told than fits, the rest waits: call again until nothing is appended.
func (r *Recorder) AppendFeedback(dst []byte, sender, media uint32) []byte {
	if r.base == r.end {
		return dst
	}
	var buffer [window]symbol
	symbols, reference := r.symbols(&buffer)
	start := len(dst)
	dst = append(dst, firstByte, packetType, 0, 0)
	dst = binary.BigEndian.AppendUint32(dst, sender)
	dst = binary.BigEndian.AppendUint32(dst, media)
	dst = binary.BigEndian.AppendUint16(dst, uint16(r.base))
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(symbols)))
	dst = binary.BigEndian.AppendUint32(dst, reference<<8|uint32(r.messages))
	for rest := symbols; len(rest) > 0; {
		var chunk uint16
		chunk, rest = cutChunk(rest)
		dst = binary.BigEndian.AppendUint16(dst, chunk)
	}
	dst = r.appendDeltas(dst, symbols, reference<<referenceShift)
	if padding := -(len(dst) - start) & 3; padding > 0 {
		dst = append(dst, make([]byte, padding)...)
		dst[len(dst)-1] = byte(padding)
		dst[start] |= paddingBit
	}
	binary.BigEndian.PutUint16(dst[start+lengthAt:], uint16((len(dst)-start)/4-1))
	r.base += int64(len(symbols))
	r.messages++
	return dst
}

// symbols tells the states from base on for one message, and its reference time. It ends before a packet that is one
// too many, or that came too long before or after the one in front of it for a delta.
func (r *Recorder) symbols(buffer *[window]symbol) (symbols []symbol, reference uint32) {
	received := 0
	var last uint32
	for seq := r.base; seq < r.end; seq++ {
		i := int(seq - r.base)
		ticks, came := r.at(seq)
		if !came {
			buffer[i] = lost
			continue
		}
		if received == 0 {
			reference = ticks >> referenceShift
			last = reference << referenceShift
		}
		delta := int32(ticks - last)
		if received == maxReceived || delta != int32(int16(delta)) {
			return buffer[:i], reference
		}
		buffer[i] = large
		if delta >= 0 && delta <= maxSmall {
			buffer[i] = small
		}
		received++
		last = ticks
	}
	return buffer[:r.end-r.base], reference
}

// appendDeltas appends the arrival times of the packets that came, each as the distance from the one before.
func (r *Recorder) appendDeltas(dst []byte, symbols []symbol, last uint32) []byte {
	for i, s := range symbols {
		if s == lost {
			continue
		}
		ticks, _ := r.at(r.base + int64(i))
		if s == small {
			dst = append(dst, byte(ticks-last))
		} else {
			dst = binary.BigEndian.AppendUint16(dst, uint16(ticks-last))
		}
		last = ticks
	}
	return dst
}

// cutChunk encodes the first symbols in one chunk, sections 3.1.3 and 3.1.4: a run of equal ones where it holds as
// many as a vector would, else a vector, of one bit each or, with a large delta among them, of two.
func cutChunk(symbols []symbol) (chunk uint16, rest []symbol) {
	run := 1
	for run < len(symbols) && symbols[run] == symbols[0] {
		run++
	}
	n, width := min(len(symbols), oneBitSymbols), 1
	if slices.Contains(symbols[:n], large) {
		n, width = min(n, twoBitSymbols), 2
	}
	if run >= n {
		return uint16(symbols[0])<<runSymbolShift | uint16(run), symbols[run:]
	}
	return vectorChunk(symbols[:n], width), symbols[n:]
}

// vectorChunk puts symbols of width bits each into a status vector, the first into the highest bits.
func vectorChunk(symbols []symbol, width int) uint16 {
	chunk, shift := uint16(vectorBit), symbolBits
	if width == 2 {
		chunk |= twoBitBit
	}
	for _, s := range symbols {
		shift -= width
		chunk |= uint16(s) << shift
	}
	return chunk
}
