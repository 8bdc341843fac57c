/**
 * Leaves of the kit's declarations (`kit/lib/**\/*.d.ts`), before it is packed, those that whoever installs it can load: what its
 * exports name, and what those name in turn. The others, nearly half of them, would be read by nobody.
 */

import { globSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import ts from 'typescript';

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}

/**
 * The declarations that can be loaded.
 *
 * @param entries files, absolute.
 */
export function reachableFrom(entries: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const next = [...entries];
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
    for (const { fileName } of importedFiles) {
      if (fileName.startsWith('.')) {
        next.push(join(dirname(file), `${fileName.replace(/\.js$/, '')}.d.ts`));
      }
    }
  }
  return reached;
}

/** The files of a package's `exports` that have types. */
export function typedEntries(kit: string): string[] {
  const { exports } = JSON.parse(readFileSync(join(kit, 'package.json'), 'utf8')) as Manifest;
  return Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [join(kit, entry.types)],
  );
}

if (import.meta.main) {
  const kit = join(import.meta.dirname, '../../kit');
  const reachable = reachableFrom(typedEntries(kit));
  for (const file of globSync(join(kit, 'lib/**/*.d.ts'))) {
    if (!reachable.has(file)) rmSync(file);
  }
}
