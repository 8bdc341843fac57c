/**
 * For tests: both models in virtual time, between them and the engine's own providers nothing.
 */
import type { Content } from '../../../kit/src/model/notification/content.ts';
import { ApnsProvider } from '../../../kit/src/providers/apns/provider.ts';
import { FcmProvider } from '../../../kit/src/providers/fcm/provider.ts';
import { AccessTokens } from '../../../kit/src/providers/fcm/access-token.ts';
import { settings } from '../../../kit/src/testing/apns-settings.ts';
import { content, SENT_AT } from '../../../kit/src/testing/content.ts';
import { Random } from '../time/random.ts';
import { play, Scheduler } from '../time/scheduler.ts';
import { ApnsModel, type ApnsModelOptions, type ApnsTrouble } from './apns-model.ts';
import { FcmModel, type FcmModelOptions, type FcmTrouble } from './fcm-model.ts';
import { Phones } from './phones.ts';

/** The app of the engine's own test settings. */
const BUNDLE_ID = 'com.example.birds';

export interface TestWorldOptions {
  readonly fcm?: Partial<FcmModelOptions>;
  readonly apns?: Partial<ApnsModelOptions>;
}

export class TestWorld {
  readonly scheduler = new Scheduler(SENT_AT, new Random(1));
  readonly phones = new Phones(() => this.scheduler.now);
  readonly fcm: FcmModel;
  readonly apns: ApnsModel;
  readonly fcmProvider: FcmProvider;
  readonly apnsProvider: ApnsProvider;
  readonly devices: ReturnType<typeof settings>['devices'];
  /** Access tokens that were fetched. */
  fetches = 0;

  constructor({ fcm, apns }: TestWorldOptions = {}) {
    const { scheduler, phones } = this;
    const now = (): number => scheduler.now;
    const later = scheduler.after.bind(scheduler);
    const way = { phones, now, later, latency: () => 50 };
    this.fcm = new FcmModel({ ...way, ...fcm });
    this.apns = new ApnsModel({ ...way, bundleId: BUNDLE_ID, ...apns });
    const credential = {
      getAccessToken: () => {
        this.fetches += 1;
        return Promise.resolve({ access_token: `access-${this.fetches}`, expires_in: 3600 });
      },
    };
    const tokens = new AccessTokens(credential, now);
    this.fcmProvider = new FcmProvider({
      projectId: 'universe',
      client: this.fcm.client,
      tokens,
      now,
    });
    const { made, devices } = settings({ servers: this.apns.servers, now });
    this.devices = devices;
    this.apnsProvider = new ApnsProvider(made);
  }

  /** Has time go by until a promise is settled. */
  async settled<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    promise.then(over, over);
    await new Promise(setImmediate);
    while (!isOver) {
      if (this.scheduler.isIdle)
        throw new Error('expected an answer, but nothing is going to happen any more');
      await play(this.scheduler, () => isOver);
    }
    return promise;
  }
}

/** A push with everything decided, to be varied. */
export function wave(over: Partial<Content> = {}): Content {
  const id = 'wave-e1';
  return content({ type: 'wave', deliveryId: id, tag: id, title: 'Lia waves', ...over });
}

/** Trouble for the first call; the rest goes well. */
export function once<T extends FcmTrouble | ApnsTrouble>(trouble: T): () => T | undefined {
  let left: T | undefined = trouble;
  return () => {
    const given = left;
    left = undefined;
    return given;
  };
}
