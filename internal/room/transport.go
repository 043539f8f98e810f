package room

import (
	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// transport finds one of the participant's own transports.
func (p *participant) transport(id string) (Transport, error) {
	for _, t := range []Transport{p.sender, p.receiver} {
		if t.Description().ID == id {
			return t, nil
		}
	}
	return nil, refuse(protocol.ErrNotFound, "participant has no such transport")
}

func (p *participant) connect(id string, params ortc.DTLSParameters) error {
	t, err := p.transport(id)
	if err != nil {
		return err
	}
	if err := t.Connect(params); err != nil {
		return refuse(protocol.ErrInvalidParams, "connect transport: %w", err) // a second time, or badly
	}
	return nil
}

func (p *participant) restartICE(id string) (protocol.ICERestarted, error) {
	t, err := p.transport(id)
	if err != nil {
		return protocol.ICERestarted{}, err
	}
	return protocol.ICERestarted{ICEParameters: t.RestartICE()}, nil
}
