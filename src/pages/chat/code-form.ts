import { make } from './element.ts';
import type { Words } from './wording.ts';

/** The three words in what was typed, in whatever case, apart by whatever people put between words. */
export function wordsTyped(text: string): string | undefined {
  const found =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  return found.length === 3 ? found.join(' ') : undefined;
}

let made = 0;

/**
 * Asks for a code in one field. `use` gets its words, and gives a sentence for people when they do not lead back. A
 * wrong try is counted against this browser, so what cannot be a code is not tried.
 */
export function codeForm(
  words: Words,
  use: (code: string, tell: (text: string) => void) => Promise<string | undefined>,
): HTMLFormElement {
  const { say } = words;
  made += 1;
  const [id, hintId, wrongId] = [`code-${made}`, `code-hint-${made}`, `code-wrong-${made}`];
  const input = make('input', {
    id,
    type: 'text',
    name: 'code',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: false,
    maxLength: 80,
    required: true,
    dir: 'auto',
    'aria-describedby': `${hintId} ${wrongId}`,
  });
  const wrong = make('p', { id: wrongId, className: 'wrong', role: 'alert' });
  const submit = make('button', { type: 'submit', className: 'press plain' }, say('page.code.use'));
  const tell = (text: string) => {
    wrong.textContent = text;
    input.setAttribute('aria-invalid', String(text !== ''));
    if (text !== '') input.focus();
  };

  const send = async () => {
    if (submit.getAttribute('aria-disabled') === 'true') return;
    const code = wordsTyped(input.value);
    tell('');
    if (code === undefined) {
      tell(say('page.code.notThree'));
      return;
    }
    submit.setAttribute('aria-disabled', 'true');
    try {
      tell((await use(code, (text) => (wrong.textContent = text))) ?? '');
    } finally {
      submit.removeAttribute('aria-disabled');
    }
  };
  const onsubmit = (event: Event) => {
    event.preventDefault();
    void send();
  };
  return make(
    'form',
    { className: 'code', noValidate: true, onsubmit },
    make('label', { htmlFor: id }, say('page.code.label')),
    make('div', { className: 'code-field' }, input, submit),
    make('p', { id: hintId, className: 'hint' }, say('page.code.hint')),
    wrong,
  );
}
