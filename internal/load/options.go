// Package load puts participants of internal/testpeer into rooms of a running server and measures what it does to
// them: packets, loss, latency, how long joining takes and, for a server on the same machine, its CPU time. It grows in
// steps, so that one sees from where on a server is too small.
//
// A Run owns the peers that it joins, and a goroutine for each that is joining or leaving, one that hands the floor on
// and those of the bad networks; it waits for all of them. It must not know the server's insides.
package load

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"stube/internal/relay/schedule"
)

// Shape is who sends in a room.
type Shape string

// The shapes.
const (
	// Webinar is a few who send and receive nothing, and many who only receive.
	Webinar Shape = "webinar"
	// Meeting is people who all send and all receive.
	Meeting Shape = "meeting"
)

// Options says what to join, and for how long.
type Options struct {
	URL    string // of the server
	Room   string // that the participants meet in; of several rooms, what their names begin with
	Invite string // secret of a link into the room; "" for none
	Token  string // of another system, to join by; "" for none
	// Media are addresses that media may go to beside those that the URL's host has.
	Media []netip.Addr

	Shape        Shape         // "" means Webinar
	Rooms        int           // of this shape, all alike; 0 means 1
	Publishers   int           // of each webinar: they send a camera and a microphone
	Subscribers  int           // of each webinar: they receive everything
	Participants int           // of each meeting
	Steps        int           // in how many equal steps the load grows, each measured; 0 means 1
	Duration     time.Duration // of each measurement, which begins when everybody receives
	Tiles        int           // how many videos one sees at the most; 0 means all
	Turns        time.Duration // how long each has the floor; 0 means that all speak at the same time
	AllVoices    bool          // everybody receives each microphone, also in rooms where pages take the audio slots

	VideoBitrate int  // bit/s of each camera; 0 means 1,500,000
	Simulcast    bool // three layers, of which that of VideoBitrate is the largest
	ViewHeight   int  // pixels of each tile; 0 means 720
	FPS          int  // frames a second of each camera; 0 means 30

	Bad     float64           // share of those who receive that are behind a bad network, 0 to 1
	Network schedule.Schedule // what that does to what they receive

	Parallel  int          // how many join at a time; 0 means 4
	TCP       bool         // ICE-TCP
	Insecure  bool         // take any certificate
	ServerPID int          // of the server, when it runs on this machine; 0 measures no CPU time
	Progress  func(string) // is told what goes on, a line each second; may be nil
	Measuring func()       // is called when a measurement begins, as everybody is there; may be nil
	Measured  func(Step)   // is told each measurement, while everybody is still there; may be nil
}

// The limits of what a Run does: it is a tool to measure one's own server, not to bring down another's.
const (
	maxRooms       = 500
	maxPublishers  = 100
	maxSubscribers = 2000
	maxPeers       = 5000
	maxStreams     = 100_000 // that are received, of all kinds
	maxSteps       = 50
	maxDuration    = time.Hour
	maxParallel    = 64
	minBitrate     = 30_000
	maxBitrate     = 20_000_000
	maxFPS         = 120
	maxHeight      = 2160
)

const (
	defaultBitrate  = 1_500_000
	defaultFPS      = 30
	defaultParallel = 4
	defaultHeight   = 720
)

// complete fills in the defaults and reports everything that is wrong.
func (o Options) complete() (Options, error) {
	o.Shape = cmp.Or(o.Shape, Webinar)
	o.Rooms = cmp.Or(o.Rooms, 1)
	o.Steps = cmp.Or(o.Steps, 1)
	o.VideoBitrate = cmp.Or(o.VideoBitrate, defaultBitrate)
	o.ViewHeight = cmp.Or(o.ViewHeight, defaultHeight)
	o.FPS = cmp.Or(o.FPS, defaultFPS)
	o.Parallel = cmp.Or(o.Parallel, defaultParallel)
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.Measuring == nil {
		o.Measuring = func() {}
	}
	if o.Measured == nil {
		o.Measured = func(Step) {}
	}
	errs := []error{o.checkPeople()}
	bounded := func(name string, value, least, most int) {
		if value < least || value > most {
			errs = append(errs, fmt.Errorf("%s is %d: it can be %d to %d", name, value, least, most))
		}
	}
	bounded("rooms", o.Rooms, 1, maxRooms)
	bounded("steps", o.Steps, 1, maxSteps)
	bounded("parallel", o.Parallel, 1, maxParallel)
	bounded("tiles", o.Tiles, 0, maxPublishers)
	bounded("video-bitrate", o.VideoBitrate, minBitrate, maxBitrate)
	bounded("view-height", o.ViewHeight, 1, maxHeight)
	bounded("fps", o.FPS, 1, maxFPS)
	if o.Duration < time.Second || o.Duration > maxDuration {
		errs = append(errs, fmt.Errorf("duration is %v: it can be 1s to %v", o.Duration, maxDuration))
	}
	if o.Turns < 0 || o.Turns > 0 && o.Turns < time.Second {
		errs = append(errs, fmt.Errorf("turns is %v: nobody can say anything in less than 1s", o.Turns))
	}
	if o.Bad < 0 || o.Bad > 1 {
		errs = append(errs, fmt.Errorf("bad is %v: it is a share from 0 to 1", o.Bad))
	}
	if o.Bad > 0 && (len(o.Network) == 0 || o.TCP) {
		errs = append(errs, errors.New("bad: say what the bad network does; it takes UDP only"))
	}
	if o.URL == "" || o.Room == "" {
		errs = append(errs, errors.New("the server's url and a room are needed"))
	}
	return o, errors.Join(errs...)
}

// checkPeople bounds who comes.
func (o Options) checkPeople() error {
	switch {
	case o.Shape != Webinar && o.Shape != Meeting:
		return fmt.Errorf("shape is %q: it can be %s or %s", o.Shape, Webinar, Meeting)
	case o.Shape == Meeting && (o.Publishers != 0 || o.Subscribers != 0):
		return errors.New("publishers and subscribers are of a webinar: a meeting has participants")
	case o.Shape == Webinar && o.Participants != 0:
		return errors.New("participants are of a meeting: a webinar has publishers and subscribers")
	case o.Publishers < 0 || o.Publishers > maxPublishers || o.Participants < 0 || o.Participants > maxPublishers:
		return fmt.Errorf("publishers or participants of a room can be 0 to %d", maxPublishers)
	case o.Subscribers < 0 || o.Subscribers > maxSubscribers:
		return fmt.Errorf("subscribers is %d: it can be 0 to %d", o.Subscribers, maxSubscribers)
	case o.Publishers+o.Subscribers+o.Participants == 0:
		return errors.New("nobody is to join: set publishers and subscribers, or participants")
	}
	if peers := o.Rooms * (o.Publishers + o.Subscribers + o.Participants); peers > maxPeers {
		return fmt.Errorf("%d participants in all rooms are more than %d", peers, maxPeers)
	}
	streams := 2 * o.Rooms * (o.Publishers*o.Subscribers + o.Participants*o.Participants)
	if streams > maxStreams {
		return fmt.Errorf("%d streams (those who send times those who receive) are more than %d", streams, maxStreams)
	}
	return nil
}
