/** This repository's own firestore.indexes.json has what the command would add, and nothing else of the kit's collections. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIELD_OVERRIDES, SEARCHED_FIELDS } from '../../store/indexes';
import { DEFAULT_NAMES } from '../names';
import { mergeIndexes } from './merge';
import { wantedIndexes } from './wanted';

const text = readFileSync(join(__dirname, '../../../../firestore.indexes.json'), 'utf8');
const wanted = wantedIndexes([DEFAULT_NAMES]);
const OURS: readonly unknown[] = ['deliveries', 'devices', 'pushes', 'digestItems'];

interface Entry {
  readonly collectionGroup: string;
}

it('has what the kit wants: if not, run `npx @firestore-push/push indexes`, or change kit/src/store/indexes.ts', () => {
  const { indexes, fieldOverrides } = JSON.parse(text) as Record<string, Entry[]>;
  const ofOurs = (entries: readonly Entry[] = []) =>
    entries.filter(({ collectionGroup }) => OURS.includes(collectionGroup));
  expect(ofOurs(indexes)).toEqual(wanted.indexes.map(({ entry }) => entry));
  expect(ofOurs(fieldOverrides)).toEqual(wanted.overrides.map(({ entry }) => entry));
  expect(mergeIndexes(text, wanted)).toEqual({ text, differences: [] });
});

it('takes the index away from no field that is searched for alone', () => {
  const searched = SEARCHED_FIELDS.map(({ collection, field }) => `${collection}.${field}`);
  const overridden = FIELD_OVERRIDES.map(({ collection, field }) => `${collection}.${field}`);
  expect(overridden.filter((field) => searched.includes(field))).toEqual([]);
});
