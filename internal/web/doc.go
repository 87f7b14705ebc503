// Package web is tightrope as pages and as an API: one model, looked at by many
// people at once, with safety nets to switch and numbers to turn.
//
// A request is read into a State, the State applied to the model's files gives a
// Variant, and what the engines find of that is rendered. Nothing is ever
// written: whatever somebody tries lives in the link alone.
//
// The server is safe by default. It answers to loopback names only, or to a
// token; what a request may cost is bounded, and ends when its client leaves.
package web
