package sfu

// demand is one video in the sharing of a client's bandwidth.
type demand struct {
	priority Priority
	layers   int // how many the producer has
	want     int // the layer that the view would take
	live     [maxLayers]bool
	rates    [maxLayers]uint64 // bit/s of the live layers
	carried  int               // the layer carried so far; 0 if none

	given int // the layer chosen; none: nothing
}

// best gives the layer for unlimited bandwidth: the highest live one up to the wanted one, else the lowest live one.
// When none is live it stays as it is: the picture of a shared screen may rest.
func (d *demand) best() int {
	for i := min(d.want, d.layers-1); i >= 0; i-- {
		if d.live[i] {
			return i
		}
	}
	return d.lowest()
}

// lowest gives the smallest live layer.
func (d *demand) lowest() int {
	for i := range d.layers {
		if d.live[i] {
			return i
		}
	}
	return d.carried
}

// allocate shares a budget in bit/s among videos that are sorted by priority, and writes what each is given. First
// everyone gets its smallest layer, then the most important are raised as far as they go, and so on. What does not
// even get its smallest layer gets nothing, but for the most important one: without any video nothing would ever show
// that the network carries more again.
func allocate(budget uint64, demands []demand) {
	for i := range demands {
		d := &demands[i]
		d.given = none
		lowest := d.lowest()
		if cost := d.rates[lowest]; cost <= budget || i == 0 {
			budget -= min(cost, budget)
			d.given = lowest
		}
	}
	for first := 0; first < len(demands); {
		last := first
		for last < len(demands) && demands[last].priority == demands[first].priority {
			last++
		}
		budget = raise(budget, demands[first:last])
		first = last
	}
}

// raise lifts videos of equal importance layer by layer, in turns, and returns what is left.
func raise(budget uint64, demands []demand) uint64 {
	for raised := true; raised; {
		raised = false
		for i := range demands {
			d := &demands[i]
			if d.given == none || d.given >= d.best() {
				continue
			}
			next := d.given + 1
			for !d.live[next] {
				next++ // ends at best, which is live
			}
			cost := d.rates[next] - min(d.rates[next], d.rates[d.given])
			if cost > budget {
				continue
			}
			budget -= cost
			d.given, raised = next, true
		}
	}
	return budget
}
