/**
 * The examples of the kit's documentation as modules that can be checked and run.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Example {
  /** File and line, e.g. `lib/push.d.ts:38`. */
  readonly where: string;
  /** A module; each `value; // => expected` in it is an assertion. */
  readonly code: string;
}

/** The TypeScript of a package's README, and of the `@example` tags of its declarations. */
export function examplesOf(directory: string): Example[] {
  return globSync(['README.md', 'lib/**/*.d.ts'], { cwd: directory })
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(directory, file), 'utf8');
      return [...text.matchAll(/^( *(?:\* )?)```ts\n(.*?)^\1```$/gms)].map((block) => {
        const [, margin = '', lines = ''] = block;
        const line = text.slice(0, block.index).split('\n').length;
        const code = lines
          .split('\n')
          .map((each) =>
            each.startsWith(margin) ? each.slice(margin.length) : each.replace(/^ *\*$/, ''),
          )
          .join('\n');
        return { where: `${file}:${line}`, code: asserting(code) };
      });
    });
}

function asserting(code: string): string {
  const asserted = code.replace(
    /^(.+); \/\/ => (.+)$/gm,
    (_, value: string, expected: string) => `assert.deepEqual(${value}, ${expected});`,
  );
  return asserted === code ? code : `import assert from 'node:assert/strict';\n${asserted}`;
}
