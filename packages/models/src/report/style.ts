// The style sheet of a report: the page's colours and sizes, nothing from outside.

export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--line:#e3e0d8;--ink:#1b1f24;--muted:#5b6470;--action:#5b3fa6}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--card:#1b1f25;--line:#2a2f36;--ink:#e9e7e1;--muted:#9aa3ad;--action:#b9a4ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:960px;margin:0 auto;padding:32px 24px 64px}
h1,h2,h3{line-height:1.2;font-weight:600;overflow-wrap:anywhere}
h1{font-size:24px;margin:8px 0 16px;max-width:36em}
h2{font-size:18px;margin:48px 0 8px}
h3{font-size:15px;margin:0}
p{margin:8px 0;max-width:75ch;overflow-wrap:anywhere}
.muted,.fine{color:var(--muted)}
.fine,.chart figcaption p,caption{font-size:13px}
.chart figcaption p{margin:4px 0 0}
.card,.chart{margin:16px 0;padding:16px;background:var(--card);border:1px solid var(--line);border-radius:6px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:16px;align-items:start}
.pair>.wide{grid-column:1/-1}
.pair>*{margin:0;min-width:0}
figure{margin:0}
.plot{position:relative;margin:24px 104px 32px 48px}
.plot.large{height:260px}
.plot.small{height:130px}
.plot.square{height:300px;margin-right:24px;margin-bottom:48px}
.plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.plot span{position:absolute;font-size:13px;line-height:18px;white-space:nowrap}
.plot .y{right:100%;margin:0 8px -9px 0;color:var(--muted)}
.plot .x{top:100%;margin-top:8px;transform:translateX(-50%);color:var(--muted)}
.plot .end{left:100%;margin:0 0 -9px 10px}
.plot .end.quiet{color:var(--muted)}
.plot .end.strong{font-weight:600}
.plot .axis{top:100%;margin-top:26px;left:0;right:0;text-align:center;color:var(--muted)}
.plot .side{left:8px;top:4px;color:var(--muted)}
svg *{vector-effect:non-scaling-stroke;fill:none}
.grid{stroke:var(--line);stroke-width:1}
.diagonal{stroke:var(--muted);stroke-width:1;stroke-dasharray:4 4}
polyline.strong{stroke:var(--ink);stroke-width:2}
polyline.quiet{stroke:var(--muted);stroke-width:1.5;opacity:.7}
.whisker{stroke:var(--ink);stroke-width:1.5}
.plot .dot{width:8px;height:8px;margin:0 0 -4px -4px;border-radius:50%;background:var(--ink)}
.plot .dot.quiet{background:var(--card);border:1.5px solid var(--muted)}
.plot .dot.marked{width:14px;height:14px;margin:0 0 -7px -7px;border:3px solid var(--ink);background:var(--card)}
.key{display:inline-block;width:10px;height:10px;border-radius:50%;background:var(--ink);margin-right:4px}
.key.quiet{background:none;border:1.5px solid var(--muted)}
.scroll{overflow-x:auto;max-width:100%}
.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--action);outline-offset:2px}
table{border-collapse:collapse;margin:8px 0;font-size:13px}
caption{text-align:left;font-weight:600;padding-bottom:4px}
th,td{padding:6px 16px 6px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}
thead th{color:var(--muted);white-space:nowrap}
td small,th small{display:block;white-space:nowrap;color:var(--muted);font-size:13px}
th.number,td.number{text-align:right;white-space:nowrap}
td.text,th.text{overflow-wrap:break-word}

.confusion td.number{padding:8px 12px;min-width:84px;border:2px solid var(--card);background:color-mix(in srgb,var(--ink) calc(var(--share)*30%),var(--card))}
.confusion td.right{font-weight:600;outline:1.5px solid var(--ink);outline-offset:-3px}
.confusion td small{color:inherit;font-weight:400}
details{margin:0}
.chart>details:last-child,.card>details:last-child{margin-bottom:-12px}
.chart>details[open]:last-child,.card>details[open]:last-child{margin-bottom:0}
summary{cursor:pointer;color:var(--action);font-size:13px;min-height:44px;display:flex;align-items:center}
summary::before{content:"▸";margin-right:6px}
details[open]>summary::before{content:"▾"}
summary::-webkit-details-marker{display:none}
dl{display:grid;grid-template-columns:minmax(120px,max-content) 1fr;gap:4px 24px;font-size:13px;margin:8px 0}
dt{color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere}
.over td,.over th{border-bottom:0;padding-bottom:0}
.post{overflow-wrap:anywhere;white-space:pre-wrap;max-width:min(75ch,calc(100vw - 72px))}
@media (max-width:560px){main{padding:24px 16px 48px}h1{font-size:18px}.card,.chart{padding:16px 12px}.plot{margin-left:40px;margin-right:92px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}th,td{padding-right:10px}.confusion td.number{min-width:64px;padding:8px 6px}}
@media print{details{display:block}body{background:#fff}}
`
