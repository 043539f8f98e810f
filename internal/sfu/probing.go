package sfu

// probe sends the bursts of probes that are due. Between them the Worker wakes for nothing else.
func (w *Worker) probe() {
	p := w.pipe
	if len(p.probing) > 0 {
		if len(w.probing) == 0 {
			w.nextProbe = p.now + int64(probeInterval)
		}
		w.probing = append(w.probing, p.probing...)
		clear(p.probing)
		p.probing = p.probing[:0]
	}
	if len(w.probing) == 0 {
		return
	}
	if p.now >= w.nextProbe {
		kept := w.probing[:0]
		for _, t := range w.probing {
			if t.goOnProbing(p) {
				kept = append(kept, t)
			}
		}
		clear(w.probing[len(kept):])
		w.probing = kept
		w.nextProbe = p.now + int64(probeInterval)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.probing) > 0 {
		w.await(min(w.wake, w.nextProbe))
	} else {
		w.await(w.wake)
	}
}

// goOnProbing sends the next burst, and tells whether there will be more.
func (t *Transport) goOnProbing(p *pipeline) bool {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	t.congestion.probing = t.probe(p)
	return t.congestion.probing
}
