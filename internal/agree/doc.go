// Package agree holds the promise that two answers of tightrope never
// contradict each other: whatever more than one command, page or endpoint can
// say of a model is the same number from each.
//
// It is written from the documents: it runs commands and asks the server as
// users do, reads the JSON that the pages in docs describe, and compares. It
// knows no engine. Where two answers come from the same computation they must be
// equal to 1e-9, else to the errors that they state.
//
// It is test code only: `go test` plays the quick examples and a few random
// models, and `make agree MODELS=300` as many as are asked for.
package agree
