package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os/exec"
	"slices"
	"time"

	"stube/internal/load/floor/plan"
	"stube/internal/load/process"
	"stube/internal/sfu/dtls"
	"stube/internal/testpeer"
	"stube/internal/testpeer/latency"
)

// frameTime is from one frame of a camera to the next.
const frameTime = time.Second / 30

// floorRun is the floor in a process of its own, with those who send and receive.
type floorRun struct {
	command   *exec.Cmd
	orders    io.WriteCloser
	senders   []*testpeer.Direct
	receivers []*testpeer.Direct
	stream    plan.Stream
}

// measureFloor lets the floor carry what the server carries too.
func measureFloor(ctx context.Context, s settings, of shape) (result, error) {
	f := &floorRun{command: exec.CommandContext(ctx, s.floor)}
	address, err := f.start()
	if err != nil {
		return result{}, err
	}
	found, err := f.measure(ctx, s, of, address)
	return found, errors.Join(err, f.stop())
}

// start runs the program and asks where it listens.
func (f *floorRun) start() (netip.AddrPort, error) {
	answer, err := f.command.StdoutPipe()
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("start the floor: %w", err)
	}
	if f.orders, err = f.command.StdinPipe(); err != nil {
		return netip.AddrPort{}, fmt.Errorf("start the floor: %w", err)
	}
	if err := f.command.Start(); err != nil {
		return netip.AddrPort{}, fmt.Errorf("start the floor: %w", err)
	}
	var listening plan.Listening
	order := plan.Start{Listen: netip.AddrFrom4([4]byte{127, 0, 0, 1})}
	if err := json.NewEncoder(f.orders).Encode(order); err != nil {
		return netip.AddrPort{}, errors.Join(fmt.Errorf("start the floor: %w", err), f.stop())
	}
	if err := json.NewDecoder(answer).Decode(&listening); err != nil {
		return netip.AddrPort{}, errors.Join(fmt.Errorf("start the floor: %w", err), f.stop())
	}
	return listening.Address, nil
}

// measure opens the sockets, lets media flow, and counts.
func (f *floorRun) measure(ctx context.Context, s settings, of shape, floor netip.AddrPort) (result, error) {
	defer f.closePeers()
	for range of.people {
		d, keys, err := direct(floor)
		if err != nil {
			return result{}, err
		}
		f.receivers = append(f.receivers, d)
		f.stream.Destinations = append(f.stream.Destinations, plan.Destination{Address: d.LocalAddr(), Keys: keys})
	}
	for _, to := range of.flows() {
		if err := f.addSender(of, floor, to); err != nil {
			return result{}, err
		}
	}
	if err := json.NewEncoder(f.orders).Encode(f.stream); err != nil {
		return result{}, fmt.Errorf("tell the floor what to forward: %w", err)
	}
	for i, d := range f.senders {
		if i > 0 { // their frames come one after the other, as in a meeting
			if err := pause(ctx, frameTime/time.Duration(len(f.senders))); err != nil {
				return result{}, err
			}
		}
		d.Publish()
	}
	return f.count(ctx, s.duration)
}

// addSender prepares somebody who sends to some of the receivers.
func (f *floorRun) addSender(of shape, floor netip.AddrPort, to []int) error {
	d, keys, err := direct(floor)
	if err != nil {
		return err
	}
	f.senders = append(f.senders, d)
	seed := uint64(len(f.senders))
	video := of.video()
	video.Seed = seed
	if err := d.Prepare(video, testpeer.AudioOptions{Seed: seed}); err != nil {
		return err
	}
	for _, i := range to {
		if err := f.receivers[i].Expect(d.SSRCs()); err != nil {
			return err
		}
	}
	f.stream.Publishers = append(f.stream.Publishers, plan.Publisher{Address: d.LocalAddr(), Keys: keys, To: to})
	return nil
}

// count waits until media flows evenly, and counts for as long as asked.
func (f *floorRun) count(ctx context.Context, d time.Duration) (result, error) {
	meter, err := process.New(f.command.Process.Pid)
	if err != nil {
		return result{}, err
	}
	if err := pause(ctx, time.Second); err != nil {
		return result{}, err
	}
	cpu, err := meter.CPU()
	if err != nil {
		return result{}, err
	}
	received, lost, took := f.received()
	if err := pause(ctx, d); err != nil {
		return result{}, err
	}
	cpuAfter, err := meter.CPU()
	if err != nil {
		return result{}, err
	}
	receivedAfter, lostAfter, tookAfter := f.received()
	tookAfter.Subtract(&took)
	if receivedAfter == received {
		return result{}, errors.New("nothing came from the floor")
	}
	return result{
		cpuPerPacket: float64((cpuAfter - cpu).Nanoseconds()) / 1000 / float64(receivedAfter-received),
		received:     receivedAfter - received, lost: lostAfter - lost,
		p50: tookAfter.Quantile(0.5), p99: tookAfter.Quantile(0.99),
	}, nil
}

func (f *floorRun) received() (packets uint64, lost int64, took latency.Histogram) {
	for _, d := range f.receivers {
		p, l, h := d.Received()
		packets += p
		lost += l
		took.Add(&h)
	}
	return packets, lost, took
}

func (f *floorRun) closePeers() {
	for _, d := range slices.Concat(f.senders, f.receivers) {
		d.Close()
	}
}

// stop ends the floor, which ends with its input, and waits for it.
func (f *floorRun) stop() error {
	if err := errors.Join(f.orders.Close(), f.command.Wait()); err != nil {
		return fmt.Errorf("stop the floor: %w", err)
	}
	return nil
}

// direct opens a socket to the floor with new keys, the same for both directions.
func direct(floor netip.AddrPort) (*testpeer.Direct, plan.Keys, error) {
	keys := plan.Keys{Key: make([]byte, plan.Profile.KeyLen()), Salt: make([]byte, plan.Profile.SaltLen())}
	_, _ = rand.Read(keys.Key) // never fails
	_, _ = rand.Read(keys.Salt)
	d, err := testpeer.NewDirect(floor, dtls.Keys{
		Profile:  plan.Profile,
		LocalKey: keys.Key, LocalSalt: keys.Salt, RemoteKey: keys.Key, RemoteSalt: keys.Salt,
	})
	return d, keys, err
}

// pause waits, unless the context ends.
func pause(ctx context.Context, d time.Duration) error {
	end := time.NewTimer(d)
	defer end.Stop()
	select {
	case <-end.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
