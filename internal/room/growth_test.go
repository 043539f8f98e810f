package room

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/signal/protocol"
)

// TestRosterGrowsGently: what it costs one participant that many others join and switch their microphones on grows with
// their number, not with its square.
func TestRosterGrowsGently(t *testing.T) {
	few, many := toldWhileJoining(t, 100), toldWhileJoining(t, 500)
	t.Logf("told the first of 100: %d bytes; of 500: %d bytes, %.2f times as much", few, many, float64(many)/float64(few))
	if many > 6*few { // five times as many people
		t.Errorf("500 participants cost %d bytes, 100 cost %d", many, few)
	}
}

// toldWhileJoining tells how many bytes the first participant of a room is told until so many are there and speak.
func toldWhileJoining(t *testing.T, count int) (bytes int) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}, MaxParticipants: count})
		defer h.Close()
		first := enter(t, h, "r", "First")
		for i := 1; i < count; i++ {
			enter(t, h, "r", fmt.Sprintf("Participant %d", i)).produce(protocol.Microphone)
			time.Sleep(publishInterval / 4) // of the synthetic clock: they come one after the other
		}
		time.Sleep(publishInterval)
		synctest.Wait()
		first.mu.Lock()
		defer first.mu.Unlock()
		for _, n := range first.told {
			bytes += len(n.Encoded(func(method protocol.Method, params any) []byte {
				message, err := json.Marshal(map[string]any{"method": method, "params": params})
				if err != nil {
					t.Error(err)
				}
				return message
			}))
		}
	})
	return bytes
}
