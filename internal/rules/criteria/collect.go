package main

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// found is a test by its name or title.
type found struct {
	file, name string
	numbers    []int // of the criteria that it names
}

// collect finds all tests that name a criterion below a folder, in the order of their files.
func collect(root fs.FS) ([]found, error) {
	var all []found
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{".git", "node_modules", "dist", "output", "testdata"}, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		read := titles
		switch {
		case strings.HasSuffix(name, "_test.go"):
			read = functions
		case !strings.HasSuffix(name, ".test.ts"):
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		for _, test := range read(string(text)) {
			test.file = name
			all = append(all, test)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for tests: %w", err)
	}
	return all, nil
}

// functions are the tests of a Go file: TestCriterion9And14Roster, FuzzCriterion31Parse.
func functions(text string) []found {
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)Criterion(\d+(?:And\d+)*)\w*)\(`)
	var all []found
	for _, match := range function.FindAllStringSubmatch(text, -1) {
		all = append(all, found{name: match[1], numbers: numbers(match[2])})
	}
	return all
}

// titles are the tests of the page and of browsers: "criterion 20: …", "criteria 5 and 14: …".
func titles(text string) []found {
	title := regexp.MustCompile("(?m)^ *(?:flow\\(|it\\(|test\\(|describe\\(|\\]\\)\\()?\\s*['\"`]" +
		"(criteri(?:on|a) (\\d+(?:(?:, | and )\\d+)*): [^'\"`\n]+)['\"`],")
	var all []found
	for _, match := range title.FindAllStringSubmatch(text, -1) {
		all = append(all, found{name: match[1], numbers: numbers(match[2])})
	}
	return all
}

func numbers(text string) []int {
	var all []int
	for _, digits := range regexp.MustCompile(`\d+`).FindAllString(text, -1) {
		if n, err := strconv.Atoi(digits); err == nil {
			all = append(all, n)
		}
	}
	return all
}

// document is the text of docs/criteria.md.
func document(tests []found) string {
	var out strings.Builder
	out.WriteString("# Criteria and their tests\n\n" +
		"<!-- Made from the names of tests: go run ./internal/rules/criteria > docs/criteria.md -->\n\n" +
		"What a trustworthy meeting server can be tested against, and where the tests that answer for it are. The number\n" +
		"stands in the name of each test: `go test -run Criterion12 ./...` runs those of one criterion in Go, and\n" +
		"`npm test -- -t 'criterion 12'` in `web` and `e2e` those of the page.\n")
	out.WriteString("\n| | criterion | tests in |\n|---|---|---|\n")
	for _, c := range criteria() {
		var files []string
		for _, test := range tests {
			if slices.Contains(test.numbers, c.number) {
				files = append(files, "`"+test.file+"`")
			}
		}
		fmt.Fprintf(&out, "| %d | %s | %s |\n", c.number, c.words, strings.Join(slices.Compact(files), ", "))
	}
	return out.String()
}

// parsers are the fuzz tests of what reads bytes from outside, by their packages.
func parsers() map[string][]string {
	return map[string][]string{
		"internal/sfu/ice":       {"ParseRequest"},                                  // STUN
		"internal/sfu/dtls":      {"Sift", "Receive"},                               // DTLS records
		"internal/sfu/srtp":      {"OpenRTP", "OpenRTCP"},                           // SRTP and SRTCP
		"internal/sfu/rtp":       {"Parse", "VP8", "VP9", "KeyFrame", "Dependency"}, // RTP, and headers of codecs
		"internal/sfu/rtcp":      {"Reader"},                                        // RTCP
		"internal/sfu/tcp":       {"ReadFrame"},                                     // frames of ICE-TCP
		"internal/sfu":           {"Datagrams", "Layers"},                           // all of these together; layers left out
		"internal/ortc":          {"Negotiation"},                                   // media parameters
		"internal/signal":        {"DecodeRequest", "Serve"},                        // signalling
		"internal/room":          {"Names"},                                         // of people and rooms
		"internal/room/chat":     {"Clean"},                                         // messages
		"internal/room/visible":  {"Visible"},                                       // both of these
		"internal/proxy":         {"Headers"},                                       // what a proxy says of a client
		"internal/auth":          {"ReturnPath"},                                    // where to go after a log-in
		"internal/auth/account":  {"CleanName"},                                     // of accounts
		"internal/auth/passkey":  {"FinishLogin"},                                   // answers of passkeys
		"internal/auth/seal":     {"Open"},                                          // cookies of what is under way
		"internal/auth/token":    {"Read"},                                          // tokens of other systems
		"internal/auth/password": {"Decode"},                                        // kept hashes
	}
}

// folder is the package of a test.
func (f found) folder() string { return path.Dir(f.file) }
