/** Makes elements. Whatever is inserted is text: nothing on this page is ever parsed as markup. */
import type { StoryLine, StoryState } from '../../why/story.js';
import { STATES, clock, visible } from './words.mjs';

type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** An element with these attributes and children; `true` is an attribute without a value, `undefined` and `false` are none. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** The element of `index.html` that has this id. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`Expected an element with the id ${id}, found none.`);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A shape in a square of 16, drawn as a line. */
export function svg(viewBox: string, paths: readonly string[], className: string): SVGSVGElement {
  const element = document.createElementNS(SVG, 'svg');
  element.setAttribute('viewBox', viewBox);
  element.setAttribute('class', className);
  element.setAttribute('aria-hidden', 'true');
  for (const d of paths) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    element.append(path);
  }
  return element;
}

type IconName = StoryState | StoryLine['what'] | 'remedy' | 'back';

const RING = 'M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 0 0 0-12.4z';

const ICONS: Readonly<Record<IconName, readonly string[]>> = {
  told: [RING, 'M5.2 8.2l2 2 3.7-4.1'],
  partly: [RING, 'M8 5v3.6', 'M8 11.1v.1'],
  failed: [RING, 'M5.8 5.8l4.4 4.4', 'M10.2 5.8l-4.4 4.4'],
  nobody: [RING, 'M5.2 8h5.6'],
  'under-way': ['M8 1.8a6.2 6.2 0 1 1-5.8 4'],
  event: ['M4 1.8h5.2L12.5 5v9.2H4z', 'M9 1.8V5.2h3.4'],
  compose: ['M2.5 13.5l.7-3L10.4 3.3l2.3 2.3-7.2 7.2z'],
  audience: [
    'M6 7.6a2.5 2.5 0 1 0 0-5a2.5 2.5 0 0 0 0 5z',
    'M1.8 13.5c0-5 8.4-5 8.4 0',
    'M11 3.2a2.2 2.2 0 0 1 0 4',
    'M12.2 9.6c1.3.6 2 2 2 3.9',
  ],
  person: ['M8 7.6a2.7 2.7 0 1 0 0-5.4a2.7 2.7 0 0 0 0 5.4z', 'M3 14c0-5.6 10-5.6 10 0'],
  device: ['M5 1.8h6v12.4H5z', 'M7.4 12h1.2'],
  round: ['M13.2 8a5.2 5.2 0 1 1-1.7-3.9', 'M13.4 1.8v3h-3'],
  next: ['M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 0 0 0-12.4z', 'M8 4.8V8h2.8'],
  end: ['M3.5 14.2V2h9l-2 3.2 2 3.2h-9'],
  remedy: [
    'M9.8 2.2a3.6 3.6 0 0 0-3.4 5L1.9 11.7l2.4 2.4 4.5-4.5a3.6 3.6 0 0 0 5-3.4l-2.3 2.2-2.3-.6-.6-2.3z',
  ],
  back: ['M9.8 3L4.8 8l5 5'],
};

export function icon(name: IconName): SVGSVGElement {
  return svg('0 0 16 16', ICONS[name], 'icon');
}

export function stateBadge(state: StoryState): HTMLElement {
  return el('span', { class: `badge ${state}` }, icon(state), STATES[state].word);
}

/** Text of others: isolated, so that its direction changes nothing around it. */
export function foreign(text: string, className?: string): HTMLElement {
  return el('bdi', { class: className }, visible(text));
}

/** A moment, with the whole of it where the pointer rests. */
export function time(iso: string, now: number): HTMLElement {
  return el('time', { datetime: iso, title: iso }, clock(iso, now));
}
