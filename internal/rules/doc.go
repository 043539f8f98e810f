// Package rules holds the repository's rules as tests: who may import whom, how long files and functions may be,
// which dependencies there are, that documents name what exists, and which words mean that work is unfinished.
// Each failure says why the rule is there.
//
// It contains nothing else, and nothing may import it.
package rules
