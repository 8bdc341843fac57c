/** Finds the Chromium of this machine, and opens pages in it. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APP = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Starts a browser without a window. Throws, saying what to install, where there is none. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(process.env),
    // Tests run as root in containers, where the sandbox cannot; the page is our own.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** Path of a Chromium. Throws, saying what to install, where there is none. */
export function findChromium(
  environment: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean = existsSync,
): string {
  const directories = (environment['PATH'] ?? '').split(delimiter);
  const candidates = [
    ...(environment['CHROME_PATH'] === undefined ? [] : [environment['CHROME_PATH']]),
    ...COMMANDS.flatMap((command) => directories.map((directory) => join(directory, command))),
    MAC_APP,
  ];
  const found = candidates.find(exists);
  if (found !== undefined) return found;
  throw new Error(
    `Expected Chromium to be installed, found none of ${COMMANDS.join(', ')} on the PATH. ` +
      'On Debian or Ubuntu: sudo apt-get install chromium. Elsewhere: install Chrome, or set ' +
      'CHROME_PATH to a Chromium.',
  );
}
