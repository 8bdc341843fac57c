import { redact } from '../model/redact';
import { logTopicChanged } from '../log';
import { devices } from '../push';
import { forgetDeletedUser } from './devices';

const said: unknown[][] = [];
jest.mock('firebase-functions/logger', () => ({
  error: (...words: unknown[]) => said.push(words),
  info: (...words: unknown[]) => said.push(words),
}));
jest.mock('../push');
beforeEach(() => {
  said.length = 0;
});

it.each(['a/b/c', 'a/b', '..', '.', '__x__', '', undefined, 7, 'x'.repeat(1501)])(
  'the deletion of an account with the id %j, which no user document can have, touches nothing and ends',
  async (uid) => {
    const event = { id: 'e1', data: { uid } } as unknown as Parameters<
      typeof forgetDeletedUser.run
    >[0];
    jest.mocked(devices).mockReturnValue({} as ReturnType<typeof devices>);
    await forgetDeletedUser.run(event);
    expect(said).toEqual([[expect.stringContaining('nothing forgotten'), { event: 'e1' }]]);
  },
);

it.each(['cAbCdEfGhIjKlMnOpQrStU', 'ab'.repeat(32), 'AB'.repeat(40), 'x'.repeat(150)])(
  'a topic that may be an address, %s, is not logged',
  (topic) => {
    logTopicChanged('ola', topic, false, { devices: 0, unsupported: 0, full: 0 });
    expect(JSON.stringify(said)).not.toContain(topic);
    expect(redact('news-daily')).toBe('news-daily');
  },
);
