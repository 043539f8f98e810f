package signal

import (
	"strings"
	"testing"

	"github.com/coder/websocket"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

func TestMeeting(t *testing.T) {
	h := newHouse(t, nil)
	anna, ben := h.dial(t), h.dial(t)
	annas := anna.join("Küche", "Anna")
	if annas.Send.ID == annas.Receive.ID || len(annas.Send.ICECandidates) == 0 || !annas.Send.ICEParameters.ICELite {
		t.Errorf("the transports are %+v, %+v", annas.Send, annas.Receive)
	}
	bens := ben.join("küche", "Ben")
	if len(bens.Snapshot.Participants) != 2 || bens.Snapshot.Room != "Küche" {
		t.Errorf("the snapshot is %+v", bens.Snapshot)
	}
	microphone := ask[protocol.Produced](anna, protocol.MethodProduce, protocol.Produce{
		TransportID: annas.Send.ID, Kind: ortc.Audio, Source: protocol.Microphone, RTPParameters: opus(),
	})
	camera := ask[protocol.Produced](anna, protocol.MethodProduce, protocol.Produce{
		TransportID: annas.Send.ID, Kind: ortc.Video, Source: protocol.Camera, RTPParameters: vp8(),
		Size: &protocol.Size{Width: 1280, Height: 720},
	})
	ben.waitForProducers(annas.ParticipantID, 2)
	consumed := ask[protocol.Consumed](ben, protocol.MethodConsume, protocol.Consume{
		ProducerIDs: []string{microphone.ProducerID, camera.ProducerID}, Paused: true,
	})
	if len(consumed.Consumers) != 2 || consumed.Consumers[1].RTPParameters.Codecs[0].MimeType != "video/VP8" {
		t.Fatalf("consumed %+v", consumed)
	}
	ids := []string{consumed.Consumers[0].ID, consumed.Consumers[1].ID}
	ask[protocol.Empty](ben, protocol.MethodResumeConsumers, protocol.ConsumerRefs{ConsumerIDs: ids})
	ask[protocol.Empty](ben, protocol.MethodView, protocol.View{Items: []protocol.ViewItem{{
		ConsumerID: ids[1], Size: protocol.Size{Width: 320, Height: 180}, Priority: protocol.PriorityTile,
	}}})
	ask[protocol.Empty](ben, protocol.MethodCloseConsumers, protocol.ConsumerRefs{ConsumerIDs: ids[:1]})

	ref := protocol.ProducerRef(camera)
	ask[protocol.Empty](anna, protocol.MethodPauseProducer, ref)
	ask[protocol.Empty](anna, protocol.MethodResumeProducer, ref)
	ask[protocol.Empty](anna, protocol.MethodUpdateProducer, protocol.UpdateProducer{
		ProducerID: camera.ProducerID, Size: protocol.Size{Width: 640, Height: 360},
	})
	ask[protocol.Empty](anna, protocol.MethodCloseProducer, ref)
	closed := await[protocol.ConsumerRefs](ben, protocol.MethodConsumersClosed)
	if len(closed.ConsumerIDs) != 1 || closed.ConsumerIDs[0] != ids[1] {
		t.Errorf("closed %v, want %v", closed, ids[1:])
	}
	ben.waitForProducers(annas.ParticipantID, 1)
	anna.refused(protocol.MethodCloseProducer, ref, protocol.ErrNotFound)
}

// waitForProducers waits until a participant is seen with so many producers.
func (c *client) waitForProducers(participant string, want int) {
	c.t.Helper()
	for {
		for _, p := range await[protocol.Delta](c, protocol.MethodDelta).Participants {
			if p.ID == participant && len(p.Producers) == want {
				return
			}
		}
	}
}

func TestTransportMethods(t *testing.T) {
	h := newHouse(t, nil)
	c := h.dial(t)
	joined := c.join("r", "Anna")
	connect := protocol.Connect{TransportID: joined.Send.ID, DTLSParameters: ortc.DTLSParameters{
		Role: "client", Fingerprints: []ortc.DTLSFingerprint{{
			Algorithm: "sha-256", Value: strings.Repeat("AB:", 31) + "AB",
		}},
	}}
	ask[protocol.Empty](c, protocol.MethodConnect, connect)
	connect.DTLSParameters.Fingerprints = nil
	c.refused(protocol.MethodConnect, connect, protocol.ErrInvalidParams)
	restarted := ask[protocol.ICERestarted](c, protocol.MethodRestartICE,
		protocol.RestartICE{TransportID: joined.Send.ID})
	if restarted.ICEParameters.UsernameFragment == joined.Send.ICEParameters.UsernameFragment {
		t.Error("a restart did not change the credentials")
	}
}

func TestRenameLeaveAndJoinAgain(t *testing.T) {
	h := newHouse(t, nil)
	anna, ben := h.dial(t), h.dial(t)
	annas := anna.join("r", "Anna")
	ben.join("r", "Ben")
	ask[protocol.Empty](anna, protocol.MethodRename, protocol.Rename{Name: " Anne "})
	for renamed := false; !renamed; {
		for _, p := range await[protocol.Delta](ben, protocol.MethodDelta).Participants {
			renamed = renamed || p.ID == annas.ParticipantID && p.Name == "Anne"
		}
	}
	anna.refused(protocol.MethodRename, protocol.Rename{}, protocol.ErrInvalidName)
	ask[protocol.Empty](anna, protocol.MethodLeave, protocol.Empty{})
	for left := false; !left; {
		for _, l := range await[protocol.Delta](ben, protocol.MethodDelta).Left {
			left = left || l.ParticipantID == annas.ParticipantID && l.Reason == protocol.LeftByChoice
		}
	}
	ask[protocol.Empty](anna, protocol.MethodPing, protocol.Empty{})
	if again := anna.join("r", "Anna"); again.ParticipantID == annas.ParticipantID {
		t.Error("who left came back as the same participant")
	}
}

func TestResumeOnAnotherSocket(t *testing.T) {
	h := newHouse(t, nil)
	first, second, third := h.dial(t), h.dial(t), h.dial(t)
	joined := first.join("r", "Anna")
	back := protocol.Resume{Room: "r", Ticket: joined.Ticket}
	resumed := ask[protocol.Resumed](second, protocol.MethodResume, back)
	if resumed.ParticipantID != joined.ParticipantID || len(resumed.Snapshot.Participants) != 1 {
		t.Errorf("resumed %+v", resumed)
	}
	first.ended(protocol.ErrReplaced, websocket.StatusNormalClosure)
	if err := second.socket.CloseNow(); err != nil {
		t.Fatal(err)
	}
	ask[protocol.Resumed](third, protocol.MethodResume, back)
	ask[protocol.Empty](third, protocol.MethodRename, protocol.Rename{Name: "Anne"})
	ask[protocol.Empty](third, protocol.MethodLeave, protocol.Empty{})
	third.refused(protocol.MethodResume, back, protocol.ErrResumeExpired)
}

// criterion 18: no name, room, ticket or address stands in the log, whatever goes wrong.
func TestCriterion18LogHasNoPersons(t *testing.T) {
	h := newHouse(t, nil)
	c := h.dial(t)
	const canary = "canary"
	c.refused(protocol.MethodJoin, map[string]any{"room": canary, "name": 7}, protocol.ErrInvalidParams)
	c.refused(protocol.MethodJoin, map[string]any{canary: canary}, protocol.ErrInvalidParams)
	c.refused(protocol.MethodJoin, protocol.Join{Room: canary, Name: canary + "\u202e"}, protocol.ErrInvalidName)
	c.refused(canary, protocol.Empty{}, protocol.ErrUnknownMethod)
	joined := c.join(canary+"-room", canary+" name")
	ask[protocol.Empty](c, protocol.MethodRename, protocol.Rename{Name: canary + " other"})
	c.refused(protocol.MethodCloseProducer, protocol.ProducerRef{ProducerID: canary}, protocol.ErrNotFound)
	parameters := opus()
	parameters.Codecs[0].MimeType = "audio/odd"
	parameters.RTCP.CNAME, parameters.Msid = canary, canary
	c.refused(protocol.MethodProduce, protocol.Produce{
		TransportID: joined.Send.ID, Kind: ortc.Audio, Source: protocol.Microphone, RTPParameters: parameters,
	}, protocol.ErrUnsupported)
	back := protocol.Resume{Room: canary + "-room", Ticket: joined.Ticket}
	ask[protocol.Resumed](h.dial(t), protocol.MethodResume, back)
	c.ended(protocol.ErrReplaced, websocket.StatusNormalClosure)
	log := h.log.String()
	_, secret, _ := strings.Cut(joined.Ticket, ".")
	for _, bad := range []string{canary, secret, "127.0.0.1"} {
		if strings.Contains(log, bad) {
			t.Errorf("%q stands in the log:\n%s", bad, log)
		}
	}
	for _, good := range []string{"participant joined", "participant resumed", joined.ParticipantID} {
		if !strings.Contains(log, good) {
			t.Errorf("%q is missing in the log:\n%s", good, log)
		}
	}
}
