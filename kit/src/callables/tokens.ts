/**
 * What an app calls about its device: register it after login and at every start, unregister it at logout.
 */
import { consumeAppCheckToken, enforceAppCheck, functionOptions } from '../config';
import { devices } from '../push';
import { maxAddressesPerUser } from '../settings';
import {
  logRegistered,
  logTakenOver,
  logUnregistered,
  logUnregisteredAll,
  reconcileLog,
} from '../log';
import { fingerprint, type AddressKind } from '../model/address';
import { callable } from './callable';
import { asHttpsErrors, admitCaller } from './caller';
import { checkedInput, checkedRegistration, nothingSchema, removalSchema } from './input';

/** What `registerToken` answers. */
export interface RegistrationAnswer {
  /** What the address was taken for. */
  readonly kind: AddressKind;
  /** Whether another user owned it until now. */
  readonly takenOver: boolean;
  /** Facts about the device that could not be used, e.g. `['locale']`; absent if all could. */
  readonly ignored?: readonly string[];
}

/**
 * Makes a device the caller's own, and nobody else's. Idempotent; call it at every login and app start.
 *
 * `takenOver`: another user owned it until now. After a login that is expected; at the start of an app whose user did not
 * change, it means that somebody else has registered this token, and the app should replace it (see docs/tokens.md).
 */
export const registerToken = callable(
  'registerToken',
  { ...functionOptions, enforceAppCheck, consumeAppCheckToken },
  async (request): Promise<RegistrationAnswer> => {
    const uid = admitCaller(request);
    const { address: asked, replaces, facts, ignored } = checkedRegistration(request.data);
    const addresses = replaces === undefined ? [asked] : [asked, replaces];
    return asHttpsErrors('registerToken', uid, addresses, async () => {
      const { ownership, removal } = devices();
      const registered = await ownership.register(uid, {
        address: asked,
        facts,
        replaces,
        isAnonymous: isAnonymous(request.auth?.token),
      });
      const { address, kind, takenFrom, replaced, listed } = registered;
      logRegistered(uid, fingerprint(address), kind, replaced);
      if (takenFrom.length > 0) logTakenOver(uid, fingerprint(address), takenFrom);
      const max = maxAddressesPerUser.value();
      if (listed > max) {
        const { healed, evicted } = await removal.tidy(uid, max, address);
        reconcileLog.tidied(uid, healed, evicted.map(fingerprint));
      }
      const answer = { kind, takenOver: takenFrom.length > 0 };
      return ignored.length === 0 ? answer : { ...answer, ignored };
    });
  },
);

/** Whether an ID token is that of an account without any way to sign in again. */
function isAnonymous(token: unknown): boolean {
  const { firebase } = (token ?? {}) as {
    readonly firebase?: { readonly sign_in_provider?: unknown };
  };
  return firebase?.sign_in_provider === 'anonymous';
}

/** Takes a device from the caller; call it at logout. Idempotent: `removed` says whether there was anything to remove. */
export const unregisterToken = callable(
  'unregisterToken',
  { ...functionOptions, enforceAppCheck },
  async (request): Promise<{ removed: boolean }> => {
    const uid = admitCaller(request);
    const { address } = checkedInput(removalSchema, request.data);
    return asHttpsErrors('unregisterToken', uid, [address], async () => {
      const removed = await devices().ownership.unregister(uid, address);
      logUnregistered(uid, fingerprint(address), removed);
      return { removed };
    });
  },
);

/** Takes every device from the caller: "log out everywhere". Idempotent; `removed` says how many there were. */
export const unregisterAllTokens = callable(
  'unregisterAllTokens',
  { ...functionOptions, enforceAppCheck },
  async (request): Promise<{ removed: number }> => {
    const uid = admitCaller(request);
    checkedInput(nothingSchema, request.data);
    return asHttpsErrors('unregisterAllTokens', uid, [], async () => {
      const removed = (await devices().removal.unregisterAll(uid)).length;
      logUnregisteredAll(uid, removed);
      return { removed };
    });
  },
);
