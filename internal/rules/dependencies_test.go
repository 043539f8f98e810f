package rules

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// DEPENDENCIES.md lists exactly what the program, the page and the tests depend on by themselves: whoever adds one
// says why it is worth its weight.
func TestDependenciesAreListed(t *testing.T) {
	listed := map[string]bool{}
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\|$")
	for _, match := range row.FindAllStringSubmatch(read(t, "DEPENDENCIES.md"), -1) {
		if listed[match[1]] {
			t.Errorf("DEPENDENCIES.md lists %s twice", match[1])
		}
		listed[match[1]] = true
	}
	used := modules(t)
	for _, file := range []string{"web/package.json", "e2e/package.json"} {
		maps.Copy(used, packages(t, file))
	}
	used[tool(t)] = "tools/go.mod"
	for _, name := range required(t, "tools/acme/go.mod") {
		used[name] = "tools/acme/go.mod"
	}
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if !listed[name] {
			t.Errorf("%s depends on %s, and DEPENDENCIES.md does not say why", used[name], name)
		}
	}
	for name := range listed {
		if used[name] == "" {
			t.Errorf("DEPENDENCIES.md lists %s, which nothing depends on", name)
		}
	}
}

// modules are the Go modules that a file of ours imports, with one such file.
func modules(t *testing.T) map[string]string {
	t.Helper()
	all := regexp.MustCompile(`(?m)^\t([^\s]+) v`).FindAllStringSubmatch(read(t, "go.mod"), -1)
	used := map[string]string{}
	for _, name := range sources(t, ".go") {
		if strings.HasPrefix(name, "tools/") {
			continue // of modules of their own
		}
		for _, imported := range imports(t, name) {
			longest := ""
			for _, match := range all {
				if within(imported, match[1]) && len(match[1]) > len(longest) {
					longest = match[1]
				}
			}
			if longest != "" {
				used[longest] = name
			}
		}
	}
	return used
}

// packages are the npm packages that a package.json asks for, each at one exact version.
func packages(t *testing.T, file string) map[string]string {
	t.Helper()
	var manifest struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(read(t, file)), &manifest); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	used := map[string]string{}
	for _, group := range []map[string]string{manifest.Dependencies, manifest.DevDependencies} {
		for name, version := range group {
			used[name] = file
			if strings.ContainsAny(version, "^~*<>x ") {
				t.Errorf("%s asks for %s %s: name one version, so that every build is the same", file, name, version)
			}
		}
	}
	return used
}

// required are the Go modules that a tidy go.mod asks for by itself.
func required(t *testing.T, file string) []string {
	t.Helper()
	var names []string
	for _, match := range regexp.MustCompile(`(?m)^\t([^\s]+) v\S+$`).FindAllStringSubmatch(read(t, file), -1) {
		names = append(names, match[1])
	}
	if len(names) == 0 {
		t.Fatalf("%s asks for nothing", file)
	}
	return names
}

func tool(t *testing.T) string {
	t.Helper()
	match := regexp.MustCompile(`(?m)^tool (\S+)/cmd/`).FindStringSubmatch(read(t, "tools/go.mod"))
	if match == nil {
		t.Fatal("tools/go.mod names no tool")
	}
	return match[1]
}

// Builds go through whatever proxy or mirror a machine is set up for.
func TestNoRegistryIsNamed(t *testing.T) {
	host := regexp.MustCompile(`regis[t]ry\.npmjs|proxy\.gol[a]ng|"res[o]lved":`)
	for _, name := range sources(t, ".json", ".go", ".mod", ".sh", ".yml", ".ts", ".md") {
		if found := host.FindString(read(t, name)); found != "" {
			t.Errorf("%s holds %q: leave the choice of a registry to the machine", name, found)
		}
	}
}
