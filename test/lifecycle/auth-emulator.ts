/** The auth emulator, asked over REST as the server of one project. */

export class AuthEmulator {
  readonly projectId: string;
  private readonly host: string;

  constructor(projectId: string) {
    const host = process.env['FIREBASE_AUTH_EMULATOR_HOST'];
    if (host === undefined) {
      throw new Error(
        'FIREBASE_AUTH_EMULATOR_HOST: expected the emulator; run these tests with `npm test`.',
      );
    }
    this.projectId = projectId;
    this.host = host;
  }

  async create(uids: readonly string[]): Promise<void> {
    await this.ask('POST', 'identitytoolkit.googleapis.com', 'accounts:batchCreate', {
      users: uids.map((localId) => ({ localId })),
    });
  }

  async delete(uid: string): Promise<void> {
    await this.ask('POST', 'identitytoolkit.googleapis.com', 'accounts:delete', { localId: uid });
  }

  async deleteAll(): Promise<void> {
    await this.ask('DELETE', 'emulator', 'accounts');
  }

  private async ask(method: string, api: string, path: string, body?: object): Promise<void> {
    const url = `http://${this.host}/${api}/v1/projects/${this.projectId}/${path}`;
    const response = await fetch(url, {
      method,
      headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  }
}
