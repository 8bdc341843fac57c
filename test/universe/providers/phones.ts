/**
 * The phones of a world: their tokens, who is signed in, and everything that they ever showed. The truth that providers only half know.
 *
 * Tokens follow from a number that the caller gives and from how often they were renewed, so that a plan from which steps are taken away
 * keeps the tokens of those that stay.
 */

export type PhoneKind = 'fcm' | 'apns';
export type ApnsEnvironment = 'production' | 'sandbox';

/** What a push does on a phone. */
export interface Push {
  /** Android's tag, or Apple's `apns-collapse-id`. */
  readonly tag: string | undefined;
  readonly deliveryId: string | undefined;
  readonly title: string | undefined;
  /** Handed to the app, shown by nobody. */
  readonly isSilent: boolean;
}

/** A push that arrived. */
export interface Shown extends Push {
  /** True time, ms since 1970. */
  readonly at: number;
  readonly token: string;
  /** Who was signed in then. */
  readonly uid: string | undefined;
  /** Whether a later one of the same tag took its place. */
  replaced: boolean;
}

/** Somebody's time on a phone, in true time; `until` is undefined while it lasts. */
export interface SignIn {
  readonly uid: string;
  readonly from: number;
  until: number | undefined;
}

/** A device that runs the app. Changed by {@link Phones} alone. */
export interface Phone {
  readonly id: string;
  readonly number: number;
  readonly kind: PhoneKind;
  /** Of Apple's: which of its servers knows the token. */
  readonly environment: ApnsEnvironment;
  /** The present token; once the app is gone, the last one. */
  token: string;
  /** Of FCM's: the present Firebase installation id, which is an address, too. Empty for Apple's. */
  installation: string;
  readonly formerTokens: string[];
  isInstalled: boolean;
  /** Who is signed in. */
  uid: string | undefined;
  readonly signIns: SignIn[];
  readonly shown: Shown[];
}

/** A token or installation id that a phone has or had. */
export interface Address {
  readonly phone: Phone;
  readonly text: string;
  /** True time, ms since 1970. */
  readonly bornAt: number;
  /** Since when it reaches nobody, true time in ms since 1970. */
  diedAt: number | undefined;
}

/** In every FCM token, and in nothing else. */
export const FCM_MARK = 'APA91bUniverse';
/** What every APNs token begins with, and nothing else contains. */
export const APNS_MARK = 'f1ee7ca11ab1e5ee';
/** In every installation id, and in nothing else. */
export const INSTALLATION_MARK = 'phone';
export const INSTALLATION_LENGTH = 22;
export const APNS_TOKEN_LENGTH = 64;
/** As long as most that were seen. */
export const FCM_TOKEN_LENGTH = 142;

const APNS_FILL = '0123456789abcdef0123456789abcdef';
const FCM_FILL = '-wHe5tQz0_kUnLmBv7RyXcJd2aGfOi8sPpTqEoYlKjMh'.repeat(3);

function installationId(number: number, generation: number): string {
  return `d${number.toString(36).padStart(11, '0')}${INSTALLATION_MARK}${generation.toString(36).padStart(5, '0')}`;
}

function fcmToken(installation: string, nth: number): string {
  const start = `${installation}:${FCM_MARK}${nth.toString(36).padStart(5, '0')}`;
  return start + FCM_FILL.slice(0, FCM_TOKEN_LENGTH - start.length);
}

function apnsToken(number: number, nth: number): string {
  const start = `${APNS_MARK}${number.toString(16).padStart(14, '0')}${nth.toString(16).padStart(4, '0')}`;
  return start + APNS_FILL.slice(0, APNS_TOKEN_LENGTH - start.length);
}

/** What is chosen of a phone when it comes into the world. */
export interface PhoneOptions {
  /** Who is signed in from the beginning. */
  readonly uid?: string | undefined;
  /** Default: `production`. */
  readonly environment?: ApnsEnvironment | undefined;
}

export class Phones {
  readonly all: Phone[] = [];
  private readonly now: () => number;
  private readonly addresses = new Map<string, Address>();
  /** The last notification of each tag, by phone. */
  private readonly standing = new Map<Phone, Map<string, Shown>>();

