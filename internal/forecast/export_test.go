package forecast

// Singles are options of a forecast without groups and their switches.
func Singles(o Options) Options {
	o.singles = true
	return o
}
