/** The style sheet of the HTML reports. It is part of the page, and the page's policy names its hash. */
export const pageStyle = `
:root{--bg:#f6f7f9;--card:#fff;--ink:#1b1f24;--dim:#5b6470;--line:#dfe3e8;--good:#1a7f37;--change:#9a6700;--bad:#c5221f;--note:#0a5cc0;--quiet:#6b7480;--goodbg:#e6f4ea;--changebg:#fff5d6;--badbg:#fdeceb;--notebg:#e8f1fd;--quietbg:#eef0f3}
@media (prefers-color-scheme:dark){:root{--bg:#101418;--card:#181d23;--ink:#e8ecf1;--dim:#9ba6b2;--line:#2c343d;--good:#4ac26b;--change:#e3b341;--bad:#ff7b72;--note:#79b8ff;--quiet:#98a3af;--goodbg:#12281a;--changebg:#2c2410;--badbg:#331616;--notebg:#10233b;--quietbg:#222931}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 "Segoe UI",system-ui,-apple-system,Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1180px;margin:0 auto;padding:32px 24px 48px}
h1{font-size:26px;line-height:1.25;margin:0;letter-spacing:-.01em}
.subtitle{margin:6px 0 20px;color:var(--dim)}
.callout{border-left:4px solid var(--note);background:var(--notebg);border-radius:6px;padding:10px 14px;margin:0 0 12px}
.callout.bad{border-color:var(--bad);background:var(--badbg)}
.callout a{color:var(--note);overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(120px,1fr));gap:12px;list-style:none;margin:20px 0 14px;padding:0}
.tile{display:block;height:100%;padding:12px 14px;border:1px solid var(--line);border-top:3px solid var(--quiet);border-radius:8px;background:var(--card);color:inherit;text-decoration:none}
.tile b{display:block;font-size:26px;line-height:1.2;font-variant-numeric:tabular-nums}
.tile span{color:var(--dim);font-size:13.5px}
.tile:hover,.tile:focus-visible{border-color:var(--note);outline:0;box-shadow:0 0 0 2px var(--note)}
.tile.good{border-top-color:var(--good)}.tile.good b{color:var(--good)}
.tile.change{border-top-color:var(--change)}.tile.change b{color:var(--change)}
.tile.bad{border-top-color:var(--bad)}.tile.bad b{color:var(--bad)}
.tile.note{border-top-color:var(--note)}.tile.note b{color:var(--note)}
.bar{display:block;width:100%;height:10px;border-radius:5px;margin:0 0 22px;overflow:hidden;background:var(--line)}
rect.good{fill:var(--good)}rect.change{fill:var(--change)}rect.bad{fill:var(--bad)}rect.note{fill:var(--note)}rect.quiet{fill:var(--quiet)}
details{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:0 0 12px;overflow:clip}
summary{cursor:pointer;padding:12px 16px;font-weight:600}
summary:focus-visible{outline:2px solid var(--note);outline-offset:-2px}
details[open]>summary{border-bottom:1px solid var(--line)}
.dot{display:inline-block;width:10px;height:10px;border-radius:50%;margin:0 8px 0 4px;background:var(--quiet)}
.dot.good{background:var(--good)}.dot.change{background:var(--change)}.dot.bad{background:var(--bad)}.dot.note{background:var(--note)}
.count{color:var(--dim);font-weight:400;margin-left:4px;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;scroll-margin-top:64px}
table{border-collapse:collapse;width:100%;min-width:880px;table-layout:fixed;font-size:14px}
th{position:sticky;top:0;background:var(--card);text-align:left;font-weight:600;color:var(--dim);font-size:12.5px;white-space:nowrap}
th,td{padding:7px 12px;border-bottom:1px solid var(--line);vertical-align:top}
tbody tr:last-child td{border-bottom:0}
tbody tr:hover{background:var(--quietbg)}
td:first-child,th:first-child{text-align:right;font-variant-numeric:tabular-nums;color:var(--dim);white-space:nowrap}
th:nth-child(1){width:76px}th:nth-child(2){width:27%}th:nth-child(3){width:142px}th:nth-child(4){width:246px}
td{overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
td small{display:block;color:var(--dim);font-size:12.5px}
.more{margin:0;padding:10px 16px;color:var(--dim);border-top:1px solid var(--line)}
footer{margin-top:28px;color:var(--dim);font-size:13.5px}
h2{font-size:14px;margin:0 0 8px;color:var(--ink)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:4px 24px;margin:0}
dl div{display:flex;gap:10px}
dt{flex:0 0 118px}
dd{margin:0;color:var(--ink);overflow-wrap:anywhere}
@media print{@page{margin:12mm}:root{--bg:#fff;--card:#fff;--ink:#000;--dim:#444;--line:#bbb}main{max-width:none;padding:0}body{font-size:11px}details{break-inside:auto;border-color:#bbb}details::details-content{content-visibility:visible;display:block}table{min-width:0}tr{break-inside:avoid}th{position:static}.scroll{overflow:visible}.tile,.callout,.bar,.dot{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
