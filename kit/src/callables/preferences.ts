/**
 * What a settings screen calls: what there is to choose, and what a person has chosen. See docs/preferences.md.
 */
import { HttpsError } from 'firebase-functions/https';
import type { PreferencesAnswer } from '../client';
import { enforceAppCheck, functionOptions } from '../config';
import { editPreferences } from '../decision/edit-preferences';
import { shownKind, shownRest } from '../decision/show-preferences';
import { logPreferencesChanged } from '../log';
import type { Kind } from '../model/notification/kind';
import { showable } from '../model/notification/text';
import { localiser, preferences } from '../push';
import { callable } from './callable';
import { asHttpsErrors, admitCaller } from './caller';
import { checkedInput, nothingSchema } from './input';
import { kindsProblem, preferencesSchema } from './preferences-input';

/** Lists the kinds of notifications that these functions declare, and what the caller wants of them, of whom, and when. */
export const getPreferences = callable(
  'getPreferences',
  { ...functionOptions, enforceAppCheck },
  async (request): Promise<PreferencesAnswer> => {
    const uid = admitCaller(request);
    checkedInput(nothingSchema, request.data);
    return asHttpsErrors('getPreferences', uid, [], () => shown(uid));
  },
);

/**
 * Changes what the caller wants, and nothing that the call does not name. Idempotent. Answers as `getPreferences`.
 *
 * @throws {HttpsError} `invalid-argument` for a kind that nobody declares or that is mandatory; `resource-exhausted` for more than a
 *   user document may hold; `failed-precondition` where a field holds something of the app's own.
 */
export const setPreferences = callable(
  'setPreferences',
  { ...functionOptions, enforceAppCheck },
  async (request): Promise<PreferencesAnswer> => {
    const uid = admitCaller(request);
    const change = checkedInput(preferencesSchema, request.data);
    const { store, kinds } = preferences();
    const problem = kindsProblem(change.kinds ?? {}, kinds());
    if (problem !== undefined)
      throw new HttpsError('invalid-argument', `Invalid request: ${problem}.`);
    return asHttpsErrors('setPreferences', uid, [], async () => {
      await store.edit(uid, (stored) => {
        const edits = editPreferences(stored, change, Date.now());
        if ('refused' in edits) throw new HttpsError(edits.refused, edits.message);
        return edits;
      });
      logPreferencesChanged(uid, Object.keys(change));
      return shown(uid);
    });
  },
);

async function shown(uid: string): Promise<PreferencesAnswer> {
  const { store, kinds } = preferences();
  const stored = await store.read(uid);
  const locale = localiser().localeFor(stored.locale);
  return {
    kinds: await Promise.all(
      kinds().map(async (kind) =>
        shownKind(stored.notificationSettings, kind, await titleOf(kind, locale)),
      ),
    ),
    ...shownRest(stored, Date.now()),
  };
}

/** What a settings screen calls a kind. A text that only devices look up is not known here. */
async function titleOf({ name, label = name }: Kind, locale: string): Promise<string> {
  if (typeof label === 'object' && 'key' in label) {
    return showable(await localiser().text(label, locale), 'line') || name;
  }
  return showable(typeof label === 'string' ? label : (label.fallback ?? name), 'line') || name;
}
