import { ask } from './ask.ts';
import { h } from './dom.ts';

/** Asks which page is to be shown to the customer; what is allowed the house judges again. */
export function askPage(
  name: string,
  hosts: readonly string[],
): Promise<{ readonly url: string; readonly title?: string } | undefined> {
  const url = h('input', {
    ...{ type: 'url', id: 'page-url', class: 'input', placeholder: 'https://', maxlength: 2_000, dir: 'ltr' },
    'aria-describedby': 'page-hosts',
  });
  const title = h('input', { type: 'text', id: 'page-title', class: 'input', maxlength: 100, dir: 'auto' });
  return ask({
    title: `Show ${name} a page`,
    body: [
      h(
        'div',
        { class: 'field' },
        h('label', { for: 'page-url' }, 'Address'),
        url,
        h('small', { id: 'page-hosts' }, `Pages of ${hosts.join(', ')}. ${name} is asked first.`),
      ),
      h('div', { class: 'field' }, h('label', { for: 'page-title' }, 'What it is (optional)'), title),
    ],
    yes: 'Send page',
    answer: () => {
      const address = url.value.trim();
      if (!/^https:\/\/[^/\s]/iu.test(address) || !URL.canParse(address))
        return { missing: 'Please give an address that begins with https://.' };
      const words = title.value.trim();
      return { is: { url: address, ...(words !== '' && { title: words }) } };
    },
  });
}

/** Why no page can be shown here; `undefined` when one can. */
export const whyNoPage = (hosts: readonly string[] | undefined): string | undefined =>
  hosts?.length === 0 ? 'This chat’s settings name no hosts whose pages can be shown' : undefined;
