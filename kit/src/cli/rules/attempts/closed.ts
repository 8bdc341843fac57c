/** Attempts on what no rule opens: the server's collections, and collection group queries. */
import { collectionGroup, type Names } from '../../names';
import { everyAct, everyGroupSearch, together, type Attempts } from './attempt';

export function closedAttempts({ users, devices, deliveries, pushes }: Names): readonly Attempts[] {
  const closed = (rule: string, paths: readonly string[], ifAllowed: string): Attempts => ({
    rule,
    given: Object.fromEntries(paths.map((path) => [path, { uid: 'alice' }])),
    allowed: {},
    denied: together(paths.map(everyAct)),
    ifDenied: '',
    ifAllowed,
  });
  return [
    closed(
      'the records of devices are the server’s',
      [`${devices}/hash`, `${devices}/hash/topics/news`],
      'addresses and their owners are known to others, or are made up by them',
    ),
    closed(
      'the ledger of deliveries is the server’s',
      [
        `${deliveries}/like-1`,
        `${deliveries}/like-1/shards/0`,
        `${deliveries}/like-1/recipients/alice`,
      ],
      'what was sent to whom is known to others, or pushes are kept back or repeated by them',
    ),
    {
      rule: 'nobody searches through collections of one name everywhere',
      given: { [`${users}/alice`]: {} },
      allowed: {},
      denied: together(
        ['recipients', 'topics', 'shards', users, devices, deliveries, pushes].map((path) => {
          const name = collectionGroup(path);
          return {
            ...everyGroupSearch(`a user searches all documents of every "${name}"`, 'alice', name),
            ...(path !== pushes &&
              everyGroupSearch(
                `an admin searches all documents of every "${name}"`,
                'admin',
                name,
              )),
          };
        }),
      ),
      ifDenied: '',
      ifAllowed: 'addresses, recipients or pushes of all users are found by anybody',
    },
  ];
}
