import type { AttachedJson } from './wire.ts';

/** The files that are to go with the next line. */
export interface Attaching {
  /** What was chosen, read; the choice is empty afterwards. */
  readonly take: () => Promise<readonly AttachedJson[]>;
  /** Puts them back, where they could not be sent. */
  readonly restore: (files: readonly AttachedJson[]) => void;
}

/** Files for the bot: by the button, dropped onto the chat, or pasted, which makes a picture part of the message. */
export function attaching(parts: {
  readonly chat: HTMLElement;
  readonly input: HTMLInputElement;
  readonly button: HTMLButtonElement;
  readonly text: HTMLTextAreaElement;
  readonly chosen: HTMLElement;
}): Attaching {
  const { chat, input, button, text, chosen } = parts;
  let files: Promise<AttachedJson>[] = [];

  const show = (names: readonly string[]): void => {
    chosen.hidden = names.length === 0;
    chosen.replaceChildren(
      ...names.map((name, at) => {
        const chip = document.createElement('li');
        const away = document.createElement('button');
        away.type = 'button';
        away.textContent = '×';
        away.setAttribute('aria-label', `Remove ${name}`);
        away.addEventListener('click', () => {
          files = files.filter((_, place) => place !== at);
          show(names.filter((_, place) => place !== at));
          text.focus();
        });
        chip.append(name, away);
        return chip;
      }),
    );
  };
  const namesShown = (): string[] =>
    [...chosen.children].map(({ firstChild }) => firstChild?.textContent ?? '');
  const add = (more: readonly File[], inline: boolean): void => {
    files = [...files, ...more.map((file) => read(file, inline && file.type.startsWith('image/')))];
    show([...namesShown(), ...more.map(({ name }) => name)]);
  };

  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    add([...(input.files ?? [])], false);
    input.value = '';
    text.focus();
  });
  text.addEventListener('paste', (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (pasted.length === 0) return;
    event.preventDefault();
    add(pasted, true);
  });
  chat.addEventListener('dragover', (event) => event.preventDefault());
  chat.addEventListener('drop', (event) => {
    event.preventDefault();
    add([...(event.dataTransfer?.files ?? [])], false);
  });

  return {
    take: async () => {
      const taken = await Promise.all(files);
      files = [];
      show([]);
      return taken;
    },
    restore: (before) => {
      files = [...before.map((file) => Promise.resolve(file)), ...files];
      show([...before.map(({ name }) => name), ...namesShown()]);
    },
  };
}

async function read(file: File, inline: boolean): Promise<AttachedJson> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => reject(new Error(`${file.name} cannot be read`)));
    reader.readAsDataURL(file);
  });
  return { name: file.name, type: file.type, base64: url.slice(url.indexOf(',') + 1), inline };
}
