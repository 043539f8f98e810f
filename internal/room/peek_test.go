package room

import (
	"testing"
	"testing/synctest"

	"stube/internal/signal/protocol"
)

// criterion 3: look-ups are rate-limited, but a page that waits for a host asks again for nothing.
func TestCriterion3AskingAgainCountsForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := hosted(t)
		guest := stranger("Ben")
		for range 2 * lookupBurst {
			if _, err := h.PeekAgain(t.Context(), guest, protocol.Peek{Room: "empty"}); err != nil {
				t.Fatal(err)
			}
		}
		for range lookupBurst {
			if _, err := h.Peek(t.Context(), guest, protocol.Peek{Room: "empty"}); err != nil {
				t.Fatal(err)
			}
		}
		_, err := h.PeekAgain(t.Context(), guest, protocol.Peek{Room: "empty"})
		refused(t, err, protocol.ErrTryLater)
	})
}
