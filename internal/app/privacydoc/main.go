// Command privacydoc prints docs/privacy.md as it should be. It knows nothing but the kinds that the program declares.
package main

import (
	"fmt"

	"stube/internal/app"
	"stube/internal/inventory"
)

func main() { fmt.Print(inventory.Document(app.Kinds())) }
