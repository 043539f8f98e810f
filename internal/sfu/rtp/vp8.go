package rtp

// VP8 is the payload descriptor in front of VP8 data, RFC 7741 section 4.2.
type VP8 struct {
	Len          int  // bytes of the descriptor
	Start        bool // the frame begins here: S is set and the partition is 0
	KeyFrame     bool // the frame begins here and is a key frame, by the first payload byte
	HasPictureID bool
	Wide         bool // the picture id has 15 bits instead of 7
	HasTL0       bool
	HasTID       bool
	TL0          uint8 // running index of the temporal base layer's frames
	TID          uint8 // temporal layer
	Sync         bool  // the frame uses nothing but the base layer: a receiver may switch up here
	PictureID    uint16
}

// ParseVP8 reads the descriptor at the beginning of a VP8 payload and one bit of the byte behind it.
func ParseVP8(p []byte) (VP8, error) {
	var d VP8
	if len(p) == 0 {
		return d, ErrShort
	}
	d.Start = p[0]&0x17 == 0x10
	d.Len = 1
	if p[0]&0x80 != 0 {
		if err := d.parseExtended(p); err != nil {
			return VP8{}, err
		}
	}
	if d.Start && len(p) > d.Len {
		d.KeyFrame = p[d.Len]&0x01 == 0 // RFC 7741 section 4.3: P, the inverse key frame flag
	}
	return d, nil
}

// parseExtended reads the optional part, which bits of the second byte announce field by field.
func (d *VP8) parseExtended(p []byte) error {
	if len(p) < 2 {
		return ErrShort
	}
	flags := p[1]
	d.Len = 2
	if flags&0x80 != 0 {
		if len(p) <= d.Len {
			return ErrShort
		}
		d.HasPictureID = true
		d.PictureID = uint16(p[d.Len] & 0x7f)
		d.Wide = p[d.Len]&0x80 != 0
		d.Len++
		if d.Wide {
			if len(p) <= d.Len {
				return ErrShort
			}
			d.PictureID = d.PictureID<<8 | uint16(p[d.Len])
			d.Len++
		}
	}
	if flags&0x40 != 0 {
		if len(p) <= d.Len {
			return ErrShort
		}
		d.HasTL0, d.TL0 = true, p[d.Len]
		d.Len++
	}
	if flags&0x30 != 0 { // T or K: they share a byte
		if len(p) <= d.Len {
			return ErrShort
		}
		if flags&0x20 != 0 {
			d.HasTID, d.TID, d.Sync = true, p[d.Len]>>6, p[d.Len]&0x20 != 0
		}
		d.Len++
	}
	return nil
}

// RewriteVP8 replaces the picture id and the base layer's index in the payload that d was parsed from, each where it
// is there. Nothing changes its length: of pictureID as many bits are taken as the descriptor has.
func RewriteVP8(p []byte, d VP8, pictureID uint16, tl0 uint8) {
	if len(p) < d.Len {
		return
	}
	at := 2
	switch {
	case d.HasPictureID && d.Wide:
		p[at], p[at+1] = 0x80|byte(pictureID>>8), byte(pictureID)
		at += 2
	case d.HasPictureID:
		p[at] = byte(pictureID) & 0x7f
		at++
	}
	if d.HasTL0 {
		p[at] = tl0
	}
}
