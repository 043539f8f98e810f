package inventory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
)

// Count is how much a running server holds of a kind: a number, never the content.
type Count struct {
	Kind  string `json:"kind"` // ID
	Count int    `json:"count"`
}

// Source is a part of a running server that holds something.
type Source interface {
	// Inventory counts what the part holds of each of its kinds.
	Inventory(ctx context.Context) ([]Count, error)
}

// Take asks all sources, and gives the counts in the order of the kinds. It fails when a kind was not counted, or
// something was counted that is no kind: an inventory with gaps is worse than none.
func Take(ctx context.Context, kinds []Kind, sources ...Source) ([]Count, error) {
	counted := map[string]int{}
	var errs []error
	for _, source := range sources {
		counts, err := source.Inventory(ctx)
		if err != nil {
			errs = append(errs, fmt.Errorf("count what %T holds: %w", source, err))
		}
		for _, c := range counts {
			if _, ok := counted[c.Kind]; ok {
				errs = append(errs, fmt.Errorf("%s was counted twice", c.Kind))
			}
			counted[c.Kind] = c.Count
		}
	}
	var taken []Count
	for _, k := range kinds {
		if !k.Counted() {
			continue
		}
		n, ok := counted[k.ID]
		if !ok {
			errs = append(errs, fmt.Errorf("%s was not counted", k.ID))
		}
		delete(counted, k.ID)
		taken = append(taken, Count{Kind: k.ID, Count: n})
	}
	for id := range counted {
		errs = append(errs, fmt.Errorf("%s was counted, and is no kind that is", id))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return taken, nil
}

// Print writes counts as a table for the operator.
func Print(w io.Writer, kinds []Kind, counts []Count) error {
	by := map[string]Kind{}
	for _, k := range kinds {
		by[k.ID] = k
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "count\tkind\tplace\twhat")
	for _, c := range counts {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\n", c.Count, c.Kind, by[c.Kind].Place, by[c.Kind].What.English)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the inventory: %w", err)
	}
	return nil
}
