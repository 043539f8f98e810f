package room

import (
	"errors"
	"time"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// Session is a participant on one connection. Its methods ask the room's loop and wait for the answer; they may be
// used on any goroutine. Errors that a client causes are of type *Error; all methods of a session that was resumed
// elsewhere fail with protocol.ErrReplaced.
type Session struct {
	room        *Room
	participant *participant // touched only in the loop, but for what is set once
	epoch       int
}

// ParticipantID is a random name for the participant, good for logs.
func (x *Session) ParticipantID() string { return x.participant.id }

// Leave takes the participant out of the room.
func (x *Session) Leave() error {
	return x.do(protocol.MethodLeave, func(s *state, p *participant) error {
		s.leave(p, protocol.LeftByChoice)
		return nil
	})
}

// Drop tells that the connection is lost. The participant has 30 seconds to resume. It does not wait, and may come
// after the session has ended in another way.
func (x *Session) Drop() {
	x.room.post(func(s *state) {
		if x.check() == nil {
			s.lose(x.participant)
		}
	})
}

// Rename changes the participant's name.
func (x *Session) Rename(name string) error {
	return x.do(protocol.MethodRename, func(s *state, p *participant) error { return s.rename(p, name) })
}

// Connect gives the client's certificate fingerprints to a transport.
func (x *Session) Connect(transportID string, params ortc.DTLSParameters) error {
	if err := params.Validate(); err != nil {
		return mediaError("validate DTLS parameters", err)
	}
	return x.do(protocol.MethodConnect, func(_ *state, p *participant) error { return p.connect(transportID, params) })
}

// RestartICE makes fresh ICE credentials for a transport.
func (x *Session) RestartICE(transportID string) (protocol.ICERestarted, error) {
	return within(x, protocol.MethodRestartICE, func(_ *state, p *participant) (protocol.ICERestarted, error) {
		return p.restartICE(transportID)
	})
}

// Produce starts to take a track from the client.
func (x *Session) Produce(want protocol.Produce) (protocol.Produced, error) {
	return within(x, protocol.MethodProduce, func(s *state, p *participant) (protocol.Produced, error) {
		return s.produce(p, want)
	})
}

// UpdateProducer changes the size of a video producer.
func (x *Session) UpdateProducer(id string, size protocol.Size) error {
	return x.do(protocol.MethodUpdateProducer, func(s *state, p *participant) error {
		return s.resizeProducer(p, id, size)
	})
}

// PauseProducer stops to forward a producer, or goes on.
func (x *Session) PauseProducer(id string, paused bool) error {
	method := protocol.MethodResumeProducer
	if paused {
		method = protocol.MethodPauseProducer
	}
	return x.do(method, func(s *state, p *participant) error { return s.pauseProducer(p, id, paused) })
}

// CloseProducer ends a producer.
func (x *Session) CloseProducer(id string) error {
	return x.do(protocol.MethodCloseProducer, func(s *state, p *participant) error { return s.closeProducer(p, id) })
}

// Consume starts to send tracks of others to the client. It leaves out what is gone, what the client cannot decode,
// what it receives already and what is its own.
func (x *Session) Consume(want protocol.Consume) (protocol.Consumed, error) {
	return within(x, protocol.MethodConsume, func(s *state, p *participant) (protocol.Consumed, error) {
		return s.consume(p, want)
	})
}

// ResumeConsumers starts consumers that were made paused. Unknown ids are passed over.
func (x *Session) ResumeConsumers(ids []string) error {
	return x.do(protocol.MethodResumeConsumers, func(_ *state, p *participant) error {
		p.resumeConsumers(ids)
		return nil
	})
}

// CloseConsumers ends consumers. Unknown ids are passed over.
func (x *Session) CloseConsumers(ids []string) error {
	return x.do(protocol.MethodCloseConsumers, func(_ *state, p *participant) error {
		p.closeConsumers(ids)
		return nil
	})
}

// View tells all the video that the client shows. Unknown consumers are passed over.
func (x *Session) View(items []protocol.ViewItem) error {
	return x.do(protocol.MethodView, func(_ *state, p *participant) error { return p.view(items) })
}

// Downlink tells what is known of the way to the client. As long as it isn't known what that carries, it is tried for
// whoever asks.
func (x *Session) Downlink() (protocol.Downlink, error) {
	return within(x, protocol.MethodDownlink, func(_ *state, p *participant) (protocol.Downlink, error) {
		known := p.receiver.Downlink()
		if known.Estimate == 0 {
			p.receiver.Explore(exploreTime)
		}
		return known, nil
	})
}

// exploreTime is for how long it is tried what a way carries after a client asked for it.
const exploreTime = 5 * time.Second

// check tells whether the session still speaks for its participant. It runs in the loop.
func (x *Session) check() error {
	switch {
	case !x.participant.inside:
		return refuse(protocol.ErrNotJoined, "participant has left")
	case x.participant.epoch != x.epoch:
		return refuse(protocol.ErrReplaced, "participant has another connection")
	}
	return nil
}

func (x *Session) do(method protocol.Method, f func(*state, *participant) error) error {
	_, err := within(x, method, func(s *state, p *participant) (none struct{}, err error) { return none, f(s, p) })
	return err
}

// within asks the loop on behalf of a session, for a method that the participant must have the right to.
func within[T any](x *Session, method protocol.Method, f func(*state, *participant) (T, error)) (T, error) {
	answer, err := ask(x.room, func(s *state) (T, error) {
		var none T
		if err := x.check(); err != nil {
			return none, err
		}
		if err := s.may(x.participant, method); err != nil {
			return none, err
		}
		return f(s, x.participant)
	})
	if errors.Is(err, errEnded) {
		err = refuse(protocol.ErrNotJoined, "%w", err)
	}
	return answer, err
}
