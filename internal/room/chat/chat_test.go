package chat

import (
	"strings"
	"testing"
	"unicode/utf8"

	"stube/internal/signal/protocol"
)

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		" hello\r\nyou \n":                "hello\nyou",
		"e\u0301":                         "é",
		"👩\u200d👩\u200d👧":                 "👩\u200d👩\u200d👧",
		"":                                "",
		" \n\t":                           "",
		"\u200d":                          "",
		"a\u202eb":                        "",
		"a\x00b":                          "",
		"a\xff":                           "",
		strings.Repeat("a", 2000):         strings.Repeat("a", 2000),
		strings.Repeat("a", 2001):         "",
		strings.Repeat("a ", 1<<16) + "b": "",
	} {
		got, ok := Clean(text)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%.20q gave %.20q, %t", text, got, ok)
		}
	}
}

// criterion 31: a text from outside.
func FuzzCriterion31Clean(f *testing.F) {
	f.Add("hello\nyou")
	f.Add("a\u202eb")
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := Clean(text)
		if !ok {
			return
		}
		if again, ok := Clean(got); !ok || again != got || utf8.RuneCountInString(got) > protocol.MaxChat {
			t.Errorf("%q became %q, and that %q", text, got, again)
		}
		if strings.ContainsAny(got, "\x00\x1b\u202e\u2066\ufeff\r") {
			t.Errorf("%q holds what nobody sees", got)
		}
	})
}

func TestHistoryIsBounded(t *testing.T) {
	var h History
	for range protocol.MaxChatHistory + 50 {
		h.Add(protocol.ChatMessage{From: "a", Text: "x"})
	}
	if len(h.messages) != protocol.MaxChatHistory || h.Last() != protocol.MaxChatHistory+50 {
		t.Errorf("%d are kept, the last is %d", len(h.messages), h.Last())
	}
	if _, found := h.Find(50); found {
		t.Error("the oldest is still there")
	}
	if m, found := h.Find(51); !found || m.Number != 51 {
		t.Errorf("found %+v", m)
	}
	if _, found := h.Find(h.Last() + 1); found {
		t.Error("found what was not written")
	}
	count, after := 0, uint64(0)
	for more := true; more; {
		page := h.Read("b", after)
		if len(page.Messages) > protocol.MaxChatPage {
			t.Fatalf("a page has %d messages", len(page.Messages))
		}
		for _, m := range page.Messages {
			if m.Number <= after {
				t.Fatalf("%d came after %d", m.Number, after)
			}
			after = m.Number
			count++
		}
		more = page.More
	}
	if count != protocol.MaxChatHistory {
		t.Errorf("read %d", count)
	}
}

// criterion 30: long messages push out more of what was before.
func TestCriterion30HistoryIsBoundedInBytes(t *testing.T) {
	var h History
	text := strings.Repeat("x", 2000)
	for i := range 401 {
		h.Add(protocol.ChatMessage{From: "a", Text: text})
		if i%7 == 3 {
			h.Retract(h.Last())
		}
		size := 0
		for _, m := range h.messages {
			size += len(m.Text)
		}
		if size != h.size || size > maxBytes {
			t.Fatalf("%d bytes are kept and %d counted", size, h.size)
		}
	}
	if m, found := h.Find(h.Last()); !found || m.Text != text || h.Len() < maxBytes/len(text) {
		t.Errorf("%d messages are kept, the last is %+v", h.Len(), m)
	}
}

// criterion 13: a private message is for two.
func TestCriterion13PrivateMessages(t *testing.T) {
	var h History
	h.Add(protocol.ChatMessage{From: "a", To: "b", Text: "secret"})
	h.Add(protocol.ChatMessage{From: "a", Text: "open"})
	for reader, want := range map[string]int{"a": 2, "b": 2, "c": 1, "": 1} {
		if page := h.Read(reader, 0); len(page.Messages) != want || page.More {
			t.Errorf("%q reads %+v", reader, page)
		}
	}
}

func TestRetract(t *testing.T) {
	var h History
	h.Add(protocol.ChatMessage{From: "a", Text: "oops"})
	h.Retract(1)
	h.Retract(7)
	if m, _ := h.Find(1); m.Text != "" || !m.Retracted || m.From != "a" {
		t.Errorf("left is %+v", m)
	}
}
