/**
 * A project of the emulator's own for one check: its rules, its documents, and whoever acts on them.
 */
import { randomBytes } from 'node:crypto';
import { UsageError } from '../command';
import type { Act, Attempts } from './attempts/attempt';
import { connect, PERMISSION_DENIED, type Connections, type Place } from './people';

export type Outcome = 'allowed' | 'denied';

export interface WorldOptions {
  /** The emulator's `host:port`. */
  readonly host: string;
  readonly database: string;
  /** The text of the rules. */
  readonly rules: string;
  /** What the file is called, for messages. */
  readonly file: string;
}

export class World {
  readonly place: Place;
  private readonly connections: Connections;
  private given: Attempts['given'] | undefined;

  private constructor(place: Place) {
    this.place = place;
    this.connections = connect(place);
  }

  /** @throws {UsageError} where the emulator does not answer, or takes the rules for none. */
  static async open({ host, database, rules, file }: WorldOptions): Promise<World> {
    const place = { host, database, projectId: `demo-rules-${randomBytes(6).toString('hex')}` };
    await load(place, rules, file);
    return new World(place);
  }

  /** Does it where just these documents stand. Any other end than being allowed or denied is an error of the check. */
  async try(act: Act, given: Attempts['given']): Promise<Outcome> {
    if (this.given !== given) await this.lay(given);
    // What was denied has left everything as it was.
    this.given = undefined;
    try {
      await act.run(this.connections.people);
      return 'allowed';
    } catch (error) {
      if ((error as { code?: unknown }).code !== PERMISSION_DENIED) throw error;
      this.given = given;
      return 'denied';
    }
  }

  async close(): Promise<void> {
    await clear(this.place);
    await this.connections.close();
  }

  private async lay(given: Attempts['given']): Promise<void> {
    await clear(this.place);
    const batch = this.connections.server.batch();
    for (const [path, data] of Object.entries(given)) {
      batch.set(this.connections.server.doc(path), data);
    }
    await batch.commit();
  }
}

async function load({ host, projectId, database }: Place, rules: string, file: string) {
  const ofDatabase = database === '(default)' ? '' : `/databases/${database}`;
  const response = await fetch(
    `http://${host}/emulator/v1/projects/${projectId}${ofDatabase}:securityRules`,
    { method: 'PUT', body: JSON.stringify({ rules: { files: [{ name: file, content: rules }] } }) },
  ).catch((error: unknown) => {
    throw new UsageError(`Expected the Firestore emulator at ${host}, got no answer.`, {
      cause: error,
    });
  });
  if (response.ok) return;
  throw new UsageError(`${file}: expected rules, got: ${messageIn(await response.text()).trim()}`);
}

function messageIn(answer: string): string {
  try {
    return (JSON.parse(answer) as { error: { message: string } }).error.message;
  } catch {
    return answer;
  }
}

async function clear({ host, projectId, database }: Place): Promise<void> {
  const url = `http://${host}/emulator/v1/projects/${projectId}/databases/${database}/documents`;
  const response = await fetch(url, { method: 'DELETE' });
  if (!response.ok) throw new Error(`DELETE ${url}: HTTP ${response.status}.`);
}
