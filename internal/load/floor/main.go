// Command floor is the least that a media server can do: it receives publishers' packets, decrypts them, and for
// each destination rewrites the header, encrypts with that destination's own key, and sends, all in batches. It knows
// no rooms, no layers, no feedback and no retransmission. `make bench` measures the server beside it.
//
// It is driven by JSON on its input: a Start, to which it answers with where it listens, and a Stream. It ends with
// its input.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"

	"stube/internal/load/floor/plan"
	"stube/internal/sfu/udp"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	orders := json.NewDecoder(in)
	var start plan.Start
	if err := orders.Decode(&start); err != nil {
		return fmt.Errorf("read where to listen: %w", err)
	}
	sockets, err := udp.Listen(netip.AddrPortFrom(start.Listen, 0), 1)
	if err != nil {
		return err
	}
	socket := sockets[0]
	if err := json.NewEncoder(out).Encode(plan.Listening{Address: socket.LocalAddr()}); err != nil {
		return fmt.Errorf("tell where it listens: %w", err)
	}
	var stream plan.Stream
	if err := orders.Decode(&stream); err != nil {
		return fmt.Errorf("read what to forward: %w", err)
	}
	f, err := newForwarder(socket, stream)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- f.forward() }()
	_, err = io.Copy(io.Discard, in)
	err = errors.Join(err, socket.Close())
	if failed := <-ended; !errors.Is(failed, net.ErrClosed) {
		err = errors.Join(err, failed)
	}
	return err
}
