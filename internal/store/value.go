package store

import (
	"fmt"
	"log/slog"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// envelope is what is stored of a value.
type envelope struct {
	Version int            `json:"v"`
	Value   jsontext.Value `json:"value"`
}

func (b *Bucket[T]) encode(value T) ([]byte, error) {
	inner, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	if len(inner) > b.config.MaxSize {
		return nil, fmt.Errorf("a value of %d bytes: %w", len(inner), ErrTooLarge)
	}
	data, err := json.Marshal(envelope{Version: b.config.Version, Value: inner})
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return data, nil
}

// decode takes a value out of its envelope, strictly: what it does not know, it would drop at the next write.
func (b *Bucket[T]) decode(data []byte) (T, error) {
	var none, value T
	var outer envelope
	if err := json.Unmarshal(data, &outer, json.RejectUnknownMembers(true)); err != nil || outer.Version <= 0 {
		return none, fmt.Errorf("decode: the value is %w", ErrDamaged) // the cause might quote the value
	}
	switch {
	case outer.Version > b.config.Version:
		return none, fmt.Errorf("a value was %w (%d) of the program; run that one", ErrNewer, outer.Version)
	case outer.Version < b.config.Version:
		if b.config.Upgrade == nil {
			return none, fmt.Errorf("decode: the value of version %d is %w", outer.Version, ErrDamaged)
		}
		value, err := b.config.Upgrade(outer.Version, outer.Value)
		if err != nil {
			return none, fmt.Errorf("upgrade a value of version %d: %w", outer.Version, err)
		}
		return value, nil
	}
	if err := json.Unmarshal(outer.Value, &value, json.RejectUnknownMembers(true)); err != nil {
		return none, fmt.Errorf("decode: the value is %w", ErrDamaged)
	}
	return value, nil
}

// storable refuses types that hide what they hold when they are written down (internal/privlog): placeholders would be
// stored.
func storable[T any]() error { return walk(reflect.TypeFor[T](), map[reflect.Type]bool{}) }

func walk(t reflect.Type, seen map[reflect.Type]bool) error {
	if seen[t] {
		return nil
	}
	seen[t] = true
	if t.Implements(reflect.TypeFor[slog.LogValuer]()) {
		return fmt.Errorf("%s is made for logging, and would be stored as a placeholder; convert it", t)
	}
	switch t.Kind() {
	case reflect.Array, reflect.Slice, reflect.Pointer:
		return walk(t.Elem(), seen)
	case reflect.Map:
		if err := walk(t.Key(), seen); err != nil {
			return err
		}
		return walk(t.Elem(), seen)
	case reflect.Struct:
		for field := range t.Fields() {
			if !field.IsExported() {
				continue
			}
			if err := walk(field.Type, seen); err != nil {
				return err
			}
		}
	}
	return nil
}
