/** Attempts on `pushes`, the outbox: sending without the claim, forging results, changing what is sent. */
import { FieldValue } from '@google-cloud/firestore';
import type { Names } from '../../names';
import {
  each,
  equals,
  everyList,
  everySearch,
  get,
  later,
  list,
  longAgo,
  remove,
  set,
  together,
  update,
  type Act,
  type Attempts,
  type Person,
} from './attempt';

const push = { to: 'alice', title: 'Sale', body: 'Today' };
const LEFT_OUT = 'pushes that apps of administrators write';

/** Those who are no administrators, though some look like one. */
const OTHERS = {
  'a user': 'alice',
  'a user whose claim is false': 'formerAdmin',
  'a user whose claim is a string': 'adminInWords',
  'a user whose claim is a number': 'adminAsNumber',
  'a signed-out caller': 'nobody',
} as const;

const everyOther = (what: string): Record<string, Person> =>
  Object.fromEntries(Object.entries(OTHERS).map(([who, person]) => [`${who} ${what}`, person]));

const everyListOfOthers = (pushes: string): Record<string, Act> =>
  together(
    Object.entries(OTHERS).map(([who, person]) => everyList(`${who} lists pushes`, person, pushes)),
  );

export function pushAttempts({ pushes }: Names): readonly Attempts[] {
  const at = (id: string): string => `${pushes}/${id}`;
  const given = {
    [at('new')]: push,
    [at('planned')]: { ...push, sendAt: later, state: 'scheduled', createdAt: longAgo },
    [at('sending')]: { ...push, state: 'sending' },
    [at('sent')]: { ...push, state: 'sent', counts: { delivered: 1 } },
    [at('cancelled')]: { ...push, state: 'cancelled' },
    [at('own')]: { ...push, to: 'bob', actor: 'alice' },
    [at('own-sent')]: { ...push, to: 'bob', actor: 'alice', state: 'sent' },
  };
  return [
    {
      rule: 'the outbox is read by the admin claim only',
      given,
      allowed: {
        'an admin reads a push': get('admin', at('sent')),
        'an admin lists pushes': list('admin', pushes),
      },
      denied: {
        'its recipient reads a push': get('alice', at('sent')),
        ...each(everyOther('reads a push'), (who) => get(who, at('sent'))),
        'its actor reads a push': get('alice', at('own')),
        ...everyListOfOthers(pushes),
        ...everySearch('its recipient searches for it', 'alice', pushes, {
          where: [equals('to', 'alice')],
        }),
        ...everySearch('its actor searches for it', 'alice', pushes, {
          where: [equals('actor', 'alice')],
        }),
      },
      ifDenied: 'an administrator cannot see what became of a push',
      ifAllowed: 'everybody knows what is sent to whom, also before it is sent',
      optional: LEFT_OUT,
    },
    {
      rule: 'a push is written by the admin claim',
      given: {},
      allowed: { 'an admin sends a push to a user': set('admin', at('next'), push) },
      denied: {
        ...each(everyOther('sends a push'), (who) => set(who, at('next'), push)),
        'a user sends a push as its actor': set('alice', at('next'), { ...push, actor: 'alice' }),
        'a user sends a push to another as its actor': set('alice', at('next'), {
          ...{ ...push, to: 'bob', actor: 'alice' },
        }),
      },
      ifDenied: 'an administrator cannot send a push',
      ifAllowed: 'anybody sends a push to everybody, in your name',
      optional: LEFT_OUT,
    },
    {
      rule: 'a push has the shape of a push',
      given: {},
      allowed: each(
        {
          'an admin sends a push to a list of users': { ...push, to: ['alice', 'bob'] },
          'an admin sends a push to a topic': { ...push, to: { topic: 'news' } },
          'an admin sends a push of data only': { to: 'alice', data: { a: '1' }, style: 'data' },
          'an admin writes a push for later, checked only': {
            ...push,
            ...{ sendAt: later, validateOnly: true },
          },
          'an admin writes a push for a time of day': {
            ...{ ...push, sendAt: { local: '09:00', date: '2030-06-01' } },
          },
          'an admin sends a push of texts by key': {
            ...{ to: 'alice', title: { key: 'sale' }, body: { key: 'today' } },
          },
          'an admin sends a push with every other field': everyOtherField,
        },
        (data) => set('admin', at('next'), data),
      ),
      denied: each(WRONG, (data) => set('admin', at('next'), data)),
      ifDenied: 'an administrator cannot send such a push',
      ifAllowed: 'what only the server writes is made up, or what is written is refused later',
      optional: LEFT_OUT,
    },
    {
      rule: 'a push is changed and cancelled until it is on its way',
      given,
      allowed: {
        'an admin edits one the server has not seen yet': update('admin', at('new'), {
          title: 'Big sale',
        }),
        'an admin moves one that is scheduled': update('admin', at('planned'), { sendAt: later }),
        'an admin cancels one that is scheduled': update('admin', at('planned'), {
          state: 'cancelled',
        }),
      },
      denied: {
        ...each(everyOther('cancels a push'), (who) =>
          update(who, at('planned'), { state: 'cancelled' }),
        ),
        ...each(everyOther('deletes a push'), (who) => remove(who, at('sent'))),
        'its actor edits one': update('alice', at('own'), { title: 'Big sale' }),
        'its actor cancels one': update('alice', at('own'), { state: 'cancelled' }),
        'its actor edits one that was sent': update('alice', at('own-sent'), { title: 'Big sale' }),
        'its actor deletes one': remove('alice', at('own')),
        'its actor deletes one that was sent': remove('alice', at('own-sent')),
        'its recipient deletes one': remove('bob', at('own')),
        'a user becomes the actor of one': update('alice', at('planned'), { actor: 'alice' }),
        'an admin calls one sent': update('admin', at('planned'), { state: 'sent' }),
        'an admin takes the state away': update('admin', at('planned'), {
          state: FieldValue.delete(),
        }),
        'an admin edits one into a wrong shape': update('admin', at('planned'), { sendAt: 'now' }),
        'an admin changes a date of the server': update('admin', at('planned'), {
          createdAt: later,
        }),
        'an admin edits one that is being sent': update('admin', at('sending'), {
          title: 'Big sale',
        }),
        'an admin cancels one that was sent': update('admin', at('sent'), { state: 'cancelled' }),
        'an admin forges counts': update('admin', at('sent'), { 'counts.delivered': 2 }),
        'an admin revives one that was cancelled': update('admin', at('cancelled'), {
          state: 'pending',
        }),
        'an admin deletes one': remove('admin', at('sent')),
      },
      ifDenied: 'an administrator cannot change or stop a planned push',
      ifAllowed: 'what is planned, sent or recorded is changed by those who may not',
      optional: LEFT_OUT,
    },
  ];
}

