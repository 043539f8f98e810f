package testpeer

import (
	"slices"
	"testing"
)

func TestLossIsRepeatable(t *testing.T) {
	pattern := func(rule Loss) []bool {
		var l lossy
		l.set(rule)
		dropped := make([]bool, 1000)
		for i := range dropped {
			dropped[i] = l.drop()
		}
		return dropped
	}
	count := func(pattern []bool) (n int) {
		for _, dropped := range pattern {
			if dropped {
				n++
			}
		}
		return n
	}
	first := pattern(Loss{Rate: 0.1, Seed: 1})
	if !slices.Equal(first, pattern(Loss{Rate: 0.1, Seed: 1})) {
		t.Error("the same seed loses other packets")
	}
	if slices.Equal(first, pattern(Loss{Rate: 0.1, Seed: 2})) {
		t.Error("another seed loses the same packets")
	}
	if n := count(first); n < 70 || n > 130 {
		t.Errorf("%d of 1000 packets are lost, want about 100", n)
	}
	if n := count(pattern(Loss{})); n != 0 {
		t.Errorf("%d packets are lost without a rule", n)
	}
	if n := count(pattern(Loss{Rate: 1})); n != 1000 {
		t.Errorf("%d of 1000 packets are lost at a rate of 1", n)
	}
}

func TestHistoryKeepsTheNewest(t *testing.T) {
	var h history
	const last = 3 * historySize
	buffer := []byte{0}
	for i := range last + 1 {
		buffer[0] = byte(i)
		h.store(uint16(i), sentPacket{payload: buffer, timestamp: uint32(i)})
	}
	for _, i := range []int{last, last - historySize + 1} {
		if p, ok := h.load(uint16(i)); !ok || p.timestamp != uint32(i) || p.payload[0] != byte(i) {
			t.Errorf("packet %d: %+v, %t", i, p, ok)
		}
	}
	for _, i := range []int{last - historySize, last + 1} {
		if _, ok := h.load(uint16(i)); ok {
			t.Errorf("packet %d is kept", i)
		}
	}
}
