/** What the control interface accepts, and how mistakes are reported. */
import { z } from 'zod';
import { apnsEnvironments, deviceStates, platforms } from './devices.ts';
import { providerNames } from './provider.ts';

const limit = z.coerce.number().int().min(1);
const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((text) => text === 'true' || text === '1');

/** Query of `GET /simulator/requests`. */
export const requestsQuery = z.strictObject({
  address: z.string().optional(),
  provider: z.enum(providerNames).optional(),
  limit: limit.optional(),
});

/** Query of `GET /simulator/devices`. */
export const devicesQuery = z.strictObject({
  /** Only addresses and app ids that contain this, whatever the case. */
  contains: z.string().optional(),
  platform: z.enum(platforms).optional(),
  state: z.enum(deviceStates).optional(),
  /** The devices that were heard of last, so many. */
  limit: limit.optional(),
  /** Adds to each device what it shows. */
  inbox: flag.optional(),
});

/** Body of `PUT /simulator/devices/{address}`. */
export const deviceChange = z.strictObject({
  platform: z.enum(platforms).optional(),
  state: z.enum(deviceStates).optional(),
  since: z.int().min(0).optional(),
  environment: z.enum(apnsEnvironments).optional(),
  appId: z.string().min(1).optional(),
  projectId: z.string().min(1).optional(),
  badge: z.int().min(0).optional(),
  topics: z.array(z.string().regex(/^[a-zA-Z0-9\-_.~%]{1,900}$/)).optional(),
});

const appleId = z.string().regex(/^[A-Z0-9]{10}$/, 'expected ten capital letters and digits');

/** Body of `PUT /simulator/apns/keys`. */
export const apnsKey = z.strictObject({
  keyId: appleId,
  teamId: appleId,
  publicKeyPem: z.string().min(1),
  environment: z.enum(apnsEnvironments).optional(),
  topics: z.array(z.string().min(1)).optional(),
});

/** Body of `POST /simulator/access-tokens/expire`. */
export const expireBody = z.strictObject({
  /** Default: every token seen so far. */
  token: z.string().min(1).optional(),
});

/** Input that is not what it should be; the message says which field, and what was expected. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

/** Parses with a schema. Throws {@link InvalidInput}. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  what: string,
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => {
    return `${path.length === 0 ? what : path.join('.')}: ${message}`;
  });
  throw new InvalidInput(issues.join('; '));
}
