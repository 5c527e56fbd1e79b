/** How often tests took a transition, on its line and its text. What none took stands out. */
export const HEAT_STYLE = `
.chart .line.rare{stroke:var(--rare)}
.chart .line.often{stroke:var(--often);stroke-width:1.8}
.chart .line.hot{stroke:var(--hot);stroke-width:2.6}
.chart .line.never{stroke:var(--never);stroke-width:2.6;stroke-dasharray:6 4}
.chart .event.rare{fill:var(--rare)}
.chart .event.often{fill:var(--often)}
.chart .event.hot{fill:var(--hot);font-weight:700}
.chart .event.never{fill:var(--never);font-weight:700;text-decoration:underline}
`;

export const REPORT_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b2430;--soft:#5d6875;--rule:#dde2e8;--fill:#f5f7f9;
--good:#1f6f43;--bad:#b3261e;--rare:#5b7ea8;--often:#2c5fa8;--hot:#0b3d91;--never:#c62828}
@media (prefers-color-scheme:dark){:root{--paper:#12161c;--ink:#e6eaf0;--soft:#9aa5b4;--rule:#2c3542;--fill:#1a212a;
--good:#5cc48a;--bad:#ff8a80;--rare:#8fa9c9;--often:#7fb2ff;--hot:#c3dcff;--never:#ff6b60}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:1840px;margin:0 auto;padding:0 32px}
header{display:flex;align-items:baseline;justify-content:space-between;padding-top:28px}
h1{font-size:28px;margin:0;letter-spacing:-.01em}
h2{font-size:19px;margin:44px 0 12px}
header p,.note,.legend{color:var(--soft);margin:8px 0}
.note{white-space:pre-line;font-size:13px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:14px;margin-top:22px}
.tile{border:1px solid var(--rule);border-left:5px solid var(--soft);border-radius:8px;padding:14px 16px;background:var(--fill)}
.tile.good{border-left-color:var(--good)}
.tile.bad{border-left-color:var(--bad)}
.tile b{display:block;font-size:26px;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.tile.bad b,tr.bad td{color:var(--bad)}
.tile.idle b{color:var(--soft);font-weight:500}
.tile span{display:block}
.tile small{color:var(--soft)}
.wide{overflow-x:auto}
.beside{display:flex;flex-wrap:wrap;gap:20px 72px;align-items:flex-start}
.totals td:last-child{text-align:right;padding-right:0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:5px 14px 5px 0;border-bottom:1px solid var(--rule);vertical-align:top}
thead th,thead td{color:var(--soft);font-weight:600;font-size:13px}
.chart{max-width:100%;height:auto}
.heat{display:inline-block;padding:0 9px;margin-left:6px;border-bottom:3px solid;font-size:13px}
.heat.rare{border-color:var(--rare)}.heat.often{border-color:var(--often)}.heat.hot{border-color:var(--hot);font-weight:700}
.heat.never{border-color:var(--never);border-bottom-style:dashed;color:var(--never)}
.matrix th,.matrix td{padding:3px 10px 3px 0;font-size:13px}
.matrix td{white-space:nowrap}
.matrix tbody th{font:13px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:nowrap;padding-right:20px}
.matrix tbody th,.matrix thead td{position:sticky;left:0;background:var(--paper)}
.matrix tbody tr:hover,.matrix tbody tr:hover th{background:var(--fill)}
.who{display:inline-block;width:19px;height:19px;line-height:19px;margin-right:3px;border-radius:4px;text-align:center;
font:600 11px/19px system-ui,sans-serif;color:#fff;background:#5d6875}
.who.C{background:#1f6f43}.who.S{background:#7a5c00}.who.D{background:#2c5fa8}.who.O{background:#6b4fa0}.who.P{background:#a03a5b}
.paths{columns:2 560px;column-gap:48px;font:12px/1.7 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;padding-left:34px}
.paths li{break-inside:avoid}
.paths s{text-decoration:none;color:var(--soft)}
code{font:13px ui-monospace,Menlo,Consolas,monospace}
main{padding-bottom:60px}
@media (max-width:700px){header,main{padding:0 16px}header{flex-wrap:wrap}.chart{max-width:none}.paths{padding-left:26px;overflow-wrap:anywhere}}
@page{size:A3 landscape;margin:12mm}
@media print{body{font-size:11px;print-color-adjust:exact;-webkit-print-color-adjust:exact}header,main{padding:0}
.wide{overflow:visible}tr,.tile,.chart{break-inside:avoid}h2,.legend{break-after:avoid}.chart{max-height:250mm}.paths{columns:2}}
`;
