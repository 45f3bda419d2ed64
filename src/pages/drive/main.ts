import type { Driven } from '../../admin/drive/rows.ts';
import type { Knob } from '../../admin/drive/tuned.ts';
import { actFields } from './acts.ts';
import { byId, h } from './element.ts';
import { knobFields } from './knobs.ts';
import { showDriven, showFaults } from './results.ts';

interface Widget {
  readonly id: string;
  readonly title: string;
  readonly knobs: readonly Knob[];
}

const form = byId('form') as HTMLFormElement;
const choose = byId('widget') as HTMLSelectElement;
const acts = actFields();
const knobs = knobFields();

const answer = await fetch('/test-drive/widgets');
const { widgets } = (await answer.json()) as { readonly widgets: readonly Widget[] };
choose.append(...widgets.map(({ id, title }) => h('option', { value: id }, title)));

let running = new AbortController();
/** Only the last of several is shown: the ones before are given up. */
async function run(): Promise<void> {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const said = Object.fromEntries(new FormData(form).entries());
  try {
    const response = await fetch('/test-drive/run', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ plan: { ...said, ...acts() }, knobs: knobs.changed() }),
      signal,
    });
    const body: unknown = await response.json();
    if (response.ok) showDriven(body as Driven);
    else showFaults((body as { readonly error: { readonly message: string } }).error.message.split('\n'));
  } catch (reason) {
    if (!signal.aborted) showFaults([`The house does not answer: ${String(reason)}`]);
  }
}

const showKnobs = (): void => knobs.show(widgets.find(({ id }) => id === choose.value)?.knobs ?? []);
showKnobs();
choose.addEventListener('input', showKnobs);
form.addEventListener('input', () => void run());
form.addEventListener('submit', (event) => event.preventDefault());
byId('reset').addEventListener('click', () => {
  showKnobs();
  void run();
});
await run();
