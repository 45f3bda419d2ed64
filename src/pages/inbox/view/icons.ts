// Outlines in the manner of Fluent System Icons, on their 20 px grid.
const PATHS = {
  back: 'M12.5 4 6.5 10l6 6',
  chevron: 'm5 7.5 5 5 5-5',
  info: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm0-8v4.5M10 6.6v.1',
  dismiss: 'm5 5 10 10M15 5 5 15',
  send: 'M3 3.5 17 10 3 16.5 5 10Zm2 6.5h6',
  people: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-5.5 6.5c0-2.5 2.4-4 5.5-4s5.5 1.5 5.5 4',
  chat: 'M10 3a7 7 0 0 0-6.1 10.4L3 17l3.6-.9A7 7 0 1 0 10 3Z',
  pause: 'M7 4.5v11M13 4.5v11',
  done: 'm4 10.5 4 4 8-9',
  offline: 'M3 8a10 10 0 0 1 14 0M6 11a6 6 0 0 1 8 0m-4 4v.1M4 3l12 14',
  attach: 'm14 9-5 5a2.5 2.5 0 0 1-3.5-3.5L11 5a1.6 1.6 0 0 1 2.3 2.3L8 12.6',
  list: 'M4 5h12M4 10h12M4 15h7',
  page: 'M4 4h12v12H4ZM4 7.5h12M6.2 5.8v.1',
  edit: 'm12.5 4.5 3 3L7 16l-3.5.5L4 13Z',
  remove: 'M4.5 6h11M8 6V4h4v2m-6 0 .6 10h6.8L14 6',
  lock: 'M5.5 9h9v7.500h-9ZM7 9V6.500a3 3 0 0 1 6 0V9m-3 3v1.500',
  note: 'M4 4h12v8l-4 4H4Zm12 8h-4v4',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon of 20 px in the colour of the text; it says nothing to a screen reader. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [key, value] of Object.entries({ viewBox: '0 0 20 20', class: 'icon', 'aria-hidden': 'true' })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
