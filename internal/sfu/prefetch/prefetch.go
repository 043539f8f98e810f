//go:build amd64 || arm64

// Package prefetch has the processor fetch memory into its caches before it is read. It helps where the address is
// known well before: the next in a list whose items were pushed out of the caches since they were last used. Nothing
// is read, so it needs no lock, and addresses where nothing is do no harm.
//
// It owns no goroutine and knows nothing of what is fetched.
package prefetch

import "unsafe"

// Lines fetches the lines of so many bytes, at least one.
//
//go:noescape
func Lines(from unsafe.Pointer, size uintptr)
