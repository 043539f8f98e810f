package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"stube/internal/load/floor/plan"
	"stube/internal/sfu/rtp"
	"stube/internal/sfu/srtp"
	"stube/internal/sfu/udp"
)

const batch = 64 // messages read at a time, as the server does

// forwarder carries publishers' packets to their destinations.
type forwarder struct {
	reader     *udp.Reader
	writer     *udp.Writer
	publishers map[netip.AddrPort]*publisher
	sent       []*publisher // of whom there are packets in this batch
}

// publisher is where packets come from, and who gets them.
type publisher struct {
	opener       *srtp.Opener
	windows      map[uint32]*srtp.Window // by SSRC
	packets      []packet                // of this batch
	destinations []*destination
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
	f := &forwarder{
		reader: udp.NewReader(socket, batch), writer: udp.NewWriter(socket),
		publishers: make(map[netip.AddrPort]*publisher),
	}
	all := make([]*destination, 0, len(stream.Destinations))
	for _, d := range stream.Destinations {
		sealer, err := srtp.NewSealer(plan.Profile, d.Keys.Key, d.Keys.Salt)
		if err != nil {
			return nil, fmt.Errorf("take a destination's keys: %w", err)
		}
		all = append(all, &destination{path: udp.Path{Remote: d.Address}, sealer: sealer})
	}
	for _, p := range stream.Publishers {
		opener, err := srtp.NewOpener(plan.Profile, p.Keys.Key, p.Keys.Salt)
		if err != nil {
			return nil, fmt.Errorf("take a publisher's keys: %w", err)
		}
		from := &publisher{opener: opener, windows: make(map[uint32]*srtp.Window)}
		for _, i := range p.To {
			if i < 0 || i >= len(all) {
				return nil, fmt.Errorf("a publisher's packets go to destination %d of %d", i, len(all))
			}
			from.destinations = append(from.destinations, all[i])
		}
		f.publishers[p.Address] = from
	}
	if len(f.publishers) == 0 {
		return nil, errors.New("there is no publisher")
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
		for _, d := range received {
			p := f.publishers[d.Remote]
			if p == nil {
				continue
			}
			if len(p.packets) == 0 {
				f.sent = append(f.sent, p)
			}
			p.open(d.Payload)
		}
		for _, p := range f.sent {
			equalise(p.packets)
			for _, d := range p.destinations {
				f.send(p, d)
			}
			p.packets = p.packets[:0]
		}
		f.sent = f.sent[:0]
		f.writer.Flush()
	}
}

// open decrypts a packet, if it is one of media.
func (p *publisher) open(b []byte) {
	var h rtp.Header
	if rtp.IsRTCP(b) || h.Parse(b) != nil {
		return
	}
	w := p.windows[h.SSRC]
	if w == nil {
		w = new(srtp.Window)
		p.windows[h.SSRC] = w
	}
	payload, index, err := p.opener.OpenRTP(w, b, h.Len, h.SSRC)
	if err != nil {
		return
	}
	p.packets = append(p.packets, packet{header: b[:h.Len], payload: payload, ssrc: h.SSRC, index: index})
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

// send seals a publisher's packets for one destination.
func (f *forwarder) send(from *publisher, d *destination) {
	f.writer.Begin(d.path)
	for i := range from.packets {
		p := &from.packets[i]
		n := len(p.header)
		b := f.writer.Buffer(n + len(p.payload) + plan.Profile.RTPOverhead())
		copy(b, p.header)
		binary.BigEndian.PutUint16(b[2:], uint16(p.index)) // what a server would count by itself
		binary.BigEndian.PutUint32(b[8:], p.ssrc)
		f.writer.Commit(d.sealer.SealRTP(b, n, p.payload, p.ssrc, p.index))
	}
}
