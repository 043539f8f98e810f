// Package load puts participants of internal/testpeer into a room of a running server and measures what it does to
// them: packets, loss, latency, how long joining takes and, for a server on the same machine, its CPU time.
//
// A Run owns the peers that it joins, and a goroutine for each that is joining or leaving; it waits for all of them.
// It must not know the server's insides.
package load

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// Options says what to join, and for how long.
type Options struct {
	URL          string        // of the server
	Room         string        // that the participants meet in
	Publishers   int           // that send a camera and a microphone
	Subscribers  int           // that receive everything
	Duration     time.Duration // of the measurement, which begins when everybody receives
	VideoBitrate int           // bit/s of each camera; 0 means 1,500,000
	FPS          int           // frames a second of each camera; 0 means 30
	Parallel     int           // how many join at a time; 0 means 4
	TCP          bool          // ICE-TCP
	Insecure     bool          // take any certificate
	ServerPID    int           // of the server, when it runs on this machine; 0 measures no CPU time
	Progress     func(string)  // is told what goes on, a line each second; may be nil
}

// The limits of what a Run does: it is a tool to measure one's own server, not to bring down another's.
const (
	maxPublishers  = 100
	maxSubscribers = 2000
	maxStreams     = 20_000 // publishers times subscribers
	maxDuration    = time.Hour
	maxParallel    = 64
	minBitrate     = 30_000
	maxBitrate     = 20_000_000
	maxFPS         = 120
)

const (
	defaultBitrate  = 1_500_000
	defaultFPS      = 30
	defaultParallel = 4
)

// complete fills in the defaults and reports everything that is wrong.
func (o Options) complete() (Options, error) {
	o.VideoBitrate = cmp.Or(o.VideoBitrate, defaultBitrate)
	o.FPS = cmp.Or(o.FPS, defaultFPS)
	o.Parallel = cmp.Or(o.Parallel, defaultParallel)
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	var errs []error
	bounded := func(name string, value, least, most int) {
		if value < least || value > most {
			errs = append(errs, fmt.Errorf("%s is %d: it can be %d to %d", name, value, least, most))
		}
	}
	bounded("publishers", o.Publishers, 0, maxPublishers)
	bounded("subscribers", o.Subscribers, 0, maxSubscribers)
	bounded("publishers times subscribers", o.Publishers*o.Subscribers, 0, maxStreams)
	bounded("parallel", o.Parallel, 1, maxParallel)
	bounded("video-bitrate", o.VideoBitrate, minBitrate, maxBitrate)
	bounded("fps", o.FPS, 1, maxFPS)
	if o.Duration < time.Second || o.Duration > maxDuration {
		errs = append(errs, fmt.Errorf("duration is %v: it can be 1s to %v", o.Duration, maxDuration))
	}
	if o.Publishers+o.Subscribers == 0 {
		errs = append(errs, errors.New("nobody is to join: set publishers and subscribers"))
	}
	if o.URL == "" || o.Room == "" {
		errs = append(errs, errors.New("the server's url and a room are needed"))
	}
	return o, errors.Join(errs...)
}
