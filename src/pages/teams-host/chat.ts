import { type Press, renderCard } from './cards.ts';
import { markdownToHtml } from './markdown.ts';
import type { ChatLine, LiveJson, OutcomeJson } from './wire.ts';

export interface ChatSettings {
  readonly lines: HTMLElement;
  readonly personName: string;
  /** Sends a press on the card in message `id` to the bot. */
  readonly press: (id: string, press: Exclude<Press, { kind: 'open' }>) => Promise<OutcomeJson>;
  readonly openLink: (url: string) => void;
}

const cardType = 'application/vnd.microsoft.card.adaptive';
const typingMs = 5_000;

/** Shows the bot's chat in `lines` and keeps it as the live news says. New lines scroll only a reader at the end. */
export function chatPane({ lines, personName, press, openLink }: ChatSettings) {
  const shown = new Map<string, HTMLElement>();
  const dots = element('p', 'dots', 'Reconnect is typing…');
  let dotsTimer = 0;
  let nowAhead = 0;

  lines.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link) return;
    event.preventDefault();
    openLink(link.href);
  });

  return (news: LiveJson): void => {
    const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
    switch (news.kind) {
      case 'all':
        nowAhead = news.now - Date.now();
        shown.clear();
        for (const line of news.lines) shown.set(line.id, drawn(line));
        arrange();
        break;
      case 'put':
        put(news.line);
        break;
      case 'gone':
        shown.delete(news.id);
        arrange();
        break;
      case 'typing':
        lines.append(dots);
        clearTimeout(dotsTimer);
        dotsTimer = window.setTimeout(() => dots.remove(), typingMs);
        break;
    }
    if (atEnd || news.kind === 'all') lines.scrollTop = lines.scrollHeight;
  };

  function put(line: ChatLine): void {
    dots.remove();
    const before = shown.get(line.id);
    const now = drawn(line);
    shown.set(line.id, now);
    if (before) replaceKeepingFocus(before, now);
    else arrange();
  }

  // Lines are kept in place and only what is missing is added: a redrawn card would lose what is being typed into it.
  function arrange(): void {
    const wanted: Node[] = [];
    let day = '';
    for (const [id, node] of shown) {
      const itsDay = dayName(Number(id), Date.now() + nowAhead);
      if (itsDay !== day) wanted.push(element('p', 'day', itsDay));
      day = itsDay;
      wanted.push(node);
    }
    if (wanted.length === 0) wanted.push(element('p', 'empty', 'Cards about your customers appear here.'));
    for (const node of [...lines.childNodes]) if (!wanted.includes(node)) node.remove();
    wanted.forEach((node, at) => {
      if (lines.childNodes[at] !== node) lines.insertBefore(node, lines.childNodes[at] ?? null);
    });
  }

  function drawn({ id, author, activity }: ChatLine): HTMLElement {
    const line = element('div', `line ${author}`);
    line.dataset['id'] = id;
    line.append(whoAndWhen(author, Number(id)));
    if (activity.text) line.append(bubble(author, activity.text));
    for (const { contentType, content, name } of activity.attachments ?? []) {
      if (author === 'person') {
        line.append(element('p', 'file', typeof name === 'string' ? name : 'Picture'));
        continue;
      }
      line.append(
        contentType === cardType
          ? cardIn(id, content)
          : element('p', 'said', 'A file or card Teams cannot show here.'),
      );
      line.classList.add('has-card');
    }
    return line;
  }

  // Teams shows only the time over one's own lines; who wrote them is still there for a screen reader.
  function whoAndWhen(author: ChatLine['author'], at: number): HTMLElement {
    const head = element('p', 'who');
    const who = author === 'bot' ? element('span', '', 'Reconnect') : element('span', 'unseen', personName);
    const when = element('time', '', timeName(at));
    when.title = new Date(at).toLocaleString();
    head.append(who, ' ', when);
    return head;
  }

  function cardIn(id: string, content: unknown): HTMLElement {
    const box = element('div', 'card');
    const said = element('p', 'said');
    said.setAttribute('role', 'status');
    const body = renderCard(content, (pressed) => {
      if (pressed.kind === 'open') openLink(pressed.url);
      else void send(pressed);
    });
    box.append(body ?? element('p', 'said failed', 'This card cannot be shown.'));
    const both = element('div', '');
    both.append(box, said);
    return both;

    async function send(pressed: Exclude<Press, { kind: 'open' }>): Promise<void> {
      if (box.classList.contains('busy')) return;
      box.classList.add('busy');
      const result = await press(id, pressed);
      box.classList.remove('busy');
      said.className = result.outcome === 'failed' || result.outcome === 'unsent' ? 'said failed' : 'said';
      said.textContent = result.outcome === 'done' ? '' : result.text;
    }
  }
}

function bubble(author: ChatLine['author'], text: string): HTMLElement {
  const node = element('div', 'bubble');
  if (author === 'bot') node.innerHTML = markdownToHtml(text);
  else node.textContent = text;
  return node;
}

// A pressed button is gone with its card; focus stays with the new card rather than falling to the page.
function replaceKeepingFocus(before: HTMLElement, now: HTMLElement): void {
  const hadFocus = before.contains(document.activeElement);
  before.replaceWith(now);
  if (hadFocus) now.querySelector<HTMLElement>('button, input, textarea, select')?.focus();
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

const timeName = (at: number) => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

function dayName(at: number, now: number): string {
  const day = new Date(at).toDateString();
  if (day === new Date(now).toDateString()) return 'Today';
  return new Date(at).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' });
}
