import { teamsApi } from './api.ts';
import { attaching } from './attach.ts';
import { chatPane } from './chat.ts';
import { destinationOf, linkTo } from './links.ts';
import { liveChat } from './live.ts';
import { tabHost } from './tab.ts';
import { themePicker } from './theme.ts';
import type { OpenedJson, OutcomeJson } from './wire.ts';

function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${id}`);
  return found;
}

const asked = new URLSearchParams(location.search);
const n = Number(asked.get('agent') ?? 1);
const api = teamsApi(n);
const notice = part('notice', HTMLElement);
const text = part('text', HTMLTextAreaElement);

const showOutcome = (result: OutcomeJson) => {
  notice.textContent = result.outcome === 'done' ? '' : result.text;
};

void api.open().then(start, (error: unknown) => {
  notice.textContent = error instanceof Error ? error.message : String(error);
});

function start(opened: OpenedJson): void {
  document.title = `${opened.person.name} | Reconnect | Microsoft Teams (local)`;
  const theme = themePicker(part('theme', HTMLSelectElement), (now) => tab.themeChanged(now));
  const tab = tabHost({
    frame: part('tab', HTMLIFrameElement),
    opened,
    theme,
    token: api.token,
    openLink,
    share: (subPageId, label) => {
      void navigator.clipboard.writeText(linkTo(opened.botId, 'inbox', subPageId, label)).then(
        () => (notice.textContent = 'Link copied.'),
        () => (notice.textContent = 'The link could not be copied.'),
      );
    },
    failed: showFault,
  });
  part('reload', HTMLButtonElement).addEventListener('click', () => tab.load());

  pickPerson(opened);
  if (opened.problem !== undefined) notice.textContent = opened.problem;
  const show = chatPane({
    lines: part('lines', HTMLElement),
    personName: opened.person.name,
    press: (id, press) => (press.kind === 'submit' ? api.submit(id, press.value) : execute(id, press)),
    openLink,
  });
  liveChat(n, show, (connected) => {
    part('chat', HTMLElement).classList.toggle('away', !connected);
    if (!connected) notice.textContent = 'Reconnecting…';
    else if (notice.textContent === 'Reconnecting…') notice.textContent = '';
  });
  tab.load(asked.get('subPageId') ?? undefined);

  function openLink(url: string): void {
    const destination = destinationOf(url);
    if (destination.to === 'tab') tab.show(destination.subPageId);
    else if (destination.to === 'chat') openChat(true);
    else if (destination.to === 'outside') window.open(destination.url, '_blank', 'noopener');
    else notice.textContent = 'Teams cannot open this link.';
  }
}

const execute = (id: string, { id: actionId, verb, data }: { id?: string; verb?: string; data?: unknown }) =>
  api.execute(id, {
    ...(actionId !== undefined && { id: actionId }),
    ...(verb !== undefined && { verb }),
    data,
  });

function pickPerson({ person, people }: OpenedJson): void {
  const picker = part('person', HTMLSelectElement);
  picker.replaceChildren(
    ...people.map((one) => new Option(one.name, String(one.n), false, person.n === one.n)),
  );
  picker.addEventListener('change', () => location.assign(`/teams?agent=${picker.value}`));
  const initials = person.name.split(/\s+/).map((word) => word.charAt(0));
  part('me', HTMLElement).textContent = initials.slice(0, 2).join('').toUpperCase();
}

function showFault(reason: string | undefined): void {
  part('fault', HTMLElement).hidden = reason === undefined;
  part('fault-reason', HTMLElement).textContent = reason ?? '';
}

function openChat(open: boolean): void {
  part('chat', HTMLElement).hidden = !open;
  document.body.classList.toggle('chat-hidden', !open);
  part('toggle', HTMLButtonElement).setAttribute('aria-expanded', String(open));
  if (open) text.focus();
}
part('toggle', HTMLButtonElement).addEventListener('click', () => {
  openChat(document.body.classList.contains('chat-hidden'));
});

const attach = attaching({
  text,
  chat: part('chat', HTMLElement),
  input: part('files', HTMLInputElement),
  button: part('attach', HTMLButtonElement),
  chosen: part('chosen', HTMLElement),
});
part('compose', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void say();
});

async function say(): Promise<void> {
  const said = text.value.trim();
  const files = await attach.take();
  if (!said && files.length === 0) return;
  text.value = '';
  const result = await api.say(said, files);
  showOutcome(result);
  if (result.outcome !== 'unsent') return;
  if (text.value === '') text.value = said;
  attach.restore(files);
}
text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  text.form?.requestSubmit();
});
