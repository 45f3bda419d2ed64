import { byId } from './shell.ts';

/** What is behind *More*: the browser opens and closes it, with Esc and clicks beside it too. */
export function menuBehind(more: HTMLElement): void {
  const menu = byId('menu');
  const place = () => {
    const { bottom, right, left } = more.getBoundingClientRect();
    const isRightToLeft = getComputedStyle(more).direction === 'rtl';
    menu.style.top = `${bottom + 4}px`;
    menu.style.right = isRightToLeft ? 'auto' : `${document.documentElement.clientWidth - right}px`;
    menu.style.left = isRightToLeft ? `${left}px` : 'auto';
  };
  const items = () => [...menu.querySelectorAll('button')].filter((item) => !item.hidden);
  menu.addEventListener('beforetoggle', place);
  menu.addEventListener('toggle', (event) => {
    if (event.newState !== 'open') return;
    const { left, right } = menu.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    if (left < 0 || right > width)
      Object.assign(menu.style, left < 0 ? { left: '8px', right: 'auto' } : { left: 'auto', right: '8px' });
    items()[0]?.focus();
  });
  menu.addEventListener('click', () => menu.hidePopover());
  menu.addEventListener('keydown', (event) => {
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all.at(to % all.length)?.focus();
  });
  addEventListener('resize', () => menu.hidePopover());
}
