package crosscheck

import "strings"

// Minimal models of switches that were once wrong, and of what takes part in them.
var minimalSwitches = []minimal{
	{
		name: "more users wait once a ride is over",
		text: `
version: 1
services:
  top: {objective: {target: 99.995%, over: 14d}, needs: [{service: db, rides_out: 40s}, {service: db, impact: 27%}]}
  db: {copies: 2, common_cause: 0%, switch: {takes: exp(67s)}}
risks:
  crash: {service: db, rate: 30/y, detect: 30m, recover: 30m}
`,
		chance:         estimate{0.475058, 0.00079},
		mean:           estimate{116.319, 0.34},
		unavailability: estimate{9.61629e-05, 2.8e-07},
	},
	{
		name: "a change-over that is as long as rides that differ",
		text: `
version: 1
services:
  top: {objective: {target: 99.995%, over: 14d}, needs: [{service: db, rides_out: 38s..5m}]}
  db: {copies: 2, common_cause: 0%, switch: {takes: 87s}}
risks:
  crash: {service: db, rate: 30/y, detect: 30m, recover: 30m}
`,
		chance:         estimate{0.87476, 0.00052},
		mean:           estimate{37.0021, 0.29},
		unavailability: estimate{3.05904e-05, 2.4e-07},
	},
	{
		name: "and some wait from the beginning, or as long as a failed one lasts",
		text: `
version: 1
services:
  top: {objective: {target: 99.99%, over: 14d}, needs: [{service: db, rides_out: 38s..5m}, {service: db, impact: 27%}]}
  db: {copies: 2, common_cause: 0%, switch: {takes: 87s, works: 90%}}
risks:
  crash: {service: db, rate: 30/y, detect: 10m, recover: 30m}
`,
		chance:         estimate{0.69473, 0.00073},
		mean:           estimate{596.417, 1.8},
		unavailability: estimate{0.00049307, 1.4e-06},
	},
	{
		name: "a change-over that may outlast a ride",
		text: `
version: 1
services:
  top: {objective: {target: 99.99%, over: 30d}, needs: [{service: db, rides_out: 2m}]}
  db: {copies: 2, common_cause: 0%, switch: {takes: 30s..3m}}
risks:
  crash: {service: db, rate: 6/y, detect: 30m, recover: 30m}
`,
		chance:         estimate{0.997897, 7.3e-05},
		mean:           estimate{9.5616, 0.089},
		unavailability: estimate{3.68889e-06, 3.4e-08},
	},
	{
		name: "a ride before a pair that a group needs too",
		text: `
version: 1
services:
  top: {objective: {target: 99.99%, over: 30d}, needs: [{service: db, rides_out: 2m}, {any: [a, b]}]}
  db: {copies: 2, common_cause: 0%, switch: {takes: 30s..2m, works: 95%}}
  a: {availability: 99.9%, outage: 1h}
  b: {availability: 99%, outage: 1h, needs: [db]}
risks:
  crash: {service: db, rate: 6/y, detect: 30m, recover: 30m}
`,
		chance:         estimate{0.938745, 0.00038},
		mean:           estimate{199.231, 1.3},
		unavailability: estimate{7.68638e-05, 5e-07},
	},
	{
		name: "4 a switch that fails while all of the group is down has no outage before it",
		text: strings.Replace(top(`pair, {any: [front, s], switch: {takes: 1s, works: 50%}}]}`), "99.9%", "98%", 1) + `
  front: {needs: [pair]}
  pair: {copies: 2, common_cause: 0%}
  s: {availability: 99.9%, outage: exp(1h)}
risks:
  r: {service: pair, every: 3d, detect: 0s, recover: exp(6h)}
`,
		chance:         estimate{0.941523, 0.00037},
		mean:           estimate{16596.3, 30},
		unavailability: estimate{0.00640288, 1.1e-05},
	},
	{
		name: "4 what only a failed switch makes felt is unsure too",
		text: strings.Replace(top(`a, {any: [a, pair], switch: {takes: 10s, works: 50%}}]}`), "99.9%", "99.8%", 1) + `
  a: {availability: 99.9%, outage: 1h}
  pair: {copies: 2, common_cause: 0%}
risks:
  r: {service: pair, rate: 1 in 10d, detect: 0s, recover: 5h}
`,
		chance:         estimate{0.730792, 0.0007},
		mean:           estimate{4416.66, 10},
		unavailability: estimate{0.00170396, 3.9e-06},
	},
	{
		name: "4 a failed switch until the ride of its member is over",
		text: strings.Replace(top(`{any: [a, b], switch: {takes: 50s, works: 76.4%}}, {service: b, rides_out: 129s}]}`), "99.9%", "99.93%", 1) + `
  a: {availability: 99.9%, outage: 1h}
  b: {availability: 99.94%, outage: 318s}
`,
		chance:         estimate{0.69145, 0.00073},
		mean:           estimate{1900.51, 2.5},
		unavailability: estimate{0.000733221, 9.7e-07},
	},
	{
		name: "4 two groups whose switches fail at once",
		text: strings.Replace(top(`{any: [pair, other]}]}`), "99.9%", "99.96%", 1) + `
  pair: {copies: 2, common_cause: 0%, switch: {takes: 70s, works: 71%}}
  other: {copies: 2, common_cause: 0%, switch: {takes: 100s, works: 90%}}
risks:
  pair: {service: pair, every: 4600m, detect: 19m, recover: 37m}
  other: {service: other, every: 1417m, detect: 10m, recover: 20m}
`,
		chance:         estimate{0.958782, 0.00031},
		mean:           estimate{123.517, 0.55},
		unavailability: estimate{4.76532e-05, 2.1e-07},
	},
	{
		name: "4 two groups whose switches fail at once, and one stands in two groups",
		text: strings.Replace(top(`{any: [pair, s]}, {any: [pair, other]}]}`), "99.9%", "99.96%", 1) + `
  pair: {copies: 2, common_cause: 0%, switch: {takes: 70s, works: 71.3%}}
  other: {copies: 2, common_cause: 0%, switch: {takes: 64s..152s, works: 89.6%}}
  s: {}
risks:
  pair: {service: pair, every: 4600m, detect: 19m, recover: 37m}
  s: {service: s, every: 30279m, detect: 32m, recover: 79m}
  other: {service: other, impact: 60%, every: 1417m, detect: 10m, recover: 20m}
`,
		chance:         estimate{0.953885, 0.00033},
		mean:           estimate{143.943, 0.76},
		unavailability: estimate{5.55335e-05, 2.9e-07},
	},
	{
		name: "4 switches that fail behind rides, at once",
		text: strings.Replace(top(`{any: [pair, mid]}]}`), "99.9%", "99.96%", 1) + `
  mid: {needs: [{service: other, rides_out: 90s}]}
  pair: {copies: 2, common_cause: 0%, switch: {takes: 70s, works: 71%}}
  other: {copies: 2, common_cause: 0%, switch: {takes: 100s, works: 90%}}
risks:
  pair: {service: pair, every: 4600m, detect: 19m, recover: 37m}
  other: {service: other, every: 1417m, detect: 10m, recover: 20m}
`,
		chance:         estimate{0.961585, 0.00043},
		mean:           estimate{84.0577, 0.73},
		unavailability: estimate{3.24297e-05, 2.8e-07},
	},
}

