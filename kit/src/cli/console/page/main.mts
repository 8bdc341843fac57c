/** Puts the page together: what the console tells, what is typed, and what the address says. */
import type { Found, Place, Row } from '../source.js';
import { byId, el, foreign } from './elements.mjs';
import { List } from './list.mjs';
import { ask, follow, LOST, type Connection } from './live.mjs';
import { DEFAULT_SINCE, hashOf, routeOf } from './route.mjs';
import { drawStatus } from './status.mjs';
import { StoryView } from './story.mjs';
import { announcementOf, visible } from './words.mjs';

/** What came is announced together, no more often than this. */
const ANNOUNCE_MS = 5_000;

const CONNECTIONS: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Not connected',
};

const list = new List();
const story = new StoryView();
const search = byId('search') as HTMLFormElement;
const text = byId('text') as HTMLInputElement;
const narrow = window.matchMedia('(max-width: 860px)');

function showRoute(): void {
  const route = routeOf(location.hash);
  byId('found').textContent = '';
  document.body.dataset['view'] = route.view;
  list.mark(route.view === 'delivery' ? route.value : undefined);
  story.show(route);
}

async function find(): Promise<void> {
  const wanted = text.value.trim();
  const answer = byId('found');
  if (wanted === '') return;
  answer.textContent = 'Searching…';
  try {
    const { by, value } = await ask<Found>(
      `/api/find?${new URLSearchParams({ text: wanted }).toString()}`,
    );
    answer.textContent = '';
    location.hash = hashOf(
      by === 'person' ? { view: by, value, since: DEFAULT_SINCE } : { view: by, value },
    );
    text.blur();
  } catch (error) {
    // It repeats what was typed, or pasted.
    answer.textContent = visible(error instanceof Error ? error.message : String(error));
  }
}

let unannounced: Row[] = [];
let announcing: number | undefined;

function announce(rows: readonly Row[]): void {
  unannounced.push(...rows);
  if (rows.length === 0) return;
  announcing ??= window.setTimeout(() => {
    byId('announcement').textContent = announcementOf(unannounced);
    unannounced = [];
    announcing = undefined;
  }, ANNOUNCE_MS);
}

async function showPlace(): Promise<void> {
  const { project, instance, emulator } = await ask<Place>('/api/place');
  byId('place').replaceChildren(
    foreign(project),
    el(
      'span',
      { class: emulator === undefined ? 'where cloud' : 'where' },
      emulator === undefined ? 'Google Cloud' : `emulator ${emulator}`,
    ),
    foreign(instance, 'instance'),
  );
  document.title = `${project} · Push console`;
}

function showTrouble(message: string | null): void {
  const trouble = byId('trouble');
  trouble.textContent = message === null ? '' : `${message} Trying again…`;
  trouble.hidden = message === null;
}

search.addEventListener('submit', (event) => {
  event.preventDefault();
  void find();
});
text.addEventListener('input', () => {
  byId('found').textContent = '';
});
byId('skip').addEventListener('click', (event) => {
  event.preventDefault();
  byId('story').focus();
});
document.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const isTyping =
    event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key === 'Escape') {
    text.blur();
    if (routeOf(location.hash).view !== 'start') location.hash = '#/';
    list.focus();
  } else if (event.key === '/' && !isTyping) {
    event.preventDefault();
    text.select();
  } else if (event.key === 'ArrowDown' && event.target === document.body) {
    event.preventDefault();
    list.focus();
  }
});
window.addEventListener('hashchange', () => {
  showRoute();
  if (!narrow.matches) return;
  // Of list and story only one is to be seen there.
  if (routeOf(location.hash).view === 'start') list.focus();
  else byId('story').focus();
});

follow(
  {
    snapshot: ({ rows, hasGaps }) => list.replace(rows, hasGaps),
    rows: ({ rows, gone }) => {
      announce(list.change(rows, gone));
      for (const { id } of rows) story.refresh(id);
    },
    status: drawStatus,
    trouble: ({ message }) => showTrouble(message),
  },
  (state) => {
    const connection = byId('connection');
    connection.dataset['state'] = state;
    connection.textContent = CONNECTIONS[state];
    if (state === 'lost') showTrouble(LOST);
    if (state === 'live') void showPlace().catch(() => undefined);
  },
);
showRoute();
