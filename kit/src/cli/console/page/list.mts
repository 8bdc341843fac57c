/** The live list on the left: the newest first, one link for each delivery. */
import type { Row } from '../source.js';
import type { StoryState } from '../../why/story.js';
import { byId, el, foreign, icon, time } from './elements.mjs';
import { hashOf } from './route.mjs';
import { STATES, outcomeText } from './words.mjs';

/** As many as the server keeps. */
const MOST_ROWS = 500;

const FILTERS: Readonly<Record<string, readonly StoryState[] | undefined>> = {
  All: undefined,
  Trouble: ['failed', 'partly'],
  'Under way': ['under-way'],
  Nobody: ['nobody'],
};

interface Shown {
  readonly row: Row;
  readonly element: HTMLLIElement;
  readonly link: HTMLAnchorElement;
}

export class List {
  private readonly list = byId('rows');
  private readonly empty = byId('empty');
  private readonly shown = new Map<string, Shown>();
  private states: readonly StoryState[] | undefined;
  private isLoaded = false;
  private hasGaps = false;
  private open: string | undefined;

  constructor() {
    const buttons = Object.entries(FILTERS).map(([word, states]) => {
      const button = el('button', { type: 'button', 'aria-pressed': String(word === 'All') }, word);
      button.addEventListener('click', () => {
        for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
        this.states = states;
        this.draw();
      });
      return button;
    });
    byId('filters').append(...buttons);
    this.list.addEventListener('keydown', (event) => {
      const step = STEPS.get(event.key);
      if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.moveFocus(step);
    });
    this.list.addEventListener('focusin', ({ target }) => {
      if (target instanceof HTMLAnchorElement) this.setTabStop(target);
    });
    this.draw();
  }

  /** Everything anew. */
  replace(rows: readonly Row[], hasGaps: boolean): void {
    const ids = new Set(rows.map(({ id }) => id));
    for (const id of [...this.shown.keys()]) if (!ids.has(id)) this.drop(id);
    this.isLoaded = true;
    this.hasGaps = hasGaps;
    for (const row of rows) this.put(row, false);
    this.draw();
  }

  /** What changed. Returns those rows that are new. */
  change(rows: readonly Row[], gone: readonly string[]): Row[] {
    const fresh = rows.filter(({ id }) => !this.shown.has(id));
    for (const id of gone) this.drop(id);
    for (const row of rows) this.put(row, true);
    for (const { row } of this.sorted().slice(MOST_ROWS)) this.drop(row.id);
    this.draw();
    return fresh;
  }

  /** Marks the delivery whose story is open. */
  mark(id: string | undefined): void {
    this.open = id;
    for (const { row, link } of this.shown.values()) markLink(link, row.id === id);
  }

  /** Puts the focus into the list: on what is open there, else on the first. */
  focus(): void {
    const open = this.open === undefined ? undefined : this.shown.get(this.open);
    (open?.link ?? this.links()[0])?.focus();
  }

  private put(row: Row, isNew: boolean): void {
    const before = this.shown.get(row.id);
    const element = before?.element ?? el('li', { class: isNew ? 'new' : undefined });
    const link = before?.link ?? el('a', { href: hashOf({ view: 'delivery', value: row.id }) });
    if (before === undefined) element.append(link);
    if (before !== undefined && before.row.state !== row.state) element.className = 'changed';
    link.className = `row ${row.state}`;
    link.replaceChildren(...rowParts(row));
    markLink(link, row.id === this.open);
    this.shown.set(row.id, { row, element, link });
  }

  private drop(id: string): void {
    this.shown.get(id)?.element.remove();
    this.shown.delete(id);
  }

  private sorted(): Shown[] {
    return [...this.shown.values()].sort(({ row: one }, { row: other }) =>
      one.at === other.at ? (one.id < other.id ? 1 : -1) : one.at < other.at ? 1 : -1,
    );
  }

  /** Moves only what is not in its place, so that focus and scrolling stay where they are. */
  private draw(): void {
    const visible = this.sorted().filter(({ row }) => this.states?.includes(row.state) ?? true);
    const wanted = new Set<Node>(visible.map(({ element }) => element));
    for (const child of [...this.list.childNodes]) if (!wanted.has(child)) child.remove();
    let next = this.list.firstChild;
    for (const { element } of visible) {
      if (element === next) next = next.nextSibling;
      else this.list.insertBefore(element, next);
    }
    if (!this.links().some((link) => link.tabIndex === 0)) this.setTabStop(this.links()[0]);
    this.drawEmpty(visible.length);
  }

  private drawEmpty(count: number): void {
    this.empty.replaceChildren(...this.emptyText(count));
    this.empty.hidden = this.empty.childNodes.length === 0;
  }

  private emptyText(count: number): Node[] {
    if (!this.isLoaded) return [el('p', {}, 'Looking for deliveries…')];
    if (count === 0 && this.shown.size > 0)
      return [el('p', {}, 'None of the deliveries shown is of this kind.')];
    if (count > 0) {
      const gaps =
        'More came than can be shown: some between these are left out. Search finds them.';
      return this.hasGaps ? [el('p', {}, gaps)] : [];
    }
    return [
      el('p', { class: 'first' }, 'Nothing yet.'),
      el(
        'p',
        {},
        'Write a document that notifies somebody, and it appears here. In the sample, for instance, a like:',
      ),
      el('code', {}, 'posts/p1/likes/leo'),
      el('p', {}, 'The owner of the post is notified, and this list says how that went.'),
    ];
  }

  private links(): HTMLAnchorElement[] {
    return [...this.list.querySelectorAll('a')];
  }

  /** One link of the list is reached by the Tab key, the others by the arrows. */
  private setTabStop(link: HTMLAnchorElement | undefined): void {
    for (const each of this.links()) each.tabIndex = each === link ? 0 : -1;
  }

  private moveFocus(step: (index: number, last: number) => number): void {
    const links = this.links();
    const index = links.findIndex((link) => link === document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, step(index, links.length - 1)))]?.focus();
  }
}

const STEPS: ReadonlyMap<string, (index: number, last: number) => number> = new Map([
  ['ArrowDown', (index: number) => index + 1],
  ['ArrowUp', (index: number) => index - 1],
  ['PageDown', (index: number) => index + 10],
  ['PageUp', (index: number) => index - 10],
  ['Home', () => 0],
  ['End', (_index: number, last: number) => last],
]);

function markLink(link: HTMLAnchorElement, isOpen: boolean): void {
  if (isOpen) link.setAttribute('aria-current', 'true');
  else link.removeAttribute('aria-current');
}

function rowParts(row: Row): Node[] {
  const { type, document: path, at, state } = row;
  const outcome = outcomeText(row);
  return [
    icon(state),
    el('span', { class: 'kind' }, foreign(type)),
    time(at, Date.now()),
    el('span', { class: 'path' }, path === undefined ? 'no document on record' : foreign(path)),
    el(
      'span',
      { class: 'outcome' },
      el('b', {}, STATES[state].word),
      ...(outcome === '' ? [] : [' · ', foreign(outcome)]),
    ),
  ];
}
