package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// document is what the table is written into.
type document struct {
	begun        time.Time
	lasts, phase time.Duration
	rows         []string
	held         time.Duration
	met, aims    int
}

func (d *document) add(name string, held time.Duration, figures []figure) {
	d.held = max(d.held, held)
	for _, f := range figures {
		aim := f.aim
		if aim != "" {
			d.aims++
			verdict := "missed"
			if f.met {
				d.met++
				verdict = "met"
			}
			aim = fmt.Sprintf("%s: %s", aim, verdict)
		}
		d.rows = append(d.rows, fmt.Sprintf("| %s | %s | %s | %s |", name, f.what, f.value, aim))
		name = ""
	}
}

// print shows the figures at once.
func (*document) print(out io.Writer, name string, figures []figure) {
	fmt.Fprintln(out, name)
	for _, f := range figures {
		mark := ""
		if f.aim != "" {
			mark = fmt.Sprintf(" (%s: %t)", f.aim, f.met)
		}
		fmt.Fprintf(out, "  %s: %s%s\n", f.what, f.value, mark)
	}
}

// browserFigure is a figure in the file of what browsers measured (e2e/quality).
type browserFigure struct {
	Scenario string `json:"scenario"`
	What     string `json:"what"`
	Value    string `json:"value"`
	Aim      string `json:"aim"`
	Met      bool   `json:"met"`
}

// addBrowsers adds what browsers measured: a file with a line of JSON for each figure.
func (d *document) addBrowsers(file string) error {
	text, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read what browsers measured: %w", err)
	}
	defer func() { _ = text.Close() }()
	name := ""
	for lines := json.NewDecoder(text); lines.More(); {
		var b browserFigure
		if err := lines.Decode(&b); err != nil {
			return fmt.Errorf("read what browsers measured: %w", err)
		}
		shown := "Chromium: " + b.Scenario
		if name == b.Scenario {
			shown = ""
		}
		name = b.Scenario
		d.add(shown, 0, []figure{{what: b.What, value: b.Value, aim: b.Aim, met: b.Met}})
	}
	return nil
}

const head = `# How good calls stay on bad networks

Made by ` + "`make quality`" + ` on %s: %d of %d aims are met. The process that measured was held up by its machine for
%v at the longest; a figure of a time is no better than that.

Participants in Go (` + "`internal/testpeer`" + `) meet in the program through a network with faults
(` + "`internal/relay`" + `): 20 ms each way to the server, and for one of them what a row says, in both directions or,
where it says so, on the downlink or uplink. They send a microphone and a camera of three layers (150, 500 and
1500 kbit/s; ten of 30, 110 and 300 kbit/s where the link falls): all of them, but on a narrow uplink, where as many
are sent as it carries by what the server tells of arrivals. A bad network lasts %v, each part of a link that falls and
rises %v. Where the row says Chromium, browsers with cameras, voices and decoders of their own meet through the
same network.

- *Missing after repair*: packets that never came, or over 200 ms later than the fastest, of all that were sent. At
  150 ms each way every repair comes later than that; what Opus mends by itself (FEC) isn't counted here.
- *Made up*: what Chromium plays instead of sound that did not come in time (` + "`concealedSamples`" + `,
  but for the silent ones). The page waits longer for sound once some was missing; the time until then counts too, but
  for the three seconds after a link fell, which are told apart.
- *Share of the link that was used*: in the second half of each part.
- *Stood still*: freezes as WebRTC's statistics count them: a frame that comes three times later than usual, and later
  by 150 ms; also while the server paused the picture. Participants in Go have no jitter buffer that would hide repairs.
- *Sent again in vain*: retransmissions of pictures that came when nothing was missing any more; probes count too.
- *Adapts down*: from when the link fell until for one second nothing waits longer than 100 ms, and nothing is dropped.
- *Is back*: from when the link rose until in one second as much comes as before, but for 15 %%.
- *Waited in the queue*: in front of the limited link, which has room for 300 ms; without the three seconds after a
  fall.

| Network | Figure | Measured | Aim |
|---|---|---|---|
`

func (d *document) write(file string) error {
	text := fmt.Sprintf(head, d.begun.Format("2 January 2006"), d.met, d.aims, d.held.Round(time.Millisecond), d.lasts,
		d.phase) + strings.Join(d.rows, "\n") + "\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}
