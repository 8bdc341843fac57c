import * as fc from 'fast-check';
import { IntlMessageFormat } from 'intl-messageformat';
import type { Draft } from '../../model/notification/content';
import {
  actorsOf,
  digestArgs,
  digestContent,
  ownPush,
  type DigestItem,
  type OwnPush,
} from './texts';

const item = (id: string, more: Partial<DigestItem> = {}): DigestItem => ({ id, ...more });

const argsOf = (...items: readonly DigestItem[]) => digestArgs(actorsOf(items));

const WORDS = `{names, select, 0 {{count, plural, one {Somebody} other {# people}}} other {{count, plural, offset:2
  =1 {{name}} =2 {{name} and {name2}} one {{name}, {name2} and # other} other {{name}, {name2} and # others}}}} waved`;

describe('whom a digest counts', () => {
  it('is whoever did it, each once, and those with a name first', () => {
    expect(
      argsOf(
        item('1', { actor: 'ann' }),
        item('2', { actor: 'bo', name: 'Bo' }),
        item('3', { actor: 'ann' }),
        item('4', { actor: 'cy', name: 'Cy' }),
        item('5', { actor: 'di', name: 'Di' }),
      ),
    ).toEqual({ count: 4, others: 3, others2: 2, names: 2, name: 'Bo', name2: 'Cy' });
  });

  it('are all of them where nobody did it', () => {
    expect(argsOf(item('1'), item('2'))).toMatchObject({ count: 2, names: 0, name: '' });
  });

  it('has the name that is known of them last', () => {
    const items = [item('3', { actor: 'ann' }), item('2', { actor: 'ann', name: 'Ann B.' })];
    expect(argsOf(...items, item('1', { actor: 'ann', name: 'Ann' })).name).toBe('Ann B.');
  });

  it.each([
    [['Ann'], 'Ann waved'],
    [['Ann', 'Bo'], 'Ann and Bo waved'],
    [['Ann', 'Bo', 'Cy'], 'Ann, Bo and 1 other waved'],
    [['Ann', 'Bo', 'Cy', undefined, undefined, 'Flo', 'Gil'], 'Ann, Bo and 5 others waved'],
    [[undefined], 'Somebody waved'],
    [[undefined, undefined, undefined], '3 people waved'],
  ])('of %j reads well: %s', (names, said) => {
    const items = names.map((name, nth) =>
      item(`${nth}`, { actor: `a${nth}`, ...(name === undefined ? {} : { name }) }),
    );
    const message = new IntlMessageFormat(WORDS, 'en', undefined, { ignoreTag: true });
    expect(message.format(argsOf(...items))).toBe(said);
  });

  it('is as many as there are people, and the others are one fewer', () => {
    const actor = fc.constantFrom('ann', 'bo', 'cy', 'di');
    const some = fc.array(
      fc.record({ actor, name: fc.option(fc.constant('A'), { nil: undefined }) }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(some, (found) => {
        const items = found.map(({ actor: who, name }, nth) =>
          item(`${nth}`, { actor: who, ...(name === undefined ? {} : { name }) }),
        );
        const count = new Set(found.map((each) => each.actor)).size;
        expect(argsOf(...items)).toMatchObject({ count, others: count - 1 });
      }),
    );
  });
});

describe('the push of a digest', () => {
  const content: Draft = {
    type: 'wave',
    deliveryId: 'wave-digest-1',
    tag: 'digest',
    expiresAt: 1_000,
    ...{ style: 'alert', priority: 'high', requiredData: [], data: { wave: 'ann' } },
    title: { key: 'wave.title', args: { name: 'Ann', wall: 'Old wall' } },
    body: 'Ann: hello',
    link: 'https://walls.example/w1/ann',
    choice: {
      target: 'walls/w1',
      actorName: 'Ann',
      digest: { window: { minutes: 30 }, title: { key: 'wave.digest', args: { where: 'here' } } },
    },
  };
  const newest: OwnPush = {
    ...{ style: 'alert', priority: 'normal', requiredData: ['wave'], data: { wave: 'bo' } },
    title: { key: 'wave.title', args: { name: 'Bo!', wall: 'New wall' } },
    body: 'Bo: hello',
    image: 'https://walls.example/bo.png',
  };

  it('has the digest’s texts, with the values of the latest beside its own', () => {
    const items = [
      item('2', { actor: 'bo', name: 'Bo' }),
      item('1', { actor: 'ann', name: 'Ann' }),
    ];
    expect(digestContent(content, items, newest).title).toEqual({
      key: 'wave.digest',
      args: {
        ...{ where: 'here', wall: 'New wall', name: 'Bo', name2: 'Ann' },
        ...{ count: 2, names: 2, others: 1, others2: 0 },
      },
    });
  });

  it('is otherwise like that of the latest, and like no other', () => {
    const { title: _title, choice: _choice, ...told } = digestContent(content, [item('2')], newest);
    const { title: _own, ...others } = newest;
    expect(told).toEqual({
      ...others,
      ...{ type: 'wave', deliveryId: 'wave-digest-1', tag: 'digest', expiresAt: 1_000 },
    });
  });

  it('is no part of another digest, and can still be muted', () => {
    expect(digestContent(content, [item('1')], newest).choice).toEqual({ target: 'walls/w1' });
  });
});

it('of an event’s push its tag and keys are not kept, which its digest must not have', () => {
  const content = {
    ...{ type: 'wave', deliveryId: 'wave-e1', tag: 'wave/w1/ann', collapseKey: 'wave/w1/ann' },
    ...{ expiresAt: 1_000, choice: { target: 'walls/w1' }, body: 'Hello', link: '/w1' },
  } as unknown as Draft;
  expect(ownPush(content)).toEqual({ body: 'Hello', link: '/w1' });
});
