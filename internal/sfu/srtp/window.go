package srtp

// windowSize is how many of the latest indexes a Window remembers. RFC 3711 section 3.3.2 asks for 64 at least.
const windowSize = 128

// Window is what a receiver knows about one stream: the highest index that was authentic, and which of those
// below it were received. The zero Window is ready for a stream's first packet, whose roll-over counter is taken
// to be zero.
type Window struct {
	highest uint64
	seen    [windowSize / 64]uint64 // bit n: highest-n was received
	started bool
}

// guess is the index that a packet with this sequence number most likely has: of those that end in seq, the one
// nearest to the highest (RFC 3711 section 3.3.1 and appendix A).
func (w *Window) guess(seq uint16) uint64 {
	if !w.started {
		return uint64(seq)
	}
	roc, last := uint32(w.highest>>16), uint16(w.highest)
	switch {
	case last < 1<<15 && roc > 0 && int(seq)-int(last) > 1<<15:
		roc--
	case last >= 1<<15 && int(last)-1<<15 > int(seq):
		roc++
	}
	return uint64(roc)<<16 | uint64(seq)
}

// fresh tells whether a packet of this index may be taken: it wasn't yet, and isn't too old to know.
func (w *Window) fresh(index uint64) bool {
	if !w.started || index > w.highest {
		return true
	}
	age := w.highest - index
	return age < windowSize && w.seen[age/64]&(1<<(age%64)) == 0
}

// newer tells whether an index is beyond all that were noted.
func (w *Window) newer(index uint64) bool { return !w.started || index > w.highest }

// note remembers an authentic and fresh index.
func (w *Window) note(index uint64) {
	if !w.started {
		*w = Window{highest: index, seen: [2]uint64{1}, started: true}
		return
	}
	if index <= w.highest {
		age := w.highest - index
		w.seen[age/64] |= 1 << (age % 64)
		return
	}
	ahead := index - w.highest
	w.highest = index
	switch {
	case ahead >= windowSize:
		w.seen = [2]uint64{}
	case ahead >= 64:
		w.seen = [2]uint64{0, w.seen[0] << (ahead - 64)}
	default:
		w.seen = [2]uint64{w.seen[0] << ahead, w.seen[1]<<ahead | w.seen[0]>>(64-ahead)}
	}
	w.seen[0] |= 1
}

// reportSenders is of how many RTCP senders the windows are kept.
const reportSenders = 64

// reportWindows holds the windows of RTCP senders, the latest heard first. Only authentic packets add one, so
// nobody but the peer can push another out.
type reportWindows struct {
	senders []reportWindow
}

type reportWindow struct {
	ssrc   uint32
	window Window
}

func (r *reportWindows) fresh(ssrc uint32, index uint64) bool {
	for i := range r.senders {
		if r.senders[i].ssrc == ssrc {
			return r.senders[i].window.fresh(index)
		}
	}
	return true
}

func (r *reportWindows) newer(ssrc uint32, index uint64) bool {
	for i := range r.senders {
		if r.senders[i].ssrc == ssrc {
			return r.senders[i].window.newer(index)
		}
	}
	return true
}

func (r *reportWindows) note(ssrc uint32, index uint64) {
	at := 0
	for at < len(r.senders) && r.senders[at].ssrc != ssrc {
		at++
	}
	var s reportWindow
	switch {
	case at < len(r.senders):
		s = r.senders[at]
	case at < reportSenders:
		r.senders = append(r.senders, reportWindow{})
		s.ssrc = ssrc
	default:
		at--
		s.ssrc = ssrc
	}
	s.window.note(index)
	copy(r.senders[1:at+1], r.senders[:at])
	r.senders[0] = s
}
