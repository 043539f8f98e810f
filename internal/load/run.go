package load

import (
	"context"
	"crypto/tls"
	"fmt"
	"slices"
	"sync"
	"time"

	"stube/internal/load/process"
	"stube/internal/sfu/dtls"
	"stube/internal/testpeer"
)

const (
	joinTimeout  = 30 * time.Second // of one participant
	settleTime   = time.Second      // from the last one's first packet to the measurement
	leaveTimeout = 10 * time.Second
)

// run is a Run under way.
type run struct {
	options     Options
	certificate *dtls.Certificate // of all peers: making one each would be measured as part of joining

	mu          sync.Mutex // guards what follows
	publishers  []*testpeer.Peer
	subscribers []*testpeer.Peer
	joining     []time.Duration // from the start of joining to the server's answer
	firstMedia  []time.Duration // from the start of joining to the first packet of media
}

// Run joins the participants, measures, and lets them leave. It refuses what isn't a Stube server. When ctx ends
// earlier, everybody leaves, and the error is ctx's.
func Run(ctx context.Context, o Options) (Report, error) {
	o, err := o.complete()
	if err != nil {
		return Report{}, err
	}
	certificate, err := dtls.NewCertificate()
	if err != nil {
		return Report{}, fmt.Errorf("make a certificate: %w", err)
	}
	r := &run{options: o, certificate: certificate}
	defer r.leave()
	if err := r.join(ctx); err != nil {
		return Report{}, err
	}
	if err := r.wait(ctx, settleTime, nil); err != nil {
		return Report{}, err
	}
	return r.measure(ctx)
}

// join brings everybody in: the publishers one by one, and then the others, some at a time.
func (r *run) join(ctx context.Context) error {
	for i := range r.options.Publishers {
		if err := r.joinPublisher(ctx, i); err != nil {
			return fmt.Errorf("join publisher %d: %w", i+1, err)
		}
	}
	r.options.Progress(fmt.Sprintf("%d publishers have joined", r.options.Publishers))
	if err := r.each(ctx, r.options.Subscribers, r.joinSubscriber); err != nil {
		return fmt.Errorf("join a subscriber: %w", err)
	}
	if err := r.receive(ctx); err != nil {
		return err
	}
	r.options.Progress(fmt.Sprintf("%d subscribers have joined", r.options.Subscribers))
	return nil
}

// each runs work n times, Parallel at a time, and stops early with the first error.
func (r *run) each(ctx context.Context, n int, work func(context.Context, int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	turns := make(chan int)
	var workers sync.WaitGroup
	for range min(r.options.Parallel, n) {
		workers.Go(func() {
			for i := range turns {
				if err := work(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		select {
		case turns <- i:
		case <-ctx.Done():
		}
	}
	close(turns)
	workers.Wait()
	return context.Cause(ctx)
}

// peer is what all participants have in common.
func (r *run) peer(name string) testpeer.Options {
	o := testpeer.Options{
		URL: r.options.URL, Room: r.options.Room, Name: name, TCP: r.options.TCP, Certificate: r.certificate,
	}
	if r.options.Insecure {
		o.TLS = &tls.Config{InsecureSkipVerify: true} // asked for by who runs the tool
	}
	return o
}

func (r *run) joinPublisher(ctx context.Context, i int) error {
	ctx, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	p, err := testpeer.Join(ctx, r.peer(fmt.Sprintf("Publisher %d", i+1)))
	if err != nil {
		return err
	}
	r.keep(&r.publishers, p)
	video := testpeer.VideoOptions{FPS: r.options.FPS, Seed: uint64(i), Layers: []testpeer.Layer{
		{Width: 1280, Height: 720, Bitrate: r.options.VideoBitrate},
	}}
	if _, err := p.PublishCamera(ctx, video); err != nil {
		return err
	}
	_, err = p.PublishMicrophone(ctx, testpeer.AudioOptions{Seed: uint64(i)})
	return err
}

func (r *run) joinSubscriber(ctx context.Context, i int) error {
	ctx, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	o := r.peer(fmt.Sprintf("Subscriber %d", i+1))
	o.AutoSubscribe = true
	start := time.Now()
	p, err := testpeer.Join(ctx, o)
	if err != nil {
		return err
	}
	joined := time.Since(start)
	r.keep(&r.subscribers, p)
	first := func() time.Time { return p.Stats().Total().FirstPacket }
	if r.options.Publishers > 0 {
		if err := p.Until(ctx, func() bool { return !first().IsZero() }); err != nil {
			return fmt.Errorf("wait for media: %w", err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.joining = append(r.joining, joined)
	if came := first(); !came.IsZero() {
		r.firstMedia = append(r.firstMedia, came.Sub(start))
	}
	return nil
}

// receive waits until all subscribers receive everything.
func (r *run) receive(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	for _, p := range r.subscribers {
		if err := p.Until(ctx, func() bool { return r.receivesAll(p) }); err != nil {
			return fmt.Errorf("wait until a subscriber receives everything: %w", err)
		}
	}
	return nil
}

// receivesAll says whether a subscriber gets the camera and the microphone of every publisher.
func (r *run) receivesAll(p *testpeer.Peer) bool {
	consumers := p.Consumers()
	for _, c := range consumers {
		if c.Stats().FirstPacket.IsZero() {
			return false
		}
	}
	return len(consumers) == 2*r.options.Publishers
}

func (r *run) keep(list *[]*testpeer.Peer, p *testpeer.Peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*list = append(*list, p)
}

// measure counts for as long as the options say.
func (r *run) measure(ctx context.Context) (Report, error) {
	var meter *process.Meter
	if r.options.ServerPID != 0 {
		var err error
		if meter, err = process.New(r.options.ServerPID); err != nil {
			return Report{}, err
		}
	}
	before, err := r.count(meter)
	if err != nil {
		return Report{}, err
	}
	if err := r.wait(ctx, r.options.Duration, &before); err != nil {
		return Report{}, err
	}
	after, err := r.count(meter)
	if err != nil {
		return Report{}, err
	}
	return r.report(before, after), nil
}

// wait lets time pass, with a line of progress each second once there is something to compare with.
func (r *run) wait(ctx context.Context, d time.Duration, since *count) error {
	end := time.NewTimer(d)
	defer end.Stop()
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for {
		select {
		case <-end.C:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("measure: %w", ctx.Err())
		case <-second.C:
			if since != nil {
				r.tell(*since)
			}
		}
	}
}

// tell reports what was received so far.
func (r *run) tell(since count) {
	now, err := r.count(nil)
	if err != nil {
		return
	}
	report := r.report(since, now)
	r.options.Progress(fmt.Sprintf("%3.0f s: received %d packets, lost %d, latency p99 %v",
		report.Seconds, report.Received, report.Lost, report.Latency.P99.Duration()))
}

// leave lets everybody go, whatever happened before.
func (r *run) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTimeout)
	defer cancel()
	r.mu.Lock()
	peers := slices.Concat(r.subscribers, r.publishers)
	r.mu.Unlock()
	_ = r.each(ctx, len(peers), func(ctx context.Context, i int) error {
		_ = peers[i].Leave(ctx) // closed either way; the server notices by itself
		return nil
	})
	for _, p := range peers {
		p.Close() // those whose turn didn't come
	}
}
