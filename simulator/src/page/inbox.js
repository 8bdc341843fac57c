/** The live part of the inbox page: loads the devices, follows the events, keeps the page true. */
/* global document, EventSource, fetch, location, requestAnimationFrame, URLSearchParams, window */
import { appName, deviceView, itemView, requestText } from './view.js';

/** More phones than this are no longer looked at, and slow to draw. */
const MOST_DEVICES = 60;
/** While events come fast, the list is read anew no more often than this. */
const RELOAD_AFTER_MS = 500;

const devicesList = document.getElementById('devices');
const note = document.getElementById('note');
const status = document.getElementById('status');
const filter = document.getElementById('filter');

/** By address: { device, items: Map by id, element }. */
const shown = new Map();
const dirty = new Set();
let total = 0;
let reload;

async function load() {
  reload = undefined;
  const query = new URLSearchParams({ inbox: 'true', limit: String(MOST_DEVICES) });
  for (const { name, value } of filter.elements)
    if (name !== '' && value !== '') query.set(name, value);
  const response = await fetch(`/simulator/devices?${query}`);
  if (!response.ok) throw new Error(`GET /simulator/devices answered ${response.status}`);
  total = Number(response.headers.get('x-total-count'));
  const devices = await response.json();
  const addresses = new Set(devices.map(({ address }) => address));
  for (const address of [...shown.keys()]) if (!addresses.has(address)) drop(address);
  for (const { inbox, ...device } of devices) {
    const entry = entryOf(device);
    entry.items = new Map(inbox.map((item) => [item.id, item]));
  }
  schedule();
}

function reloadSoon() {
  reload ??= window.setTimeout(() => load().catch(showFailure), RELOAD_AFTER_MS);
}

function entryOf(device) {
  let entry = shown.get(device.address);
  if (entry === undefined) {
    const element = document.createElement('li');
    devicesList.append(element);
    entry = { device, items: new Map(), element };
    shown.set(device.address, entry);
  }
  entry.device = device;
  dirty.add(device.address);
  return entry;
}

function drop(address) {
  shown.get(address)?.element.remove();
  shown.delete(address);
}

let scheduled = false;

function schedule() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    for (const address of dirty) draw(shown.get(address));
    dirty.clear();
    drawNote();
  });
}

function draw(entry) {
  if (entry === undefined) return;
  const { device, items, element } = entry;
  const key = JSON.stringify(device);
  if (entry.drawn !== key) {
    const list = element.querySelector('.items');
    element.className = `phone ${device.platform} ${device.state}`;
    element.innerHTML = String(deviceView(device));
    // The items stay as they are, with what a person has unfolded.
    if (list !== null) element.querySelector('.items').replaceWith(list);
    entry.drawn = key;
  }
  const list = element.querySelector('.items');
  for (const child of [...list.children]) if (!items.has(child.dataset.id)) child.remove();
  const drawn = new Set([...list.children].map((child) => child.dataset.id));
  for (const item of items.values())
    if (!drawn.has(item.id)) list.prepend(itemElement(item, appName(device)));
}

function itemElement(item, app) {
  const element = document.createElement('li');
  element.dataset.id = item.id;
  element.className = `item ${item.kind}`;
  const time = new Date(item.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  element.innerHTML = String(itemView(item, app, time));
  return element;
}

function drawNote() {
  const isFiltered = [...filter.elements].some(({ name, value }) => name !== '' && value !== '');
  const hidden = total - shown.size;
  if (shown.size === 0) {
    note.textContent = isFiltered
      ? 'No device matches the filter.'
      : 'No device is known yet: send a push to ' +
        `${location.origin}/v1/projects/demo/messages:send, or declare a device with ` +
        'PUT /simulator/devices/{address}.';
  } else if (hidden > 0) {
    note.textContent = `The ${shown.size} newest devices are shown, ${hidden} older ones are not. Filter to find them.`;
  }
  note.hidden = shown.size > 0 && hidden <= 0;
}

function showFailure(error) {
  status.textContent = error.message;
  status.className = 'status broken';
}

async function showRequest(details) {
  const text = details.querySelector('pre');
  const response = await fetch(
    `/simulator/requests/${encodeURIComponent(details.dataset.request)}`,
  );
  text.textContent = response.ok
    ? requestText(await response.json())
    : 'The request has been dropped; start the simulator with a larger --request-log.';
}

const handlers = {
  inbox({ address, item, replaced }) {
    const entry = shown.get(address);
    if (entry === undefined) return reloadSoon();
    if (replaced !== undefined) entry.items.delete(replaced);
    entry.items.set(item.id, item);
    dirty.add(address);
  },
  device({ device }) {
    if (shown.has(device.address)) entryOf(device);
    else reloadSoon();
  },
  cleared({ address }) {
    shown.get(address)?.items.clear();
    dirty.add(address);
  },
  removed() {
    reloadSoon();
  },
  reset() {
    for (const address of [...shown.keys()]) drop(address);
    total = 0;
  },
};

function follow() {
  const events = new EventSource('/simulator/events');
  for (const [type, handle] of Object.entries(handlers)) {
    events.addEventListener(type, (event) => {
      handle(JSON.parse(event.data));
      schedule();
    });
  }
  events.addEventListener('open', () => {
    status.textContent = 'live';
    status.className = 'status live';
    load().catch(showFailure);
  });
  events.addEventListener('error', () => showFailure(new Error('not reachable, retrying…')));
}

filter.addEventListener('input', reloadSoon);
filter.addEventListener('submit', (event) => event.preventDefault());
document.getElementById('forget').addEventListener('click', () => {
  if (window.confirm('Forget every device, notification, request and fault?')) {
    fetch('/simulator', { method: 'DELETE' }).catch(showFailure);
  }
});
// Neither event bubbles, so both are caught on the way down.
document.addEventListener(
  'toggle',
  ({ target }) => {
    if (target.open && target.dataset.request) showRequest(target).catch(showFailure);
  },
  true,
);
document.addEventListener(
  'error',
  ({ target }) => {
    if (target.tagName !== 'IMG') return;
    const missing = document.createElement('p');
    missing.className = 'refused';
    missing.textContent = `Image not loaded: ${target.src}`;
    target.replaceWith(missing);
  },
  true,
);
follow();
