package load

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// singleVoices is how many microphones of others a page receives one by one; of more it takes the audio slots.
const singleVoices = 8

// participant is somebody who has joined.
type participant struct {
	seat
	peer  *testpeer.Peer
	voice *testpeer.Audio // nil for who does not send
}

// peer are the options of a seat's participant.
func (r *run) peer(s seat, senders int) testpeer.Options {
	o := testpeer.Options{
		URL: r.options.URL, Room: r.roomName(s.room), Name: fmt.Sprintf("Load %d", s.number+1),
		Invite: r.options.Invite, Token: r.options.Token, TLS: r.options.tls(), TCP: r.options.TCP,
		Certificate: r.certificate, AutoSubscribe: s.receives, Tiles: r.options.Tiles,
		AudioSlots: senders-1 > singleVoices && !r.options.AllVoices,
		ViewSize:   protocol.Size{Width: uint16(r.options.ViewHeight * 16 / 9), Height: uint16(r.options.ViewHeight)},
	}
	o.Route = r.route(s)
	return o
}

func (r *run) roomName(n int) string {
	if r.options.Rooms == 1 {
		return r.options.Room
	}
	return r.options.Room + "-" + strconv.Itoa(n+1)
}

// route keeps packets to the server's own addresses, and leads those of a bad network through it.
func (r *run) route(s seat) func(netip.AddrPort) (netip.AddrPort, bool) {
	var mu sync.Mutex
	through := map[netip.AddrPort]netip.AddrPort{}
	return func(announced netip.AddrPort) (netip.AddrPort, bool) {
		if !r.target.allows(announced.Addr()) {
			return netip.AddrPort{}, false
		}
		if !s.bad {
			return announced, true
		}
		mu.Lock()
		defer mu.Unlock()
		to, ok := through[announced]
		if !ok {
			var err error
			seed := uint64(s.room)<<32 | uint64(s.number)
			if to, err = r.networks.before(announced, r.options.Network, seed); err != nil {
				return netip.AddrPort{}, false
			}
			through[announced] = to
		}
		return to, true
	}
}

// join brings a seat's participant in, who sends if it is to, and waits until it receives if somebody else sends.
func (r *run) join(ctx context.Context, s seat) error {
	ctx, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	start := time.Now()
	p, err := testpeer.Join(ctx, r.peer(s, r.senders(s.room)))
	if err != nil {
		return err
	}
	joined := time.Since(start)
	who := &participant{seat: s, peer: p}
	r.keep(who)
	if s.receives {
		if err := p.ConnectReceive(ctx); err != nil {
			return fmt.Errorf("connect to receive: %w", err)
		}
	}
	if s.sends {
		if err := r.publish(ctx, who); err != nil {
			return err
		}
	}
	var first time.Time
	if s.receives && r.others(who) > 0 {
		err := p.Until(ctx, func() bool {
			first = p.Stats().Total().FirstPacket
			return !first.IsZero()
		})
		if err != nil {
			return fmt.Errorf("wait for media: %w", err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.receives {
		r.joining = append(r.joining, joined)
	}
	if !first.IsZero() {
		r.firstMedia = append(r.firstMedia, first.Sub(start))
	}
	return nil
}

// publish sends a camera and a microphone.
func (r *run) publish(ctx context.Context, who *participant) error {
	seed := uint64(who.room*maxPublishers + who.number)
	video := testpeer.VideoOptions{FPS: r.options.FPS, Seed: seed, Layers: r.options.layers()}
	if _, err := who.peer.PublishCamera(ctx, video); err != nil {
		return err
	}
	audio := testpeer.AudioOptions{Seed: seed, DTX: r.options.Turns > 0}
	voice, err := who.peer.PublishMicrophone(ctx, audio)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	who.voice = voice
	return nil
}

// layers are what a camera sends.
func (o Options) layers() []testpeer.Layer {
	if !o.Simulcast {
		return []testpeer.Layer{{Width: 1280, Height: 720, Bitrate: o.VideoBitrate}}
	}
	layers := testpeer.Simulcast()
	top := layers[len(layers)-1].Bitrate
	for i := range layers {
		layers[i].Bitrate = max(layers[i].Bitrate*o.VideoBitrate/top, 1)
	}
	return layers
}

// receivesAll tells whether everything comes that is to come; of bad networks nothing is expected.
func (r *run) receivesAll(who *participant) bool {
	if who.bad {
		return true
	}
	others := r.others(who)
	videos := others
	if r.options.Tiles > 0 {
		videos = min(videos, r.options.Tiles)
	}
	slotted := r.peer(who.seat, r.senders(who.room)).AudioSlots
	audio := 0
	for _, c := range who.peer.Consumers() {
		came := !c.Stats().FirstPacket.IsZero()
		switch {
		case c.Kind() == "video" && !came:
			return false
		case c.Kind() == "video":
			videos--
		case came:
			audio++
		}
	}
	return videos == 0 && (slotted || audio == others)
}

// senders is how many send in a room when all have come.
func (r *run) senders(int) int { return r.options.Publishers + r.options.Participants }

// others is how many others send in somebody's room now.
func (r *run) others(who *participant) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, p := range r.participants {
		if p != who && p.room == who.room && p.sends {
			n++
		}
	}
	return n
}
