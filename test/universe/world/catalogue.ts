/** What the app of every world notifies of: documents at people's walls, each of which says itself whom to notify. */
import * as z from 'zod';
import type { NotificationDefinition } from '../../../kit/src/catalogue/compose.ts';
import { at } from '../../../kit/src/catalogue/reader.ts';

/** Kinds of notifications: what people can mute. */
export const KINDS = ['wave', 'offer', 'alarm'] as const;
export type Kind = (typeof KINDS)[number];

/** What nobody can turn off. */
export function isMandatory(kind: string): boolean {
  return kind === 'alarm';
}

export const DOCUMENT = 'walls/{wallId}/{kind}s/{id}';

const schema = z.object({
  from: z.string(),
  to: z.union([
    z.array(z.unknown()),
    z.object({ members: z.string() }),
    z.object({ everyone: z.literal(true) }),
  ]),
  ttl: z.number().optional(),
  /** Whether its wall is read to compose it, as most apps would. */
  readsWall: z.boolean().optional(),
  target: z.string().optional(),
});
type Written = z.infer<typeof schema>;

const wall = z.object({ name: z.string() });

export type Definition = NotificationDefinition<string, Written>;

export const DEFINITIONS: Readonly<Record<Kind, Definition>> = {
  wave: define('wave'),
  offer: define('offer'),
  alarm: { ...define('alarm'), mandatory: true },
};

function define(kind: Kind): Definition {
  return {
    name: kind,
    document: `walls/{wallId}/${kind}s/{id}`,
    schema,
    async compose({ params, document: { from, to, ttl, readsWall, target }, reader }) {
      const { wallId, id } = params as unknown as { wallId: string; id: string };
      const found = readsWall === true ? await reader.get(at`walls/${wallId}`, wall) : undefined;
      return {
        to,
        actor: from,
        title: { key: `${kind}.title`, args: { name: found?.name ?? 'somebody' } },
        data: { wave: id },
        ...(ttl === undefined ? {} : { timeToLive: ttl }),
        ...(target === undefined ? {} : { target }),
      };
    },
  };
}

export const MESSAGES = {
  en: { 'wave.title': '{name} waved', 'offer.title': '{name} offers help', 'alarm.title': 'Alarm' },
  de: {
    'wave.title': '{name} winkt',
    'offer.title': '{name} bietet Hilfe an',
    'alarm.title': 'Alarm',
  },
};
