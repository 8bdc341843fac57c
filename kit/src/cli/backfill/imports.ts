/** Finds the `importDevices` of an installation, by loading its code as Cloud Functions do. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ImportSource } from '../../devices/import-state';
import { own } from '../../model/own';
import { UsageError } from '../command';

/**
 * What the code in `source` imports from, by the names of its functions.
 *
 * @throws {UsageError} where it cannot be loaded: it may not be built.
 */
export function importsOf(source: string): Map<string, ImportSource<unknown>> {
  let exported: unknown;
  try {
    const require = createRequire(join(source, 'package.json'));
    // As Cloud Functions load it; since Node 22 this loads ES modules, too.
    exported = require(source);
  } catch (error) {
    throw new UsageError(
      `Expected functions in ${source} that are built, to find what they import: ${(error as Error).message}\n` +
        `Build them with: npm --prefix ${source} run build`,
      { cause: error },
    );
  }
  const found = new Map<string, ImportSource<unknown>>();
  collect(exported, '', found, new Set());
  return found;
}

/** Functions may be exported in groups. */
function collect(
  exported: unknown,
  group: string,
  found: Map<string, ImportSource<unknown>>,
  seen: Set<unknown>,
): void {
  if (typeof exported !== 'object' || exported === null || seen.has(exported)) return;
  seen.add(exported);
  for (const name of Object.keys(exported)) {
    const value: unknown = own(exported, name);
    if (typeof value === 'function') {
      const { imports } = value as { imports?: ImportSource<unknown> };
      if (imports !== undefined) found.set(`${group}${name}`, imports);
    } else collect(value, `${group}${name}.`, found, seen);
  }
}
