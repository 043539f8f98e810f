package main

import (
	"strings"
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

// TestLoadSaysWhatIsWrong in the terms of the flags.
func TestLoadSaysWhatIsWrong(t *testing.T) {
	for want, command := range map[string]loadCommand{
		"a percentage from 0 to 100": {Shape: "webinar", Bad: 101},
		"bad is -1":                  {Shape: "webinar", Bad: -1},
		"network: step 1":            {Shape: "webinar", Network: "loss=many"},
	} {
		if _, err := command.options(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	o, err := loadCommand{Shape: "webinar", Bad: 25}.options()
	if err != nil || o.Bad != 0.25 {
		t.Errorf("a share of %v, %v", o.Bad, err)
	}
}
