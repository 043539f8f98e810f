package sfu

import (
	"net/netip"
	"slices"
	"time"

	"stube/internal/sfu/ice"
	"stube/internal/sfu/tcp"
)

const (
	// maxPaths is how many addresses a client may have at a time.
	maxPaths = 8
	// silence is how long nothing may be heard of a client before it counts as disconnected.
	silence = 8 * time.Second
	// heardStep is how exactly it is known when something was heard last.
	heardStep = 10 * time.Millisecond
	// consentLifetime is how long media is sent without the client's consent (RFC 7675 section 5.1).
	consentLifetime = 30 * time.Second
	// codeRoleConflict is the STUN error of RFC 8445 section 7.3.1.1.
	codeRoleConflict = 487
)

// answerSTUN answers a connectivity check (RFC 8445 section 7.3) and returns the Transport whose path it validated, or
// nil. A check that is not authentic gets no answer; one in the wrong role is told so, and validates nothing.
func (s *Server) answerSTUN(
	p *pipeline, from path, remote netip.AddrPort, packet []byte,
) (validated *Transport, authentic bool) {
	request, err := ice.ParseRequest(packet)
	if err != nil {
		s.counters.malformed.Add(1)
		return nil, false
	}
	found, ok := s.transports.Load(request.LocalUfrag())
	if !ok {
		s.counters.unknownAddress.Add(1)
		return nil, false
	}
	t, ok := found.(*Transport)
	if !ok || t.closed.Load() {
		return nil, false
	}
	password, ok := t.verify(request)
	if !ok {
		s.counters.unauthentic.Add(1)
		return nil, false
	}
	var answer []byte
	if request.RoleConflict() {
		answer, err = request.Error(codeRoleConflict, "Role Conflict", password)
	} else {
		answer, err = request.Success(remote, password)
	}
	if err != nil {
		s.counters.malformed.Add(1)
		return nil, false
	}
	if !request.RoleConflict() {
		t.validate(p, from, request)
		validated = t
	}
	p.raw(from, answer)
	return validated, true
}

// verify checks a request against the current and the previous credentials, and gives the password that fits.
func (t *Transport) verify(r *ice.Request) (password string, ok bool) {
	t.sendMu.Lock()
	current, previous := t.current, t.previous
	t.sendMu.Unlock()
	for _, c := range []ice.Credentials{current, previous} {
		if c.Ufrag != "" && c.Ufrag == r.LocalUfrag() {
			return c.Password, r.Verify(c.Password) == nil
		}
	}
	return "", false
}

// validate notes that the client answers at an address, and moves there when the client says so. A move with the
// current credentials ends the use of the previous ones.
func (t *Transport) validate(p *pipeline, from path, request *ice.Request) {
	t.heard(p.now)
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	if t.closed.Load() {
		return
	}
	if !slices.Contains(t.validated, from) {
		if len(t.validated) >= maxPaths {
			oldest := slices.IndexFunc(t.validated, func(p path) bool { return p != t.path })
			t.validated = slices.Delete(t.validated, oldest, oldest+1)
		}
		t.validated = append(t.validated, from)
	}
	if request.UseCandidate() || !t.path.valid() {
		t.moveTo(from, p.now)
	}
	if t.previous.Ufrag != "" && request.UseCandidate() && request.LocalUfrag() == t.current.Ufrag {
		t.server.transports.Delete(t.previous.Ufrag)
		t.previous = ice.Credentials{}
	}
	next := TransportConnecting
	if t.sealer.Load() != nil {
		next = TransportConnected
	}
	if t.state == TransportNew || t.state == TransportDisconnected {
		t.setState(next)
		p.events = append(p.events, t.reportState)
		t.urge()
	}
}

// uses tells whether a path is one of those that the client was last seen at.
func (t *Transport) uses(p path) bool {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	return !t.closed.Load() && (p == t.adopted || slices.Contains(t.validated, p))
}

// heard notes that the client is there.
func (t *Transport) heard(now int64) {
	if now-t.lastHeard.Load() >= int64(heardStep) { // a store for each packet would be felt
		t.lastHeard.Store(now)
	}
}

// checkConsent sees to clients that fell silent. sendMu is held.
func (t *Transport) checkConsent(p *pipeline) {
	quiet := p.now - t.lastHeard.Load()
	if t.state == TransportConnected && quiet > int64(silence) {
		t.setState(TransportDisconnected)
		p.events = append(p.events, t.reportState)
	}
	if t.path.valid() && quiet > int64(consentLifetime) {
		t.path = path{} // the next check brings it back
	}
}

// lost forgets an ICE-TCP connection that ended.
func (t *Transport) lost(conn *tcp.Conn) {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	t.validated = slices.DeleteFunc(t.validated, func(p path) bool { return p.tcp == conn })
	if t.path.tcp != conn {
		return
	}
	remains := path{}
	if n := len(t.validated); n > 0 {
		remains = t.validated[n-1]
	}
	t.moveTo(remains, t.server.now())
}
