package room

import (
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/signal/protocol"
)

// comeBack resumes on a new connection.
func (p *page) comeBack(room string) *page {
	p.t.Helper()
	again := &page{t: p.t, house: p.house, joined: p.joined}
	session, resumed, err := p.house.Resume(p.t.Context(), Return{Room: room, Ticket: p.joined.Ticket, Outbox: again})
	if err != nil {
		p.t.Fatalf("resume: %v", err)
	}
	again.session, again.resumed = session, resumed
	again.sequence, again.roster = resumed.Snapshot.Sequence, resumed.Snapshot.Participants
	return again
}

func TestDroppedConnectionLeavesAfterThirtySeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		media := &fake{}
		h := NewHouse(Config{Open: true, Instant: casual(), Media: media})
		defer h.Close()
		anna, ben := enter(t, h, "r", "Anna"), enter(t, h, "r", "Ben")
		ben.session.Drop()
		time.Sleep(resumeTimeout - time.Millisecond)
		synctest.Wait()
		if roster := anna.follow(); len(roster) != 2 || roster[1].Connection != protocol.Reconnecting {
			t.Fatalf("Anna sees %+v", roster)
		}
		anna.forget()
		time.Sleep(time.Millisecond)
		synctest.Wait()
		deltas := told[protocol.Delta](anna)
		if len(deltas) != 1 || len(deltas[0].Left) != 1 || deltas[0].Left[0].Reason != protocol.LeftByTimeout {
			t.Fatalf("Anna was told %+v", deltas)
		}
		_, _, err := h.Resume(t.Context(), Return{Room: "r", Ticket: ben.joined.Ticket, Outbox: ben})
		refused(t, err, protocol.ErrResumeExpired)
		for _, transport := range media.children[0].children[2:] {
			if len(transport.calls) != 1 || transport.calls[0] != "close" {
				t.Errorf("Ben's transport got %v", transport.calls)
			}
		}
		anna.session.Drop()
		time.Sleep(resumeTimeout)
		synctest.Wait()
		if stats := h.Stats(); stats != (Stats{}) {
			t.Errorf("the house holds %+v", stats)
		}
	})
}

func TestResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
		defer h.Close()
		anna, ben := enter(t, h, "r", "Anna"), enter(t, h, "r", "Ben")
		camera := anna.produce(protocol.Camera)
		consumed, err := ben.session.Consume(protocol.Consume{ProducerIDs: []string{camera}})
		if err != nil || len(consumed.Consumers) != 1 {
			t.Fatalf("consumed %+v, %v", consumed, err)
		}
		ben.session.Drop()
		time.Sleep(resumeTimeout - time.Second)
		resumed := ben.comeBack("R").resumed
		if resumed.ParticipantID != ben.joined.ParticipantID {
			t.Fatalf("resumed %+v", resumed)
		}
		if len(resumed.ConsumerIDs) != 1 || resumed.ConsumerIDs[0] != consumed.Consumers[0].ID {
			t.Errorf("consumers %v live on", resumed.ConsumerIDs)
		}
		time.Sleep(resumeTimeout)
		synctest.Wait()
		if roster := anna.follow(); len(roster) != 2 || roster[1].Connection != protocol.Connected {
			t.Errorf("Anna sees %+v", roster)
		}
		refused(t, ben.session.Rename("x"), protocol.ErrReplaced)
		ben.session.Drop() // of no effect: another connection speaks for Ben
		synctest.Wait()
		if roster := anna.follow(); roster[1].Connection != protocol.Connected {
			t.Errorf("Anna sees %+v", roster)
		}
	})
}

func TestResumeReplacesConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
		defer h.Close()
		anna := enter(t, h, "r", "Anna")
		again := anna.comeBack("r")
		if reason := anna.endedBy(); reason != protocol.ErrReplaced {
			t.Errorf("the old connection ended by %q", reason)
		}
		refused(t, anna.session.Leave(), protocol.ErrReplaced)
		if err := again.session.Leave(); err != nil {
			t.Error(err)
		}
	})
}

// criterion 3: no difference between a room that isn't there and a wrong ticket.
func TestCriterion3ResumeRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
		defer h.Close()
		anna := enter(t, h, "r", "Anna")
		for name, back := range map[string]Return{
			"no such room":   {Room: "other", Ticket: anna.joined.Ticket},
			"no room's name": {Room: "/", Ticket: anna.joined.Ticket},
			"no ticket":      {Room: "r"},
			"only an id":     {Room: "r", Ticket: anna.joined.ParticipantID},
			"wrong secret":   {Room: "r", Ticket: anna.joined.ParticipantID + ".AAAAAAAAAAAAAAAAAAAAAAAAAA"},
		} {
			_, _, err := h.Resume(t.Context(), back)
			if err == nil || err.Error() != "resume_expired: nobody to resume with this ticket" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
