package structure

// The search for an order tries all of them with few nodes before it allows
// any of them many.
const (
	firstBudget  = 1 << 13
	budgetGrowth = 8
)

// search returns an order in which the module can be built with at most so
// many nodes, and leaves it, alone, in the diagram.
func (b *builder) search(most int) ([]int32, Node, bool) {
	var orders [][]int32
	for _, make := range b.orders() {
		orders = append(orders, make())
	}
	for budget := firstBudget; ; budget *= budgetGrowth {
		budget = min(budget, most)
		best, size := -1, 0
		for i, order := range orders {
			if _, ok := b.build(order, budget); !ok {
				continue
			}
			if n := len(b.diagram.nodes); best < 0 || n < size {
				best, size = i, n
			}
			if size <= 4*len(order) { // can hardly be better
				break
			}
		}
		if best >= 0 {
			root, ok := b.build(orders[best], budget)
			return orders[best], root, ok
		}
		if budget == most {
			return nil, False, false
		}
	}
}
