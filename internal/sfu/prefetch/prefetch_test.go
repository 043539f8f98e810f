package prefetch_test

import (
	"bytes"
	"testing"
	"unsafe"

	"stube/internal/sfu/prefetch"
)

func TestLinesLeavesMemoryAsItIs(t *testing.T) {
	memory := bytes.Repeat([]byte{7}, 1024)
	for size := range uintptr(300) {
		prefetch.Lines(unsafe.Pointer(&memory[size]), size)
	}
	if !bytes.Equal(memory, bytes.Repeat([]byte{7}, 1024)) {
		t.Error("memory was changed")
	}
}

func TestLinesDoesNoHarmWhereNothingIs(*testing.T) {
	prefetch.Lines(nil, 1)
	prefetch.Lines(nil, 4096)
}
