package chart

// Stylesheet is what pictures look like. A page holds it once; what begins with
// --c- may be set by it too.
const Stylesheet = `:root{--c-paper:#fff;--c-ink:#1b1f24;--c-soft:#57606a;--c-grid:#e3e7eb;--c-line:#5b6570;--c-first:#1f4e8c;--c-second:#f2b84b;--c-third:#9fd0d6;--c-fourth:#eceff2;--c-bad:#a3241c;--c-badly:#fbe4e1;--c-good:#17683f}
@media screen and (prefers-color-scheme:dark){:root{--c-paper:#14181d;--c-ink:#e8ebee;--c-soft:#a3adb7;--c-grid:#2c333b;--c-line:#8b96a1;--c-first:#79aef0;--c-second:#9a6b10;--c-third:#1f5d66;--c-fourth:#242b33;--c-bad:#ff8f85;--c-badly:#3b1f1d;--c-good:#6fd29c}}
.chart{display:block;max-width:100%;height:auto;background:var(--c-paper)}
.chart text{font:12px system-ui,-apple-system,"Segoe UI","Apple SD Gothic Neo","Malgun Gothic","Noto Sans","Noto Sans KR","Noto Sans CJK KR",sans-serif;fill:var(--c-ink)}
.chart .f{fill:var(--c-soft)}.chart .b{font-weight:600}.chart .bad{fill:var(--c-bad)}.chart .good{fill:var(--c-good)}
.chart .on{fill:var(--c-paper)}
.chart .g{stroke:var(--c-grid);fill:none}.chart .x{stroke:var(--c-line);fill:none}
.chart .cv{stroke:var(--c-first);stroke-width:2.2;fill:none;stroke-linejoin:round}.chart .c2{stroke:var(--c-line);stroke-width:1.6;fill:none;stroke-dasharray:5 3}.chart .c3{stroke:var(--c-bad);stroke-width:1.6;fill:none;stroke-dasharray:1.5 3}
.chart .lim{stroke:var(--c-bad);stroke-width:2.5;fill:none}.chart .q{stroke:var(--c-ink);stroke-width:1.4;stroke-dasharray:6 4;fill:none}.chart .q2{stroke:var(--c-soft);stroke-width:1.2;fill:none}.chart .d{stroke:var(--c-line);stroke-dasharray:1.5 3;fill:none}
.chart .p0{fill:var(--c-first);stroke:var(--c-line)}.chart .p1,.chart .p3{stroke:var(--c-line)}.chart .p2{fill:var(--c-third);stroke:var(--c-line)}
.chart .hb{fill:var(--c-second)}.chart .hl{stroke:var(--c-ink);stroke-width:2}.chart .ob{fill:var(--c-fourth)}.chart .od{fill:var(--c-line)}
.chart .s{fill:var(--c-first);stroke:var(--c-paper)}.chart .s2{fill:var(--c-line);stroke:var(--c-paper)}.chart .s3{fill:var(--c-bad);stroke:var(--c-paper)}.chart .o{fill:var(--c-paper);stroke:var(--c-ink);stroke-width:2}.chart .k{stroke:var(--c-bad);stroke-width:2.2;fill:none}.chart .ok{stroke:var(--c-good);stroke-width:2.2;fill:none}
.chart .w{fill:var(--c-badly)}.chart .m{fill:var(--c-fourth)}.chart .n{fill:var(--c-paper);stroke:var(--c-line)}.chart .nf{fill:var(--c-first);stroke:var(--c-first)}.chart .nd{fill:var(--c-paper);stroke:var(--c-line);stroke-dasharray:4 3}.chart .ns{fill:var(--c-fourth);stroke:var(--c-ink);stroke-width:2.5}.chart .nsd{fill:var(--c-fourth);stroke:var(--c-ink);stroke-width:2.5;stroke-dasharray:5 3}
.chart .z{fill:none}.chart .e{stroke:var(--c-line);fill:none;stroke-width:1.4}.chart .ei{stroke:var(--c-line);fill:none;stroke-width:.8}.chart .eu{stroke:var(--c-line);fill:none;stroke-dasharray:4 4}.chart .h{fill:var(--c-line)}
.chart .hal{paint-order:stroke;stroke:var(--c-paper);stroke-width:4px;stroke-linejoin:round}
@media print{.chart{break-inside:avoid;max-width:100%;-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`
