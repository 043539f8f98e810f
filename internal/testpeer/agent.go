package testpeer

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/stun/v3"

	"stube/internal/ortc"
	"stube/internal/sfu/ice"
)

const (
	checkInterval   = 50 * time.Millisecond  // between two tries of a check (RFC 8445 section 14.2: Ta)
	checkTimeout    = 500 * time.Millisecond // of one address, before the next one is tried
	pathTimeout     = 15 * time.Second
	consentInterval = 4 * time.Second // RFC 7675 section 5.1 has 5 s, give or take a fifth

	// hostPriority is the PRIORITY of a peer-reflexive candidate with the best local preference (RFC 8445 section 5.1.2).
	hostPriority = 110<<24 | 65535<<8 | 255
)

// agent is the controlling ICE agent of one transport, against a server that is lite: it makes all checks, nominates
// with the first one, and answers none. It owns no goroutine.
type agent struct {
	local      ice.Credentials
	tieBreaker uint64
	answers    atomic.Uint64
	roundTrip  atomic.Int64 // nanoseconds, of the newest answer

	mu      sync.Mutex
	remote  ortc.ICEParameters
	pending map[[stun.TransactionIDSize]byte]check
}

// check is a request that was sent.
type check struct {
	password string
	sent     time.Time
	answered chan<- struct{} // is told of the answer if there is room; may be nil
}

// maxPending bounds the checks that were sent and not answered; consent checks to a dead server would pile up.
const maxPending = 64

func newAgent(remote ortc.ICEParameters) *agent {
	return &agent{
		local: ice.NewCredentials(), tieBreaker: rand.Uint64(), remote: remote,
		pending: make(map[[stun.TransactionIDSize]byte]check),
	}
}

// restart takes new credentials of the server and makes own ones.
func (a *agent) restart(remote ortc.ICEParameters) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.remote, a.local = remote, ice.NewCredentials()
}

// request makes a binding request that nominates, and notes it and who is told of its answer.
func (a *agent) request(answered chan<- struct{}) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	tie := binary.BigEndian.AppendUint64(nil, a.tieBreaker)
	priority := binary.BigEndian.AppendUint32(nil, hostPriority)
	m, err := stun.Build(
		stun.TransactionID, stun.BindingRequest,
		stun.NewUsername(a.remote.UsernameFragment+":"+a.local.Ufrag),
		stun.RawAttribute{Type: stun.AttrICEControlling, Value: tie},
		stun.RawAttribute{Type: stun.AttrUseCandidate},
		stun.RawAttribute{Type: stun.AttrPriority, Value: priority},
		stun.NewShortTermIntegrity(a.remote.Password),
		stun.Fingerprint,
	)
	if err != nil {
		return nil, fmt.Errorf("make a connectivity check: %w", err)
	}
	if len(a.pending) >= maxPending {
		clear(a.pending)
	}
	c := check{password: a.remote.Password, sent: time.Now(), answered: answered}
	a.pending[m.TransactionID] = c
	return m.Raw, nil
}

// receive takes a STUN message. Only an authentic success of a check of ours counts.
func (a *agent) receive(b []byte) {
	m := stun.New()
	if stun.Decode(b, m) != nil || m.Type != stun.BindingSuccess {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	c, known := a.pending[m.TransactionID]
	var mapped stun.XORMappedAddress
	if !known || m.Check(stun.NewShortTermIntegrity(c.password), stun.Fingerprint) != nil || mapped.GetFrom(m) != nil {
		return
	}
	delete(a.pending, m.TransactionID)
	a.answers.Add(1)
	a.roundTrip.Store(int64(time.Since(c.sent)))
	select {
	case c.answered <- struct{}{}:
	default: // an earlier answer was enough
	}
}

// validate checks a path until it answers. Each try is a request of its own, so that any answer counts.
func (a *agent) validate(ctx context.Context, send func([]byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	retry := time.NewTicker(checkInterval)
	defer retry.Stop()
	answered := make(chan struct{}, 1)
	for {
		raw, err := a.request(answered)
		if err != nil {
			return err
		}
		if err := send(raw); err != nil {
			return fmt.Errorf("send a connectivity check: %w", err)
		}
		select {
		case <-answered:
			return nil
		case <-retry.C:
		case <-ctx.Done():
			return errors.New("no answer to a connectivity check")
		}
	}
}

// consent asks once more whether the server still wants to hear us (RFC 7675). The answer is counted when it comes.
func (a *agent) consent(send func([]byte) error) {
	if raw, err := a.request(nil); err == nil {
		_ = send(raw) // a lost check is one of those that the server tolerates
	}
}

// remotes are the addresses of the candidates of one protocol, best first.
func remotes(candidates []ortc.ICECandidate, protocol string) ([]netip.AddrPort, error) {
	sorted := slices.SortedFunc(slices.Values(candidates), func(a, b ortc.ICECandidate) int {
		return int(int64(b.Priority) - int64(a.Priority))
	})
	var found []netip.AddrPort
	for _, c := range sorted {
		if c.Protocol != protocol {
			continue
		}
		addr, err := netip.ParseAddr(c.Address)
		if err != nil {
			return nil, fmt.Errorf("read a candidate's address: %w", err)
		}
		found = append(found, netip.AddrPortFrom(addr, c.Port))
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("the server has no %s candidate", protocol)
	}
	return found, nil
}
