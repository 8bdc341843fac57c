/**
 * The inbox page as HTML text: values in, markup out, with everything that came from a message
 * escaped. Runs in the browser and, for its tests, in Node.
 */
/* global URL */

/** Markup that is safe as it stands; only {@link html} makes it. */
class Markup {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

const ENTITIES = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Makes any value into text that is inert in markup and in quoted attributes. */
export function escapeText(value) {
  return String(value).replace(/[&<>"'`]/g, (character) => ENTITIES[character]);
}

/** Template tag: what is filled in is escaped, unless it is markup itself or a list of such. */
export function html(strings, ...values) {
  const filled = strings.map(
    (text, index) => text + (index < values.length ? fill(values[index]) : ''),
  );
  return new Markup(filled.join(''));
}

function fill(value) {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(fill).join('');
  return value === undefined || value === null || value === false ? '' : escapeText(value);
}

/** An absolute http(s) address, or undefined: nothing else may be loaded or followed. */
export function webAddress(value) {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol, href } = new URL(value);
  return protocol === 'http:' || protocol === 'https:' ? href : undefined;
}

/** A long address with its middle left out. */
export function shortened(address, longest = 26) {
  if (address.length <= longest) return address;
  const half = Math.floor((longest - 1) / 2);
  return `${address.slice(0, half)}…${address.slice(-half)}`;
}

/** The name a person would know an app by: a site's host, or the end of a bundle id. */
export function appName({ appId, platform }) {
  if (appId === undefined) return 'App';
  if (platform === 'web') return appId;
  const name = appId.split('.').at(-1) ?? appId;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const PLATFORM_NAMES = { android: 'Android', ios: 'iOS', web: 'Web' };

/** One device as a phone; its items are put in beside, see {@link itemView}. */
export function deviceView(device) {
  return html`<div class="screen">
    <div class="top">
      <span class="app" aria-hidden="true">${appName(device).charAt(0)}${badgeView(device)}</span>
      <div class="who">
        <h2 title="${device.address}">${shortened(device.address)}</h2>
        <p>
          ${PLATFORM_NAMES[device.platform] ?? device.platform}
          ${device.environment === 'sandbox' ? '· sandbox' : ''}
          ${device.appId === undefined ? '' : html`· ${device.appId}`}
        </p>
        ${topicsView(device.topics)}
      </div>
      <span class="state">${device.state}</span>
    </div>
    <ol class="items" aria-live="polite"></ol>
    <p class="empty">Nothing to show yet.</p>
  </div>`;
}

/** More topics than this are counted, not named. */
const MOST_TOPICS = 5;

function topicsView(topics) {
  if (topics.length === 0) return '';
  const named = topics.slice(0, MOST_TOPICS).join(', ');
  const more = topics.length - MOST_TOPICS;
  return html`<p class="topics" title="Topics it is subscribed to">
    # ${named}${more > 0 ? ` and ${more} more` : ''}
  </p>`;
}

function badgeView({ badge }) {
  return badge > 0 ? html`<b class="badge" title="Badge">${badge > 999 ? '999+' : badge}</b>` : '';
}

/** One notification or data message. `app` is the app's name, `time` how the moment is written. */
export function itemView(item, app, time) {
  return html`${item.kind === 'notification' ? notificationView(item, app, time) : dataView(item, app, time)}
    <details data-request="${item.requestId}">
      <summary>Raw request</summary>
      <pre>loading…</pre>
    </details>`;
}

function notificationView(item, app, time) {
  return html`<p class="from"><span>${app}</span><time datetime="${item.at}">${time}</time></p>
    <h3 dir="auto">${item.title ?? html`<i>no title</i>`}</h3>
    ${item.subtitle === undefined ? '' : html`<p class="subtitle" dir="auto">${item.subtitle}</p>`}
    ${item.body === undefined ? '' : html`<p class="body" dir="auto">${item.body}</p>`}
    ${imageView(item.image)} ${factsView(item)}`;
}

function dataView(item, app, time) {
  return html`<p class="from">
      <span>Data for ${app}</span><time datetime="${item.at}">${time}</time>
    </p>
    <dl class="data">
      ${Object.entries(item.data).map(
        ([key, value]) =>
          html`<dt>${key}</dt>
            <dd dir="auto">${typeof value === 'string' ? value : JSON.stringify(value)}</dd>`,
      )}
    </dl>
    ${factsView(item)}`;
}

function imageView(image) {
  if (image === undefined) return '';
  const address = webAddress(image);
  if (address === undefined)
    return html`<p class="refused">Image not shown, because it is not an http(s) URL: ${image}</p>`;
  return html`<img src="${address}" alt="" loading="lazy" referrerpolicy="no-referrer" />`;
}

/** What a person does not see but a developer asks about. */
function factsView(item) {
  const facts = [
    ['tag', item.tag],
    ['collapse', item.collapseId],
    ['channel', item.channelId],
    ['thread', item.threadId],
    ['sound', item.sound],
    ['priority', item.priority],
  ].filter(([, value]) => value !== undefined);
  if (facts.length === 0 && item.link === undefined) return '';
  return html`<p class="facts">
    ${facts.map(([name, value]) => html`<span title="${name}: ${value}">${name} <b>${value}</b></span> `)}
    ${linkView(item.link)}
  </p>`;
}

function linkView(link) {
  if (link === undefined) return '';
  const address = webAddress(link);
  if (address === undefined) return html`<span>opens <b>${link}</b></span>`;
  return html`<a href="${address}" target="_blank" rel="noopener noreferrer"
    >opens <b>${link}</b></a
  >`;
}

/** A logged request as text for a person. */
export function requestText(request) {
  const { method, path, headers, body, response } = request;
  const head = [`${method} ${path}`, ...headerLines(headers)].join('\n');
  const answer =
    response === null
      ? `no answer (${request.ending})`
      : [
          String(response.status),
          ...headerLines(response.headers),
          '',
          bodyText(response.body),
        ].join('\n');
  return `${head}\n\n${bodyText(body)}\n\n→ ${answer}`;
}

function headerLines(headers) {
  return Object.entries(headers)
    .filter(([name]) => !name.startsWith(':'))
    .map(([name, value]) => `${name}: ${value}`);
}

function bodyText(body) {
  return typeof body === 'string' ? body : JSON.stringify(body, null, 2);
}
