import { byId, type Shell } from './shell.ts';

/** Leads the keyboard and the eye through the prompt: to its first button when it comes, back to the composer after. */
export interface Guide {
  /** A button was pressed: none can be pressed again until it is settled. */
  readonly answered: () => void;
  readonly settled: () => void;
  readonly stop: () => void;
}

export function guidePrompt(shell: Pick<Shell, 'focusComposer'>): Guide {
  const chat = byId('chat');
  let current: Element | null = null;

  const look = () => {
    const button = chat.querySelector<HTMLButtonElement>('.prompt .ac-pushButton');
    const prompt = button?.closest('.prompt') ?? null;
    if (prompt === current) return;
    current = prompt;
    if (button !== null) button.focus({ preventScroll: false });
  };
  const observer = new MutationObserver(look);
  observer.observe(chat, { childList: true, subtree: true });

  const buttons = () => chat.querySelectorAll<HTMLButtonElement>('.prompt .ac-pushButton');
  return {
    answered: () => {
      chat.dataset['answering'] = '';
      for (const button of buttons()) button.disabled = true;
    },
    settled: () => {
      delete chat.dataset['answering'];
      for (const button of buttons()) button.disabled = false;
      requestAnimationFrame(() => shell.focusComposer());
    },
    stop: () => observer.disconnect(),
  };
}
