package app_test

import (
	"log/slog"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"stube/internal/app"
	"stube/internal/config"
	"stube/internal/load"
	"stube/internal/relay/schedule"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

func TestLoadMeasuresAWebinar(t *testing.T) {
	ctx, url := bounded(t), server(t)
	var progress []string
	begun, ended := 0, 0 // after how many lines of progress
	report, err := load.Run(ctx, load.Options{
		URL: url, Room: "load", Publishers: 2, Subscribers: 5, Duration: 1200 * time.Millisecond, ServerPID: os.Getpid(),
		VideoBitrate: 300_000, Progress: func(line string) { progress = append(progress, line) },
		Measuring: func() { begun = len(progress) }, Measured: func(load.Step) { ended = len(progress) },
	})
	if err != nil {
		t.Fatal(err)
	}
	step := report.Last()
	if len(report.Steps) != 1 || step.Senders != 2 || step.Receivers != 5 || step.Lost != 0 || step.Corrupt != 0 {
		t.Errorf("report %+v", report)
	}
	if least := step.Sent * 4; step.Received < least || step.Received > step.Sent*6 {
		t.Errorf("%d packets were sent and %d received by five", step.Sent, step.Received)
	}
	if step.Latency.P50 <= 0 || step.Joining.P50 <= 0 || step.FirstMedia.P50 < step.Joining.P50 {
		t.Errorf("times: %+v, %+v, %+v", step.Latency, step.Joining, step.FirstMedia)
	}
	if step.Server == nil || step.Server.CPUPerPacket <= 0 || step.Server.Resident == 0 {
		t.Errorf("server: %+v", step.Server)
	}
	if begun != 2 || ended <= begun || ended != len(progress) {
		t.Errorf("measured from line %d to %d of the progress %q", begun, ended, progress)
	}
}

// TestLoadGrows: meetings with three layers, turns and tiles, in steps.
func TestLoadGrows(t *testing.T) {
	ctx, url := bounded(t), server(t)
	report, err := load.Run(ctx, load.Options{
		URL: url, Room: "load", Shape: load.Meeting, Rooms: 2, Participants: 3, Steps: 2, Tiles: 1, Simulcast: true,
		ViewHeight: 180, FPS: 15, Turns: time.Second, Duration: 1100 * time.Millisecond, VideoBitrate: 500_000,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Steps) != 2 || report.Steps[0].Rooms != 1 || report.Last().Rooms != 2 || report.Last().Receivers != 6 {
		t.Fatalf("report %+v", report)
	}
	for i, step := range report.Steps {
		// One sends three layers of 15 frames; of those each receives the smallest of one other, of voices next to none.
		sent, got := float64(step.Sent)/float64(step.Senders), float64(step.Received)/float64(step.Receivers)
		if got == 0 || got > sent*0.8 || step.Lost != 0 {
			t.Errorf("step %d: %.0f packets sent by each, %.0f received by each, %d lost", i, sent, got, step.Lost)
		}
	}
}

// TestLoadPutsSomeBehindBadNetworks: they lose packets, the others don't.
func TestLoadPutsSomeBehindBadNetworks(t *testing.T) {
	ctx, url := bounded(t), server(t)
	report, err := load.Run(ctx, load.Options{
		URL: url, Room: "load", Publishers: 1, Subscribers: 4, Duration: 2 * time.Second, VideoBitrate: 300_000, Bad: 0.5,
		Network: schedule.Steady(schedule.Profile{Loss: 0.05, Delay: 5 * time.Millisecond}),
	})
	if err != nil {
		t.Fatal(err)
	}
	step := report.Last()
	if step.Bad == nil || step.Bad.Received == 0 || step.Bad.Recovered == 0 {
		t.Fatalf("behind bad networks came %+v", step.Bad)
	}
	if step.Lost != 0 || step.Recovered != 0 || step.Latency.P50.Duration() >= 5*time.Millisecond {
		t.Errorf("on good networks came %+v, with a delay of %v", step.Way, step.Latency.P50.Duration())
	}
}

// TestLoadEndsWhereTheServerRefuses: what was measured before is told.
func TestLoadEndsWhereTheServerRefuses(t *testing.T) {
	c := config.Default()
	c.Listen, c.Data, c.Create, c.RoomParticipants = "127.0.0.1:0", t.TempDir(), "anyone", 3
	a := startWith(t, app.Options{Config: c, Log: slog.New(slog.NewTextHandler(testLog{t}, nil))})
	report, err := load.Run(bounded(t), load.Options{
		URL: address(a), Room: "load", Publishers: 1, Subscribers: 4, Steps: 2, Duration: time.Second, VideoBitrate: 100_000,
	})
	if err != nil || len(report.Steps) != 1 || report.Refused != string(protocol.ErrRoomFull) {
		t.Errorf("report %+v, %v", report, err)
	}
	_, err = load.Run(bounded(t), load.Options{
		URL: address(a), Room: "load", Publishers: 1, Subscribers: 4, Duration: time.Second, VideoBitrate: 100_000,
	})
	if err == nil || !strings.Contains(err.Error(), string(protocol.ErrRoomFull)) {
		t.Errorf("a load that never came about: %v", err)
	}
}

// TestLoadGoesNowhereElse: a server that announces somebody else's address gets no load, nor does that address.
func TestLoadGoesNowhereElse(t *testing.T) {
	c := config.Default()
	c.Listen, c.Data, c.Create = "127.0.0.1:0", t.TempDir(), "anyone"
	c.Announce = []netip.Addr{netip.MustParseAddr("192.0.2.1")}
	a := startWith(t, app.Options{Config: c, Log: slog.New(slog.NewTextHandler(testLog{t}, nil))})
	_, err := load.Run(bounded(t), load.Options{
		URL: address(a), Room: "load", Publishers: 1, Subscribers: 1, Duration: time.Second,
	})
	if err == nil || !strings.Contains(err.Error(), "no address that packets may go to") {
		t.Errorf("load for an address that nobody gave: %v", err)
	}
}

// TestLoadComesByInvitation: to a private room, whose door stands open to whoever has the link.
func TestLoadComesByInvitation(t *testing.T) {
	ctx, url := bounded(t), server(t)
	host := join(ctx, t, testpeer.Options{URL: url, Room: "load", Name: "Host"})
	yes := true
	call(ctx, t, host, protocol.MethodUpdateSettings, protocol.SettingsChange{Private: &yes})
	var invited protocol.Invited
	err := host.Call(ctx, protocol.MethodInvite, protocol.Invite{
		Kind: protocol.GroupLink, Role: protocol.Attendee,
	}, &invited)
	if err != nil {
		t.Fatal(err)
	}
	o := load.Options{
		URL: url, Room: "load", Invite: invited.Secret, Publishers: 1, Subscribers: 2, Duration: time.Second,
		VideoBitrate: 100_000,
	}
	report, err := load.Run(ctx, o)
	if err != nil || report.Last().Received == 0 {
		t.Errorf("with the link: %+v, %v", report, err)
	}
	o.Invite = ""
	if _, err := load.Run(ctx, o); err == nil || !strings.Contains(err.Error(), string(protocol.ErrWaiting)) {
		t.Errorf("without the link: %v", err)
	}
}

// TestLoadComesByToken: to a server where only who has signed in starts meetings, sent by another system.
func TestLoadComesByToken(t *testing.T) {
	c := config.Default()
	c.Listen, c.Data = "127.0.0.1:0", t.TempDir()
	c.Token = config.Token{Algorithm: "HS256", Secret: strings.Repeat("s", 32), Issuer: "lms", Audience: "stube"}
	a := startWith(t, app.Options{Config: c, Log: slog.New(slog.NewTextHandler(testLog{t}, nil))})
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": "lms", "aud": "stube", "sub": "*", "room": "*", "exp": time.Now().Add(time.Hour).Unix(),
		"context": map[string]any{"user": map[string]any{"name": "Load", "moderator": true}},
	}).SignedString([]byte(c.Token.Secret))
	if err != nil {
		t.Fatal(err)
	}
	o := load.Options{
		URL: address(a), Room: "load", Token: token, Shape: load.Meeting, Participants: 2, Duration: time.Second,
		VideoBitrate: 100_000,
	}
	report, err := load.Run(bounded(t), o)
	if err != nil || report.Last().Received == 0 {
		t.Errorf("with a token: %+v, %v", report, err)
	}
	o.Token = ""
	if _, err := load.Run(bounded(t), o); err == nil || !strings.Contains(err.Error(), string(protocol.ErrWaiting)) {
		t.Errorf("without a token: %v", err)
	}
}
