package rtp

import "errors"

// ErrNoStructure says that a dependency descriptor refers to templates that have not come yet.
var ErrNoStructure = errors.New("rtp: dependency descriptor without its templates")

const (
	maxTemplates = 64
	maxTargets   = 32 // decode targets
	// MaxLayer is the highest spatial or temporal layer that is told apart; higher ones count as it.
	MaxLayer = 3

	indicationAbsent = 0
	indicationSwitch = 2
)

// Dependency is what a packet's dependency descriptor tells of its frame (RTP Payload Format For AV1, appendix A).
type Dependency struct {
	Start, End bool   // first, last packet of the frame
	Frame      uint16 // number
	Structure  bool   // the templates are new: a coded video sequence begins
	Spatial    uint8
	Temporal   uint8
	// Switches has bit t set where whoever can decode this frame may go over to temporal layers up to t.
	Switches uint8
}

// Templates are what a stream's frames have in common. Descriptors refer to them, so that those of a stream have to be
// read in order. The zero value knows none.
type Templates struct {
	offset, count uint32
	targets       int
	layer         [maxTemplates]layerID
	indications   [maxTemplates]indications
	target        [maxTargets]layerID // the highest layers that belong to a decode target
}

type layerID struct{ spatial, temporal uint8 }

// indications tell for which decode targets a frame is needed, and for which it is a switching point; a bit each.
type indications struct{ present, switches uint32 }

// Parse reads a descriptor, and keeps the templates that it brings. It fails with [ErrShort] or [ErrNoStructure]; then
// nothing changes.
func (t *Templates) Parse(data []byte) (Dependency, error) {
	if len(data) < 3 {
		return Dependency{}, ErrShort
	}
	b := bits{data: data}
	d := Dependency{Start: b.flag(), End: b.flag()}
	id := b.take(6)
	d.Frame = uint16(b.take(16))
	var active, customIndications bool
	known := t
	if len(data) > 3 {
		d.Structure, active, customIndications = b.flag(), b.flag(), b.flag()
		b.take(2) // custom frame differences and chains: they follow what matters here
		if d.Structure {
			var fresh Templates
			if !fresh.parse(&b) {
				return Dependency{}, ErrShort
			}
			known = &fresh
		}
	}
	at := (id + maxTemplates - known.offset) % maxTemplates
	if at >= known.count {
		return Dependency{}, ErrNoStructure
	}
	if active {
		b.take(known.targets)
	}
	i := known.indications[at]
	if customIndications {
		i = b.indications(known.targets)
	}
	if b.short {
		return Dependency{}, ErrShort
	}
	d.Spatial, d.Temporal = known.layer[at].spatial, known.layer[at].temporal
	d.Switches = known.switches(i)
	if d.Structure {
		*t = *known
	}
	return d, nil
}

// switches tells which temporal layers may be taken up at a frame: those of whose decode targets it belongs to all, and
// is a switching point of each.
func (t *Templates) switches(i indications) uint8 {
	var yes, no uint8
	for n := range t.targets {
		switch bit := uint32(1) << n; {
		case i.present&bit == 0:
		case i.switches&bit != 0:
			yes |= 1 << t.target[n].temporal
		default:
			no |= 1 << t.target[n].temporal
		}
	}
	return yes &^ no
}

// indications reads one decode target indication for each target.
func (b *bits) indications(targets int) (i indications) {
	for n := range targets {
		switch b.take(2) {
		case indicationAbsent:
		case indicationSwitch:
			i.switches |= 1 << n
			fallthrough
		default:
			i.present |= 1 << n
		}
	}
	return i
}

// parse reads the template dependency structure.
func (t *Templates) parse(b *bits) bool {
	t.offset = b.take(6)
	t.targets = int(b.take(5)) + 1
	spatials := t.parseLayers(b)
	if spatials == 0 {
		return false
	}
	for n := range t.count {
		t.indications[n] = b.indications(t.targets)
	}
	for range t.count {
		for b.flag() {
			b.take(4) // a frame difference
		}
	}
	t.parseChains(b)
	if b.flag() {
		for range spatials {
			b.take(32) // width and height
		}
	}
	for n := range t.count {
		for target := range t.targets {
			if t.indications[n].present&(1<<target) != 0 {
				at := &t.target[target]
				at.spatial = max(at.spatial, t.layer[n].spatial)
				at.temporal = max(at.temporal, t.layer[n].temporal)
			}
		}
	}
	return !b.short
}

// parseLayers reads the templates' layers, each told by how it goes on from the one before, and tells how many spatial
// layers there are; 0: the list has no end.
func (t *Templates) parseLayers(b *bits) (spatials int) {
	const same, nextTemporal, nextSpatial = 0, 1, 2
	var spatial, temporal uint8
	for {
		if t.count == maxTemplates || b.short {
			return 0
		}
		t.layer[t.count] = layerID{min(spatial, MaxLayer), min(temporal, MaxLayer)}
		t.count++
		switch b.take(2) {
		case same:
		case nextTemporal:
			temporal++
		case nextSpatial:
			temporal = 0
			spatial++
		default:
			return int(spatial) + 1
		}
	}
}

// parseChains moves over the chains.
func (t *Templates) parseChains(b *bits) {
	chains := b.below(uint32(t.targets) + 1)
	if chains == 0 {
		return
	}
	for range t.targets {
		b.below(chains)
	}
	for range t.count * chains {
		b.take(4)
	}
}
