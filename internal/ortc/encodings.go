package ortc

import "math"

// validateEncodings checks the streams of a producer: each must be recognisable in the packets that arrive, by
// SSRC, by rid, or, when it is the only one, by mid.
func (p RTPParameters) validateEncodings(kind MediaKind) error {
	if len(p.Encodings) == 0 || len(p.Encodings) > maxEncodings {
		return invalid("%d encodings; from 1 to %d", len(p.Encodings), maxEncodings)
	}
	if kind == Audio && len(p.Encodings) > 1 {
		return invalid("simulcast of audio")
	}
	ssrcs := make(map[uint32]bool, 2*len(p.Encodings))
	rids := make(map[string]bool, len(p.Encodings))
	for _, e := range p.Encodings {
		if err := e.validate(); err != nil {
			return err
		}
		if e.SSRC == 0 && e.Rid == "" && (p.Mid == "" || len(p.Encodings) > 1) {
			return invalid("encoding with neither SSRC nor rid")
		}
		if e.Rid != "" {
			if rids[e.Rid] {
				return invalid("rid twice")
			}
			rids[e.Rid] = true
		}
		for _, ssrc := range e.ssrcs() {
			if ssrcs[ssrc] {
				return invalid("SSRC %d twice", ssrc)
			}
			ssrcs[ssrc] = true
		}
	}
	if len(rids) != 0 && len(rids) != len(p.Encodings) {
		return invalid("rid on some encodings only")
	}
	return nil
}

// ssrcs are the SSRCs that an encoding names: of media, of retransmission, both or none.
func (e RTPEncodingParameters) ssrcs() []uint32 {
	var ssrcs []uint32
	if e.SSRC != 0 {
		ssrcs = append(ssrcs, e.SSRC)
	}
	if e.RTX != nil && e.RTX.SSRC != 0 {
		ssrcs = append(ssrcs, e.RTX.SSRC)
	}
	return ssrcs
}

func (e RTPEncodingParameters) validate() error {
	if len(e.Rid) > maxMid || !isToken(e.Rid) {
		return invalid("rid")
	}
	if e.RTX != nil && e.RTX.SSRC != 0 && e.SSRC == 0 {
		return invalid("SSRC of retransmission without one of media")
	}
	if e.MaxBitrate > maxBitrate {
		return invalid("maximum bitrate of %d bit/s", e.MaxBitrate)
	}
	for _, n := range []float64{e.MaxFramerate, e.ScaleResolutionDownBy} {
		if math.IsNaN(n) || n < 0 || n > 1000 {
			return invalid("frame rate or scale of an encoding")
		}
	}
	for _, text := range []string{e.ScalabilityMode, e.Priority, e.NetworkPriority} {
		if len(text) > maxMid || !isToken(text) {
			return invalid("scalability mode or priority of an encoding")
		}
	}
	return nil
}
