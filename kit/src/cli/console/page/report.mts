/** Draws what `why` has to say: the answer first, then what to do, then the story in order of time. */
import type { Fact, Report, UnnamedRow } from '../source.js';
import type { Story, StoryLine } from '../../why/story.js';
import { el, foreign, icon, stateBadge, time } from './elements.mjs';
import { DEFAULT_SINCE, SINCE, hashOf, isSince, type Route } from './route.mjs';
import { STATES, STATE_NAMES, deviceText, duration, some, visible } from './words.mjs';

/** Lines that are drawn unless all are wanted: a delivery may have gone to thousands. */
const MOST_LINES = 150;

export function reportParts(route: Route, report: Report): Node[] {
  const { stories, unnamed, facts, hints, cut } = report;
  const [only, ...others] = stories;
  const isOne = only !== undefined && others.length === 0 && route.view !== 'person';
  return [
    ...(isOne ? [storyElement(only)] : [...headParts(route), ...storiesParts(route, stories)]),
    ...(hints.length === 0 ? [] : [listSection('What that can mean', hints)]),
    ...(facts.length === 0 ? [] : [factsSection(facts)]),
    ...(unnamed.length === 0 ? [] : [unnamedSection(unnamed)]),
    ...(cut.length === 0 ? [] : [listSection('Not everything was read', cut)]),
  ];
}

/** What stands there before anything is chosen. */
export function startParts(): Node[] {
  const keys: readonly (readonly [keys: readonly string[], does: string])[] = [
    [['/'], ' searches, '],
    [['↑', '↓'], ' move in the list, '],
    [['Enter'], ' opens, '],
    [['Esc'], ' goes back.'],
  ];
  return [
    el(
      'div',
      { class: 'start' },
      el('h2', {}, 'Why did nobody hear of it?'),
      el(
        'p',
        {},
        'Choose a delivery, or search for what you were told: the path of a document, the id of a user, or the id of a delivery.',
      ),
      el(
        'ul',
        { class: 'legend' },
        ...STATE_NAMES.map((state) =>
          el('li', {}, stateBadge(state), el('span', {}, STATES[state].hint)),
        ),
      ),
      el(
        'p',
        { class: 'keys' },
        ...keys.flatMap(([names, does]) => [
          ...names.flatMap((name) => [el('kbd', {}, name), ' ']),
          does.trimStart(),
        ]),
      ),
    ),
  ];
}

/** Whom or what was asked about, and for a person how far back. */
function headParts(route: Route): Node[] {
  if (route.view === 'start') return [];
  const name = { person: 'person', document: 'event', delivery: 'round' } as const;
  return [
    el(
      'header',
      { class: 'asked' },
      icon(name[route.view]),
      el('h2', {}, foreign(route.value)),
      route.view === 'person' ? sinceChoice(route) : undefined,
    ),
  ];
}

function sinceChoice(route: Extract<Route, { view: 'person' }>): HTMLElement {
  const choice = el('select', { 'aria-label': 'How far back' });
  for (const [since, { word }] of Object.entries(SINCE)) {
    choice.append(el('option', { value: since, selected: since === route.since }, `Last ${word}`));
  }
  choice.addEventListener('change', () => {
    if (isSince(choice.value)) location.hash = hashOf({ ...route, since: choice.value });
  });
  return choice;
}

function storiesParts(route: Route, stories: readonly Story[]): Node[] {
  const when = route.view === 'person' ? ` in the last ${SINCE[route.since].word}` : '';
  if (stories.length === 0) return [el('p', { class: 'answer' }, `No event was found${when}.`)];
  return [
    el('p', { class: 'quiet' }, `${some(stories.length, 'event')}${when}.`),
    ...stories.map((story, index) => foldedStory(story, index === 0)),
  ];
}

function foldedStory(story: Story, isOpen: boolean): HTMLElement {
  return el(
    'details',
    { class: 'folded', open: isOpen },
    el('summary', {}, metaElement(story), el('span', { class: 'short' }, visible(story.answer))),
    ...bodyParts(story),
  );
}

function storyElement(story: Story): HTMLElement {
  return el(
    'article',
    {},
    metaElement(story),
    el('h2', { class: 'answer', 'aria-live': 'polite', dir: 'auto' }, visible(story.answer)),
    ...bodyParts(story),
  );
}

function metaElement({ state, type, at }: Story): HTMLElement {
  const kind = foreign(type, 'kind');
  return el('span', { class: 'meta' }, stateBadge(state), kind, time(at, Date.now()));
}

