package load

import (
	"context"
	"time"
)

const (
	talking = 30  // -dBov, as a voice
	silence = 127 // -dBov
)

// turns hands the floor on in every room, until ctx ends: one speaks, the others are silent.
func (r *run) turns(ctx context.Context) {
	pace := time.NewTicker(r.options.Turns)
	defer pace.Stop()
	for turn := 0; ; turn++ {
		r.handOn(turn)
		select {
		case <-pace.C:
		case <-ctx.Done():
			return
		}
	}
}

// handOn gives the floor of each room to the one whose turn it is.
func (r *run) handOn(turn int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rooms := map[int][]*participant{}
	for _, p := range r.participants {
		if p.voice != nil {
			rooms[p.room] = append(rooms[p.room], p)
		}
	}
	for _, all := range rooms {
		for i, p := range all {
			if i == turn%len(all) {
				p.voice.SetLevel(talking, true)
			} else {
				p.voice.SetLevel(silence, false)
			}
		}
	}
}
