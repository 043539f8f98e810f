package store

import (
	"context"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
)

// batch is how many entries are asked for at once.
const batch = 256

// scan reads every revision that is stored, in their order. It asks for batches by JetStream's direct reading (ADR-31
// of NATS), since a consumer would cost a file and goroutines. The bucket's lock keeps it from meeting a write.
func (b *Bucket[T]) scan(ctx context.Context) ([]entry[T], error) {
	conn := b.store.conn
	inbox := conn.NewInbox()
	answers, err := conn.SubscribeSync(inbox)
	if err != nil {
		return nil, fmt.Errorf("read all: %w", err)
	}
	defer func() { _ = answers.Unsubscribe() }() // fails only when the connection is closed
	ctx, done := context.WithTimeout(ctx, requestTimeout)
	defer done()
	var entries []entry[T]
	for next := Revision(1); ; {
		request, err := json.Marshal(map[string]uint64{"seq": next, "batch": batch})
		if err != nil {
			return nil, fmt.Errorf("read all: %w", err)
		}
		if err := conn.PublishRequest("$JS.API.DIRECT.GET.KV_"+b.config.Name, inbox, request); err != nil {
			return nil, fmt.Errorf("read all: %w", err)
		}
		got, err := b.receive(ctx, answers)
		if err != nil {
			return nil, err
		}
		if len(got) == 0 {
			return entries, nil
		}
		entries = append(entries, got...)
		next = got[len(got)-1].revision + 1
	}
}

// receive takes the answers to one request, up to the one without a value that ends them.
func (b *Bucket[T]) receive(ctx context.Context, answers *nats.Subscription) ([]entry[T], error) {
	var entries []entry[T]
	for {
		m, err := answers.NextMsgWithContext(ctx)
		if err != nil {
			return nil, fmt.Errorf("read all: %w", err)
		}
		switch status := m.Header.Get("Status"); status {
		case "":
		case "204", "404": // no more, none at all
			return entries, nil
		default:
			return nil, fmt.Errorf("read all: status %s: %s", status, m.Header.Get("Description"))
		}
		revision, err := strconv.ParseUint(m.Header.Get("Nats-Sequence"), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read all: %w", err)
		}
		e, err := b.entry(m.Header.Get("Nats-Subject"), revision, m.Data)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
}
