import * as z from 'zod';
import { describeIssues, issuesByField } from './describe-issues';

function describeInput(schema: z.ZodType, input: unknown): string {
  const { error } = schema.safeParse(input);
  if (error === undefined) throw new Error('expected the input to be refused');
  return describeIssues(error);
}

describe('describeIssues', () => {
  it('names every field', () => {
    const schema = z.object({ a: z.string(), b: z.object({ c: z.number() }) });
    expect(describeInput(schema, { b: { c: 'x' } })).toMatch(/^a: .*string.*; b\.c: .*number/);
  });

  it.each(['constructor', 'toString'])(
    'says of a field named %s what is wrong with it, and no more',
    (name) => {
      const schema = z.object(Object.fromEntries([[name, z.string('expected a text')]]));
      const { error } = schema.safeParse({});
      expect(Object.entries(issuesByField(error!))).toEqual([[name, 'expected a text']]);
    },
  );

  it('names the key of a record that is not allowed, and why', () => {
    const schema = z.record(z.string().regex(/^x/, 'expected x…'), z.string());
    expect(describeInput(schema, { y: '' })).toBe('y: expected x…');
  });

  it('speaks of the alternative that was meant', () => {
    const schema = z.union([z.string(), z.array(z.string()).max(1, 'expected one at most')]);
    expect(describeInput(schema, ['a', 'b'])).toBe('(value): expected one at most');
  });

  it('says so when no alternative was meant', () => {
    expect(describeInput(z.union([z.string(), z.number()]), true)).toBe('(value): Invalid input');
  });

  it('never repeats a value', () => {
    const schema = z.strictObject({ address: z.string().max(3), kind: z.enum(['a']) });
    const said = describeInput(schema, { address: 'secret-token', kind: 'secret-token' });
    expect(said).not.toContain('secret');
  });
});
