/** Whatever stands in a file, it stands there after the merge, and a second merge finds nothing to do. */
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { DEFAULT_NAMES } from '../names';
import { mergeIndexes } from './merge';
import { wantedIndexes } from './wanted';

const wanted = wantedIndexes([DEFAULT_NAMES, { ...DEFAULT_NAMES, deliveries: 'a/b/parcels' }]);

const group = fc.constantFrom('deliveries', 'devices', 'pushes', 'users', 'parcels', 'posts');
const field = fc.constantFrom('state', 'leaseUntil', 'expiresAt', 'content', 'tokens', '*', 'x');
const order = fc.constantFrom('ASCENDING', 'DESCENDING');
const scope = fc.constantFrom('COLLECTION', 'COLLECTION_GROUP');
const index = fc.record(
  {
    collectionGroup: group,
    queryScope: scope,
    fields: fc.array(fc.record({ fieldPath: field, order }), { maxLength: 3 }),
    density: fc.constant('SPARSE_ALL'),
  },
  { requiredKeys: ['collectionGroup', 'fields'] },
);
const override = fc.record(
  {
    collectionGroup: group,
    fieldPath: field,
    ttl: fc.boolean(),
    indexes: fc.array(fc.record({ order, queryScope: scope }), { maxLength: 2 }),
  },
  { requiredKeys: ['collectionGroup', 'fieldPath', 'indexes'] },
);

/** A file as people leave it: with comments at ends of lines, other white space, trailing commas. */
const file = fc
  .record({
    content: fc.record(
      { indexes: fc.array(index), fieldOverrides: fc.array(override), more: fc.jsonValue() },
      { requiredKeys: [] },
    ),
    indent: fc.constantFrom('\t', '  ', '    ', ''),
    eol: fc.constantFrom('\n', '\r\n'),
    comments: fc.array(fc.boolean(), { minLength: 1 }),
    trailingCommas: fc.boolean(),
  })
  .map(({ content, indent, eol, comments, trailingCommas }) => {
    const lines = JSON.stringify(content, null, indent).split('\n');
    const ended = lines.map((line, at) => {
      const isLast = /^\s*[\]}]/.test(lines[at + 1] ?? '') && !/[[{,]$/.test(line);
      const comma = trailingCommas && isLast ? ',' : '';
      const comment = indent !== '' && comments[at % comments.length] ? ` // , ] ${at} }` : '';
      return line + comma + comment;
    });
    return ended.join(eol);
  });

interface Content {
  readonly indexes?: readonly object[];
  readonly fieldOverrides?: readonly object[];
  readonly more?: unknown;
}

function contentOf(text: string): Content {
  return parse(text, [], { allowTrailingComma: true }) as Content;
}

it('loses nothing of theirs, keeps every line and every end of line, and is idempotent', () => {
  fc.assert(
    fc.property(file, (text) => {
      const { text: after, differences } = mergeIndexes(text, wanted);
      const [theirs, now] = [contentOf(text), contentOf(after)];
      expect(now.indexes?.slice(0, theirs.indexes?.length ?? 0)).toEqual(theirs.indexes ?? []);
      expect(now.more).toEqual(theirs.more);
      (theirs.fieldOverrides ?? []).forEach((each, at) => {
        const { ttl: _ttl, ...rest } = now.fieldOverrides?.[at] as { ttl?: boolean };
        const { ttl, ...before } = each as { ttl?: boolean };
        expect(rest).toEqual(before);
        if (ttl !== undefined) expect(now.fieldOverrides?.[at]).toEqual(each);
      });
      // Nothing is taken out of the text: what stood there is found in it in order, character by character.
      let place = 0;
      for (const char of after) if (char === text[place]) place += 1;
      expect(place).toBe(text.length);
      if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');

      const again = mergeIndexes(after, wanted);
      expect(again).toEqual({ text: after, differences });
    }),
    { numRuns: 100 },
  );
});
