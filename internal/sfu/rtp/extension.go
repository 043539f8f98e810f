package rtp

import (
	"encoding/binary"
	"iter"
)

// The two forms of RFC 8285: sections 4.2 and 4.3.
const (
	profileOneByte     = 0xbede
	profileTwoByte     = 0x1000
	profileTwoByteMask = 0xfff0 // the low four bits are the application's

	maxOneByteID   = 14
	maxOneByteData = 16
	maxTwoByteData = 255
)

// Extension is one element of a header extension block.
type Extension struct {
	ID   uint8  // 1 to 255 as negotiated; up to 14 goes into the short form
	Data []byte // 1 to 255 bytes; up to 16 goes into the short form
}

// fits says whether the element can be written at all.
func (e *Extension) fits() bool { return e.ID != 0 && len(e.Data) > 0 && len(e.Data) <= maxTwoByteData }

// Extension returns the data of the element with this id, in either form, or nil when the packet carries none. It
// points into the packet that was parsed.
func (h *Header) Extension(id uint8) []byte {
	rest := h.extension
	for len(rest) > 0 {
		var found uint8
		var data []byte
		found, data, rest = h.nextExtension(rest)
		if found == 0 {
			break
		}
		if found == id {
			return data
		}
	}
	return nil
}

// Extensions walks the elements in the packet's order. The data points into the packet that was parsed; it may be
// empty, but isn't nil.
func (h *Header) Extensions() iter.Seq2[uint8, []byte] {
	return func(yield func(uint8, []byte) bool) {
		rest := h.extension
		for len(rest) > 0 {
			var id uint8
			var data []byte
			id, data, rest = h.nextExtension(rest)
			if id == 0 || !yield(id, data) {
				return
			}
		}
	}
}

// nextExtension takes the first element off rest. The id is 0 when there is no further one; a cut element and the
// reserved ids end the walk, as RFC 8285 section 4.2 demands.
func (h *Header) nextExtension(rest []byte) (id uint8, data, behind []byte) {
	for len(rest) > 0 && rest[0] == 0 { // padding
		rest = rest[1:]
	}
	var n, head int
	switch {
	case len(rest) == 0:
		return 0, nil, nil
	case h.profile == profileOneByte:
		id, n, head = rest[0]>>4, int(rest[0]&0x0f)+1, 1
		if id > maxOneByteID {
			return 0, nil, nil
		}
	case h.profile&profileTwoByteMask == profileTwoByte && len(rest) >= 2:
		id, n, head = rest[0], int(rest[1]), 2
	default:
		return 0, nil, nil
	}
	if id == 0 || len(rest) < head+n {
		return 0, nil, nil
	}
	end := head + n
	return id, rest[head:end:end], rest[end:]
}

// AppendHeader appends a header to dst: the fixed fields of h, no contributing sources, and the given extensions in
// the shortest form that holds them all (RFC 8285), padded to four bytes. Elements without id or data, and of more
// than 255 bytes, are left out. h.Len and the extensions that h was parsed with don't matter.
func AppendHeader(dst []byte, h *Header, extensions []Extension) []byte {
	start := len(dst)
	first, second := byte(version<<6), h.PayloadType&^markerBit
	if h.Padding {
		first |= paddingBit
	}
	if h.Marker {
		second |= markerBit
	}
	dst = append(dst, first, second)
	dst = binary.BigEndian.AppendUint16(dst, h.Sequence)
	dst = binary.BigEndian.AppendUint32(dst, h.Timestamp)
	dst = binary.BigEndian.AppendUint32(dst, h.SSRC)
	bare := len(dst)
	dst = appendExtensions(dst, extensions)
	if len(dst) > bare {
		dst[start] |= extensionBit
	}
	return dst
}

// appendExtensions appends the extension block, or nothing when no element fits into one.
func appendExtensions(dst []byte, extensions []Extension) []byte {
	profile := uint16(0)
	for i := range extensions {
		e := &extensions[i]
		switch {
		case !e.fits():
		case e.ID > maxOneByteID || len(e.Data) > maxOneByteData:
			profile = profileTwoByte
		case profile == 0:
			profile = profileOneByte
		}
	}
	if profile == 0 {
		return dst
	}
	dst = binary.BigEndian.AppendUint16(dst, profile)
	dst = append(dst, 0, 0)
	begin := len(dst)
	for i := range extensions {
		e := &extensions[i]
		switch {
		case !e.fits():
			continue
		case profile == profileOneByte:
			dst = append(dst, e.ID<<4|byte(len(e.Data)-1))
		default:
			dst = append(dst, e.ID, byte(len(e.Data)))
		}
		dst = append(dst, e.Data...)
	}
	for (len(dst)-begin)%4 != 0 {
		dst = append(dst, 0)
	}
	binary.BigEndian.PutUint16(dst[begin-2:], uint16((len(dst)-begin)/4))
	return dst
}
