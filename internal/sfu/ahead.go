package sfu

import (
	"unsafe"

	"stube/internal/sfu/prefetch"
)

// anyStream are the bits of all layers.
const anyStream = ^uint32(0)

// aheadOf is how many consumers before its turn the first step for one is made.
const aheadOf = 4

// Parts of a Consumer and of a Transport that forward reads, in bytes.
const (
	consumerHot  = unsafe.Offsetof(Consumer{}.view)
	transportHot = unsafe.Offsetof(Transport{}.state) - unsafe.Offsetof(Transport{}.sealer)
)

// ahead has the processor fetch what forward will read for the consumers behind the i-th, for each of them one step
// further: a Consumer leads to its transport, that to its keys. Between two frames all that went out of the caches, and
// forward would wait for memory at every step. i is negative before the first one.
func ahead(consumers []*Consumer, i int, layers uint32) {
	if j := i + aheadOf; j < len(consumers) {
		prefetch.Lines(unsafe.Pointer(consumers[j]), consumerHot)
	}
	if c := wanting(consumers, i+3, layers); c != nil {
		prefetch.Lines(unsafe.Pointer(&c.transport.sealer), transportHot)
	}
	if c := wanting(consumers, i+2, layers); c != nil {
		if s := c.transport.sealer.Load(); s != nil {
			s.Prefetch()
		}
	}
	if c := wanting(consumers, i+1, layers); c != nil {
		if s := c.transport.sealer.Load(); s != nil {
			s.PrefetchKey()
		}
	}
}

// wanting gives the i-th consumer if there is one and it looks at one of the layers.
func wanting(consumers []*Consumer, i int, layers uint32) *Consumer {
	if i < 0 || i >= len(consumers) || consumers[i].wants.Load()&layers == 0 {
		return nil
	}
	return consumers[i]
}
