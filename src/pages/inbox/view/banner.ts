import type { Banner } from '../state/banner.ts';
import type { Act } from '../wire/wire.ts';
import { button, h, setAttributes, setText } from './dom.ts';

export interface BannerView {
  readonly element: HTMLElement;
  readonly render: (banner: Banner | undefined) => void;
}

/** The strip above the transcript. Its title is announced when it changes; the counting words beside it are not. */
export function bannerView(on: {
  readonly act: (act: Exclude<Act, 'message' | 'comment'>) => void;
  readonly leaveEarlier: () => void;
}): BannerView {
  const title = h('strong', { role: 'status' });
  const text = h('span', { class: 'banner-text' });
  const left = h('i');
  const bar = h('span', { class: 'banner-bar', 'aria-hidden': 'true' }, left);
  const control = button('', undefined, { look: 'subtle' });
  const element = h('div', { class: 'banner', hidden: true }, title, text, bar, control);
  return {
    element,
    render: (banner) => {
      setAttributes(element, { hidden: banner === undefined });
      setText(title, banner?.title ?? '');
      if (banner === undefined) return;
      element.className = `banner ${banner.tone}`;
      setText(text, banner.text);
      setAttributes(bar, { hidden: banner.left === undefined });
      left.style.setProperty('inline-size', `${Math.round((banner.left ?? 0) * 1000) / 10}%`);
      const { action } = banner;
      setAttributes(control, { hidden: action === undefined });
      setText(control, action?.label ?? '');
      control.onclick = () => {
        if (action?.act === 'leaveEarlier') on.leaveEarlier();
        else if (action !== undefined && action.act !== 'message' && action.act !== 'comment')
          on.act(action.act);
      };
    },
  };
}
