// Command command stands a relay at the address that a server announces, for programs that are not of Go: it takes
// orders as lines of JSON, and answers each with a line. It ends with its input.
//
//	→ {"client":"bert","newcomers":true,"down":"delay=20ms rate=3M"}
//	← {"up":{"packets":0,…},"down":{"packets":0,…}}
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"time"

	"stube/internal/relay"
	"stube/internal/relay/schedule"
)

// order says what is to be done about a client, from the first field to the last.
type order struct {
	Client    string  `json:"client"`
	Newcomers bool    `json:"newcomers"` // whoever comes from now on is this client
	Up        *string `json:"up"`        // a schedule, which begins now
	Down      *string `json:"down"`
	Move      bool    `json:"move"` // to other addresses towards the server
}

// answer is what the relay counted of the client until now.
type answer struct {
	Error string `json:"error,omitempty"`
	Up    counts `json:"up"`
	Down  counts `json:"down"`
}

type counts struct {
	Packets   uint64  `json:"packets"`
	Lost      uint64  `json:"lost"`
	Dropped   uint64  `json:"dropped"`
	Delivered uint64  `json:"delivered"`
	Bytes     uint64  `json:"bytes"`    // delivered, with the headers of IP and UDP
	Queued90  float64 `json:"queued90"` // ms, since the last answer about the client
	Queued99  float64 `json:"queued99"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "relay:", err)
		os.Exit(1)
	}
}

func run(orders io.Reader, answers io.Writer) error {
	o := relay.Options{}
	flag.TextVar(&o.Listen, "listen", netip.AddrPort{}, "the address that the server announces, with the port")
	flag.TextVar(&o.Server, "server", netip.AddrPort{}, "the server's own address, with the port")
	flag.Uint64Var(&o.Seed, "seed", 1, "of what is lost")
	flag.Parse()
	if !o.Listen.IsValid() || !o.Server.IsValid() {
		return errors.New("-listen and -server are needed")
	}
	r, err := relay.Start(o)
	if err != nil {
		return err
	}
	defer r.Close()
	return (&desk{relay: r, before: make(map[string][2]relay.Counters)}).serve(orders, answers)
}

// desk takes orders.
type desk struct {
	relay  *relay.Relay
	before map[string][2]relay.Counters // at the last answer, by client and direction
}

// serve takes orders until there are no more.
func (d *desk) serve(orders io.Reader, answers io.Writer) error {
	in, out := json.NewDecoder(orders), json.NewEncoder(answers)
	in.DisallowUnknownFields()
	for {
		var o order
		switch err := in.Decode(&o); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read an order: %w", err)
		}
		c := d.relay.Client(o.Client)
		var a answer
		if err := d.obey(c, o); err != nil {
			a.Error = err.Error()
		}
		up, down := c.Counters(relay.Up), c.Counters(relay.Down)
		before := d.before[o.Client]
		a.Up, a.Down = count(up, before[relay.Up]), count(down, before[relay.Down])
		d.before[o.Client] = [2]relay.Counters{relay.Up: up, relay.Down: down}
		if err := out.Encode(a); err != nil {
			return fmt.Errorf("answer an order: %w", err)
		}
	}
}

// obey does what is ordered, or nothing when an order cannot be understood.
func (d *desk) obey(c *relay.Client, o order) error {
	var wanted [2]schedule.Schedule
	for direction, text := range map[relay.Direction]*string{relay.Up: o.Up, relay.Down: o.Down} {
		if text == nil {
			continue
		}
		var err error
		if wanted[direction], err = schedule.Parse(*text); err != nil {
			return err
		}
	}
	if o.Up != nil {
		c.Shape(relay.Up, wanted[relay.Up])
	}
	if o.Down != nil {
		c.Shape(relay.Down, wanted[relay.Down])
	}
	if o.Newcomers {
		d.relay.Newcomers(c)
	}
	if o.Move {
		return c.Move()
	}
	return nil
}

func count(c, before relay.Counters) counts {
	queued := c.Since(before).Queued
	ms := func(q float64) float64 { return float64(queued.Quantile(q)) / float64(time.Millisecond) }
	return counts{
		Packets: c.Packets, Lost: c.Lost, Dropped: c.Dropped, Delivered: c.Delivered, Bytes: c.Bytes,
		Queued90: ms(0.9), Queued99: ms(0.99),
	}
}
