package signal

import (
	"context"
	"time"
)

// evenStep is what the time of an answer about a room is rounded up to. The work for it takes some dozen
// microseconds, more for a room that exists than for one that does not.
const evenStep = 5 * time.Millisecond

// evenly holds back the answer to a question from outside a room, until a whole number of steps has passed since it
// was asked: who asks about a room that is not there, closed or private, learns nothing from the time that the answer
// took (criterion 3).
func evenly(ctx context.Context, asked time.Time) {
	timer := time.NewTimer(evenStep - time.Since(asked)%evenStep)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