function bodyParts(story: Story): Node[] {
  const all = [story.remedy, ...story.lines.map(({ remedy }) => remedy)];
  const remedies = new Set(all.filter((remedy) => remedy !== undefined));
  return [
    el('dl', { class: 'facts' }, ...originParts(story)),
    ...(remedies.size === 0 ? [] : [remedyBox([...remedies])]),
    timeline(story),
  ];
}

function originParts({ document: path, delivery }: Story): Node[] {
  const rows: [string, Node][] = [];
  if (path !== undefined) {
    const href = hashOf({ view: 'document', value: path });
    rows.push(['Document', el('a', { href }, foreign(path))]);
  }
  if (delivery !== '') {
    const href = hashOf({ view: 'delivery', value: delivery });
    rows.push(['Delivery', el('a', { href }, foreign(delivery))]);
  }
  return rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]);
}

function remedyBox(remedies: readonly string[]): HTMLElement {
  return el(
    'section',
    { class: 'remedies', 'aria-label': 'What to do' },
    el('h3', {}, icon('remedy'), 'What to do'),
    el('ul', {}, ...remedies.map((remedy) => el('li', {}, visible(remedy)))),
  );
}

function timeline({ lines, at }: Story): HTMLElement {
  const list = el('ol', { class: 'timeline' });
  const begin = Date.parse(lines.find((line) => line.at !== undefined)?.at ?? at);
  const draw = (drawn: readonly StoryLine[]): void =>
    list.append(...drawn.map((line) => lineElement(line, begin)));
  draw(lines.slice(0, MOST_LINES));
  const rest = lines.slice(MOST_LINES);
  if (rest.length === 0) return list;
  const more = el('button', { type: 'button' }, `Show ${some(rest.length, 'more line')}`);
  more.addEventListener('click', () => {
    more.remove();
    draw(rest);
  });
  return el('div', {}, list, more);
}

function lineElement(line: StoryLine, begin: number): HTMLElement {
  const { at, what, severity, text } = line;
  const chips = chipsOf(line);
  const isProblem = severity === 'problem';
  const when = at === undefined ? [] : [time(at, Date.now()), afterElement(Date.parse(at) - begin)];
  return el(
    'li',
    { class: severity },
    icon(what),
    el('div', { class: 'when' }, ...when),
    el(
      'div',
      { class: 'what' },
      // Colour alone would say it to some only.
      el(
        'p',
        { dir: 'auto' },
        isProblem ? el('span', { class: 'unseen' }, 'Problem: ') : undefined,
        visible(text),
      ),
      chips.length === 0 ? undefined : el('p', { class: 'chips' }, ...chips),
    ),
  );
}

function chipsOf({ code, person, device }: StoryLine): Node[] {
  const chips: Node[] = [];
  if (person !== undefined) {
    const href = hashOf({ view: 'person', value: person, since: DEFAULT_SINCE });
    chips.push(el('a', { class: 'chip', href }, icon('person'), foreign(person)));
  }
  if (device !== undefined) {
    const [fingerprint = '', ...rest] = deviceText(device);
    const words = rest.map((word) => ` · ${word}`).join('');
    const name = el('code', {}, fingerprint);
    chips.push(el('span', { class: 'chip' }, icon('device'), el('span', {}, name, words)));
  }
  if (code !== undefined) chips.push(el('code', { class: 'chip code' }, visible(code)));
  return chips;
}

function afterElement(ms: number): HTMLElement {
  return el('span', { class: 'after' }, ms > 0 ? `+${duration(ms)}` : '');
}

function factsSection(facts: readonly Fact[]): HTMLElement {
  const items = facts.map(({ severity, text, remedy }) =>
    el(
      'li',
      { class: severity, dir: 'auto' },
      visible(text),
      remedy === undefined ? undefined : el('span', { class: 'remedy' }, visible(remedy)),
    ),
  );
  return section('Now', items);
}

function unnamedSection(unnamed: readonly UnnamedRow[]): HTMLElement {
  const items = unnamed.map(({ delivery, type, document: path, at, why, isFailure }) =>
    el(
      'li',
      { class: isFailure ? 'problem' : 'note' },
      time(at, Date.now()),
      ' ',
      el('a', { href: hashOf({ view: 'delivery', value: delivery }) }, foreign(path ?? type)),
      ...(why === undefined ? [] : [': ', foreign(why)]),
    ),
  );
  return section('Events in that time that notified nobody, and name no person', items);
}

function listSection(title: string, texts: readonly string[]): HTMLElement {
  return section(
    title,
    texts.map((text) => el('li', { dir: 'auto' }, visible(text))),
  );
}

function section(title: string, items: readonly HTMLElement[]): HTMLElement {
  return el('section', { class: 'more' }, el('h3', {}, title), el('ul', {}, ...items));
}
