/**
 * What follows from the declared fields of a notification and of the outbox: the guide, the rules, the limits that comments name.
 *
 * Whoever adds a field in `kit/src/model/notification/notification.ts` or in `PushOptions` learns here what else wants it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { notificationSchema } from '../../kit/src/model/notification/notification.ts';
import { MAX_UNITS } from '../../kit/src/model/notification/shorten.ts';
import { pushOptions, senderFieldNames } from '../../kit/src/outbox/fields.ts';
import { declaredFields, GUIDE, writtenGuide } from './outbox-guide.ts';

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const fields = declaredFields(ROOT);
const commentOf = (name: string): string =>
  fields.find((field) => field.name === name)?.comment ?? '';

/** What a list has too little and too much of, with what to do, so that a failure says it. */
function differences(actual: readonly string[], declared: readonly string[]) {
  return {
    add: declared.filter((name) => !actual.includes(name)),
    remove: actual.filter((name) => !declared.includes(name)),
  };
}
const NONE = { add: [], remove: [] };

it('finds every declared field in the sources', () => {
  expect(
    differences(
      fields.map(({ name }) => name),
      senderFieldNames(),
    ),
  ).toEqual(NONE);
  expect(senderFieldNames().length).toBeGreaterThan(25);
});

it('the guide to the outbox has the table of fields; if not, run `npm run docs`', () => {
  expect({ [`${GUIDE}, after npm run docs`]: read(GUIDE) }).toEqual({
    [`${GUIDE}, after npm run docs`]: writtenGuide(ROOT),
  });
});

it('firestore.rules let an admin write every declared field and no other: see pushFields() there', () => {
  const [, list = ''] =
    /function pushFields\(\) \{\s*return \[([^\]]*)\]/.exec(read('firestore.rules')) ?? [];
  const allowed = [...list.matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
  expect({
    'pushFields() in firestore.rules': differences(['to', ...allowed], senderFieldNames()),
  }).toEqual({
    'pushFields() in firestore.rules': NONE,
  });
});

it.each(['title', 'body'] as const)(
  'firestore.rules take a %s of as much as is kept of it',
  (name) => {
    expect(read('firestore.rules')).toContain(`isText(push.${name}, ${MAX_UNITS[name]})`);
  },
);

it('the rules are tried with every declared field: see "a push with every other field"', () => {
  const attempts = read('kit/src/cli/rules/attempts/pushes.ts');
  const missing = senderFieldNames().filter(
    (name) => !new RegExp(`\\b${name}\\b[:,]`).test(attempts),
  );
  expect({ 'add to kit/src/cli/rules/attempts/pushes.ts': missing }).toEqual({
    'add to kit/src/cli/rules/attempts/pushes.ts': [],
  });
});

/** The numbers and words that a field's schema allows, as a comment writes them. */
function limitsOf(schema: z.ZodType): string[] {
  const json = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
  const limits: string[] = [];
  JSON.stringify(json, (key, value: unknown) => {
    if (['maxLength', 'maxItems', 'minimum', 'maximum'].includes(key)) {
      limits.push(Number(value).toLocaleString('en'));
    }
    if (key === 'enum') limits.push(...(value as string[]).map((each) => `\`${each}\``));
    return value;
  });
  return limits;
}

/** Described elsewhere: a text's parts in the guide to languages, options of one platform in its own guide. */
const ELSEWHERE = ['to', 'title', 'subtitle', 'body', 'apns', 'expo'];

it.each(
  [...Object.entries(notificationSchema().shape), ...Object.entries(pushOptions().shape)]
    .filter(([name]) => name !== 'sendAt' && !ELSEWHERE.includes(name))
    .map(([name, schema]) => [name, schema] as const),
)('the comment of %s names the limits that its schema has', (name, schema) => {
  const comment = commentOf(name);
  expect({ comment, missing: limitsOf(schema).filter((limit) => !names(comment, limit)) }).toEqual({
    comment,
    missing: [],
  });
});

/** Whole: "50" is not named by "150". */
function names(comment: string, limit: string): boolean {
  return comment
    .split(limit)
    .slice(1)
    .some(
      (after, index) => !/[\d,]$/.test(comment.split(limit)[index] ?? '') && !/^,?\d/.test(after),
    );
}

it.each(Object.entries(MAX_UNITS))('the comment of %s names where it is cut', (name, units) => {
  expect(commentOf(name)).toContain(`Cut at ${units.toLocaleString('en')} UTF-16 units`);
});
