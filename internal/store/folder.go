package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

const (
	lockFile = "lock"  // held as long as the store is open
	markFile = "clean" // there when the store was closed in order
)

// folderLock keeps other processes out of a folder. The system lets go of it when the process ends, however it does.
type folderLock struct{ file *os.File }

func lockFolder(folder string) (*folderLock, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, unusable(folder, err)
	}
	file, err := os.OpenFile(filepath.Join(folder, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unusable(folder, err)
	}
	switch err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, errors.Join(
			fmt.Errorf("data: the folder %s is %w; stop that one, or choose another folder", folder, ErrInUse),
			file.Close(),
		)
	case err != nil:
		return nil, errors.Join(fmt.Errorf("data: the folder %s cannot be locked: %w", folder, err), file.Close())
	}
	return &folderLock{file}, nil
}

func (l *folderLock) release() error {
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("unlock the data folder: %w", err)
	}
	return nil
}

// marked tells whether the store was closed in order.
func marked(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, markFile))
	return err == nil
}

// takeMark takes that away for as long as the store is open.
func takeMark(folder string) error {
	if err := os.Remove(filepath.Join(folder, markFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unusable(folder, err)
	}
	return syncFolder(folder)
}

// leaveMark says that the store was closed in order.
func leaveMark(folder string) error {
	if err := os.WriteFile(filepath.Join(folder, markFile), nil, 0o600); err != nil {
		return unusable(folder, err)
	}
	return syncFolder(folder)
}

func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return unusable(folder, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return unusable(folder, err)
	}
	return nil
}

func unusable(folder string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("data: the folder %s cannot be written (%w); choose another, or let the program write there",
		folder, err)
}
