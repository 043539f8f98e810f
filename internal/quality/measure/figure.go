package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"stube/internal/quality"
)

// figure is something that was measured.
type figure struct {
	what  string
	value string
	aim   string // empty: there is none
	met   bool
}

func plain(what, value string) figure { return figure{what: what, value: value} }

// missing is a share of sound, of which little may be missing.
func missing(what string, share float64) figure {
	return figure{what: what, value: percent(share), aim: "below " + percent(lossAim), met: share < lossAim}
}

// above are shares that are each to be as large as another.
func above(what string, aim float64, shares ...float64) figure {
	f := figure{what: what, aim: "at least " + percent(aim), met: true}
	var values []string
	for _, s := range shares {
		values = append(values, percent(s))
		f.met = f.met && s >= aim
	}
	f.value = strings.Join(values, ", ")
	return f
}

// within is a time that is not to be exceeded; 0 means that it never came to be.
func within(what string, took, aim time.Duration) figure {
	f := figure{what: what, value: took.Round(time.Millisecond).String(), aim: "within " + aim.String(), met: took <= aim}
	if took == 0 {
		f.value, f.met = "never", false
	}
	return f
}

func percent(share float64) string {
	digits := 2
	if share >= 0.1 {
		digits = 0
	}
	return strconv.FormatFloat(share*100, 'f', digits, 64) + " %"
}

// mega is a rate in Mbit/s.
func mega(rate int) string { return strconv.FormatFloat(float64(rate)/1e6, 'f', -1, 64) }

func frozen(m quality.Media) string {
	if m.Freezes == 0 {
		return "never"
	}
	return fmt.Sprintf("%d times, %.1f s", m.Freezes, m.Frozen.Seconds())
}
