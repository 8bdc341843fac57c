/** Paths of documents and collections as the client takes them; pure. */

/** A slash at either end is as good as none. */
export function idsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

/** @throws as the client does. */
export function documentPath(path: string, above = ''): string {
  return resolved(path, above, 0, 'document');
}

export function collectionPath(path: string, above = ''): string {
  return resolved(path, above, 1, 'collection');
}

export function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function resolved(
  path: string,
  above: string,
  parity: 0 | 1,
  what: 'document' | 'collection',
): string {
  const argument = `Value for argument "${what}Path"`;
  if (typeof path !== 'string' || path === '') {
    throw new Error(`${argument} is not a valid resource path. Path must be a non-empty string.`);
  }
  // An id, which is what it is nearly always.
  if (above !== '' && !path.includes('/')) return `${above}/${path}`;
  if (path.includes('//')) {
    throw new Error(`${argument} is not a valid resource path. Paths must not contain //.`);
  }
  const ids = [...idsOf(above), ...idsOf(path)];
  if (ids.length % 2 !== parity || ids.length === 0) {
    throw new Error(`${argument} must point to a ${what}, but was "${path}".`);
  }
  return ids.join('/');
}
