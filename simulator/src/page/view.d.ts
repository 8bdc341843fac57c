/** Types of `view.js`, which the browser loads as it stands. */
import type { Device } from '../devices.ts';
import type { InboxItem } from '../inbox.ts';
import type { LoggedRequest } from '../request-log.ts';

interface Markup {
  readonly text: string;
  toString(): string;
}

export function escapeText(value: unknown): string;
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Markup;
export function webAddress(value: unknown): string | undefined;
export function shortened(address: string, longest?: number): string;
export function appName(device: Pick<Device, 'appId' | 'platform'>): string;
export function deviceView(device: Device): Markup;
export function itemView(item: InboxItem, app: string, time: string): Markup;
export function requestText(request: LoggedRequest): string;
