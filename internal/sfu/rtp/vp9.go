package rtp

// VP9 is the payload descriptor in front of VP9 data, RFC 9628 section 4.2.
type VP9 struct {
	Len          int  // bytes of the descriptor
	KeyFrame     bool // a key picture begins here: its lowest spatial layer, not predicted from another picture
	Begin        bool // first packet of a layer frame
	End          bool // last packet of a layer frame
	Flexible     bool // F: frames name what they refer to
	Predicted    bool // P: predicted from another picture
	Unreferenced bool // Z: no higher spatial layer of the picture is predicted from this one
	HasPictureID bool
	Wide         bool // the picture id has 15 bits instead of 7
	HasLayers    bool // TID, Switch, SID and Dependent are there
	HasTL0       bool
	TID          uint8 // temporal layer
	SID          uint8 // spatial layer
	Switch       bool  // U: a receiver may switch up to this temporal layer here
	Dependent    bool  // D: predicted from the next lower spatial layer of the picture
	TL0          uint8 // running index of the temporal base layer's pictures
	Layers       uint8 // spatial layers by the scalability structure; 0 when there is none
	PictureID    uint16
}

// maxVP9References is how many reference indices a frame may have, RFC 9628 section 4.2: three.
const maxVP9References = 3

// ParseVP9 reads the descriptor at the beginning of a VP9 payload. It reads nothing behind it.
func ParseVP9(p []byte) (VP9, error) {
	if len(p) == 0 {
		return VP9{}, ErrShort
	}
	flags := p[0]
	d := VP9{
		Len:          1,
		HasPictureID: flags&0x80 != 0,
		Predicted:    flags&0x40 != 0,
		HasLayers:    flags&0x20 != 0,
		Flexible:     flags&0x10 != 0,
		Begin:        flags&0x08 != 0,
		End:          flags&0x04 != 0,
		Unreferenced: flags&0x01 != 0,
	}
	ok := (!d.HasPictureID || d.parsePictureID(p)) &&
		(!d.HasLayers || d.parseLayers(p)) &&
		(!d.Flexible || !d.Predicted || d.parseReferences(p)) &&
		(flags&0x02 == 0 || d.parseStructure(p))
	if !ok {
		return VP9{}, ErrShort
	}
	d.KeyFrame = d.Begin && !d.Predicted && d.SID == 0 && !d.Dependent
	return d, nil
}

// take moves over n bytes and returns them; it is nil when there are fewer.
func (d *VP9) take(p []byte, n int) []byte {
	if len(p)-d.Len < n {
		return nil
	}
	d.Len += n
	return p[d.Len-n : d.Len]
}

func (d *VP9) parsePictureID(p []byte) bool {
	b := d.take(p, 1)
	if b == nil {
		return false
	}
	d.PictureID = uint16(b[0] & 0x7f)
	if b[0]&0x80 == 0 {
		return true
	}
	if b = d.take(p, 1); b == nil {
		return false
	}
	d.Wide = true
	d.PictureID = d.PictureID<<8 | uint16(b[0])
	return true
}

func (d *VP9) parseLayers(p []byte) bool {
	b := d.take(p, 1)
	if b == nil {
		return false
	}
	d.TID, d.Switch, d.SID, d.Dependent = b[0]>>5, b[0]&0x10 != 0, b[0]>>1&0x07, b[0]&0x01 != 0
	if d.Flexible {
		return true
	}
	if b = d.take(p, 1); b == nil {
		return false
	}
	d.HasTL0, d.TL0 = true, b[0]
	return true
}

// parseReferences moves over the reference indices; the last bit of each says whether another follows.
func (d *VP9) parseReferences(p []byte) bool {
	for range maxVP9References {
		b := d.take(p, 1)
		if b == nil {
			return false
		}
		if b[0]&0x01 == 0 {
			return true
		}
	}
	return false
}

// parseStructure moves over the scalability structure and keeps the number of spatial layers.
func (d *VP9) parseStructure(p []byte) bool {
	b := d.take(p, 1)
	if b == nil {
		return false
	}
	d.Layers = b[0]>>5 + 1
	sizes, group := b[0]&0x10 != 0, b[0]&0x08 != 0
	if sizes && d.take(p, 4*int(d.Layers)) == nil { // a width and a height each
		return false
	}
	if !group {
		return true
	}
	if b = d.take(p, 1); b == nil {
		return false
	}
	for range b[0] {
		b := d.take(p, 1)
		if b == nil || d.take(p, int(b[0]>>2&0x03)) == nil {
			return false
		}
	}
	return true
}
