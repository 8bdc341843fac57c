/** Records scenes with the present code, and checks that they are what their authors say. */
import type { Fixture, Told } from './fixture.ts';
import { Installation } from './installation.ts';
import type { Scene } from './scenes/scene.ts';

/** Plays a scene to the point where it is left. Rejects if its addresses have not got what it says that they have. */
export async function record({ name, scene, shardSize, play }: Scene): Promise<Fixture> {
  const installation = await Installation.create(shardSize);
  try {
    const expected = await play(installation);
    for (const [address, told] of Object.entries(expected.told)) {
      const sent = installation.accepted(address).length;
      if (!isAsSaid(told, sent)) {
        throw new Error(`${name}: ${address} is "${told}", and was sent to ${sent} times.`);
      }
    }
    return { scene, expected, ...(await installation.leave()) };
  } finally {
    await installation.close();
  }
}

function isAsSaid(told: Told, sent: number): boolean {
  switch (told) {
    case 'due':
    case 'never':
      return sent === 0;
    case 'done':
    case 'in doubt':
      return sent > 0;
  }
}
