import fc from 'fast-check';
import { siblingIds } from './function-id';

const none = { service: undefined, target: undefined, kitInstance: undefined };

it.each([
  ['a codebase without a prefix', { service: 'sendpush', target: 'sendPush' }, ['deliveryTasks']],
  [
    'the emulator, which keeps capitals',
    { service: 'sendPush', target: 'sendPush' },
    ['deliveryTasks'],
  ],
  ['a prefix', { service: 'acme-sendpush', target: 'sendPush' }, ['acme-deliveryTasks']],
  [
    'a prefix under the emulator',
    { service: 'acme-sendPush', target: 'sendPush' },
    ['acme-deliveryTasks'],
  ],
  [
    'a kit',
    { service: 'kit-shop-sendpush', target: 'sendPush', kitInstance: 'shop' },
    ['kit-shop-deliveryTasks'],
  ],
  [
    'a kit whose instance has an underscore, which no service has',
    { service: 'kit-my-shop-sendpush', target: 'sendPush', kitInstance: 'my_shop' },
    ['kit-my_shop-deliveryTasks'],
  ],
  [
    'a group',
    { service: 'push-sendpush', target: 'push.sendPush' },
    ['push-deliveryTasks', 'deliveryTasks'],
  ],
  [
    'groups in a codebase with a prefix',
    { service: 'acme-a-b-sendpush', target: 'a.b.sendPush' },
    ['acme-a-b-deliveryTasks', 'acme-a-deliveryTasks', 'acme-deliveryTasks'],
  ],
  [
    'a name with an underscore',
    { service: 'acme-notify-like', target: 'notify_like' },
    ['acme-deliveryTasks'],
  ],
  ['neither platform nor emulator', {}, ['deliveryTasks']],
])('beside a function of %s', (_what, own, ids) => {
  expect(siblingIds('deliveryTasks', { ...none, ...own })).toEqual(ids);
});

it('says so where nothing can be told', () => {
  expect(() =>
    siblingIds('deliveryTasks', { ...none, service: 'renamed', target: 'sendPush' }),
  ).toThrow(
    "Expected this function's service to end with the name of its export, sendpush; got renamed.",
  );
});

it('takes no prefix that ends within a word', () => {
  expect(() =>
    siblingIds('deliveryTasks', { ...none, service: 'resendpush', target: 'sendPush' }),
  ).toThrow('got resendpush');
});

it('finds whatever prefix and groups there are', () => {
  const name = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,9}$/);
  const prefix = fc.stringMatching(/^(?:[a-z][a-z0-9-]{0,8}[a-z0-9]-)?$/);
  fc.assert(
    fc.property(prefix, fc.array(name, { maxLength: 2 }), name, (before, groups, own) => {
      const target = [...groups, own].join('.');
      const service = `${before}${target.replaceAll('.', '-')}`.toLowerCase();
      const [first] = siblingIds('tasks', { ...none, service, target });
      expect(first).toBe(`${before}${[...groups, 'tasks'].join('-')}`);
    }),
  );
});
