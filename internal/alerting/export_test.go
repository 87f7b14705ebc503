package alerting

// Quote is what is written of a string.
func Quote(s string) string { return string(quote(nil, s)) }
