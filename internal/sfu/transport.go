package sfu

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"stube/internal/ortc"
	"stube/internal/sfu/bwe"
	"stube/internal/sfu/dtls"
	"stube/internal/sfu/ice"
	"stube/internal/sfu/srtp"
)

// TransportState tells how far a Transport's connection is.
type TransportState uint8

// The states of a Transport.
const (
	TransportNew          TransportState = iota // nothing has come from the client
	TransportConnecting                         // ICE has a path, DTLS shakes hands
	TransportConnected                          // media flows
	TransportDisconnected                       // nothing was heard for a while; it may come back
	TransportFailed                             // DTLS failed: a wrong fingerprint, or no agreement
	TransportClosed
)

// TransportConfig holds the callbacks of a Transport. They come from the media server's goroutines, one at a time for
// each kind, must not block and must not call the Transport; each may be nil.
type TransportConfig struct {
	// Owner tells whose Transport it is, by any name of the caller's: nobody gets their own voice back by an audio
	// slot. Empty: nobody's.
	Owner string
	// State is told each change of state.
	State func(TransportState)
	// Consumers is told which layers video consumers now carry.
	Consumers func([]ConsumerUpdate)
	// Producers is told which layers of video Producers are of use. At first all are.
	Producers func([]ProducerUpdate)
	// Quality is told when the connection's quality changed.
	Quality func(Quality)
}

// Transport is a client's connection: ICE, DTLS and SRTP for the Producers and Consumers on it.
type Transport struct {
	// Set at the start.
	id     string
	server *Server
	router *Router
	config TransportConfig

	// Guarded by reportMu, under which only the State callback is made.
	reportMu sync.Mutex
	reported TransportState

	// Guarded by recvMu: what comes in.
	recvMu    sync.Mutex
	opener    *srtp.Opener
	inbound   map[uint32]*inbound // by SSRC
	producers map[string]*Producer
	feedback  feedback // what is reported to the client about its packets

	// Safe for concurrent use by themselves.
	closed    atomic.Bool
	lastHeard atomic.Int64           // when the client last proved that it is there
	nextTick  atomic.Int64           // when the periodic work is due
	home      atomic.Pointer[Worker] // does the periodic work: who receives the client's packets
	// The Server's clock minus the client's NTP clock, in ns, as small as ever seen; from its sender reports.
	clockDelta atomic.Int64
	hasClock   atomic.Bool
	sealer     atomic.Pointer[srtp.Sealer] // nil: there are no keys; replaced, and used, under sendMu

	// Guarded by sendMu: what goes out. What stands from sealer to state is read for each packet, together.
	sendMu     sync.Mutex
	path       path
	congestion congestion
	state      TransportState
	current    ice.Credentials
	previous   ice.Credentials // accepted too until the client uses the current ones
	validated  []path          // by ICE
	adopted    path            // believed for what came from there; not validated yet
	stray      stray           // that may become adopted
	endpoint   *dtls.Endpoint
	early      [][]byte // DTLS packets that came before the fingerprints
	consumers  map[string]*Consumer
	bySSRC     map[uint32]*Consumer // of media and of RTX
	nextMid    int
	downlink   bwe.Downlink
	quality    meter
	estimate   uint64 // bit/s, as last used; math.MaxUint64: no limit is known
	held       lately // what the way carries of video
}

// feedback is the state of what a Transport reports to its client about what came in.
type feedback struct {
	ssrc       uint32 // the server's own, as sender of RTCP
	twcc       bwe.Recorder
	twccID     uint8  // header extension id; 0: none
	mediaSSRC  uint32 // the newest, for TWCC
	nextReport int64
	nextTWCC   int64
}

func newTransport(r *Router, cfg TransportConfig) *Transport {
	t := &Transport{
		id: newID(), server: r.server, router: r, config: cfg,
		inbound: make(map[uint32]*inbound), producers: make(map[string]*Producer),
		current:   ice.NewCredentials(),
		consumers: make(map[string]*Consumer), bySSRC: make(map[uint32]*Consumer),
	}
	t.home.Store(r.server.pickWorker())
	t.feedback.ssrc = newSSRC()
	return t
}

