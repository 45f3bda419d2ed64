import type { Knob } from '../../admin/drive/tuned.ts';
import { byId, h } from './element.ts';

/** Shows a widget's settings to be tried out, and gives those that were changed. */
export function knobFields(): {
  readonly show: (knobs: readonly Knob[]) => void;
  readonly changed: () => Readonly<Record<string, string>>;
} {
  let shown: readonly { readonly knob: Knob; readonly input: HTMLInputElement | HTMLSelectElement }[] = [];
  return {
    show: (knobs) => {
      shown = knobs.map((knob) => ({ knob, input: inputOf(knob) }));
      byId('knobs').replaceChildren(
        ...shown.map(({ knob, input }) =>
          h(
            'div',
            { class: 'field' },
            h('label', { for: input.id }, knob.name),
            input,
            h('p', { class: 'note', id: `${input.id}-note` }, noteOf(knob)),
          ),
        ),
      );
    },
    changed: () =>
      Object.fromEntries(
        shown.flatMap(({ knob, input }) => (input.value === knob.value ? [] : [[knob.name, input.value]])),
      ),
  };
}

const noteOf = ({ description, bounds }: Knob): string => {
  const plain = description.replaceAll(/[`*]/gu, '');
  return bounds === undefined ? plain : `${plain} ${bounds.lowest} – ${bounds.highest ?? ''}.`;
};

function inputOf({ name, value, choices }: Knob): HTMLInputElement | HTMLSelectElement {
  const id = `knob-${name}`;
  const described = { 'aria-describedby': `${id}-note` };
  if (choices === undefined)
    return h('input', { type: 'text', id, value, autocomplete: 'off', ...described });
  return h(
    'select',
    { id, ...described },
    ...choices.map((choice) => h('option', { value: choice, selected: choice === value }, choice)),
  );
}
