package plan_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"tightrope/internal/plan"
)

func BenchmarkPlan(b *testing.B) {
	for _, c := range []recipe{
		{nets: 20, risks: 15},
		{nets: 20, risks: 15, changes: true, people: true, rules: true, unsure: true, copies: true},
		{nets: 40, risks: 30, loose: true},
		{nets: 40, risks: 30, loose: true, plain: true},
		{nets: 40, risks: 30, loose: true, changes: true, people: true, rules: true},
	} {
		for seed := range uint64(3) {
			for _, mode := range []plan.Mode{plan.Cheapest, plan.Spend, plan.Worth} {
				c := c
				c.worth = mode == plan.Worth
				m := read(b, generate(c, seed))
				money := 200.0
				opts := plan.Options{Mode: mode}
				if mode == plan.Spend {
					opts.Money = &money
				}
				name := fmt.Sprintf("nets=%d/plain=%v/rich=%v/seed=%d/%s", c.nets, c.plain, c.people, seed, mode)
				b.Run(name, func(b *testing.B) {
					start := cpu()
					for b.Loop() {
						r := run(b, m, opts)
						if !r.Optimal && r.Reachable == nil {
							b.Error("not proven")
						}
						b.ReportMetric(float64(r.Explored), "nodes")
					}
					b.ReportMetric((cpu()-start).Seconds()*1000/float64(b.N), "cpu-ms/op")
				})
			}
		}
	}
}

// cpu is the time that this process has computed.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
