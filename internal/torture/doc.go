// Package torture holds the promise that no model which check accepts makes any
// command fail: no panic, no number that is none, no negative time, no hang.
//
// A generator writes models of the whole language from a string of bytes, with
// extreme values; every command is then run on them, as users run it, and what
// it prints is held to what must be true of any answer. The same generator is a
// fuzz target, so that a fuzzer mutates meaning and not only text.
//
// It is test code only: `go test` plays a small number of models, and
// `make torture N=100000` as many as are asked for.
package torture
