/** The settings of an installation as its functions find them in their environment: each has a value, if only its default. */
import { SETTINGS } from '../settings';
import { own } from '../model/own';
import type { Installation } from './installation';

export function environmentOf({ settings }: Pick<Installation, 'settings'>): Map<string, string> {
  const values = SETTINGS.map(({ name, options }) => {
    const otherwise = options.default as string | number | boolean;
    return [name, own(settings, name) ?? String(otherwise)] as const;
  });
  return new Map(values);
}
