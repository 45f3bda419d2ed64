/** A page that stands for Teams around the tab: it frames `/inbox/` and answers what teams-js asks by postMessage. */
export const hostPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Teams</title>
<link rel="icon" href="data:,"></head><body><script src="/host.js"></script></body></html>`;

/** `/host?theme=dark&sub=…`: the theme, and the deep link's subPageId. `setTheme(name)` changes the theme later. */
export const hostScript = `
const asked = new URLSearchParams(location.search);
const context = { locale: 'en-gb', theme: asked.get('theme') ?? 'default', entityId: 'inbox',
  subEntityId: asked.get('sub') ?? undefined, userObjectId: 'mara', tid: 'tenant', hostName: 'Teams' };
const runtime = JSON.stringify({ apiVersion: 4, isLegacyTeams: false, supports: { pages: {} },
  hostVersionsInfo: {} });
let tokens = 0;
const frame = document.createElement('iframe');
frame.title = 'Inbox';
frame.src = '/inbox/';
for (const [name, value] of Object.entries({ position: 'fixed', inset: '0', width: '100%', height: '100%', border: '0' })) {
  frame.style[name] = value;
}
const answers = {
  initialize: () => ['content', 'web', runtime, '2.58.0'],
  getContext: () => [context],
  'authentication.getAuthToken': () => [true, 'token-' + ++tokens],
};
addEventListener('message', (event) => {
  const { id, uuidAsString, func } = event.data;
  if (func === 'appInitialization.success') document.body.dataset.ready = 'true';
  const answer = answers[func];
  if (answer) event.source.postMessage({ id, uuidAsString, args: answer() }, event.origin);
});
globalThis.setTheme = (theme) => frame.contentWindow.postMessage({ func: 'themeChange', args: [theme] }, location.origin);
document.body.append(frame);
`;
