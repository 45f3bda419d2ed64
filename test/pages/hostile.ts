/** What somebody might write to make another person's page do something. Each would set `window.hit` if it ran. */
export const HOSTILE: readonly string[] = [
  '<script>window.hit=1</script>',
  '<img src=x onerror="window.hit=1">',
  '<svg onload="window.hit=1"><script>window.hit=1</script></svg>',
  '<svg><a xlink:href="javascript:window.hit=1"><text y="9">press</text></a></svg>',
  '<iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=window.hit=1>',
  '<a href="javascript:window.hit=1">press</a>',
  '[press](javascript:window.hit=1)',
  '[press](JaVaScRiPt:window.hit=1)',
  '[press](java\tscript:window.hit=1)',
  '[press](&#106;avascript:window.hit=1)',
  '[press](javascript&colon;window.hit=1)',
  '[press](data:text/html,<script>window.hit=1</script>)',
  '[press](vbscript:window.hit=1)',
  '[press](//evil.example/path)',
  '<javascript:window.hit=1>',
  '![x](javascript:window.hit=1)',
  '![x" onerror="window.hit=1](x)',
  '[x](https://ok.example/" onmouseover="window.hit=1)',
  '[![nested](javascript:window.hit=1)](javascript:window.hit=1)',
  '**[_a_](javascript:window.hit=1)**',
  '> - [press](javascript:window.hit=1)',
  '```html\n<script>window.hit=1</script>\n```',
  '`<img src=x onerror=window.hit=1>`',
  '<style>*{display:none}</style>',
  '<form action="https://evil.example"><input type=submit></form>',
  '<base href="https://evil.example/">',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '\u0000<script>window.hit=1</script>',
  '<scr<script>ipt>window.hit=1</scr</script>ipt>',
];

/** What of a page's links, frames and handlers could do something; nothing when it is safe. Runs in the page. */
export const DANGEROUS = `[...document.querySelectorAll('[role=log] *')].flatMap((one) => {
  const found = [];
  for (const { name, value } of one.attributes) {
    if (/^on/i.test(name)) found.push(name + '=' + value);
    if (/^(?:xlink:)?href$|^src$|^action$|^srcdoc$/i.test(name) && !/^(https?:|mailto:|blob:|data:image\\/|#)/i.test(value))
      found.push(one.tagName + ' ' + name + '=' + value);
  }
  if (/^(script|iframe|object|embed|style|base|meta|form|math)$/i.test(one.tagName)) found.push(one.tagName);
  return found;
}).concat(window.hit === undefined ? [] : ['it ran'])`;
