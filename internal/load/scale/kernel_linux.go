package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// refused is how many datagrams so far found the buffer of their socket full, of all sockets of this machine.
func refused() (uint64, error) {
	text, err := os.ReadFile("/proc/net/snmp")
	if err != nil {
		return 0, fmt.Errorf("read what the kernel counts: %w", err)
	}
	return receiveErrors(string(text))
}

// receiveErrors finds UDP's RcvbufErrors: a line of names is followed by one of numbers.
func receiveErrors(text string) (uint64, error) {
	var names []string
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] != "Udp:" {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		at := slices.Index(names, "RcvbufErrors")
		if at < 0 || at >= len(fields) {
			break
		}
		n, err := strconv.ParseUint(fields[at], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read what the kernel counts: %w", err)
		}
		return n, nil
	}
	return 0, errors.New("the kernel does not count full buffers")
}
