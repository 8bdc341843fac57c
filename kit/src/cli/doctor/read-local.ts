/**
 * What stands on this machine: the installation's settings, and the version of the package in its source.
 */
import { readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { own } from '../../model/own';
import { namesIn } from '../../names';
import { foldersFrom, PACKAGE, type Installation, type LocalProject } from '../installation';
import type { PackageFacts } from './facts';
import type { LocalFacts } from './read-cloud';
import { settingsFacts } from './settings-facts';

export interface LocalInput {
  readonly project: LocalProject;
  readonly projectId: string;
  readonly installation: Installation;
  readonly cwd: string;
  readonly now: number;
}

export function readLocal({ project, projectId, installation, cwd, now }: LocalInput): LocalFacts {
  const { id, kind, prefix, source } = installation;
  const settings = settingsFacts(installation.settings);
  const others = project.installations.filter((each) => each.id !== id);
  return {
    projectId,
    now,
    settings,
    installation: {
      id,
      kind,
      prefix,
      source: relative(cwd, source) || '.',
      names: namesIn(installation.settings),
      others: others.map((other) => ({
        id: other.id,
        prefix: other.prefix,
        names: namesIn(other.settings),
      })),
    },
    package: packageIn(source),
  };
}

export function packageIn(source: string): PackageFacts {
  const lock = join(source, 'package-lock.json');
  const locked = versionOf(own(own(jsonAt(lock), 'packages'), `node_modules/${PACKAGE}`));
  const installed = installedVersion(source);
  return {
    ...(installed === undefined ? {} : { installed }),
    ...(locked === undefined ? {} : { locked, lockedAt: statSync(lock).mtimeMs }),
  };
}

/** As Node finds it: in the source's own `node_modules`, or in that of a folder above. */
function installedVersion(source: string): string | undefined {
  for (const folder of foldersFrom(source)) {
    const version = versionOf(jsonAt(join(folder, 'node_modules', PACKAGE, 'package.json')));
    if (version !== undefined) return version;
  }
  return undefined;
}

function versionOf(manifest: unknown): string | undefined {
  const version = own(manifest, 'version');
  return typeof version === 'string' ? version : undefined;
}

function jsonAt(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
