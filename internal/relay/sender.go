package relay

import "time"

// now is the time in nanoseconds since the relay's start.
func (r *Relay) now() int64 { return int64(time.Since(r.epoch)) }

// until has the sender look at its pipes at a time, or before.
func (r *Relay) until(next int64) {
	r.mu.Lock()
	sooner := next < r.due
	if sooner {
		r.due = next
	}
	r.mu.Unlock()
	if sooner {
		r.wake()
	}
}

// wake has the sender look at its pipes now.
func (r *Relay) wake() {
	select {
	case r.hurry <- struct{}{}:
	default: // it was told already
	}
}

// send sends what waited when its time has come, until the relay is closed.
func (r *Relay) send() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	var pipes []*pipe
	for {
		select {
		case <-r.hurry:
		case <-timer.C:
		case <-r.stop:
			return
		}
		pipes = r.pipes(pipes[:0])
		next := never
		for _, p := range pipes {
			next = min(next, p.look(r.now()))
		}
		r.mu.Lock()
		r.due = min(r.due, next)
		wait := r.due - r.now()
		r.mu.Unlock()
		timer.Reset(time.Duration(max(wait, 0)))
	}
}

// pipes lists those of all clients, and takes the time of the next look for unknown.
func (r *Relay) pipes(list []*pipe) []*pipe {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.due = never
	for _, c := range r.clients {
		list = append(list, &c.pipes[Up], &c.pipes[Down])
	}
	return list
}
