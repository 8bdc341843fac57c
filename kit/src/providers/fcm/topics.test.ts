import type { Http2Answer, Http2Request } from '../http2/answer';
import { FcmTopics } from './topics';

const NOW = 1_800_000_000_000;

function topics(...answers: Http2Answer[]) {
  const requests: Http2Request[] = [];
  const connection = {
    client: {
      capacity: 1,
      request: (request: Http2Request) => {
        requests.push(request);
        return Promise.resolve(answers.shift() ?? response(200, '{}'));
      },
    },
    tokens: {
      get: () => Promise.resolve('t'),
      accepted: () => undefined,
      replace: () => Promise.resolve('t2'),
    },
  };
  return { fcm: new FcmTopics(connection, 'demo', () => NOW), requests };
}

function response(status: number, body: string): Http2Answer {
  return { kind: 'response', status, headers: {}, body };
}

function fault(code: number, status: string, errorCode?: string): Http2Answer {
  const details =
    errorCode === undefined
      ? []
      : [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }];
  return response(code, JSON.stringify({ error: { code, status, message: '', details } }));
}

it('asks as FCM’s reference says, with address and topic encoded', async () => {
  const { fcm, requests } = topics();
  expect(await fcm.set('a/b:1', 'news~%', true)).toEqual({ kind: 'done' });
  expect(await fcm.set('a/b:1', 'news~%', false)).toEqual({ kind: 'done' });
  expect(requests).toEqual([
    {
      path: '/v1/projects/demo/registrations/a%2Fb%3A1/topicSubscriptions?topic_name=news~%25',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
      body: '{}',
    },
    {
      method: 'DELETE',
      path: '/v1/projects/demo/registrations/a%2Fb%3A1/topicSubscriptions/news~%25?allow_missing=true',
      headers: { authorization: 'Bearer t' },
      body: '',
    },
  ]);
});

it.each<[string, Http2Answer, object]>([
  ['a subscription that was there', fault(409, 'ALREADY_EXISTS'), { kind: 'done' }],
  ['a subscription, as it is made', response(200, '{"name":"projects/1"}'), { kind: 'done' }],
  ...['', '{', '{"name":"proj', '[]', '"done"', '<html>', '{"error":{"code":500}}'].map(
    (body): [string, Http2Answer, object] => [
      `a 200 that is no answer of FCM: ${body}`,
      response(200, body),
      { kind: 'later', code: 'HTTP_200_UNREADABLE' },
    ],
  ),
  ['a 204', response(204, ''), { kind: 'later', code: 'HTTP_204_UNREADABLE' }],
  ['half a 409', response(409, '{"error":{"st'), { kind: 'later', code: 'HTTP_409_UNREADABLE' }],
  [
    'a subscription that another request changes',
    fault(409, 'ABORTED'),
    { kind: 'later', code: 'ABORTED' },
  ],
  [
    'a device that is gone',
    fault(404, 'NOT_FOUND', 'UNREGISTERED'),
    { kind: 'dead', code: 'UNREGISTERED' },
  ],
  [
    'a bare 404, which a wrong project gives to all',
    fault(404, 'NOT_FOUND'),
    { kind: 'refused', code: 'NOT_FOUND' },
  ],
  ['an argument', fault(400, 'INVALID_ARGUMENT'), { kind: 'refused', code: 'INVALID_ARGUMENT' }],
  ['a quota', fault(429, 'RESOURCE_EXHAUSTED'), { kind: 'later', code: 'RESOURCE_EXHAUSTED' }],
  ['an outage', fault(503, 'UNAVAILABLE', 'UNAVAILABLE'), { kind: 'later', code: 'UNAVAILABLE' }],
  ['a front end’s page', response(409, '<html>'), { kind: 'later', code: 'HTTP_409_UNREADABLE' }],
  [
    'a permission that is missing',
    fault(403, 'PERMISSION_DENIED'),
    { kind: 'later', code: 'PERMISSION_DENIED' },
  ],
  [
    'silence',
    { kind: 'no-response', processed: 'unknown', reason: 'timeout after 15000 ms' },
    { kind: 'later', code: 'timeout after 15000 ms' },
  ],
])('%s', async (_what, answer, outcome) => {
  expect(await topics(answer).fcm.set('a:1', 'news', true)).toEqual(outcome);
});

it('renews an access token that was refused, once', async () => {
  const refusal = fault(401, 'UNAUTHENTICATED');
  const { fcm, requests } = topics(refusal);
  expect(await fcm.set('a:1', 'news', true)).toEqual({ kind: 'done' });
  expect(requests.map(({ headers }) => headers['authorization'])).toEqual([
    'Bearer t',
    'Bearer t2',
  ]);
  expect(await topics(refusal, refusal).fcm.set('a:1', 'news', true)).toEqual({
    kind: 'later',
    code: 'UNAUTHENTICATED',
  });
});
