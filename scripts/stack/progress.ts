/** Shows what is being started: one rewritten line in a terminal, one plain line a step in a log. */

import { styleText } from 'node:util';

/** In a log, a long step says that it is still under way at this pace. */
const REMINDER_MS = 15_000;
const FRAME_MS = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

export interface Progress {
  /** A step begins; the one before it is over. */
  step(text: string): void;
  /** The last step is over: leaves one line that says what is up. */
  done(text: string): void;
  /** Takes the unfinished line away, so that an error stands alone. */
  clear(): void;
}

/** @param stream where to write; a rewritten line and colour only when it is a terminal. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? terminalProgress(stream) : logProgress(stream);
}

/** Colours only for a terminal that wants them (`NO_COLOR` and `FORCE_COLOR` are respected). */
export function paint(
  stream: NodeJS.WriteStream,
  format: Parameters<typeof styleText>[0],
  text: string,
): string {
  return styleText(format, text, { stream });
}

function terminalProgress(stream: NodeJS.WriteStream): Progress {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearInterval(timer);
    if (timer) stream.write('\r\u001b[K');
    timer = undefined;
  };
  return {
    step(text) {
      stop();
      const startedAt = Date.now();
      let frame = 0;
      timer = setInterval(() => {
        const seconds = Math.round((Date.now() - startedAt) / 1000);
        const spinner = FRAMES[(frame += 1) % FRAMES.length] ?? '';
        const line = `${spinner} ${text}${seconds > 2 ? ` ${seconds} s` : ''}`;
        stream.write(`\r\u001b[K${line.slice(0, stream.columns - 1)}`);
      }, FRAME_MS);
      timer.unref();
    },
    done(text) {
      stop();
      stream.write(`${paint(stream, 'green', '✔')} ${text}\n`);
    },
    clear: stop,
  };
}

function logProgress(stream: NodeJS.WriteStream): Progress {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    step(text) {
      stop();
      const startedAt = Date.now();
      stream.write(`- ${text}\n`);
      timer = setInterval(() => {
        stream.write(`  still ${text} (${Math.round((Date.now() - startedAt) / 1000)} s)\n`);
      }, REMINDER_MS);
      timer.unref();
    },
    done(text) {
      stop();
      stream.write(`${text}\n`);
    },
    clear: stop,
  };
}
