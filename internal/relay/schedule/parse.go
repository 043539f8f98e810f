package schedule

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	maxDelay = 10 * time.Second
	maxRate  = 10_000_000_000 // bit/s
	minRate  = 1000
	maxBytes = 100_000_000
	maxAt    = 24 * time.Hour
	maxBurst = 1000 // packets
)

// Parse reads the text form: steps apart by semicolons, each of settings apart by blanks. A step begins with the time
// of its change, but the first, and changes what it names; the rest stays.
//
//	delay=40ms jitter=10ms loss=1% rate=3M queue=200ms; at=10s rate=500k; at=30s rate=3M
//
// The settings are delay and jitter, durations; loss, a share in per cent; burst, a share and the mean length in
// packets (2%x5); reorder, a share and a duration (1%+20ms); rate, in bit/s with k or M, or none; queue, a duration or
// bytes (64kB). The empty text is the network that does nothing. An error names every setting that is wrong.
func Parse(text string) (Schedule, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var s Schedule
	var errs []error
	current := Step{}
	for i, part := range strings.Split(text, ";") {
		step := current
		if err := step.read(strings.Fields(part), i > 0); err != nil {
			errs = append(errs, fmt.Errorf("step %d: %w", i+1, err))
			continue
		}
		if i > 0 && step.At <= current.At {
			errs = append(errs, fmt.Errorf("step %d: at=%v is not after the step before", i+1, step.At))
		}
		s, current = append(s, step), step
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return s, nil
}

// read takes the settings of a step. timed says that it begins with its time.
func (s *Step) read(fields []string, timed bool) error {
	if len(fields) == 0 {
		return errors.New("has no settings")
	}
	var errs []error
	seen := map[string]bool{}
	for i, field := range fields {
		key, value, ok := strings.Cut(field, "=")
		switch {
		case !ok:
			errs = append(errs, fmt.Errorf("%q is not of the form key=value", field))
		case seen[key]:
			errs = append(errs, fmt.Errorf("%s is set twice", key))
		case (key == "at") != (timed && i == 0):
			errs = append(errs, errors.New("at stands at the beginning of each step but the first"))
		default:
			if err := s.set(key, value); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", key, err))
			}
		}
		seen[key] = true
	}
	return errors.Join(errs...)
}

// set takes one setting.
func (s *Step) set(key, value string) (err error) {
	p := &s.Profile
	switch key {
	case "at":
		s.At, err = duration(value, maxAt)
	case "delay":
		p.Delay, err = duration(value, maxDelay)
	case "jitter":
		p.Jitter, err = duration(value, maxDelay)
	case "loss":
		p.Loss, err = share(value)
	case "burst":
		err = p.setBurst(value)
	case "reorder":
		err = p.setReorder(value)
	case "rate":
		p.Rate, err = rate(value)
	case "queue":
		err = p.setQueue(value)
	default:
		err = errors.New("is no setting; there are at, delay, jitter, loss, burst, reorder, rate and queue")
	}
	return err
}

func (p *Profile) setBurst(value string) (err error) {
	lost, length, _ := strings.Cut(value, "x")
	if p.Burst, err = share(lost); err != nil {
		return err
	}
	p.BurstLength = 0
	if length == "" && p.Burst == 0 && lost == value {
		return nil
	}
	if p.BurstLength, err = decimal(length); err != nil || p.BurstLength < 1 || p.BurstLength > maxBurst {
		return fmt.Errorf("%q is not a share and a mean length in packets, like 2%%x5", value)
	}
	if p.Burst > 0.9 {
		return errors.New("more than 90% is no burst")
	}
	return nil
}

func (p *Profile) setReorder(value string) (err error) {
	overtaken, by, _ := strings.Cut(value, "+")
	if p.Reorder, err = share(overtaken); err != nil {
		return err
	}
	p.ReorderBy = 0
	if by == "" && p.Reorder == 0 && overtaken == value {
		return nil
	}
	if p.ReorderBy, err = duration(by, maxDelay); err != nil || p.ReorderBy == 0 {
		return fmt.Errorf("%q is not a share and a duration, like 1%%+20ms", value)
	}
	return nil
}

func (p *Profile) setQueue(value string) error {
	p.Queue, p.QueueBytes = 0, 0
	if text, ok := strings.CutSuffix(value, "kB"); ok {
		n, err := decimal(text)
		if err != nil || n*1000 < 1 || n*1000 > maxBytes {
			return fmt.Errorf("%q is not a number of bytes, like 64kB", value)
		}
		p.QueueBytes = int(n * 1000)
		return nil
	}
	d, err := duration(value, maxDelay)
	if err == nil && d == 0 {
		return errors.New("can't be 0: a link without a queue carries nothing")
	}
	p.Queue = d
	return err
}

func rate(value string) (int, error) {
	if value == "none" {
		return 0, nil
	}
	factor, text := 1.0, value
	if t, ok := strings.CutSuffix(value, "k"); ok {
		factor, text = 1000, t
	} else if t, ok := strings.CutSuffix(value, "M"); ok {
		factor, text = 1_000_000, t
	}
	n, err := decimal(text)
	if err != nil || n*factor < minRate || n*factor > maxRate {
		return 0, fmt.Errorf("%q is not a rate in bit/s from 1k to 10000M, nor none", value)
	}
	return int(n * factor), nil
}

func duration(value string, most time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 || d > most {
		return 0, fmt.Errorf("%q is not a duration from 0s to %v", value, most)
	}
	return d, nil
}

// share reads a number of per cent.
func share(value string) (float64, error) {
	text, ok := strings.CutSuffix(value, "%")
	n, err := decimal(text)
	if !ok || err != nil || n > 100 {
		return 0, fmt.Errorf("%q is not a share from 0%% to 100%%", value)
	}
	return n / 100, nil
}

// decimal reads a number of digits with perhaps a point: none of the other forms that Go has.
func decimal(text string) (float64, error) {
	if strings.Trim(text, "0123456789.") != "" {
		return 0, errors.New("not a number")
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) {
		return 0, errors.New("not a number")
	}
	return n, nil
}
