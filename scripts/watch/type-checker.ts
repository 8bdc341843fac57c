/**
 * A worker thread: checks the types of a TypeScript project and of all that it imports, and again after each edit.
 * TypeScript holds its thread for seconds when it begins, during which `npm start` has other things to do.
 */

import { relative } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

import ts from 'typescript';

/** What the thread is given. */
export interface TypeCheckerData {
  /** The project's tsconfig.json. */
  config: string;
  /** Paths are told as seen from here. */
  root: string;
  colours: boolean;
}

/** What it tells after each check. */
export interface Checked {
  /** Errors with file, line and the line's text, ready to be printed; empty when there are none. */
  errors: string;
  errorCount: number;
  /** The file whose edit led to this check; undefined for the first check and for a new file. */
  edited: string | undefined;
  /** When that edit was seen, in milliseconds since 1970. */
  since: number;
}

const { config, root, colours } = workerData as TypeCheckerData;

let found: ts.Diagnostic[] = [];
let edit: { file: string | undefined; at: number } | undefined;

/** Between an edit and the check, for the files that an editor saves together. TypeScript itself waits for 250. */
const SETTLE_MS = 50;

/** As TypeScript itself watches, but sooner, and remembers what was edited first since the last check. */
const system: ts.System = {
  ...ts.sys,
  setTimeout: (callback, ms, ...rest: unknown[]) =>
    ts.sys.setTimeout?.(callback, Math.min(ms, SETTLE_MS), ...rest) as unknown,
  watchFile: (path, callback, ...rest) => {
    if (!ts.sys.watchFile) throw new Error('TypeScript cannot watch files on this machine.');
    const noting: ts.FileWatcherCallback = (...event) => {
      edit ??= { file: relative(root, path), at: Date.now() };
      callback(...event);
    };
    return ts.sys.watchFile(path, noting, ...rest);
  },
};

const formatHost: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: () => root,
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
};
const format = colours ? ts.formatDiagnosticsWithColorAndContext : ts.formatDiagnostics;

const host = ts.createWatchCompilerHost(
  config,
  { noEmit: true },
  system,
  ts.createSemanticDiagnosticsBuilderProgram,
  (diagnostic) => found.push(diagnostic),
  (_status, _newLine, _options, errorCount) => {
    // Without a number it says that a check begins.
    if (errorCount === undefined) return;
    const checked: Checked = {
      errors: format(found, formatHost),
      errorCount,
      edited: edit?.file,
      since: edit?.at ?? Date.now(),
    };
    found = [];
    edit = undefined;
    parentPort?.postMessage(checked);
  },
);
ts.createWatchProgram(host);
