package synth

const (
	// OpusOpen is how many bytes a packet's checksum leaves out: the table of contents.
	OpusOpen = 1

	// opusTOC is the table-of-contents byte of RFC 6716 section 3.1: hybrid, full band, 20 ms, mono, one frame.
	opusTOC = 15 << 3

	opusPacketsPerSecond = 50
	opusMinPayload       = OpusOpen + MarkLen
)

// Opus makes the packets of one stream, each of 20 ms. It is not safe for concurrent use.
type Opus struct {
	noise   *noise
	mean    int // bytes of a packet
	counter uint32
}

// NewOpus starts a stream of so many bit/s on average.
func NewOpus(bitrate int, seed uint64) *Opus {
	return &Opus{noise: newNoise(seed), mean: min(max(bitrate/8/opusPacketsPerSecond, opusMinPayload), maxChunk/2)}
}

// Append appends the next packet's payload, sent at now (nanoseconds since 1970).
func (o *Opus) Append(dst []byte, now int64) []byte {
	begin := len(dst)
	n := max(o.noise.around(o.mean, 25), opusMinPayload)
	dst = append(dst, o.noise.bytes[:n]...)
	o.noise.fill(dst[begin:])
	dst[begin] = opusTOC
	o.counter++
	Put(dst[begin:], OpusOpen, Mark{Sent: now, Counter: o.counter})
	return dst
}

// AppendSilence appends what an encoder sends at long intervals while nothing is heard (DTX): the table of contents
// alone, without a mark.
func (o *Opus) AppendSilence(dst []byte) []byte {
	o.counter++
	return append(dst, opusTOC)
}
