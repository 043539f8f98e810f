// Command metricsdoc prints docs/metrics.md as it should be. It knows nothing but the metrics that the program
// declares.
package main

import (
	"fmt"

	"stube/internal/metrics"
)

func main() { fmt.Print(metrics.Document()) }