const everyOtherField = {
  ...push,
  actor: 'bob',
  target: 'offers/o1',
  actorName: 'Bob',
  image: 'https://example.com/sale.png',
  link: '/sale',
  collapseKey: 'sale',
  channelId: 'offers',
  category: 'OFFER',
  threadId: 'offers',
  sound: 'default',
  badge: 1,
  timeToLive: 3600,
  priority: 'normal',
  analyticsLabel: 'sale',
  type: 'offer',
  subtitle: 'For you',
  data: { sale: '7' },
  requiredData: ['sale'],
  criticalVolume: 0.5,
  interruptionLevel: 'active',
  relevanceScore: 0.5,
  targetContentId: 'sale',
  launchImage: 'sale',
  apns: { custom: { sale: 7 } },
  expo: { experienceId: '@shop/app' },
  style: 'alert',
};

const WRONG = {
  'an admin writes a push to nobody': { title: 'Sale' },
  'an admin writes a push to a number': { ...push, to: 7 },
  'an admin writes a push to null': { ...push, to: null },
  'an admin writes a title that is a number': { ...push, title: 7 },
  'an admin writes a title too long': { ...push, title: 't'.repeat(1001) },
  'an admin writes a body that is a list': { ...push, body: ['Today'] },
  'an admin writes a body too long': { ...push, body: 'b'.repeat(8193) },
  'an admin writes data that is a string': { ...push, data: 'a=1' },
  'an admin writes data that is a list': { ...push, data: [] },
  'an admin writes a time in words': { ...push, sendAt: 'tomorrow' },
  'an admin writes a time in milliseconds': { ...push, sendAt: 2_000_000_000_000 },
  'an admin writes a dry run in words': { ...push, validateOnly: 'true' },
  'an admin writes a state': { ...push, state: 'sent' },
  'an admin writes counts': { ...push, counts: { delivered: 1 } },
  'an admin writes an end of its record': { ...push, expiresAt: later },
  'an admin writes what only the server accepts': { ...push, accepted: { state: 'sent' } },
  'an admin writes a field nobody knows': { ...push, android: {} },
};
