package message

// And joins messages to one, as a list; no message for none.
func And(list ...Message) Message {
	var out Message
	for _, m := range list {
		switch {
		case !m.Is():
		case !out.Is():
			out = m
		default:
			out = of("and", Argument{"first", out}, Argument{"next", m})
		}
	}
	return out
}

// Pays says what is paid, in the currency of the model.
func Pays(amount float64, currency string) Message {
	return of("pays", Argument{"amount", Amount{amount, currency}})
}
