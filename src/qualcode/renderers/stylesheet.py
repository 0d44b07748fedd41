"""The style sheet of the HTML page: one column of text, quiet colours with enough contrast, light and dark, paper."""

from __future__ import annotations

STYLE = """
:root {
  --paper: #fdfdfb; --ink: #1d1f21; --faint: #5c6166; --line: #d9d9d3; --accent: #2f5d7c; --wash: #f2f4f1;
  --mark: #fdf3c4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #17191b; --ink: #e4e3de; --faint: #a2a6a9; --line: #3a3e41; --accent: #8fbcdb; --wash: #212427;
    --mark: #4a431f;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); }
body { margin: 0; font: 1.0625rem/1.6 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif; }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
h1, h2, h3, h4, h5, h6, .facts, nav, table, figcaption, .note, .marks, .number, .speaker {
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2.2em 0 0.5em; font-weight: 650; overflow-wrap: anywhere; }
h1 { font-size: 1.9rem; margin-top: 0; }
h2 { font-size: 1.4rem; border-bottom: 1px solid var(--line); padding-bottom: 0.25em; }
h3 { font-size: 1.15rem; }
h4, h5, h6 { font-size: 1rem; color: var(--faint); }
p { margin: 0.5em 0; overflow-wrap: anywhere; white-space: pre-line; }
.facts { margin: 0 0 2rem; font-size: 0.875rem; color: var(--faint); }
.facts div { display: flex; gap: 0.75rem; }
.facts dt { flex: 0 0 5.5rem; font-weight: 600; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
nav { margin: 0 0 2rem; padding: 0.75rem 1rem; background: var(--wash); border-radius: 6px; font-size: 0.875rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav .many { columns: 15rem; column-gap: 2rem; }
nav li { break-inside: avoid; overflow-wrap: anywhere; }
nav .l2 { padding-left: 1.25rem; } nav .l3 { padding-left: 2.5rem; } nav .l4 { padding-left: 3.75rem; }
a { color: var(--accent); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
figure { margin: 1.25rem 0 1.5rem; padding: 0 0 0 1.1rem; border-left: 3px solid var(--accent); }
.passage { white-space: pre-wrap; overflow-wrap: anywhere; }
blockquote { display: inline; margin: 0; }
figcaption { margin-top: 0.35rem; font-size: 0.85rem; color: var(--faint); overflow-wrap: anywhere; }
.context { color: var(--faint); font-size: 0.92em; }
.memo { font-style: italic; color: var(--faint); font-size: 0.9rem; }
.note { font-size: 0.875rem; color: var(--faint); }
.wide { overflow-x: auto; margin: 1.25rem 0; }
table { border-collapse: collapse; font-size: 0.875rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.5rem; }
th, td { padding: 0.35rem 0.7rem; vertical-align: top; text-align: left; white-space: pre-line; }
th:first-child, td:first-child { padding-left: 0; }
thead th { border-top: 2px solid var(--ink); border-bottom: 1px solid var(--ink); vertical-align: bottom; }
tbody tr { border-bottom: 1px solid var(--line); }
tbody tr:last-child { border-bottom: 2px solid var(--ink); }
td { unicode-bidi: isolate; }
.right { text-align: right; }
.turn { display: grid; grid-template-columns: 2.5rem minmax(0, 1fr) 13rem; gap: 0 1rem; padding: 0.6rem 0; }
.turn + .turn { border-top: 1px solid var(--line); }
.turn .number { color: var(--faint); font-size: 0.8rem; text-align: right; padding-top: 0.25rem; }
.turn p { margin: 0; white-space: pre-wrap; }
.turn .speaker { display: block; font-size: 0.8rem; color: var(--faint); }
.turn.dimmed p { color: var(--faint); }
.marks { list-style: none; margin: 0; padding: 0.2rem 0 0 0.75rem; font-size: 0.8rem; color: var(--accent);
  border-left: 2px solid var(--line); overflow-wrap: anywhere; }
.marks:empty { border-left-color: transparent; }
mark { background: var(--mark); color: inherit; }
main:has(.turn) { max-width: 60rem; }
main:has(.across) { max-width: 78rem; }
@media (max-width: 40rem) {
  .turn { grid-template-columns: 2rem minmax(0, 1fr); }
  .turn .marks { grid-column: 2; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --faint: #444; --line: #bbb; --accent: #333; --wash: #fff; --mark: #eee; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  a { color: inherit; }
  h1, h2, h3, h4, h5, h6, caption { break-after: avoid; }
  figure, tr, .turn { break-inside: avoid; }
  .wide { overflow: visible; }
  .across { page: across; }
}
@page { margin: 2.2cm; }
@page across { size: A4 landscape; }
"""
