import type { Talk } from '../state/talk.ts';
import { isPicture, sizeText, type Attachment } from '../state/files.ts';
import { button, h } from './dom.ts';
import { icon } from './icons.ts';

/** A file in the transcript: a picture in its place, anything else by name and size; both are saved by a press. */
export function attachmentView(value: unknown, talk: Talk): HTMLElement {
  const file = readAttachment(value);
  if (file.url === undefined) return h('div', { class: 'attachment' }, icon('attach'), file.name);
  const { url, name, size } = file;
  const label = size === undefined ? name : `${name} ${sizeText(size)}`;
  const save = button('', () => void talk.files.save(url, name), {
    look: 'subtle',
    icon: icon('attach'),
    name: `Save ${label}`,
  });
  save.classList.add('attachment');
  save.append(h('bdi', { class: 'file-name' }, name), ' ', h('span', { class: 'file-size' }, sizeText(size)));
  if (!isPicture(file)) return save;
  const picture = h('img', { class: 'picture', alt: name });
  const frame = h('div', { class: 'picture-frame' }, picture);
  talk.files.address(url).then(
    (address) => (picture.src = address),
    () => frame.replaceChildren(h('span', {}, 'The picture could not be loaded.')),
  );
  return h('div', { class: 'file' }, frame, save);
}

function readAttachment(value: unknown): Attachment {
  const { name, contentType, contentUrl, size } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Readonly<Record<'name' | 'contentType' | 'contentUrl' | 'size', unknown>>;
  return {
    name: typeof name === 'string' && name !== '' ? name : 'Attachment',
    type: typeof contentType === 'string' ? contentType : '',
    // Only what the house keeps is fetched; an address that somebody else wrote is never.
    url: typeof contentUrl === 'string' && /^\/api\/sessions\//u.test(contentUrl) ? contentUrl : undefined,
    size: typeof size === 'number' ? size : undefined,
  };
}
