/** Finds import circles among TypeScript files, those of types alone included, which lint rules and compilers let pass. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** File → the files that it imports. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Reads what each of the files imports from the others. */
export function importsAmong(files: readonly string[]): Imports {
  const known = new Set(files);
  const found = (base: string): string | undefined =>
    [base, `${base}.ts`, join(base, 'index.ts')].find((file) => known.has(file));
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
      const imported = importedFiles.flatMap(({ fileName }) =>
        fileName.startsWith('.') ? (found(join(dirname(file), fileName)) ?? []) : [],
      );
      return [file, imported];
    }),
  );
}

/** One circle, if there is any: the files in the order in which they import each other, the first one again at the end. */
export function circleIn(imports: Imports): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file];
    if (done.has(file)) return undefined;
    done.add(file);
    for (const next of imports.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle !== undefined) return circle;
    }
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