// pickWorker takes the Workers in turns.
func (s *Server) pickWorker() *Worker {
	return s.workers[int(s.nextWorker.Add(1))%len(s.workers)]
}

// ID is the Transport's random identifier.
func (t *Transport) ID() string { return t.id }

// ICEParameters are the credentials with which the client connects.
func (t *Transport) ICEParameters() ortc.ICEParameters {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	return iceParameters(t.current)
}

func iceParameters(c ice.Credentials) ortc.ICEParameters {
	return ortc.ICEParameters{UsernameFragment: c.Ufrag, Password: c.Password, ICELite: true}
}

// ICECandidates are the addresses of the server, the best first.
func (t *Transport) ICECandidates() []ortc.ICECandidate { return t.server.candidates }

// DTLSParameters are the fingerprints of the server. The role is auto: the server always takes the passive part,
// whatever the client makes of it.
func (t *Transport) DTLSParameters() ortc.DTLSParameters {
	return ortc.DTLSParameters{Role: "auto", Fingerprints: t.server.fingerprints}
}

// Connect takes the client's certificate fingerprints, without which no handshake is answered. It may be called once.
func (t *Transport) Connect(parameters ortc.DTLSParameters) error {
	if len(parameters.Fingerprints) == 0 {
		return errors.New("connect: no fingerprint")
	}
	remote := make([]dtls.Fingerprint, 0, len(parameters.Fingerprints))
	for _, f := range parameters.Fingerprints {
		remote = append(remote, dtls.Fingerprint{Algorithm: f.Algorithm, Value: f.Value})
	}
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	switch {
	case t.closed.Load():
		return fmt.Errorf("connect: transport %w", ErrClosed)
	case t.endpoint != nil:
		return errors.New("connect: done before")
	}
	t.endpoint = dtls.Serve(dtls.Config{
		Certificate: t.server.certificate, Remote: remote,
		Send: t.sendDTLS, Ready: t.secured, Closed: t.unsecured,
	})
	for _, packet := range t.early {
		t.endpoint.Receive(packet)
	}
	t.early = nil
	return nil
}

// RestartICE makes new credentials, for a client whose network changed. The old ones are accepted until the client
// uses the new.
func (t *Transport) RestartICE() ortc.ICEParameters {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	if t.closed.Load() {
		return iceParameters(t.current)
	}
	if t.previous.Ufrag != "" {
		t.server.transports.Delete(t.previous.Ufrag)
	}
	t.previous, t.current = t.current, ice.NewCredentials()
	t.server.transports.Store(t.current.Ufrag, t)
	return iceParameters(t.current)
}

// State tells how far the connection is.
func (t *Transport) State() TransportState {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	return t.state
}

// setState changes the state, with sendMu held. The caller sees to reportState when it is not.
func (t *Transport) setState(s TransportState) {
	if t.state != TransportClosed {
		t.state = s
	}
}

// reportState tells the newest state to whoever listens, in order and each once. No lock is held but the one that
// keeps two reports from overtaking each other.
func (t *Transport) reportState() {
	if t.config.State == nil {
		return
	}
	t.reportMu.Lock()
	defer t.reportMu.Unlock()
	if s := t.State(); s != t.reported {
		t.reported = s
		t.config.State(s)
	}
}

// Close closes the Transport with its Producers and Consumers. It may be called more than once.
func (t *Transport) Close() {
	if !t.closed.CompareAndSwap(false, true) {
		return
	}
	t.recvMu.Lock()
	producers := make([]*Producer, 0, len(t.producers))
	for _, p := range t.producers {
		producers = append(producers, p)
	}
	t.recvMu.Unlock()
	for _, p := range producers {
		p.Close()
	}

	t.sendMu.Lock()
	consumers := make([]*Consumer, 0, len(t.consumers))
	for _, c := range t.consumers {
		consumers = append(consumers, c)
	}
	endpoint := t.endpoint
	t.server.transports.Delete(t.current.Ufrag)
	t.server.transports.Delete(t.previous.Ufrag)
	t.setState(TransportClosed)
	t.sendMu.Unlock()
	for _, c := range consumers {
		c.Close()
	}
	if endpoint != nil {
		endpoint.Close() // says goodbye through sendDTLS
	}
	t.router.forgetTransport(t)
	t.reportState()
}
