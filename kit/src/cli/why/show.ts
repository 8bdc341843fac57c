/**
 * How stories are shown: as text for people, and as JSON for programs; pure.
 */
import { coloured, COLOURS, MARK_WIDTH, markOf } from '../marks';
import { printable, printableJson } from '../printable';
import { counted, durationOf, iso } from '../words';
import type { Fact } from './facts';
import type { Question } from './options';
import type { UnnamedEvent } from './record';
import type { Story, StoryLine, StoryState } from './story';

export interface Report {
  /** `project acme on Google Cloud`. */
  readonly place: string;
  readonly project: string;
  readonly emulator: string | undefined;
  readonly database: string;
  readonly question: Question;
  readonly stories: readonly Story[];
  readonly unnamed: readonly UnnamedEvent[];
  readonly facts: readonly Fact[];
  /** Where nothing was found: what that can mean. */
  readonly hints: readonly string[];
  /** Searches that found more than was read. */
  readonly cut: readonly string[];
}

export interface TextOptions {
  readonly isColoured: boolean;
  /** The whole timeline of each story, also where there are several. */
  readonly isFull: boolean;
}

export function jsonReport(report: Report): string {
  const { project, emulator, database, question, stories, unnamed, facts, hints, cut } = report;
  const { since, until, ...asked } = question;
  const json = {
    schema: 1,
    project,
    emulator: emulator ?? null,
    database,
    asked: {
      ...asked,
      ...(since === undefined ? {} : { since: iso(since) }),
      ...(until === undefined ? {} : { until: iso(until) }),
    },
    found: stories.length > 0,
    final: stories.every(({ state }) => state !== 'under-way'),
    stories,
    unnamed: unnamed.map(({ at, ...event }) => ({ at: iso(at), ...event })),
    facts,
    hints,
    cut,
  };
  return `${printableJson(json)}\n`;
}

