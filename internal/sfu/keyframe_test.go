package sfu

import (
	pionrtcp "github.com/pion/rtcp"
)

// wantPLI waits for a request for a key frame.
func (c *client) wantPLI(ssrc uint32) {
	c.Helper()
	awaitControl(c, "a request for a key frame", func(p *pionrtcp.PictureLossIndication) bool {
		return p.MediaSSRC == ssrc
	})
}
