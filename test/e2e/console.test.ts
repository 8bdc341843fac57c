/**
 * The console in a real browser, over the emulator: what happens is seen as it happens, and every question is answered there.
 */
import { Firestore, Timestamp } from '@google-cloud/firestore';
import type { Browser, Page } from 'playwright-core';
import { addressId } from '../../kit/src/model/address.ts';
import { NO_COUNTS } from '../../kit/src/model/counts.ts';
import { findByOf, type FindGroup } from '../../kit/src/delivery/find-by.ts';
import type { DeliveryDocument } from '../../kit/src/delivery/delivery-document.ts';
import { deliveryEntry, noteEntry } from '../../kit/src/testing/ledger.ts';
import { registrationToken } from '../../scripts/demo/token.ts';
import { launchChromium } from '../../simulator/src/testing/chromium.ts';
import { describeInBrowser } from '../../simulator/src/testing/in-browser.ts';
import { App } from './app.ts';
import { startConsoleProcess, Switch, type ConsoleProcess } from './console-process.ts';

/** Fails long before the test does, with the name of what was waited for. */
const PATIENCE_MS = 20_000;
const TOKEN = registrationToken(Math.random);
const FINGERPRINT = addressId(TOKEN).slice(0, 16);
/** Other tests, and earlier runs, have deliveries in the same database. */
const RUN = `${process.pid}`;

const db = new Firestore({ projectId: process.env['GCLOUD_PROJECT'] ?? '' });
afterAll(() => db.terminate());

let made = 0;

interface Made {
  readonly id: string;
  readonly path: string;
}

/** Writes an entry as the engine does. */
async function deliver(
  more: Partial<DeliveryDocument>,
  { person, groups = ['all'] }: { person: string; groups?: readonly FindGroup[] },
): Promise<Made> {
  made += 1;
  const id = `wave-${RUN}-${made}`;
  const path = more.document ?? `walls/p${made}-${RUN}/waves/leo`;
  const now = Timestamp.now();
  const keys = { id, type: 'wave', document: path, people: [person, 'leo'], groups };
  await db.doc(`deliveries/${id}`).set(
    deliveryEntry({
      ...{ document: path, eventAt: now, createdAt: now, updatedAt: now },
      reasons: { [person]: 'delivered' },
      ...more,
      findBy: findByOf(keys),
    }),
  );
  return { id, path };
}

