package synth

import (
	"encoding/binary"
	"math/rand/v2"
)

// noise is bytes to fill payloads with, and the dice for their sizes: the same for the same seed.
type noise struct {
	rng   *rand.Rand
	bytes [2 * maxChunk]byte
}

// maxChunk is the longest run of bytes that noise hands out.
const maxChunk = 1500

func newNoise(seed uint64) *noise {
	n := &noise{rng: rand.New(rand.NewPCG(seed, 0x5374756265))}
	for i := 0; i < len(n.bytes); i += 8 {
		binary.LittleEndian.PutUint64(n.bytes[i:], n.rng.Uint64())
	}
	return n
}

// fill overwrites dst, which is at most maxChunk bytes long.
func (n *noise) fill(dst []byte) { copy(dst, n.bytes[n.rng.IntN(maxChunk):]) }

// around returns mean give or take the share in per cent.
func (n *noise) around(mean, percent int) int {
	spread := mean * percent / 100
	return mean - spread + n.rng.IntN(2*spread+1)
}
