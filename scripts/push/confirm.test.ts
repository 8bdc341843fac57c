import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { confirm, needsConfirmation, question } from './confirm.ts';
import { readCommand, type SendCommand, type Target } from './options.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const EMULATED = { FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080' };

function sending(args: readonly string[], env: NodeJS.ProcessEnv = {}): Target & SendCommand {
  const command = readCommand([...args, '--title', 'Sale', '--project', 'live'], env, NOW);
  if ('help' in command || command.name !== 'send') throw new Error('expected a push');
  return command;
}

describe('what is asked before it is sent', () => {
  it.each([
    [['send', '--everyone']],
    [['send', '--where', 'locale == de']],
    [['send', '--members', 'shops/s/customers']],
    [['topic', 'news']],
    [['topic', '--condition', "'a' in topics"]],
    [['send', '--to', 'ola', '--field', 'to={"everyone":true}']],
  ])('%j, in a real project', (args) => {
    expect(needsConfirmation(sending(args))).toBe(true);
    expect(needsConfirmation(sending([...args, '--yes']))).toBe(false);
    expect(needsConfirmation(sending([...args, '--dry-run']))).toBe(false);
    expect(needsConfirmation(sending(args, EMULATED))).toBe(false);
  });

  it.each([
    [['send', '--to', 'ola']],
    [['send', '--to', 'ola,bo']],
    [['send', '--address', 'a:1']],
  ])('not %j, which names everybody it reaches', (args) => {
    expect(needsConfirmation(sending(args))).toBe(false);
  });
});

/** Answers as a person at a terminal would. */
async function answering(answer: string | undefined): Promise<{ agreed: boolean; asked: string }> {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  input.end(answer === undefined ? '' : `${answer}\n`);
  const count = () => Promise.resolve(12_345);
  const agreed = await confirm(sending(['send', '--everyone']), { input, output, count });
  output.end();
  return { agreed, asked: await text(output) };
}

it('says whom it reaches, how many they are and in which project, and takes nothing but yes', async () => {
  const { agreed, asked } = await answering('yes');
  expect(agreed).toBe(true);
  expect(asked).toContain(
    'Project: live\nTo: everyone (now 12345 people)\nWhen: at once\nText: Sale\n',
  );
  for (const answer of ['no', 'y', '', 'YES please', undefined]) {
    expect(await answering(answer)).toMatchObject({ agreed: false });
  }
});

it('says of a topic that nobody can count it, and when it will be sent', () => {
  const fields = { to: { topic: 'news' }, title: 'Snow', sendAt: new Date('2030-06-01T08:00Z') };
  expect(question('live', fields, undefined)).toMatch(
    /topic news \(it is not known how many people that is\)\nWhen: at 2030-06-01T08:00:00.000Z \(/,
  );
});

it('refuses at once where there is nobody to ask', async () => {
  const script = join(__dirname, '../push.ts');
  const args = [script, 'send', '--everyone', '--title', 'x', '--project', 'live'];
  const env = { PATH: process.env.PATH };
  const { code, err } = await new Promise<{ code: unknown; err: string }>((resolve) => {
    execFile(process.execPath, args, { env }, (error, _out, err) => {
      resolve({ code: error?.code, err });
    });
  });
  expect(code).toBe(2);
  expect(err).toContain('Expected --yes to send to everyone of the project live');
});
