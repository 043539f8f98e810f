// Package process starts a server as a process of its own, and measures processes of this machine by /proc: CPU time
// and memory.
package process

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Meter measures one process.
type Meter struct {
	folder string
}

// New measures the process with this id.
func New(pid int) (*Meter, error) {
	m := &Meter{folder: filepath.Join("/proc", strconv.Itoa(pid))}
	if _, err := os.Stat(m.folder); err != nil {
		return nil, fmt.Errorf("find process %d: %w", pid, err)
	}
	return m, nil
}

// CPU is the user and system time that the process's threads have used. A thread that ended is no longer counted: Go's
// runtime keeps its threads.
func (m *Meter) CPU() (time.Duration, error) {
	files, err := filepath.Glob(filepath.Join(m.folder, "task", "*", "schedstat"))
	if err != nil || len(files) == 0 {
		return 0, errors.Join(fmt.Errorf("find the threads of %s", m.folder), err)
	}
	var sum time.Duration
	for _, file := range files {
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // the thread ended since
		}
		if err != nil {
			return 0, fmt.Errorf("read a thread's time: %w", err)
		}
		on, _, _ := bytes.Cut(text, []byte(" ")) // time on a CPU, in ns
		ns, err := strconv.ParseInt(string(on), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read a thread's time: %w", err)
		}
		sum += time.Duration(ns)
	}
	return sum, nil
}

// Resident is how many bytes of the process are in memory.
func (m *Meter) Resident() (uint64, error) {
	text, err := os.ReadFile(filepath.Join(m.folder, "statm"))
	if err != nil {
		return 0, fmt.Errorf("read a process's memory: %w", err)
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0, fmt.Errorf("read a process's memory: %q", text)
	}
	pages, err := strconv.ParseUint(string(fields[1]), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read a process's memory: %w", err)
	}
	return pages * uint64(os.Getpagesize()), nil
}