  /** @param now the true time, ms since 1970. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** @param number below 2^53 and of no other phone of this world: its tokens follow from it. */
  add(
    kind: PhoneKind,
    number: number,
    { uid, environment = 'production' }: PhoneOptions = {},
  ): Phone {
    const phone: Phone = {
      id: `phone-${number}`,
      number,
      kind,
      environment,
      token: '',
      installation: '',
      formerTokens: [],
      isInstalled: true,
      uid: undefined,
      signIns: [],
      shown: [],
    };
    this.all.push(phone);
    this.install(phone);
    if (uid !== undefined) this.signIn(phone, uid);
    return phone;
  }

  /** The app gets another token; the old one is dead from now on. Of FCM's the installation stays. */
  renewToken(phone: Phone): string {
    if (!phone.isInstalled) return phone.token;
    this.retire(phone.token);
    phone.formerTokens.push(phone.token);
    const nth = phone.formerTokens.length;
    const { kind, number, installation } = phone;
    phone.token = kind === 'fcm' ? fcmToken(installation, nth) : apnsToken(number, nth);
    this.enter(phone, phone.token);
    return phone.token;
  }

  /** The app is removed, with whoever was signed in: all its addresses are dead from now on. */
  uninstall(phone: Phone): void {
    if (!phone.isInstalled) return;
    this.signOut(phone);
    phone.isInstalled = false;
    this.retire(phone.token);
    this.retire(phone.installation);
  }

  /** The app is back, with a new token and a new installation, and nobody signed in. */
  reinstall(phone: Phone): void {
    if (phone.isInstalled) return;
    phone.isInstalled = true;
    phone.formerTokens.push(phone.token);
    this.standing.delete(phone);
    this.install(phone);
  }

  /** Whoever was signed in before is not any more. */
  signIn(phone: Phone, uid: string): void {
    this.signOut(phone);
    phone.uid = uid;
    phone.signIns.push({ uid, from: this.now(), until: undefined });
  }

  signOut(phone: Phone): void {
    if (phone.uid === undefined) return;
    phone.uid = undefined;
    (phone.signIns.at(-1) as SignIn).until = this.now();
  }

  /** Who was signed in at a moment of true time. */
  accountAt(phone: Phone, time: number): string | undefined {
    return phone.signIns.find(
      ({ from, until }) => from <= time && (until === undefined || time < until),
    )?.uid;
  }

  /** The phone that has or had an address. */
  byToken(text: string): Phone | undefined {
    return this.addresses.get(text)?.phone;
  }

  /** An address, dead or alive; undefined for one that no phone ever had. */
  address(text: string): Address | undefined {
    return this.addresses.get(text);
  }

  isLive(text: string): boolean {
    const address = this.addresses.get(text);
    return address !== undefined && address.diedAt === undefined;
  }

  /** A push arrives now. */
  show(phone: Phone, token: string, { tag, deliveryId, title, isSilent }: Push): void {
    const { uid } = phone;
    const shown: Shown = {
      at: this.now(),
      token,
      uid,
      tag,
      deliveryId,
      title,
      isSilent,
      replaced: false,
    };
    phone.shown.push(shown);
    if (isSilent || tag === undefined) return;
    let standing = this.standing.get(phone);
    if (standing === undefined) this.standing.set(phone, (standing = new Map<string, Shown>()));
    const before = standing.get(tag);
    if (before !== undefined) before.replaced = true;
    standing.set(tag, shown);
  }

  private install(phone: Phone): void {
    const { kind, number, formerTokens } = phone;
    const nth = formerTokens.length;
    if (kind === 'fcm') {
      phone.installation = installationId(number, nth);
      this.enter(phone, phone.installation);
      phone.token = fcmToken(phone.installation, nth);
    } else {
      phone.token = apnsToken(number, nth);
    }
    this.enter(phone, phone.token);
  }

  private enter(phone: Phone, text: string): void {
    this.addresses.set(text, { phone, text, bornAt: this.now(), diedAt: undefined });
  }

  private retire(text: string): void {
    const address = this.addresses.get(text);
    if (address !== undefined) address.diedAt ??= this.now();
  }
}
