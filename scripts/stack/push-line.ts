/** Says in one line what a device shows; what a push brings is made safe for a terminal here. */

import { printable } from '../terminal/printable.ts';
import type { Push } from './pushes.ts';

/** So much of an address tells devices apart in a terminal. */
const ADDRESS_CHARACTERS = 12;

/** Title and body, or that there is nothing to show. */
export function shownText({ kind, title, body }: Pick<Push, 'kind' | 'title' | 'body'>): string {
  if (kind === 'data') return 'data for the app';
  return printable([title, body].filter((part) => part).join(': '));
}

/** @param highlight paints the device's address, or leaves it. */
export function pushLine(push: Push, highlight: (text: string) => string): string {
  const time = new Date(push.at).toLocaleTimeString('en-GB');
  const device = highlight(`${printable(push.address.slice(0, ADDRESS_CHARACTERS))}…`);
  return `${time}  ${device}  ${shownText(push)}`;
}
