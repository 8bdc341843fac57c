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
