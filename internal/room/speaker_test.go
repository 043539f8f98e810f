package room

import (
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/signal/protocol"
)

// Whose microphone is stopped is not heard any more, and isn't shown as speaking until the media core tells anew.
func TestWhoIsMutedSpeaksNoMore(t *testing.T) {
	inRoom(t, func(t *testing.T, m inMeeting) {
		time.Sleep(publishInterval)
		m.router.speaking(m.microphone, []string{m.microphone})
		time.Sleep(publishInterval)
		synctest.Wait()
		anna := m.anna.joined.ParticipantID
		stopped := mustAsk(t, m.anna.session.room, func(s *state) bool {
			return s.stop(s.participant(anna), protocol.Microphone)
		})
		time.Sleep(publishInterval)
		synctest.Wait()
		got := told[protocol.Speakers](m.ben)
		want := []protocol.Speakers{{Dominant: anna, Speaking: []string{anna}}, {Speaking: []string{}}}
		if !stopped || !reflect.DeepEqual(got, want) {
			t.Errorf("stopped: %t; Ben was told %+v, want %+v", stopped, got, want)
		}
	})
}
