package config

import (
	"fmt"
	"time"
)

// Duration is a length of time as an operator writes it: "90s", "10m", "1h30m".
type Duration time.Duration

// UnmarshalText reads a length of time.
func (d *Duration) UnmarshalText(text []byte) error {
	read, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is no length of time; write one such as \"10m\" or \"90s\"", text)
	}
	*d = Duration(read)
	return nil
}
