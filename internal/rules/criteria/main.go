// Command criteria prints docs/criteria.md: which tests answer for which of the criteria that a trustworthy meeting
// server can be tested against. It reads names and titles of tests, in the folder that it is started in, and knows
// nothing of what they do; that each criterion has one is this package's own test.
package main

import (
	"fmt"
	"os"
)

func main() {
	tests, err := collect(os.DirFS("."))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(document(tests))
}
