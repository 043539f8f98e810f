package httpd

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// file is one file of the page, held in memory in every form that it is sent in.
type file struct {
	contentType string
	cache       string
	etag        string // weak: it stands for the contents, whatever their encoding
	plain       []byte
	gzip        []byte // nil when it would not be smaller
	brotli      []byte // nil when the build made none
}

// loadFiles reads a page's files; the keys are the paths of their addresses. A file.br beside a file is its form for
// brotli; gzip is made here.
func loadFiles(page fs.FS) (map[string]*file, error) {
	files := map[string]*file{}
	err := fs.WalkDir(page, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) == ".br" || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		f, err := loadFile(page, name)
		if err != nil {
			return err
		}
		files["/"+name] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read its files: %w", err)
	}
	return files, nil
}

func loadFile(page fs.FS, name string) (*file, error) {
	plain, err := fs.ReadFile(page, name)
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	contentType, compressible, ok := typeOf(name)
	if !ok {
		return nil, fmt.Errorf("the type of %s is unknown", name)
	}
	sum := sha256.Sum256(plain)
	f := &file{
		contentType: contentType, cache: "no-cache", plain: plain,
		etag: `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
	}
	if strings.HasPrefix(name, "-/assets/") {
		f.cache = "public, max-age=31536000, immutable" // their names hold a hash of their contents
	}
	if !compressible {
		return f, nil
	}
	f.brotli, err = fs.ReadFile(page, name+".br")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	f.gzip, err = compress(plain)
	return f, err
}

// compress is a text in gzip, or nil when that is no smaller.
func compress(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if out.Len() >= len(plain) {
		return nil, nil
	}
	return out.Bytes(), nil
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.Header.Get("If-None-Match"), f.etag) {
		f.describe(w)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	f.send(w, r, http.StatusOK)
}

// describe puts the headers on an answer that belong to the file in every form.
func (f *file) describe(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", f.cache)
	h.Set("Etag", f.etag)
	h.Set("Vary", "Accept-Encoding")
}

// send answers with the whole file, in the form that is understood and smallest.
func (f *file) send(w http.ResponseWriter, r *http.Request, status int) {
	f.describe(w)
	h := w.Header()
	body := f.plain
	accepted := r.Header.Get("Accept-Encoding")
	switch {
	case f.brotli != nil && accepts(accepted, "br"):
		h.Set("Content-Encoding", "br")
		body = f.brotli
	case f.gzip != nil && accepts(accepted, "gzip"):
		h.Set("Content-Encoding", "gzip")
		body = f.gzip
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // who asked is gone: nobody to tell
}

// accepts tells whether an Accept-Encoding header allows an encoding (RFC 9110 section 12.5.3).
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		value, ok := strings.CutPrefix(strings.TrimSpace(weight), "q=")
		if !ok {
			return true
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		return err == nil && q > 0
	}
	return false
}

// typeOf is the type of a file by its name; the machine's own table of types is not asked, as it may differ.
func typeOf(name string) (contentType string, compressible, ok bool) {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8", true, true
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8", true, true
	case ".css":
		return "text/css; charset=utf-8", true, true
	case ".svg":
		return "image/svg+xml", true, true
	case ".json", ".map":
		return "application/json", true, true
	case ".webmanifest":
		return "application/manifest+json", true, true
	case ".txt":
		return "text/plain; charset=utf-8", true, true
	case ".wasm":
		return "application/wasm", true, true
	case ".ico":
		return "image/x-icon", true, true
	case ".png":
		return "image/png", false, true
	case ".woff2":
		return "font/woff2", false, true
	case ".mp3":
		return "audio/mpeg", false, true
	}
	return "", false, false
}
