import { pictureStyle } from '../pictures/svg.ts'

/** The style sheet of a report, with that of its pictures. */
export const reportStyle = `
:root{color-scheme:light dark;--back:#fff;--text:#1b1f24;--soft:#57606a;--rule:#d0d7de;--panel:#f6f8fa;--link:#0550ae}
@media (prefers-color-scheme:dark){:root{--back:#0d1117;--text:#e6edf3;--soft:#9aa4af;--rule:#30363d;--panel:#161b22;--link:#79c0ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--back);color:var(--text);font:16px/1.5 system-ui,"DejaVu Sans",Verdana,sans-serif;overflow-wrap:break-word}
a{color:var(--link)}
h1{line-height:1.2}h2{margin-top:2.5rem;border-bottom:1px solid var(--rule)}
.note,.lead{color:var(--soft)}
.proven,.title{font-weight:700}
.scroll,figure{overflow-x:auto;margin:1rem 0}
figure svg{display:block}
table{border-collapse:collapse;font-size:.9rem}
caption{text-align:left;font-weight:700;padding:.3rem 0}
th,td{text-align:left;vertical-align:top;padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--rule)}
pre{margin:0;padding:.8rem;background:var(--panel);overflow-x:auto;font:.8rem/1.4 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
code{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.9em}
.code{position:relative;margin:.5rem 0}
.copy{position:absolute;right:.4rem;top:.4rem}
button,input{font:inherit;color:var(--text);background:var(--back);border:1px solid var(--soft);border-radius:.3rem;padding:.2rem .6rem}
input{width:100%;max-width:30rem;padding:.4rem}
details{border:1px solid var(--rule);border-radius:.3rem;padding:.4rem .8rem;margin:.5rem 0}
summary{cursor:pointer;font-weight:700}
[hidden]{display:none}
@media print{body{max-width:none;font-size:11pt;--back:#fff;--text:#000;--soft:#333;--rule:#999;--panel:#fff;--link:#000}.copy,.search,nav{display:none}.per-site,#sites,#firewalls{break-before:page}h2+.per-site{break-before:auto}details::details-content{content-visibility:visible;block-size:auto}pre{white-space:pre-wrap;overflow:visible}.scroll{overflow:visible}tr,figure{break-inside:avoid}figure svg{max-width:100%;height:auto}}
${pictureStyle}`.replace(/\n/g, '')

/** Copies lines, and shows of the address book what is looked for. Without it the report can be read all the same. */
export const reportScript = `
for(const text of document.querySelectorAll('.code>pre')){
const button=document.createElement('button');
const say=word=>{button.textContent=word;button.ariaLabel=word+': '+text.dataset.name};
Object.assign(button,{type:'button',className:'copy'});say('Copy');
button.addEventListener('click',async()=>{
try{await navigator.clipboard.writeText(text.textContent);say('Copied')}
catch{getSelection().selectAllChildren(text);say('Selected')}
setTimeout(()=>say('Copy'),2000)});
text.before(button)}
const field=document.getElementById('search'),rows=[...document.querySelectorAll('#book tbody tr')],said=document.getElementById('found');
if(field)field.addEventListener('input',()=>{
const words=field.value.toLowerCase().split(/\\s+/).filter(Boolean);let shown=0;
for(const row of rows){const text=row.textContent.toLowerCase();const is=words.every(word=>text.includes(word));row.hidden=!is;if(is)shown++}
said.textContent=words.length?shown+' of '+rows.length+' rows':''});
addEventListener('beforeprint',()=>{for(const part of document.querySelectorAll('details:not([open])')){part.open=true;part.dataset.folded=''}});
addEventListener('afterprint',()=>{for(const part of document.querySelectorAll('details[data-folded]')){part.open=false;delete part.dataset.folded}});
`.trim()

/** SHA-256 of the two texts as a Content-Security-Policy has them; a test says what they must be. */
export const digests = {
  style: 'sha256-QBy2r2qzIe2qM3eM80a4+uoZebmjMk+yIz0LB+AJec4=',
  script: 'sha256-P33SyK0+62fzWAXqgrqqKrF89b5kQwn52i0MI2MCK+8=',
} as const
