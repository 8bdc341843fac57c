import type { Retriable } from '../../delivery/ledger-operator';
import { textReport } from './show';

const said = (entry: Partial<Retriable>) =>
  textReport({
    place: 'Project acme',
    apply: false,
    outcomes: [
      {
        delivery: 'like-e1',
        plan: {
          kind: 'retry',
          type: 'like',
          entries: [{ id: 'like-e1', devices: 0, hasRest: true, ...entry }],
        },
      },
    ],
    isCut: false,
    begins: '',
  }).split('\n')[1];

it.each<[Partial<Retriable>, string]>([
  [{ devices: 2, hasRest: false }, 'like-e1: like, 2 devices'],
  [{ devices: 2 }, 'like-e1: like, 2 devices, and recipients who never had their turn'],
  [{ recompose: true }, 'like-e1: like, composed once more, of the document as it is now'],
])('says of %j what is sent again', (entry, words) => {
  expect(said(entry)).toBe(words);
});
