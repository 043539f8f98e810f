package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/minio/highwayhash"
)

// JetStream keeps the records of a stream in files, its blocks, each record with a checksum. A block with a wrong one
// it cuts off there, with all that follows. That is right for the record that was being written when the power went,
// and wrong for a fault of the disk: so the blocks are read before JetStream sees them.
//
// A record is: its length, whose highest bit tells of headers (4 bytes), sequence number (8), time (8), length of the
// subject (2), the subject, with headers their length (4) and they, the value, and a checksum (8) of all but the three
// lengths. All numbers are little-endian.
const (
	recordHead    = 4 + 8 + 8 + 2
	recordHash    = 8
	headersBit    = 1 << 31
	headersLength = 4
)

// blockFile is a block of a stream.
type blockFile struct {
	path   string
	stream string
	index  uint64
}

// streamsFolder is where JetStream keeps the streams of the only account there is.
func streamsFolder(folder string) string { return filepath.Join(folder, "jetstream", "$G", "streams") }

// checkFiles reads all blocks. When the store was not closed in order, the end of a stream may be cut off.
func checkFiles(folder string, clean bool) error {
	streams, err := os.ReadDir(streamsFolder(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return unusable(folder, err)
	}
	for _, stream := range streams {
		files, err := blockFiles(filepath.Join(streamsFolder(folder), stream.Name()))
		if err != nil {
			return err
		}
		for i, file := range files {
			data, err := os.ReadFile(file.path)
			if err != nil {
				return fmt.Errorf("read a bucket: %w", err)
			}
			if !file.whole(data, !clean && i == len(files)-1) {
				return damaged(file.path)
			}
		}
	}
	return nil
}

// removeLeftovers takes away what JetStream was writing to put it in the place of a block when it was cut off. It would
// leave these files, and with them what is deleted later.
func removeLeftovers(folder string) error {
	for _, ending := range []string{"*.tmp", "*.new"} {
		names, err := fs.Glob(os.DirFS(streamsFolder(folder)), "*/msgs/"+ending)
		if err != nil {
			return fmt.Errorf("look for leftovers: %w", err)
		}
		for _, name := range names {
			if err := os.Remove(filepath.Join(streamsFolder(folder), name)); err != nil {
				return unusable(folder, err)
			}
		}
	}
	return nil
}

// blockFiles are the blocks of a stream, in order.
func blockFiles(folder string) ([]blockFile, error) {
	entries, err := os.ReadDir(filepath.Join(folder, "msgs"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("read a bucket: %w", err)
	}
	var files []blockFile
	for _, entry := range entries {
		number, ok := strings.CutSuffix(entry.Name(), ".blk")
		index, err := strconv.ParseUint(number, 10, 32)
		if ok && err == nil {
			files = append(files, blockFile{
				path: filepath.Join(folder, "msgs", entry.Name()), stream: filepath.Base(folder), index: index,
			})
		}
	}
	slices.SortFunc(files, func(a, b blockFile) int { return int(a.index) - int(b.index) })
	return files, nil
}

// whole tells whether a block holds whole records and nothing else, but for the rest of a last one if it may be cut
// off. A fault with a whole record behind it is no cut.
func (f blockFile) whole(data []byte, mayBeCut bool) bool {
	key := sha256.Sum256(fmt.Appendf(nil, "%s-%d", f.stream, f.index))
	for len(data) > 0 {
		n := record(data, key[:])
		if n == 0 {
			break
		}
		data = data[n:]
	}
	if len(data) == 0 || !mayBeCut {
		return len(data) == 0
	}
	for data = data[1:]; len(data) > 0; data = data[1:] {
		if record(data, key[:]) > 0 {
			return false
		}
	}
	return true
}

// record is the length of the record that data begins with, 0 when there is none or it is not whole.
func record(data, key []byte) int {
	if len(data) < recordHead+recordHash {
		return 0
	}
	length := binary.LittleEndian.Uint32(data)
	headers := length&headersBit != 0
	length &^= headersBit
	subject := recordHead + int(binary.LittleEndian.Uint16(data[20:]))
	rest := subject
	if headers {
		rest += headersLength
	}
	if uint64(length) > uint64(len(data)) || rest+recordHash > int(length) {
		return 0
	}
	sum, err := highwayhash.New64(key)
	if err != nil {
		return 0
	}
	end := int(length) - recordHash
	if headers && !headed(data[rest:end], binary.LittleEndian.Uint32(data[subject:])) {
		return 0
	}
	for _, part := range [][]byte{data[4:20], data[recordHead:subject], data[rest:end]} {
		_, _ = sum.Write(part) // a hash takes everything
	}
	if !bytes.Equal(sum.Sum(nil), data[end:length]) {
		return 0
	}
	return int(length)
}

// headed tells whether data begins with headers of a length.
func headed(data []byte, length uint32) bool {
	return uint64(length) <= uint64(len(data)) && bytes.HasPrefix(data, []byte("NATS/1.0\r\n")) &&
		bytes.HasSuffix(data[:length], []byte("\r\n\r\n"))
}

func damaged(path string) error {
	return fmt.Errorf(
		"data: %s is %w; put back a copy of the data folder, or move the folder away to begin without what it held",
		path, ErrDamaged,
	)
}
