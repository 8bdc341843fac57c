import * as z from 'zod';
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
