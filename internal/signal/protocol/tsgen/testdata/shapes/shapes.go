// Package shapes is referred to by sample.
package shapes

// MaxPoints is of no interest to the page.
const MaxPoints = 4

// Point is wanted, because sample refers to it.
type Point struct {
	X int `json:"x"`
}

// Unwanted is not.
type Unwanted struct {
	F func()
}
