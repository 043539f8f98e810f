package bwe

import "time"

const (
	// Section 6 of the draft: loss above heavyShare means overuse, and takes half of it off the bitrate.
	heavyShare = 0.1
	lossCut    = 0.5
	// lossWindow is over how long loss is measured; at least lossPackets packets.
	lossWindow  = int64(time.Second)
	lossPackets = 20
	// From clearShare on one window is enough; below it could be chance, and two in a row are needed.
	clearShare = 0.2
	// From floodShare on a link throws away what exceeds it, without a queue that would tell: that needs no long look,
	// and what arrives is what it carries. Of less than floodPackets as many may be lost by chance, but not deluge.
	floodShare   = 0.3
	floodWindow  = int64(200 * time.Millisecond)
	floodPackets = 40
	deluge       = 0.5
	// A loss of which as much as inherentShare is left after the bitrate was lowered to curedRate of what it was, while
	// less arrives in proportion, is not of its making: radio loses packets whatever their number. Only more than
	// worseLoss of it counts. A link that is full goes on to deliver as much as before.
	inherentShare = 0.75
	curedRate     = 0.65
	worseLoss     = 1.25
)

// losses is the loss-based part, section 6 of the draft. It only lowers: what loss says against raising is the delay's
// matter, and loss up to a tenth changes nothing.
type losses struct {
	came, lost int // in this window
	since      int64
	from       int64   // what was sent before is not counted: the bitrate was another
	share      float64 // in the last window, 0 to 1

	cutFrom     float64 // bitrate when a row of cuts began; 0: there is none
	cutArriving float64 // what arrived then, and what was lost
	cutShare    float64
	inherent    float64 // a share that lower bitrates don't cure
	unhealthy   bool    // the last window lost much
	suspicious  bool    // so it did, perhaps by chance
}

// due ends the window when it is long enough.
func (l *losses) due(now int64) bool {
	n := l.came + l.lost
	if l.since == 0 {
		l.since = now
	}
	if n < lossPackets {
		return false
	}
	share := float64(max(l.lost, 0)) / float64(n)
	passed := now - l.since
	flood := share >= deluge || share >= floodShare && n >= floodPackets
	if passed < lossWindow && (passed < floodWindow || !flood) {
		return false
	}
	l.share, l.came, l.lost, l.since = share, 0, 0, now
	return true
}

// forget begins anew with what is sent from now on, because the bitrate was lowered.
func (l *losses) forget(now int64) { l.came, l.lost, l.since, l.from = 0, 0, now, now }

// limit gives the bitrate to fall to from another after a window, when so many bit/s arrive.
func (l *losses) limit(bitrate, arriving float64) float64 {
	heavy := l.share >= heavyShare && l.share > worseLoss*l.inherent
	l.unhealthy = heavy && (l.suspicious || l.share >= clearShare)
	l.suspicious = heavy
	if !l.unhealthy {
		l.cutFrom = 0
		if l.share < l.inherent/2 {
			l.inherent = 0
		}
		return bitrate
	}
	if l.cutFrom == 0 {
		l.cutFrom, l.cutArriving, l.cutShare = bitrate, arriving, l.share
	}
	if l.share < floodShare && l.share > inherentShare*l.cutShare &&
		bitrate < curedRate*l.cutFrom && arriving < curedRate*l.cutArriving {
		l.inherent, l.cutFrom, l.unhealthy = l.share, 0, false
		return bitrate
	}
	cut := bitrate * (1 - lossCut*l.share)
	if l.share >= floodShare && arriving > 0 {
		cut = min(cut, arriving)
	}
	return cut
}
