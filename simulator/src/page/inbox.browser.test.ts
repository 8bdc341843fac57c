/** The inbox page in a real browser: what arrives is seen at once, and what is hostile stays text. */
import type { Browser, Page } from 'playwright-core';
import { createSimulator, type Simulator } from '../index.ts';
import { push } from '../testing/apns-client.ts';
import { launchChromium } from '../testing/chromium.ts';
import { openSession, sendMessage } from '../testing/fcm-client.ts';
import { describeInBrowser } from '../testing/in-browser.ts';

/** Fails long before the test does, with the name of what was waited for. */
const PATIENCE_MS = 10_000;

describeInBrowser('the inbox page', () => {
  let browser: Browser;
  let simulator: Simulator;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    simulator = await createSimulator();
    page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(simulator.url);
    await page.locator('.status.live').waitFor();
  });
  afterEach(async () => {
    await page.close();
    await simulator.close();
  });

  const send = (title: string, android: object = {}) =>
    sendMessage(simulator.url, { token: 'ada:1', notification: { title, body: title }, android });
  const heading = (title: string) => page.getByRole('heading', { name: title, exact: true });

  it('shows a push when it arrives, and replaces it by the next of the same tag', async () => {
    await send('One like', { notification: { tag: 'likes' } });
    await heading('One like').waitFor();
    await send('Two likes', { notification: { tag: 'likes' } });
    await heading('Two likes').waitFor();
    await heading('One like').waitFor({ state: 'detached' });
    await send('A comment');
    await heading('A comment').waitFor();
    expect(await page.locator('.item.notification h3').allTextContents()).toEqual([
      'A comment',
      'Two likes',
    ]);
  });

  it('shows a push of APNs on the same page, with the request behind it', async () => {
    const session = await openSession(`http://${simulator.apnsEmulatorHost}`);
    await push(session, {
      body: { aps: { alert: { title: 'Goal' }, badge: 3, sound: 'horn.caf' } },
    });
    session.destroy();
    await heading('Goal').waitFor();
    await page.getByTitle('Badge').waitFor();
    expect(await page.getByTitle('Badge').textContent()).toBe('3');
    await page.getByText('Raw request').click();
    await page.getByText('apns-push-type: alert').waitFor();
  });

  it('runs no script that a message brings, and shows it as text', async () => {
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const image = `<img src=x onerror="document.title='hacked'">`;
    const script = `<script>document.title='hacked'</script>`;
    await sendMessage(simulator.url, {
      token: 'ada:1',
      notification: { title: image, body: script },
      android: { notification: { click_action: `javascript:document.title='hacked'`, tag: image } },
    });
    simulator.putDevice('ada:1', { appId: script, topics: ['news'] });
    await heading(image).waitFor();
    await page.getByText(script, { exact: true }).first().waitFor();
    // One more round trip: whatever could run has run by then.
    await send('Harmless');
    await heading('Harmless').waitFor();
    expect(await page.title()).toBe('Push simulator');
    expect(await page.locator('.items img, .items script').count()).toBe(0);
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
    expect(dialogs).toEqual([]);
  });
});
