package main

import (
	"testing"

	"stube/internal/load"
)

// TestLoadKnowsWhoComes: what was left out is usual for the shape, and what does not belong to it is not passed over.
func TestLoadKnowsWhoComes(t *testing.T) {
	some, none := 7, 0
	for name, test := range map[string]struct {
		command                               loadCommand
		publishers, subscribers, participants int
	}{
		"webinar":         {loadCommand{Shape: "webinar"}, 1, 10, 0},
		"its subscribers": {loadCommand{Shape: "webinar", Subscribers: &some}, 1, 7, 0},
		"nobody sends":    {loadCommand{Shape: "webinar", Publishers: &none}, 0, 10, 0},
		"meeting":         {loadCommand{Shape: "meeting"}, 0, 0, 4},
		"its size":        {loadCommand{Shape: "meeting", Participants: &some}, 0, 0, 7},
		"mixed":           {loadCommand{Shape: "meeting", Subscribers: &some}, 0, 7, 4}, // which load.Run refuses
	} {
		o, err := test.command.options()
		if err != nil || o.Publishers != test.publishers || o.Subscribers != test.subscribers ||
			o.Participants != test.participants || o.Shape != load.Shape(test.command.Shape) {
			t.Errorf("%s: %d, %d and %d, %v", name, o.Publishers, o.Subscribers, o.Participants, err)
		}
	}
}
