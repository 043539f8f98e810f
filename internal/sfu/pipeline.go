package sfu

import (
	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/tcp"
	"stube/internal/sfu/udp"
)

// path is how a Transport's client is reached: an address and the socket towards it, or an ICE-TCP connection.
type path struct {
	socket int // index of the bound address, for UDP
	udp    udp.Path
	tcp    *tcp.Conn
}

func (p path) valid() bool { return p.tcp != nil || p.udp.Remote.IsValid() }

// maxScratch is the longest packet in bytes that is ever written: one of maxPacket that got a longer header, or the
// reports about all streams of a transport.
const maxScratch = 2 * maxPacket

// pipeline carries packets from a batch that came in to the batch that goes out. It belongs to one goroutine at a
// time, which sets now before it uses it.
type pipeline struct {
	server  *Server
	worker  *Worker // whose it is; nil: no Worker's
	traffic *traffic
	now     int64 // when the batch was received, on the Server's clock
	arrived int64 // when the packet at hand arrived at the machine, as far as the kernel tells
	writers []*udp.Writer

	// Where the packets written next go; of writer and tcp just one is set.
	writer  *udp.Writer
	tcp     *tcp.Conn
	scratch [maxScratch]byte // a packet for tcp

	packets []packet  // received and accepted, not yet forwarded
	group   []*packet // those of one stream
	preroll []*packet // of the same stream from before, for a new holding of an audio slot
	rtcp    []byte    // an RTCP packet in the making

	// Scratch for the choice of layers.
	choosing []*Consumer
	demands  []demand
	reports  []rtcp.Report
	lost     []uint16

	// Transports to which a probe has begun, or for whom packets were held back.
	bursting []*Transport
	// Streams that owe a key frame, to be asked when no lock is held.
	keyFrames []*stream
	// Callbacks towards the rooms, to be made when no lock is held.
	events []func()
}

// newPipeline makes a pipeline that writes on the sockets of one worker index.
func newPipeline(s *Server, t *traffic, index int) *pipeline {
	p := &pipeline{server: s, traffic: t, packets: make([]packet, 0, 64), group: make([]*packet, 0, 64)}
	for _, sockets := range s.sockets {
		p.writers = append(p.writers, udp.NewWriter(sockets[index%len(sockets)]))
	}
	return p
}

// to directs the packets written next.
func (p *pipeline) to(path path) {
	if path.tcp != nil {
		p.writer, p.tcp = nil, path.tcp
		return
	}
	p.writer, p.tcp = p.writers[path.socket], nil
	p.writer.Begin(path.udp)
}

// buffer gives room for a packet of at most size bytes.
func (p *pipeline) buffer(size int) []byte {
	if p.writer != nil {
		return p.writer.Buffer(size)
	}
	return p.scratch[:size]
}

// commit sends the first n bytes of the buffer given last.
func (p *pipeline) commit(n int) {
	if p.writer != nil {
		p.writer.Commit(n)
		return
	}
	if n > 0 && !p.tcp.Send(p.scratch[:n]) {
		p.server.counters.tcpQueueFull.Add(1)
	}
}

// raw sends a packet as it is.
func (p *pipeline) raw(to path, packet []byte) {
	if len(packet) > maxPacket {
		return
	}
	p.to(to)
	p.commit(copy(p.buffer(len(packet)), packet))
}

// flush does what had to wait until no lock was held, and sends all that was written.
func (p *pipeline) flush() {
	for i := 0; i < len(p.keyFrames); i++ {
		p.keyFrames[i].askKeyFrame(p)
	}
	clear(p.keyFrames)
	p.keyFrames = p.keyFrames[:0]
	for _, w := range p.writers {
		w.Flush()
	}
	for i := 0; i < len(p.events); i++ {
		p.events[i]()
	}
	clear(p.events)
	p.events = p.events[:0]
}
