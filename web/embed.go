// Package web holds the page as it was built, so that the program is one file. The page itself is TypeScript in the
// folders beside this one.
package web

import (
	"embed"
	"fmt"
	"io/fs"
)

// If the compiler finds no dist here, the page has not been built yet: run `make build` once.
//
//go:embed all:dist
var dist embed.FS

// Dist is the built page: index.html and what it loads.
func Dist() (fs.FS, error) {
	page, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("open the embedded page: %w", err)
	}
	return page, nil
}
