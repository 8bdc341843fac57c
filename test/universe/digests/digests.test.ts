/** Digests under every order in which their workers may come, go and die: over Firestore in memory. */
import { interleave, type Outcome } from './interleaving.ts';

jest.mock('@google-cloud/firestore', () => jest.requireActual<object>('../firestore/sdk.ts'));

const RUNS = 10_000;

function problemsOf({ events, answers, told, looks, wasThere, blocked }: Outcome): string[] {
  const problems: string[] = [];
  const say = (isWrong: boolean, what: string): void => {
    if (isWrong) problems.push(what);
  };
  const members = new Map<string, string[]>();
  for (const [window, seen] of looks) {
    const [first = []] = seen;
    say(
      seen.some((each) => each.join() !== first.join()),
      `${window} told others at another look`,
    );
    for (const id of first) members.set(id, [...(members.get(id) ?? []), window]);
  }
  for (const { id } of events) {
    const given = answers.get(id) ?? [];
    const windows = members.get(id) ?? [];
    const leads = given.includes('leads');
    say(given.length === 0, `${id} never ended`);
    say(leads && given.some((answer) => answer !== 'leads'), `${id} leads, and does not`);
    say(
      windows.length + Number(leads) !== 1,
      `${id} is told ${windows.length} times, leads: ${leads}`,
    );
    for (const answer of leads ? [] : given) {
      say(
        answer !== undefined && answer !== windows[0],
        `${id} is told by ${windows[0]}, not ${answer}`,
      );
    }
  }
  for (const { window, items, args, link, from, to } of told) {
    const [newest] = items;
    say(link !== (newest && `/${newest.id}`), `${window} leads to ${link}, not to ${newest?.id}`);
    const of = events.filter(({ id }) => members.get(id)?.[0] === window);
    const heard = of.filter(({ actor }) => !blocked.includes(actor));
    const people = (...kinds: string[]) =>
      new Set(
        heard
          .filter(({ document }) => kinds.includes(wasThere(document, from, to)))
          .map(({ actor }) => actor),
      ).size;
    const { count = 0, others } = args ?? {};
    say(
      items.length > 0 && others !== Number(count) - 1,
      `${window}: ${others} others of ${count}`,
    );
    const [least, most] = [people('always'), people('always', 'sometimes')];
    say(
      !(least <= Number(count) && Number(count) <= most),
      `${window}: ${count}, not ${least} to ${most}`,
    );
  }
  return problems;
}

it('tells every event once, and counts each person whose document is there once, in whatever order', async () => {
  let [windows, leading, merged] = [0, 0, 0];
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const outcome = await interleave(seed);
    const problems = problemsOf(outcome);
    if (problems.length > 0) throw new Error(`Seed ${seed}: ${problems.join('; ')}`);
    windows += outcome.told.filter(({ items }) => items.length > 0).length;
    merged += outcome.told.filter(({ items }) => items.length > 1).length;
    leading += [...outcome.answers.values()].filter(([answer]) => answer === 'leads').length;
  }
  // It is no proof where nothing happens.
  expect(Math.min(windows, leading, merged)).toBeGreaterThan(RUNS / 4);
}, 240_000);
