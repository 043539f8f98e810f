package store

import "errors"

// What operations and Open answer, wrapped.
var (
	ErrNotFound = errors.New("not found")                  // there is no such key, or it has expired
	ErrExists   = errors.New("exists already")             // the key that was to be created
	ErrConflict = errors.New("changed meanwhile")          // the revision is not the latest, or the key is gone
	ErrFull     = errors.New("full")                       // the bucket holds as much as it may
	ErrTooLarge = errors.New("too large")                  // the value or the key
	ErrNewer    = errors.New("written by a newer version") // the value
	ErrInUse    = errors.New("in use by another process")  // the folder
	ErrDamaged  = errors.New("damaged")                    // a file of the folder, or a value
)
