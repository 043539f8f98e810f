package main

import (
	"encoding/binary"
	"fmt"

	"stube/internal/load/floor/plan"
	"stube/internal/sfu/rtp"
	"stube/internal/sfu/srtp"
	"stube/internal/sfu/udp"
)

const batch = 64 // messages read at a time, as the server does

// forwarder carries one publisher's packets to all destinations.
type forwarder struct {
	reader       *udp.Reader
	writer       *udp.Writer
	opener       *srtp.Opener
	windows      map[uint32]*srtp.Window // by SSRC
	packets      []packet
	destinations []destination
}

type destination struct {
	path   udp.Path
	sealer *srtp.Sealer
}

// packet is one that was received and decrypted.
type packet struct {
	header  []byte
	payload []byte
	ssrc    uint32
	index   uint64
}

func newForwarder(socket *udp.Socket, stream plan.Stream) (*forwarder, error) {
	opener, err := srtp.NewOpener(plan.Profile, stream.Publisher.Key, stream.Publisher.Salt)
	if err != nil {
		return nil, fmt.Errorf("take the publisher's keys: %w", err)
	}
	f := &forwarder{
		reader: udp.NewReader(socket, batch), writer: udp.NewWriter(socket), opener: opener,
		windows: make(map[uint32]*srtp.Window),
	}
	for _, d := range stream.Destinations {
		sealer, err := srtp.NewSealer(plan.Profile, d.Keys.Key, d.Keys.Salt)
		if err != nil {
			return nil, fmt.Errorf("take a destination's keys: %w", err)
		}
		f.destinations = append(f.destinations, destination{path: udp.Path{Remote: d.Address}, sealer: sealer})
	}
	return f, nil
}

// forward works until the socket is closed.
func (f *forwarder) forward() error {
	for {
		received, err := f.reader.Read()
		if err != nil {
			return fmt.Errorf("receive: %w", err)
		}
		f.packets = f.packets[:0]
		for _, d := range received {
			f.open(d.Payload)
		}
		equalise(f.packets)
		for i := range f.destinations {
			f.send(&f.destinations[i])
		}
		f.writer.Flush()
	}
}

// open decrypts a packet, if it is one of media.
func (f *forwarder) open(b []byte) {
	var h rtp.Header
	if rtp.IsRTCP(b) || h.Parse(b) != nil {
		return
	}
	w := f.windows[h.SSRC]
	if w == nil {
		w = new(srtp.Window)
		f.windows[h.SSRC] = w
	}
	payload, index, err := f.opener.OpenRTP(w, b, h.Len, h.SSRC)
	if err != nil {
		return
	}
	f.packets = append(f.packets, packet{header: b[:h.Len], payload: payload, ssrc: h.SSRC, index: index})
}

// equalise pads packets that are a few bytes shorter than one behind them to its size, into the room that their
// authentication tags leave, so that a frame's packets make one train (RFC 3550 section 5.1: P).
func equalise(packets []packet) {
	for i := len(packets) - 2; i >= 0; i-- {
		p, next := &packets[i], &packets[i+1]
		missing := len(next.header) + len(next.payload) - len(p.header) - len(p.payload)
		if missing <= 0 || missing > cap(p.payload)-len(p.payload) || missing > 255 || p.ssrc != next.ssrc {
			continue
		}
		p.payload = p.payload[:len(p.payload)+missing]
		clear(p.payload[len(p.payload)-missing:])
		p.payload[len(p.payload)-1] = byte(missing)
		p.header[0] |= 0x20
	}
}

// send seals the packets for one destination.
func (f *forwarder) send(d *destination) {
	f.writer.Begin(d.path)
	for i := range f.packets {
		p := &f.packets[i]
		n := len(p.header)
		b := f.writer.Buffer(n + len(p.payload) + plan.Profile.RTPOverhead())
		copy(b, p.header)
		binary.BigEndian.PutUint16(b[2:], uint16(p.index)) // what a server would count by itself
		binary.BigEndian.PutUint32(b[8:], p.ssrc)
		f.writer.Commit(d.sealer.SealRTP(b, n, p.payload, p.ssrc, p.index))
	}
}
