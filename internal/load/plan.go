package load

// seat is one participant's part in a Run.
type seat struct {
	room     int
	number   int // in the room
	sends    bool
	receives bool
	bad      bool // behind a bad network
}

// plan is who joins in each step. With several rooms their number grows, else what is in the room.
func (o Options) plan() [][]seat {
	growing, parts := o.Rooms, o.Rooms
	if o.Rooms == 1 {
		growing = max(o.Subscribers, o.Participants, 1)
		parts = growing
	}
	steps := make([][]seat, 0, o.Steps)
	done, receivers := 0, 0
	for i := range o.Steps {
		until := (growing*(i+1) + o.Steps - 1) / o.Steps
		var step []seat
		for ; done < min(until, parts); done++ {
			step = append(step, o.part(done)...)
		}
		for i := range step {
			if step[i].receives {
				receivers++
				// Spread evenly: the whole part of the share's multiples grows with each that is bad.
				step[i].bad = int(float64(receivers)*o.Bad) > int(float64(receivers-1)*o.Bad)
			}
		}
		if len(step) > 0 {
			steps = append(steps, step)
		}
	}
	return steps
}

// part is what comes together: a room, or of a single room one more who receives, the first with those who send.
func (o Options) part(n int) []seat {
	if o.Rooms > 1 {
		return o.room(n)
	}
	all := o.room(0)
	if o.Shape == Meeting {
		return all[n : n+1]
	}
	if n == 0 {
		return all[:min(o.Publishers+1, len(all))]
	}
	return all[o.Publishers+n : o.Publishers+n+1]
}

// room is all who meet in a room, those who send first.
func (o Options) room(n int) []seat {
	var all []seat
	for i := range o.Publishers + o.Subscribers + o.Participants {
		all = append(all, seat{
			room: n, number: i, sends: i < o.Publishers || o.Shape == Meeting,
			receives: i >= o.Publishers || o.Shape == Meeting,
		})
	}
	return all
}
