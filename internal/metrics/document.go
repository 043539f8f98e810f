package metrics

import (
	"fmt"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// Document is docs/metrics.md as it should be.
func Document() string {
	var out strings.Builder
	out.WriteString(strings.ReplaceAll(preface, "~", "`"))
	row := func(name, kind string, labels []string, help string) {
		text := ""
		if len(labels) > 0 {
			text = "`" + strings.Join(labels, "`, `") + "`"
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", name, kind, text, help)
	}
	for _, f := range families() {
		row(f.name, kindName(f.kind), f.labels, f.help)
	}
	row(joinsName, "histogram", nil, joinsHelp)
	row(refusalsName, "counter", []string{"code"}, refusalsHelp)
	row("stube_build_info", "gauge", []string{"version"}, buildHelp)
	out.WriteString(strings.ReplaceAll(epilogue, "~", "`"))
	return out.String()
}

func kindName(kind prometheus.ValueType) string {
	if kind == prometheus.CounterValue {
		return "counter"
	}
	return "gauge"
}

// In these texts ~ stands for `.
const preface = `# Metrics

<!-- Made from what the code declares: go run ./internal/metrics/metricsdoc > docs/metrics.md -->

What a running server tells Prometheus, once ~metrics~ is set ([settings](self-hosting.md#settings)):

    metrics = "127.0.0.1:9090"

    scrape_configs:
      - job_name: stube
        static_configs:
          - targets: ["127.0.0.1:9090"]

They are served under ~/metrics~ at that address and never at the public port. Nobody is asked to log in there, so
leave it to this machine or to a network of your own. No number stands for a person or a meeting: there is no name,
room, address or identifier in them.

[grafana.json](grafana.json) is a dashboard to import. In Grafana choose *Dashboards*, *New*, *Import*, and your
Prometheus.

| name | kind | labels | what it tells |
|---|---|---|---|
`

const epilogue = `
Beside these there are those of the process and of Go (~process_…~, ~go_…~), such as ~process_cpu_seconds_total~,
~process_resident_memory_bytes~ and ~go_goroutines~. Packets are counted about twice a second: a number may be half
a second old.

## Is it well?

Two addresses at the public port answer monitors and load balancers, with a word and nothing else:

| address | 200 | 503 |
|---|---|---|
| ~/-/healthz~ | the program answers | |
| ~/-/readyz~ | it takes new people | it starts or closes: send them elsewhere |
`
