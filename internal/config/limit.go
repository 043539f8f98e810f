package config

import (
	"errors"
	"fmt"
)

// Limit bounds the load beyond which no new meeting begins; 0 sets no bound. There are settings because a program
// cannot find out by itself what else the machine is for, nor what the line carries.
type Limit struct {
	CPU     int `toml:"cpu"`     // percent of the processors that the program may use
	Packets int `toml:"packets"` // of media a second, received and sent
	Uplink  int `toml:"uplink"`  // Mbit/s that are sent
}

const (
	maxPackets = 1_000_000_000
	maxUplink  = 1_000_000 // Mbit/s
)

func (l Limit) validate() error {
	var errs []error
	if l.CPU < 0 || l.CPU > 100 {
		errs = append(errs, fmt.Errorf("limit.cpu: %d is no percentage; write 1 to 100, or 0 for no limit", l.CPU))
	}
	if l.Packets < 0 || l.Packets > maxPackets {
		errs = append(errs, fmt.Errorf("limit.packets: %d a second cannot be; write a number up to %d, or 0 for no limit",
			l.Packets, maxPackets))
	}
	if l.Uplink < 0 || l.Uplink > maxUplink {
		errs = append(errs, fmt.Errorf("limit.uplink: %d Mbit/s cannot be; write a number up to %d, or 0 for no limit",
			l.Uplink, maxUplink))
	}
	return errors.Join(errs...)
}
