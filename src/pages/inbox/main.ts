import { pageClock } from '../clock.ts';
import { supervising } from './state/all.ts';
import { inbox } from './state/inbox.ts';
import { whatWasRead } from './state/memory.ts';
import { sentenceOf } from './state/sentences.ts';
import { store } from './state/state.ts';
import { storyOf } from './state/story.ts';
import { talk } from './state/talk.ts';
import { app, type App } from './view/app.ts';
import { h } from './view/dom.ts';
import { emptyState } from './view/empty.ts';
import { dress } from './view/fluent.ts';
import { agentApi, type Api } from './wire/api.ts';
import { keepLive } from './wire/live.ts';
import { meetTeams, type Teams } from './wire/teams.ts';
import { tokenSource } from './wire/token.ts';

const root = document.getElementById('app');
if (root !== null) void start(root);

async function start(place: HTMLElement): Promise<void> {
  const teams = await meetTeams();
  if (teams === undefined) {
    place.className = 'outside';
    place.removeAttribute('aria-busy');
    const words = emptyState(
      'chat',
      'This is the agents’ inbox',
      'Open it in Microsoft Teams: it is a tab of the Reconnect app.',
    );
    place.replaceChildren(h('main', {}, h('h1', { class: 'unseen' }, 'Inbox'), words));
    return;
  }
  dress(teams.theme);
  teams.onTheme(dress);
  run(place, teams);
}

function run(place: HTMLElement, teams: Teams): void {
  const clock = pageClock();
  const api: Api = agentApi(tokenSource(teams.token), clock.set, (path) => {
    // Anything else may be closed to an agent too: whether they still are one, only this tells.
    if (path === '/api/agent/me' || path === '/api/stream') state.change({ barred: true });
    else api.me().catch(() => {});
  });
  const state = store(whatWasRead(), (now) => {
    view.render(now);
    story.look(now);
  });
  const story = storyOf(api, state);
  const session = talk(api, state, clock, (sid, text) => view.giveBack(sid, text));
  const box = inbox(api, state, clock, session);
  const all = supervising(api, state, clock, session);
  const view: App = app(place, api, clock, state, box, session, all);
  state.change({});
  teams.ready();

  const count = () => {
    state.change({});
    clock.after(1_000, count);
  };
  count();
  let first = true;
  const begin = async () => {
    await box.refetch();
    const shown = state.get().all;
    if (shown !== undefined) await all.show(shown.stream, shown.day);
    if (!first) return;
    first = false;
    await openLinked(teams.subPageId);
  };
  const openLinked = async (subPageId: string | undefined) => {
    if (subPageId === undefined || subPageId === '') return;
    // Whether it is a session's id of this agent is for the house to say.
    await session.open(subPageId as Parameters<typeof session.open>[0]);
    const list = state.get().open?.row?.list;
    if (list !== undefined) box.choose(list);
  };
  keepLive(
    api,
    (link) => {
      state.change({ link });
      if (link.is === 'live') void begin().then(session.retry);
    },
    (news) => {
      box.news(news);
      all.heard(news);
    },
    (error) => state.change({ saying: { tone: 'problem', text: sentenceOf(error) } }),
  );
}