// Minimal models of what comes in clusters, and of errors that are always there.
var minimalClusters = []minimal{
	{
		name: "2 incidents of two kinds within one long outage",
		text: strings.Replace(top(`{any: [long, short]}]}`), "99.9%", "99.9985%", 1) + `
  long: {availability: 99.235%, outage: exp(150m)}
  short: {}
risks:
  many: {service: short, impact: 10%, every: 303m, detect: 0s, recover: 155s}
  few: {service: short, impact: 31%, every: 626m, detect: 0s, recover: 307s}
`,
		chance:         estimate{0.597283, 0.00078},
		mean:           estimate{67.03463815660974, 0},
		unavailability: estimate{2.5862128918445117e-05, 0},
	},
	{
		name: "8 errors that are always there while another one is down, which is unsure",
		text: strings.Replace(top(`{any: [a, b]}]}`), "99.9%", "99.9996%", 1) + `
  a: {availability: 99.44%, outage: exp(23m)}
  b: {availability: 97.606%..99.402%, outage: 69m, background: 0.031%}
`,
		chance:         estimate{0.824732, 0.0006},
		mean:           estimate{202.69, 0.98},
		unavailability: estimate{7.81981e-05, 3.8e-07},
	},
	{
		name: "9 a part that hits some users takes part in outages of its group, and others are unsure",
		text: strings.Replace(top(`{service: a, impact: 1.3%}, {any: [a, b]}, {any: [c, d]}]}`), "99.9%", "99.9953%", 1) + `
  a: {}
  b: {}
  c: {}
  d: {}
risks:
  a: {service: a, every: 9800m, detect: 0s, recover: exp(44m)}
  b: {service: b, every: 3307m, detect: 0s, recover: 40m}
  c: {service: c, every: 1142m..2559m, detect: 5m, recover: 10m}
  d: {service: d, impact: 9.1%..14%, every: 2683m, detect: 273s, recover: exp(20m)}
`,
		chance:         estimate{0.341817, 0.00075},
		mean:           estimate{313.347, 0.84},
		unavailability: estimate{0.00012089, 3.2e-07},
		twice:          0.3396, // half of the window × (44m/9800m)² × 1.3%: a overlaps itself
	},
	{
		name: "7 a fixed length that hits some, and how often others hit all is unsure",
		text: strings.Replace(top(`{any: [a, b]}]}`), "99.9%", "99.9977%", 1) + `
  a: {availability: 99.5%, outage: 1h}
  b: {}
risks:
  some: {service: b, impact: 25%, every: 1000m, detect: 1m, recover: 3m}
  all: {service: b, every: 3000m..5000m, detect: 5m, recover: exp(10m)}
`,
		chance:         estimate{0.769887, 0.00067},
		mean:           estimate{63.8553, 0.38},
		unavailability: estimate{2.46355e-05, 1.4e-07},
	},
	{
		name: "8 an outage with errors that are always there, and with another part, is one",
		text: strings.Replace(top(`{any: [a, b]}, {any: [a, c]}]}`), "99.9%", "99.998%", 1) + `
  a: {}
  b: {background: 0.3%}
  c: {availability: 99%, outage: exp(12m)}
risks:
  a: {service: a, every: 40d, detect: 30m, recover: exp(2h)}
`,
		chance:         estimate{0.825028, 0.0006},
		mean:           estimate{87.4336047482329, 0},
		unavailability: estimate{3.37321005973121e-05, 0},
	},
	{
		name: "8 errors of several that are always there hit in one outage of another part",
		text: strings.Replace(top(`{any: [a, b]}, {service: d, impact: 50%}]}`), "99.9%", "99.998%", 1) + `
  a: {}
  b: {background: 0.3%}
  c: {background: 0.5%}
  d: {needs: [{any: [a, c]}]}
risks:
  a: {service: a, every: 20d, detect: 0s, recover: exp(2h)}
`,
		chance:         estimate{0.583233, 0.00078},
		mean:           estimate{59.19559021198159, 0},
		unavailability: estimate{2.28378048657336e-05, 0},
	},
}
