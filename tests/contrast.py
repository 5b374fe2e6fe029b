"""What on a page can hardly be read, as a program for the browser that shows it."""

from __future__ import annotations

# The elements with text of their own whose colour differs from what is behind it by less than WCAG's 4.5 : 1, as TAG.class.  Colours that
# let others through are mixed with them first.  Signs within coloured shapes have a shape behind them, which is not their parent.
PALE = """() => {
    const channel = value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const parts = colour => { const found = colour.match(/[\\d.]+/g).map(Number); return found.length > 3 ? found : [...found, 1]; };
    const light = rgb => rgb.reduce((sum, part, at) => sum + [0.2126, 0.7152, 0.0722][at] * channel(part / 255), 0);
    const over = (top, below) => below.map((part, at) => top[3] * top[at] + (1 - top[3]) * part);
    const behind = element => element
        ? over(parts(getComputedStyle(element).backgroundColor), behind(element.parentElement)) : [255, 255, 255];
    const speaks = element => [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    const pale = element => {
        const drawing = element.closest('svg');
        const below = behind(drawing ?? element);
        const [a, b] = [light(over(parts(getComputedStyle(element)[drawing ? 'fill' : 'color']), below)), light(below)];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
    };
    const all = [...document.querySelectorAll('body *:not(script, title, desc, .sign)')];
    const found = all.filter(element => speaks(element) && pale(element));
    return [...new Set(found.map(element => `${element.tagName}.${element.getAttribute('class') ?? ''}`))];
}"""
