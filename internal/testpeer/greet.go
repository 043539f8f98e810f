package testpeer

import (
	"context"
	"encoding/json"
	"fmt"

	"stube/internal/signal/protocol"
)

// Greet asks a server for its hello and goes again. It fails when what answers is no Stube server.
func Greet(ctx context.Context, o Options) (protocol.Hello, error) {
	o, err := o.complete()
	if err != nil {
		return protocol.Hello{}, fmt.Errorf("greet: %w", err)
	}
	s, err := dial(ctx, o, func(protocol.Method, json.RawMessage) {})
	if err != nil {
		return protocol.Hello{}, fmt.Errorf("greet: %w", err)
	}
	hello := s.hello
	s.close()
	return hello, nil
}
