package process_test

import (
	"os"
	"testing"
	"time"

	"stube/internal/load/process"
)

func TestMeterMeasuresThisProcess(t *testing.T) {
	m, err := process.New(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	before, err := m.CPU()
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Millisecond); time.Now().Before(end); {
		continue // works
	}
	after, err := m.CPU()
	if err != nil || after <= before {
		t.Errorf("CPU time went from %v to %v, %v", before, after, err)
	}
	if resident, err := m.Resident(); err != nil || resident < 1<<20 {
		t.Errorf("%d bytes are resident, %v", resident, err)
	}
}

func TestMeterRefusesNobody(t *testing.T) {
	const beyond = 1 << 30 // Linux numbers processes up to 1<<22
	if _, err := process.New(beyond); err == nil {
		t.Error("a process that doesn't exist is measured")
	}
}