describeInBrowser('the console', () => {
  let browser: Browser;
  let firestore: Switch;
  let served: ConsoleProcess;
  let page: Page;
  /** Everything that the page was sent, but for the feed. */
  const bodies: Promise<string>[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    firestore = new Switch(process.env['FIRESTORE_EMULATOR_HOST'] ?? '');
    await firestore.open();
    await db.doc(`users/ola-${RUN}`).set({ displayName: 'Ola', tokens: [TOKEN] });
    await db.doc(`devices/${addressId(TOKEN)}`).set({
      ...{ uid: `ola-${RUN}`, address: TOKEN, kind: 'fcm', platform: 'ios', topics: [] },
      refreshedAt: Timestamp.now(),
    });
    [browser, served] = await Promise.all([launchChromium(), startConsoleProcess(firestore.host)]);
  });
  afterAll(async () => {
    expect(await served.end()).toBe(0);
    await browser.close();
    await firestore.close();
  });
  beforeEach(async () => {
    errors.length = 0;
    page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('response', (response) => {
      if (!response.url().includes('/api/feed')) bodies.push(response.text().catch(() => ''));
    });
    await open('');
  });
  afterEach(async () => {
    await page.close();
    expect(errors).toEqual([]);
  });

  const open = async (hash: string) => {
    await page.goto(`${served.url}${hash}`);
    await page.locator('#connection[data-state=live]').waitFor();
  };
  const row = ({ path }: Made) => page.locator('#rows .row', { hasText: path });
  const story = () => page.locator('#story');
  const answer = () => story().locator('.answer');
  const search = async (text: string) => {
    await page.keyboard.press('/');
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };

  it('shows a delivery as it comes, and when it is opened what became of it', async () => {
    const like = await deliver({}, { person: `ola-${RUN}` });
    await row(like).waitFor();
    expect(await row(like).innerText()).toMatch(/like[^]*Told · 1 person · 1 of 1 device/);
    await row(like).click();
    await answer().getByText(`ola-${RUN} was told`).waitFor();
    expect(page.url()).toBe(`${served.url}#/delivery/${like.id}`);
    expect(await story().locator('.timeline li').count()).toBeGreaterThan(1);
    await page.goBack();
    await story().getByText('Why did nobody hear of it?').waitFor();
  });

  it('shows what the deployed functions did when an app wrote a document', async () => {
    const app = new App();
    const [customer, seller] = [await app.person('Ola'), await app.person('Seller')];
    const order = await seller.device.add('orders', {
      customerId: customer.uid,
      sellerId: seller.uid,
    });
    const path = `orders/${order}`;
    await row({ id: '', path }).getByText('Told', { exact: true }).waitFor();
    await row({ id: '', path }).click();
    await answer().getByText(`${customer.uid} was told`).waitFor();
    const fingerprint = addressId(customer.device.token).slice(0, 16);
    await story().locator('.timeline .chip', { hasText: fingerprint }).first().waitFor();
    await app.close();
  });

  it('turns what was under way into told, in the list and in the story', async () => {
    const person = `ola-${RUN}`;
    const like = await deliver(
      {
        state: 'sending',
        counts: { ...NO_COUNTS, recipients: 1, addresses: 1 },
        reasons: { [person]: 'retrying:UNAVAILABLE' },
        coverage: { kind: 'listed', uids: [person] },
      },
      { person, groups: ['all', 'open', 'waiting'] },
    );
    await row(like).getByText('Under way').waitFor();
    expect(await row(like).innerText()).toContain('1 waiting');
    await row(like).click();
    await story().locator('.badge', { hasText: 'Under way' }).waitFor();
    await page.locator('#status .tile', { hasText: 'Waiting for a retry' }).waitFor();
    await db.doc(`deliveries/${like.id}`).update({
      state: 'done',
      counts: { ...NO_COUNTS, recipients: 1, addresses: 1, delivered: 1 },
      reasons: { [person]: 'delivered' },
    });
    await row(like).getByText('Told').waitFor();
    await story().locator('.badge', { hasText: 'Told' }).waitFor();
  });

  it('says what to do where something failed, and names a device by its fingerprint', async () => {
    const person = `ola-${RUN}`;
    const like = await deliver(
      {
        counts: { ...NO_COUNTS, recipients: 1, addresses: 1, failed: 1 },
        reasons: { [person]: 'failed:THIRD_PARTY_AUTH_ERROR' },
        codes: { THIRD_PARTY_AUTH_ERROR: 1 },
        answers: [
          {
            ...{ uid: person, device: FINGERPRINT, kind: 'fcm', outcome: 'failed' },
            ...{ code: 'THIRD_PARTY_AUTH_ERROR', at: Date.now() },
          },
        ],
      },
      { person, groups: ['all', 'trouble'] },
    );
    await row(like).getByText('Failed', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Trouble' }).click();
    await row(like).click();
    await answer().getByText(`${person} was not told`).waitFor();
    await story().getByRole('region', { name: 'What to do' }).getByText('APNs').first().waitFor();
    const device = story().locator('.timeline .chip', { hasText: FINGERPRINT });
    expect(await device.first().innerText()).toContain('FCM token · iOS');
    await page.locator('#status .codes', { hasText: 'THIRD_PARTY_AUTH_ERROR' }).first().waitFor();
  });

  it('finds by person, by document and by id, and each answer has an address of its own', async () => {
    const person = `mia-${RUN}`;
    const like = await deliver({}, { person });
    await search(like.path);
    await answer().getByText(`${person} was told`).waitFor();
    expect(page.url()).toBe(`${served.url}#/document/${like.path}`);
    await search(person);
    await story().getByText('1 event in the last day.').waitFor();
    expect(page.url()).toBe(`${served.url}#/person/${person}`);
    await story().getByText(`users/${person} does not exist.`).waitFor();
    await search(like.id);
    await answer().getByText(`${person} was told`).waitFor();
    expect(page.url()).toBe(`${served.url}#/delivery/${like.id}`);
    await open(`#/person/${person}?since=7d`);
    await story().getByText('1 event in the last 7 days.').waitFor();
    await search('walls');
    await story().getByText('No event was found').waitFor();
    await search('walls/p1/waves');
    await page.locator('#found').getByText('Expected the path of a document').waitFor();
  });

  it('shows an event that told nobody, with what compose said', async () => {
    const id = `wave-${RUN}-nobody`;
    const now = Timestamp.now();
    const document = `walls/gone-${RUN}/waves/leo`;
    await db.doc(`deliveries/${id}~nobody`).set(
      noteEntry({
        ...{ nobody: 'the post was deleted', document, eventAt: now, createdAt: now },
        findBy: findByOf({ id, type: 'wave', document, people: ['leo'], groups: ['nobody'] }),
      }),
    );
    await row({ id, path: document }).getByText('the post was deleted').waitFor();
    await row({ id, path: document }).click();
    await answer().getByText('the post was deleted').waitFor();
  });

  it('shows odd ids as text, each in its place, and finds them again', async () => {
    const script = `<img src=x onerror=alert(1)>${RUN}`;
    const odd = [`שלום-${RUN}`, `👩‍👩‍👧-${RUN}`, script, `a?b#c%2F&d=${RUN}`];
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    for (const id of odd) {
      const like = await deliver({ document: `walls/${id}/waves/${id}` }, { person: id });
      await row(like).waitFor();
      expect(await row(like).locator('bdi').nth(1).textContent()).toBe(like.path);
      await search(like.path);
      await answer().getByText(`${id} was told`).waitFor();
      await page.reload();
      await answer().getByText(`${id} was told`).waitFor();
    }
    const turned = await deliver({ document: `walls/\u202egnp-${RUN}/waves/leo` }, { person: 'x' });
    await row({ ...turned, path: `walls/\\u202egnp-${RUN}/waves/leo` }).waitFor();
    expect(dialogs).toEqual([]);
    expect(await page.locator('#main img, #main script').count()).toBe(0);
  });

  it('is used from the keyboard alone', async () => {
    const [older, newer] = [
      await deliver({}, { person: `kim-${RUN}` }),
      await deliver({}, { person: `kim-${RUN}` }),
    ];
    await row(newer).waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toContain(newer.path);
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toContain(older.path);
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await answer().getByText(`kim-${RUN} was told`).waitFor();
    expect(await row(newer).getAttribute('aria-current')).toBe('true');
    await page.keyboard.press('Escape');
    await story().getByText('Why did nobody hear of it?').waitFor();
    expect(new URL(page.url()).hash).toBe('#/');
  });

  it('shows the list or a story where there is room for one only, and nothing is cut off', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const like = await deliver({}, { person: `ola-${RUN}` });
    await row(like).click();
    await answer().waitFor();
    expect(await row(like).isVisible()).toBe(false);
    const isCut = () =>
      page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
    expect(await isCut()).toBe(false);
    await story().getByRole('link', { name: 'Deliveries' }).click();
    await row(like).waitFor();
    expect(await isCut()).toBe(false);
  });

  it('says that Firestore cannot be reached, and goes on when it can', async () => {
    await firestore.close();
    await page.locator('#trouble').getByText('Firestore').waitFor();
    await firestore.open();
    await page.locator('#trouble').waitFor({ state: 'hidden' });
    await row(await deliver({}, { person: `ola-${RUN}` })).waitFor();
  });

  it('says that the console itself has ended', async () => {
    const other = await startConsoleProcess(firestore.host);
    await page.goto(other.url);
    await page.locator('#connection[data-state=live]').waitFor();
    expect(await other.end()).toBe(0);
    await page.locator('#connection', { hasText: 'Not connected' }).waitFor();
    await page.locator('#trouble').getByText('is it still running').waitFor();
  });

  it('ends at once, and without a complaint, where Firestore cannot be reached', async () => {
    const away = new Switch(process.env['FIRESTORE_EMULATOR_HOST'] ?? '');
    await away.open();
    const other = await startConsoleProcess(away.host);
    await page.goto(other.url);
    await away.close();
    await page.locator('#trouble').getByText('Firestore').waitFor();
    expect(await other.end()).toBe(0);
  });

  it('was never sent an address', async () => {
    await open(`#/person/ola-${RUN}`);
    await story().locator('.more', { hasText: FINGERPRINT }).waitFor();
    const feed = await page.evaluate(`new Promise((resolve) => {
      const source = new EventSource('/api/feed');
      source.addEventListener('snapshot', (event) => {
        source.close();
        resolve(event.data);
      });
    })`);
    const sent = [...(await Promise.all(bodies)), String(feed)];
    expect(sent.filter((body) => body.includes(FINGERPRINT)).length).toBeGreaterThan(0);
    expect(sent.filter((body) => body.includes(TOKEN))).toEqual([]);
    expect(sent.filter((body) => body.includes(TOKEN.slice(23, 80)))).toEqual([]);
  });
});

/** What has the focus, as text. */
function focused(page: Page): Promise<string> {
  return page.evaluate('document.activeElement.textContent');
}
