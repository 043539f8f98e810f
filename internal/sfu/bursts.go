package sfu

import "time"

// burstInterval is the time between the bursts of a probe, or of packets that were held back.
const burstInterval = 5 * time.Millisecond

// burst sends what is due of probes, and of what was held back. Between bursts the Worker wakes for nothing else.
func (w *Worker) burst() {
	p := w.pipe
	if len(p.bursting) > 0 {
		if len(w.bursting) == 0 {
			w.nextBurst = p.now + int64(burstInterval)
		}
		w.bursting = append(w.bursting, p.bursting...)
		clear(p.bursting)
		p.bursting = p.bursting[:0]
	}
	if len(w.bursting) == 0 {
		return
	}
	if p.now >= w.nextBurst {
		kept := w.bursting[:0]
		for _, t := range w.bursting {
			if t.burst(p) {
				kept = append(kept, t)
			}
		}
		clear(w.bursting[len(kept):])
		w.bursting = kept
		w.nextBurst = p.now + int64(burstInterval)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.bursting) > 0 {
		w.await(min(w.wake, w.nextBurst))
	} else {
		w.await(w.wake)
	}
}

// burst sends what is due, and tells whether there will be more.
func (t *Transport) burst(p *pipeline) bool {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	held, probing := t.release(p), t.probe(p)
	t.congestion.bursting = held || probing
	return t.congestion.bursting
}
