// Package sample is what the generator's test reads.
package sample

import "example/shapes"

// Limits.
const (
	MaxName = 64 // runes
	private = 1
)

// Method is a method's name.
type Method string

// The methods.
const (
	MethodAsk  Method = "ask"
	MethodTell Method = "tell" // nobody answers
)

// Call pairs.
type Call[P, R any] struct {
	Params P
	Result R
}

// Requests has one field a method.
type Requests struct {
	Ask Call[Ask, Empty]
}

// Notifications has one field a method.
type Notifications struct {
	Tell shapes.Point
}

// Ask asks. It ends no comment with */ too early.
//
// It has two paragraphs.
type Ask struct {
	// Name is above.
	Name  string             `json:"name"` // and behind
	Count uint8              `json:"count,omitzero"`
	At    *shapes.Point      `json:"at,omitempty"`
	Path  []shapes.Point     `json:"path"`
	Extra map[string]any     `json:"extra,omitempty"`
	Rates map[string]float64 `json:"rates"`
	On    bool               `json:"on"`
	ID    ID                 `json:"id"`
}

// ID is a name for a plain type.
type ID string

// Empty has nothing.
type Empty struct{}

type hidden struct{ x int }
