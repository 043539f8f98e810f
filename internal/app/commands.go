package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-json-experiment/json"

	"stube/internal/control"
	"stube/internal/inventory"
)

// maxAnswer bounds what a command reads from the server, in bytes.
const maxAnswer = 1 << 20

// serveCommands answers the other commands of this program (stube user, stube inventory) at a socket in the data
// folder, which only the server's own user can reach.
func (a *App) serveCommands(ctx context.Context) error {
	mux := http.NewServeMux()
	people := a.logIn.Control()
	mux.Handle("/people", people)
	mux.Handle("/people/", people)
	mux.HandleFunc("GET /inventory", a.tellInventory)
	var err error
	a.control, err = control.Serve(ctx, a.config.ControlSocket(), mux)
	return err
}

func (a *App) tellInventory(w http.ResponseWriter, r *http.Request) {
	counts, err := a.Inventory(r.Context())
	if err != nil {
		a.log.Error("the inventory cannot be taken", "error", err)
		http.Error(w, "the inventory cannot be taken; the log says why", http.StatusInternalServerError)
		return
	}
	text, err := json.Marshal(counts)
	if err != nil {
		http.Error(w, "the inventory cannot be written", http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(text) // who asked is gone: nobody to tell
}

// RemoteInventory asks the server at a control socket what it holds about people. The error wraps
// control.ErrNotRunning when there is none.
func RemoteInventory(ctx context.Context, socket string) ([]inventory.Count, error) {
	client, err := control.Dial(ctx, socket)
	if err != nil {
		return nil, err
	}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://stube/inventory", http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("ask the server: %w", err)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the server: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the server's answer: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, errors.New("the server cannot take its inventory; its log says why")
	}
	var counts []inventory.Count
	if err := json.Unmarshal(text, &counts); err != nil {
		return nil, fmt.Errorf("read the server's answer: %w", err)
	}
	return counts, nil
}
