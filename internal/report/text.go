package report

import (
	"io"
	"slices"

	"tightrope/internal/forecast"
	"tightrope/internal/safetext"
)

// margin is where everything below a headline begins.
const margin = "  "

// Text writes a forecast for a terminal. It returns the error of w.
func Text(w io.Writer, r *forecast.Result, o Options) error {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	t := &text{newPage(o)}
	t.result(r, outlineOf(r, o.Whole))
	if o.Check != nil {
		t.line()
		t.comparison(o.Check)
	}
	return t.to(w)
}

type text struct{ *page }

func (t *text) result(r *forecast.Result, o outline) {
	blocks := []func(){}
	if len(o.scores) > 0 {
		blocks = append(blocks, func() { t.scoreboard(o) })
	}
	if nets := taken(r); nets != "" && len(o.whole) != 1 {
		blocks = append(blocks, func() { t.paragraph(plain, "", "This is "+nets+".") })
	}
	for _, e := range o.whole {
		blocks = append(blocks, func() { t.entry(r, e, o) })
	}
	if len(o.compact) > 0 {
		blocks = append(blocks, func() {
			rows := compactTable(o)
			t.line(t.paint(bold, compactTitle(o)))
			rows.write(t.page, margin)
		})
	}
	if len(o.whole) == 0 && len(r.Entries) > 0 {
		one := slices.Concat(o.scores, o.compact)[0].Service
		blocks = append(blocks, func() { t.paragraph(plain, "", "To see one whole: tightrope forecast --service "+one) })
	}
	if len(o.shared) > 0 {
		blocks = append(blocks, func() { t.facts("", warnings(o.shared)) })
	}
	for i, block := range blocks {
		if i > 0 {
			t.line()
		}
		block()
	}
}

// scoreboard says in one line each which objectives would be kept.
func (t *text) scoreboard(o outline) {
	t.paragraph(bold, "", scoreline(o))
	t.line()
	rows := scoreTable(o)
	rows.write(t.page, margin)
}

// entry shows one entry in full.
func (t *text) entry(r *forecast.Result, e *forecast.Entry, o outline) {
	t.emphasised(headline(e))
	t.line()
	t.facts(margin, findings(r, e, o))
	if len(e.Sources) > 0 {
		t.line()
		t.sources(e)
	}
	if rows := compareTable(e); len(rows.rows) > 0 {
		t.line()
		t.line(margin, t.paint(bold, safetext.Line(compareTitle(e))))
		rows.write(t.page, margin)
	}
	if rows := providerTable(e); len(rows.rows) > 0 {
		t.line()
		t.paragraph(bold, margin, providerTitle(e))
		rows.write(t.page, margin)
	}
	if facts := basis(e, o); len(facts) > 0 {
		t.line()
		t.facts(margin, facts)
	}
}

// sources is the ranked table of what spends the budget.
func (t *text) sources(e *forecast.Entry) {
	t.line(margin, t.paint(bold, safetext.Line(sourceTitle(e))), t.paint(faint, "  (means per incident)"))
	ranked := rank(e)
	rows := sourceTable(e, ranked)
	// Bars take the room that names leave.
	rows.drawBars(ranked, min(max(rows.spare(t.page, margin)-1, leastBar), mostBar))
	rows.write(t.page, margin)
}

// leastBar and mostBar are how many cells the bar of the largest source has.
const leastBar, mostBar = 6, 16
