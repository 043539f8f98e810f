package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// DefaultFile is read when no file is named; it need not exist.
const DefaultFile = "stube.toml"

// maxFile bounds a configuration file; a real one has a few lines.
const maxFile = 1 << 20

// Sources is where settings come from, in the order in which they override each other.
type Sources struct {
	File    string   // "" means DefaultFile if it exists
	Environ []string // as os.Environ gives it
	Flags   Flags
}

// Flags are the settings that can be given on the command line; what is zero was not given.
type Flags struct {
	Listen string
	Domain string
}

// Load reads the configuration. Its error names everything that is wrong, one a line.
func Load(s Sources) (Config, error) {
	c := Default()
	environ := fromEnviron(s.Environ)
	file := s.File
	if file == "" {
		file = environ["STUBE_CONFIG"]
	}
	delete(environ, "STUBE_CONFIG")
	err := errors.Join(c.readFile(file), c.readEnviron(environ))
	if s.Flags.Listen != "" {
		c.Listen = s.Flags.Listen
	}
	if s.Flags.Domain != "" {
		c.Domain = s.Flags.Domain
	}
	if err = errors.Join(err, c.Validate()); err != nil {
		return Config{}, err
	}
	return c, nil
}

func (c *Config) readFile(name string) error {
	optional := name == ""
	if optional {
		name = DefaultFile
	}
	info, err := os.Stat(name)
	switch {
	case optional && errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("%s cannot be read (%w); check the name and who may read it", name, cause(err))
	case info.IsDir() || info.Size() > maxFile:
		return fmt.Errorf("%s is no configuration file; name a TOML file", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("%s cannot be read (%w); check the name and who may read it", name, cause(err))
	}
	decoder := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	return explain(name, decoder.Decode(c))
}

// explain turns what the TOML decoder says into a line for each fault, with its place.
func explain(name string, err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) {
		var errs []error
		for _, e := range unknown.Errors {
			line, _ := e.Position()
			errs = append(errs, fmt.Errorf("%s:%d: %s is no setting; check the spelling, or take the line out",
				name, line, strings.Join(e.Key(), ".")))
		}
		return errors.Join(errs...)
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		line, column := wrong.Position()
		return fmt.Errorf("%s:%d:%d: %s", name, line, column, strings.TrimPrefix(wrong.Error(), "toml: "))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// cause is an error of the file system without the path, which the caller names itself.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
