package main

import (
	"context"
	"fmt"

	"stube/internal/load"
	"stube/internal/testpeer"
)

// meetingBitrate is of each camera of a meeting, in bit/s: tiles are smaller than a stage.
const meetingBitrate = 500_000

// shape is who sends and who receives in a measurement.
type shape struct {
	people  int
	meeting bool // all send and receive; else one more sends to all
}

func (s shape) String() string {
	if s.meeting {
		return fmt.Sprintf("meeting of %d", s.people)
	}
	return fmt.Sprintf("webinar of %d", s.people)
}

// options are the same for the load tool.
func (s shape) options() load.Options {
	if s.meeting {
		return load.Options{Shape: load.Meeting, Participants: s.people, VideoBitrate: meetingBitrate, AllVoices: true}
	}
	return load.Options{Shape: load.Webinar, Publishers: 1, Subscribers: s.people}
}

// video is what each camera sends.
func (s shape) video() testpeer.VideoOptions {
	if !s.meeting {
		return testpeer.VideoOptions{}
	}
	return testpeer.VideoOptions{Layers: []testpeer.Layer{{Width: 1280, Height: 720, Bitrate: meetingBitrate}}}
}

// flows tells for each who sends, who receives it, by their places.
func (s shape) flows() [][]int {
	senders := 1
	if s.meeting {
		senders = s.people
	}
	flows := make([][]int, senders)
	for from := range senders {
		for to := range s.people {
			if !s.meeting || to != from {
				flows[from] = append(flows[from], to)
			}
		}
	}
	return flows
}

// compare measures server and floor in turns, each in a process of its own, and prints the medians.
func compare(ctx context.Context, s settings, of shape, t *table) error {
	var server, floor []result
	for range s.rounds {
		one, err := measureServer(ctx, s, of)
		if err != nil {
			return fmt.Errorf("measure the server: %w", err)
		}
		server = append(server, one)
		if one, err = measureFloor(ctx, s, of); err != nil {
			return fmt.Errorf("measure the floor: %w", err)
		}
		floor = append(floor, one)
	}
	return t.row(of, server, floor)
}
