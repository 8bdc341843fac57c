import * as z from 'zod';
import type { NotificationDefinition } from '../catalogue/compose';
import { defineNotification } from './notification';

function define(name: string, document = 'posts/{postId}') {
  return defineNotification({ name, document, schema: z.object({}), compose: () => null });
}

describe('a notification’s name', () => {
  it.each(['like', 'chatMessage', 'a-b_c', 'pushes', 'x'.repeat(64)])('may be %s', (name) => {
    expect(() => define(name)).not.toThrow();
  });

  it.each(['', 'a b', 'a.b', 'a~b', 'a/b', 'é', 'x'.repeat(65), 'push', 'push-x'])(
    'cannot be %j, and that is said at once',
    (name) => {
      expect(() => define(name)).toThrow(`Notification "${name}": expected`);
    },
  );
});

it.each(['posts', 'posts/{id=**}', 'posts/{id}/likes'])('a trigger’s path cannot be %s', (path) => {
  expect(() => define('like', path)).toThrow('expected a document path');
});

describe('a digest', () => {
  const digest = { window: { minutes: 30 }, title: { key: 'like.digest' } };
  const declare = (more: Partial<NotificationDefinition<string, unknown>>) =>
    defineNotification({
      ...{ name: 'like', document: 'posts/{postId}', schema: z.unknown(), compose: () => null },
      ...more,
    });

  it.each<Partial<NotificationDefinition<string, unknown>>>([
    { digest },
    { digest, delivery: 'digest' },
    { digest, delivery: 'off' },
  ])('may be declared: %j', (more) => {
    expect(() => declare(more)).not.toThrow();
  });

  it.each<[Partial<NotificationDefinition<string, unknown>>, string]>([
    [{ delivery: 'digest' }, 'digest: expected one'],
    [{ digest, mandatory: true }, 'what is mandatory cannot wait'],
    [{ digest: { ...digest, window: { minutes: 0 } } }, 'digest.window: expected minutes'],
  ])('cannot be declared as %j, and that is said at once', (more, problem) => {
    expect(() => declare(more)).toThrow(`Notification "like": ${problem}`);
  });
});

describe('the event that a notification is deployed for', () => {
  const eventTypeOf = (withdraw?: 'no' | 'before' | 'shown') => {
    const trigger = defineNotification({
      ...{ name: 'like', document: 'posts/{postId}', schema: z.object({}), compose: () => null },
      withdraw,
    });
    return trigger.__endpoint.eventTrigger?.eventType;
  };

  it.each([undefined, 'no', 'before'] as const)(
    'is a creation where withdraw is %s',
    (withdraw) => {
      expect(eventTypeOf(withdraw)).toBe('google.cloud.firestore.document.v1.created');
    },
  );

  it('is any write where it is withdrawn from devices', () => {
    expect(eventTypeOf('shown')).toBe('google.cloud.firestore.document.v1.written');
  });
});
