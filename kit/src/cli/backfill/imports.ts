/** Finds the `importDevices` of an installation, by loading its code as Cloud Functions do. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ImportSource } from '../../devices/import-state';
import { UsageError } from '../command';

/**
 * What the code in `source` imports from, by the names of its functions.
 *
 * @throws {UsageError} where it cannot be loaded: it may not be built.
 */
export async function importsOf(source: string): Promise<Map<string, ImportSource<unknown>>> {
  let exported: unknown;
  try {
    const main = createRequire(join(source, 'package.json')).resolve(source);
    exported = await import(pathToFileURL(main).href);
  } catch (error) {
    throw new UsageError(
      `Expected functions in ${source} that are built, to find what they import: ${(error as Error).message}\n` +
        `Build them with: npm --prefix ${source} run build`,
      { cause: error },
    );
  }
  const found = new Map<string, ImportSource<unknown>>();
  collect(exported, '', found);
  return found;
}

/** Functions may be exported in groups; what CommonJS exports stands below `default`, too. */
function collect(
  exported: unknown,
  group: string,
  found: Map<string, ImportSource<unknown>>,
): void {
  if (typeof exported !== 'object' || exported === null) return;
  for (const [name, value] of Object.entries(exported)) {
    if (name === 'default') continue;
    if (typeof value === 'function') {
      const { imports } = value as { imports?: ImportSource<unknown> };
      if (imports !== undefined) found.set(`${group}${name}`, imports);
    } else collect(value, `${group}${name}.`, found);
  }
}
