/**
 * The public API of the kit as text, `kit/api/*.api.md`: whatever changes it is seen in review.
 *
 * `npm run api` writes it anew; with `--check` it is only compared, and the exit code is 1 where it differs.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  ExtractorMessageCategory,
} from '@microsoft/api-extractor';
import type { IConfigFile } from '@microsoft/api-extractor';

const KIT = join(import.meta.dirname, '../../kit');

/** The name of a report, and the entry that it is of, as `exports` in kit/package.json has them. */
const ENTRIES = {
  push: 'index',
  lib: 'lib',
  client: 'client',
  testing: 'catalogue/rehearse',
} as const;

interface ApiReport {
  /** Below kit/. */
  readonly file: string;
  /** Whether the committed report says something else than the declarations. */
  readonly changed: boolean;
  /** What is wrong with the declarations themselves. */
  readonly problems: readonly string[];
}

/**
 * Compares the reports with the built declarations (`kit/lib/**\/*.d.ts`).
 *
 * @param update writes the reports that differ.
 */
async function apiReports(update: boolean): Promise<ApiReport[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'api-'));
  try {
    return Object.entries(ENTRIES).map(([name, entry]) => reportOf(name, entry, scratch, update));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function reportOf(name: string, entry: string, scratch: string, update: boolean): ApiReport {
  const problems: string[] = [];
  const config = ExtractorConfig.prepare({
    configObject: configOf(name, entry, scratch),
    configObjectFullPath: undefined,
    packageJsonFullPath: join(KIT, 'package.json'),
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: update,
    messageCallback(message) {
      message.handled = true;
      const isProblem =
        message.logLevel === ExtractorLogLevel.Error ||
        message.logLevel === ExtractorLogLevel.Warning;
      // That the report differs is what is returned.
      if (isProblem && message.category !== ExtractorMessageCategory.Console)
        problems.push(message.text);
    },
  });
  return { file: `api/${name}.api.md`, changed: apiReportChanged, problems };
}

function configOf(name: string, entry: string, scratch: string): IConfigFile {
  return {
    projectFolder: KIT,
    mainEntryPointFilePath: join(KIT, 'lib', `${entry}.d.ts`),
    newlineKind: 'lf',
    compiler: { tsconfigFilePath: join(KIT, 'tsconfig.build.json') },
    apiReport: {
      enabled: true,
      reportFileName: `${name}.api.md`,
      reportFolder: join(KIT, 'api'),
      reportTempFolder: scratch,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
      extractorMessageReporting: {
        default: { logLevel: ExtractorLogLevel.Warning },
        // Everything that an entry exports is public.
        'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
        'ae-undocumented': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: false },
        // The types that `./testing` speaks of are those of `./lib`.
        'ae-forgotten-export': {
          logLevel: name === 'testing' ? ExtractorLogLevel.None : ExtractorLogLevel.Warning,
          addToApiReportFile: false,
        },
        // A doc comment may name what is not exported.
        'ae-unresolved-link': { logLevel: ExtractorLogLevel.None },
      },
      // Braces and arrows in prose are no tags here: paths such as users/{uid} are what most comments are about.
      tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
    },
  };
}

const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;
for (const { file, changed, problems } of await apiReports(!check)) {
  if (changed) {
    process.stdout.write(
      check
        ? `kit/${file} is not what the kit exports. Run npm run api, and look at what changed.\n`
        : `kit/${file} is written anew.\n`,
    );
  }
  for (const problem of problems) process.stdout.write(`${file}: ${problem}\n`);
  if (problems.length > 0 || (check && changed)) process.exitCode = 1;
}
