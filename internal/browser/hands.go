package browser

import (
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Click clicks in the middle of an element, as a person does: it must be seen,
// and nothing may lie over it. If that leads to another page, it waits until
// that has loaded; for what a script changes, use Wait.
func (p *Page) Click(selector string) {
	p.t.Helper()
	var at struct {
		X, Y float64
		Why  string
	}
	// An element may move while its page is being laid out.
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		p.of(selector, `e => {
	if (e.disabled) return {why: 'it is disabled'};
	e.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
	const box = e.getClientRects()[0];
	if (!box || !box.width || !box.height) return {why: 'it is not shown'};
	const x = box.x + box.width / 2, y = box.y + box.height / 2;
	const top = document.elementFromPoint(x, y);
	if (!top) return {why: 'it is outside of the screen'};
	if (!e.contains(top) && !top.contains(e) && !(e.labels && [...e.labels].some(l => l.contains(top))))
		return {why: 'it lies under ' + top.outerHTML.slice(0, 80)};
	return {x, y, why: ''};
}`, &at)
		if at.Why == "" {
			break
		}
		if time.Now().After(end) {
			p.t.Fatalf("%s: %s cannot be clicked: %s", p.where(), selector, at.Why)
		}
	}
	p.run("clicking "+selector, chromedp.MouseClickXY(at.X, at.Y))
	p.settle()
}

// Focus puts the cursor into an element.
func (p *Page) Focus(selector string) {
	p.t.Helper()
	var ok bool
	p.of(selector, "e => { e.focus(); return document.activeElement === e }", &ok)
	if !ok {
		p.t.Fatalf("%s: %s cannot be focused", p.where(), selector)
	}
}

// Focused tells what has the cursor, as its tag and id: "input#target".
func (p *Page) Focused() string {
	p.t.Helper()
	var s string
	p.Eval("(e => e ? e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') : '')(document.activeElement)", &s)
	return s
}

// Set fills a field with a value in place of what it holds, key by key, and
// leaves it, so that input and change come as they do for a person. A text of
// several lines is pasted; sliders, dates and colours are moved to the value.
func (p *Page) Set(selector, value string) {
	p.t.Helper()
	var kind string
	p.of(selector, `e => {
	if (e.disabled || e.readOnly) return 'closed';
	if (e.tagName === 'SELECT' || e.type === 'checkbox' || e.type === 'radio') return 'other';
	if (['range', 'date', 'time', 'month', 'week', 'datetime-local', 'color'].includes(e.type)) return 'moved';
	if (e.value === undefined) return 'none';
	e.scrollIntoView({block: 'center', behavior: 'instant'});
	e.focus();
	e.select();
	return 'typed';
}`, &kind)
	switch kind {
	case "closed":
		p.t.Fatalf("%s: %s cannot be changed: it is disabled or read-only", p.where(), selector)
	case "other":
		p.t.Fatalf("%s: %s is not typed into: use Select or Check", p.where(), selector)
	case "none":
		p.t.Fatalf("%s: %s is no field", p.where(), selector)
	case "moved":
		p.of(selector, `e => { e.focus(); e.value = `+quote(value)+`; `+changed+` }`, nil)
		p.settle()
		return
	}
	const muchToType = 200
	switch {
	case value == "":
		p.run("emptying "+selector, chromedp.KeyEvent(kb.Delete))
	case strings.Contains(value, "\n") || len(value) > muchToType:
		p.run("pasting into "+selector, input.InsertText(value))
	default:
		p.run("typing into "+selector, chromedp.KeyEvent(value))
	}
	p.of(selector, "e => e.blur()", nil)
	p.settle()
}

// changed is what the browser tells a page when the person has chosen.
const changed = `e.dispatchEvent(new Event('input', {bubbles: true})); e.dispatchEvent(new Event('change', {bubbles: true}))`

// Select chooses an option of a list by its value, or by what a person reads.
func (p *Page) Select(selector, option string) {
	p.t.Helper()
	var ok bool
	p.of(selector, `e => {
	const all = [...e.options], wanted = `+quote(option)+`;
	const o = all.find(o => o.value === wanted) ?? all.find(o => o.text === wanted);
	if (!o || o.disabled || e.disabled) return false;
	e.focus();
	e.selectedIndex = o.index;
	`+changed+`;
	return true;
}`, &ok)
	if !ok {
		p.t.Fatalf("%s: %s has no option %q that can be chosen", p.where(), selector, option)
	}
	p.settle()
}

// Check sees to it that a box is ticked, or not; it clicks it if need be.
func (p *Page) Check(selector string, on bool) {
	p.t.Helper()
	var is bool
	p.of(selector, "e => e.checked", &is)
	if is != on {
		p.Click(selector)
	}
}

// Press presses a key where the cursor is: Enter, Tab, Shift+Tab, Escape, Space,
// ArrowDown, Home, PageDown or one character, with Shift+, Control+ or Alt+
// before it.
func (p *Page) Press(key string) {
	p.t.Helper()
	var held []input.Modifier
	name := key
	for {
		before, rest, more := strings.Cut(name, "+")
		if !more || rest == "" {
			break
		}
		m, known := map[string]input.Modifier{"Shift": input.ModifierShift, "Control": input.ModifierCtrl, "Alt": input.ModifierAlt}[before]
		if !known {
			p.t.Fatalf("no key holds %s: expected Shift+, Control+ or Alt+", before)
		}
		held, name = append(held, m), rest
	}
	stroke, known := map[string]string{
		"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
		"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
		"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
	}[name]
	if !known {
		if len([]rune(name)) != 1 {
			p.t.Fatalf("no key is called %q", key)
		}
		stroke = name
	}
	p.run("pressing "+key, chromedp.KeyEvent(stroke, chromedp.KeyModifiers(held...)))
	p.settle()
}