export function textReport(report: Report, options: TextOptions): string {
  const { stories, unnamed, facts, hints, cut } = report;
  const parts: string[][] = [];
  if (stories.length === 0) parts.push([`No event was found: ${subject(report)}.`]);
  else if (stories.length === 1 || options.isFull) {
    parts.push(...stories.map((story) => storyText(story, options.isColoured)));
  } else {
    parts.push(listText(report, options.isColoured));
  }
  if (unnamed.length > 0) parts.push(unnamedText(unnamed));
  if (facts.length > 0) {
    parts.push(['Now:', ...facts.flatMap((fact) => factText(fact, options.isColoured))]);
  }
  if (hints.length > 0) {
    parts.push(['What that can mean:', ...hints.map((hint) => `  - ${printable(hint)}`)]);
  }
  if (cut.length > 0) {
    parts.push(
      cut.map((what) =>
        printable(
          `There are more ${what} than are read here, so newer ones may be missing: ask for less with --since and --until.`,
        ),
      ),
    );
  }
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** What was asked about, and where. */
function subject({ place, question }: Report): string {
  const { document, user, kind, delivery, since, until } = question;
  const words = [
    delivery === undefined ? undefined : `delivery ${delivery}`,
    document,
    user === undefined ? undefined : `user ${user}`,
    kind === undefined ? undefined : `kind ${kind}`,
    since === undefined ? undefined : `since ${iso(since)}`,
    until === undefined ? undefined : `until ${iso(until)}`,
  ].filter((each) => each !== undefined);
  return printable(`${words.join(', ')} (${place})`);
}

const BOLD = '1';

function storyText(story: Story, isColoured: boolean): string[] {
  const { answer, remedy, lines, delivery, type, document } = story;
  // Thirty devices with one fault have one remedy.
  const said = new Set([remedy]);
  const isNew = (line: StoryLine) => !said.has(line.remedy) && said.add(line.remedy);
  return [
    coloured(printable(answer), BOLD, isColoured),
    ...(remedy === undefined ? [] : [`What to do: ${printable(remedy)}`]),
    '',
    printable(nameOf({ type, document, delivery })),
    ...lines.flatMap((line) => {
      const { remedy: _said, ...without } = line;
      return lineText(isNew(line) ? line : without, story.at, isColoured);
    }),
  ];
}

/** Kind, document and delivery of an event. */
function nameOf({
  type,
  document,
  delivery,
}: {
  readonly type: string;
  readonly document: string | undefined;
  readonly delivery: string;
}): string {
  return [type, document, delivery].filter((each) => each !== undefined).join(' · ');
}

/** Of an ISO time, and of what has gone by since the event. */
const TIME_WIDTH = 24;
const ELAPSED_WIDTH = 10;
const LINE_INDENT = ' '.repeat(2 + TIME_WIDTH + 1 + ELAPSED_WIDTH + 2 + MARK_WIDTH + 2);

function lineText({ at, severity, text, remedy }: StoryLine, since: string, isColoured: boolean) {
  const elapsed = at === undefined ? '' : elapsedOf(Date.parse(at) - Date.parse(since));
  const mark = markOf(severity, isColoured);
  const lines = [
    `  ${(at ?? '').padEnd(TIME_WIDTH)} ${elapsed.padStart(ELAPSED_WIDTH)}  ${mark}  ${printable(text)}`,
  ];
  if (remedy !== undefined) lines.push(`${LINE_INDENT}${printable(remedy)}`);
  return lines;
}

/** Nothing for what is no later. */
function elapsedOf(ms: number): string {
  return ms <= 0 ? '' : `+${durationOf(ms)}`;
}

const STATE_WORDS: Readonly<Record<StoryState, string>> = {
  told: 'told',
  partly: 'partly told',
  failed: 'NOT TOLD',
  nobody: 'nobody',
  'under-way': 'under way',
};
const STATE_COLOURS: Readonly<Record<StoryState, string>> = {
  told: COLOURS.good,
  partly: COLOURS.problem,
  failed: COLOURS.problem,
  nobody: COLOURS.note,
  'under-way': COLOURS.note,
};
const STATE_WIDTH = 11;

function listText(report: Report, isColoured: boolean): string[] {
  const { stories, question } = report;
  const indent = ' '.repeat(2 + TIME_WIDTH + 2 + STATE_WIDTH + 2);
  const more =
    stories.length === question.limit ? ' There may be more: --limit, --since, --until.' : '';
  return [
    `${counted(stories.length, 'event')}, the newest first: ${subject(report)}.${more}`,
    '',
    ...stories.flatMap(({ at, state, type, document, delivery, answer, remedy }) => [
      `  ${at}  ${coloured(STATE_WORDS[state].padEnd(STATE_WIDTH), STATE_COLOURS[state], isColoured)}  ${printable(nameOf({ type, document, delivery }))}`,
      `${indent}${printable(answer)}`,
      ...(remedy === undefined ? [] : [`${indent}${printable(remedy)}`]),
    ]),
    '',
    'Each in full: --full; one of them: --delivery and the last name of its line.',
  ];
}

function unnamedText(unnamed: readonly UnnamedEvent[]): string[] {
  return [
    `${counted(unnamed.length, 'event')} in that time told nobody and name${unnamed.length === 1 ? 's' : ''} no person, so that it cannot be known whether one of them was meant for them:`,
    '',
    ...unnamed.map(({ at, type, document, delivery, why, isFailure }) => {
      const reason = why ?? 'it does not say why';
      return `  ${iso(at)}  ${printable(`${nameOf({ type, document, delivery })}: ${isFailure ? 'failed: ' : ''}${reason}`)}`;
    }),
  ];
}

function factText({ severity, text, remedy }: Fact, isColoured: boolean): string[] {
  const mark = markOf(severity, isColoured);
  const lines = [`  ${mark}  ${printable(text)}`];
  if (remedy !== undefined) {
    lines.push(`${' '.repeat(MARK_WIDTH + 4)}${printable(remedy)}`);
  }
  return lines;
}
