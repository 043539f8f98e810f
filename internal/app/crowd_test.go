package app_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"stube/internal/testpeer"
)

// TestCrowdComesAndGoes lets fifty participants join, meet and leave all at once. The race detector looks on, and
// TestMain finds what doesn't end.
func TestCrowdComesAndGoes(t *testing.T) {
	const crowd, publishers = 50, 4
	ctx, url := bounded(t), server(t)
	watcher := join(ctx, t, testpeer.Options{URL: url, Name: "Watcher", AutoSubscribe: true})
	v := visitors{url: url}
	v.waiting.Add(crowd)
	var all sync.WaitGroup
	failures := make(chan error, crowd)
	for i := range crowd {
		all.Go(func() { failures <- v.visit(ctx, i, i < publishers) })
	}
	all.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			t.Error(err)
		}
	}
	until(ctx, t, watcher, "everybody has left", func() bool {
		room := watcher.Room()
		return len(room.Participants) == 1 && len(room.Left) == crowd && len(watcher.Consumers()) == 0
	})
	if gaps := watcher.Room().Gaps; gaps != 0 {
		t.Errorf("%d deltas didn't follow the one before", gaps)
	}
}

// visitors come to one room.
type visitors struct {
	url     string
	waiting sync.WaitGroup // for those who received nothing yet
}

// visit is one participant's meeting: it ends when media came, for those who publish when it came to everybody.
func (v *visitors) visit(ctx context.Context, number int, publishes bool) error {
	received := sync.OnceFunc(v.waiting.Done)
	defer received() // also after an error: the others needn't wait
	p, err := testpeer.Join(ctx, testpeer.Options{
		URL: v.url, Room: "stube", Name: fmt.Sprintf("Visitor %d", number), AutoSubscribe: true, TCP: number%10 == 9,
	})
	if err != nil {
		return err
	}
	defer p.Close()
	if publishes {
		if err := publish(ctx, p); err != nil {
			return fmt.Errorf("visitor %d: %w", number, err)
		}
	}
	if err := p.Until(ctx, func() bool { return p.Stats().Total().Packets > 20 }); err != nil {
		return fmt.Errorf("visitor %d: %w", number, err)
	}
	received()
	if publishes {
		v.waiting.Wait()
	}
	return p.Leave(ctx)
}

// publish sends a microphone and a small camera.
func publish(ctx context.Context, p *testpeer.Peer) error {
	_, audio := p.PublishMicrophone(ctx, testpeer.AudioOptions{})
	_, video := p.PublishCamera(ctx, testpeer.VideoOptions{
		FPS: 10, Layers: []testpeer.Layer{{Width: 320, Height: 180, Bitrate: 100_000}},
	})
	return errors.Join(audio, video)
}
