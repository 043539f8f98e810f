// Package chat keeps what was written in one meeting, in memory and bounded: who may read which message, what was taken
// back, and what a page that comes late or back is told. It must not know rooms or connections, and has no goroutine;
// its caller takes care that nobody else uses it at the same time.
package chat

import (
	"slices"

	"stube/internal/room/visible"
	"stube/internal/signal/protocol"
)

// maxBytes bounds the texts that a meeting keeps, so that many meetings don't fill the memory.
const maxBytes = 256 << 10

// Clean gives a message as it is shown. It is false for one that is empty, too long, or could show something else than
// it is.
func Clean(text string) (string, bool) { return visible.Lines(text, protocol.MaxChat) }

// History is what was written; the oldest goes first when there is too much.
type History struct {
	last     uint64
	size     int                    // bytes of all texts
	messages []protocol.ChatMessage // by number
}

// Last is the number of the newest message.
func (h *History) Last() uint64 { return h.last }

// Len is how many messages are kept.
func (h *History) Len() int { return len(h.messages) }

// Add numbers a message and keeps it.
func (h *History) Add(m protocol.ChatMessage) protocol.ChatMessage {
	h.last++
	m.Number = h.last
	h.messages = append(h.messages, m)
	h.size += len(m.Text)
	drop := max(0, len(h.messages)-protocol.MaxChatHistory)
	for _, old := range h.messages[:drop] {
		h.size -= len(old.Text)
	}
	for ; h.size > maxBytes; drop++ {
		h.size -= len(h.messages[drop].Text)
	}
	h.messages = slices.Delete(h.messages, 0, drop)
	return m
}

// Find gives a message that is still kept.
func (h *History) Find(number uint64) (protocol.ChatMessage, bool) {
	if i := h.index(number); i >= 0 {
		return h.messages[i], true
	}
	return protocol.ChatMessage{}, false
}

// Retract takes a message back: its text is gone.
func (h *History) Retract(number uint64) {
	if i := h.index(number); i >= 0 {
		h.size -= len(h.messages[i].Text)
		h.messages[i].Text, h.messages[i].Retracted = "", true
	}
}

// Read gives the oldest messages with numbers after one that somebody may read.
func (h *History) Read(reader string, after uint64) protocol.ChatPage {
	page := protocol.ChatPage{Messages: []protocol.ChatMessage{}}
	for _, m := range h.messages {
		if m.Number <= after || !Readable(m, reader) {
			continue
		}
		if len(page.Messages) == protocol.MaxChatPage {
			page.More = true
			break
		}
		page.Messages = append(page.Messages, m)
	}
	return page
}

// Readable tells whether a participant may read a message.
func Readable(m protocol.ChatMessage, reader string) bool {
	return m.To == "" || m.To == reader || m.From == reader
}

// index finds a message; the numbers of those that are kept have no gaps.
func (h *History) index(number uint64) int {
	if len(h.messages) == 0 || number < h.messages[0].Number || number > h.last {
		return -1
	}
	return int(number - h.messages[0].Number)
}
