import type { Firestore } from '@google-cloud/firestore';
import * as fc from 'fast-check';
import * as z from 'zod';
import { idsOf, isDocumentId, type DocumentPath } from '../model/document-id';
import { InvalidInputError } from '../model/invalid-input';
import { at, firestoreReader } from './reader';

describe('a path made of ids', () => {
  it('is what was meant', () => {
    expect(at`users/${'ola'}`).toBe('users/ola');
    expect(at`posts/${'Électre'}/comments/${'a%20b'}`).toBe('posts/Électre/comments/a%20b');
    expect(at`posts/${'\\u0041'}`).toBe('posts/\\u0041');
  });

  it.each(['a/b/c', '..', '.', '', '__x__', '/', 'x'.repeat(1_501), '\ud800'])(
    'is refused for the id %j, which would lead elsewhere',
    (id) => {
      expect(() => at`users/${id}`).toThrow(InvalidInputError);
      expect(() => at`users/${id}`).toThrow('Path users/{id}: expected document ids, got "');
    },
  );

  it.each([() => at`users`, () => at`users/${'a'}/posts`, () => at`/users/${'a'}`])(
    'is refused where it is no document’s',
    (act) => {
      expect(act).toThrow(InvalidInputError);
    },
  );

  it('keeps each id one segment, or is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (postId, id) => {
        if (isDocumentId(postId) && isDocumentId(id)) {
          const path = at`posts/${postId}/likes/${id}`;
          expect(idsOf('posts/{postId}/likes/{id}', path)).toEqual({ postId, id });
        } else expect(() => at`posts/${postId}/likes/${id}`).toThrow(InvalidInputError);
      }),
    );
  });
});

describe('a reader', () => {
  it('asks Firestore for no path that cannot be one, whoever made it', async () => {
    const reader = firestoreReader({} as Firestore);
    for (const path of ['users/..', 'users', 'users//x', '']) {
      const act = reader.get(path as DocumentPath, z.object({}));
      await expect(act).rejects.toThrow(InvalidInputError);
    }
  });
});
