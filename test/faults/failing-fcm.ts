/** An FCM that answers otherwise until it is mended, and what tests of sending again have in common besides. */
import type { World } from './world.ts';

type Answer = Parameters<World['simulator']['addFault']>[0]['then'];

/** The operator's APNs key is refused: a device fails for good, and nobody is to blame but the project. */
const KEY_REFUSED: Answer = { status: 401, errorCode: 'THIRD_PARTY_AUTH_ERROR' };

export class FailingFcm {
  private readonly world: World;
  private readonly faults: string[] = [];

  constructor(world: World) {
    this.world = world;
  }

  /** From now on FCM answers so, of every address. */
  answer(then: Answer): void {
    this.answerWhere({}, then);
  }

  refuse(address: string): void {
    this.answerWhere({ address }, KEY_REFUSED);
  }

  refuseAll(): void {
    this.answer(KEY_REFUSED);
  }

  answerAsUsual(): void {
    for (const id of this.faults.splice(0)) this.world.simulator.removeFault(id);
  }

  private answerWhere(match: { readonly address?: string }, then: Answer): void {
    this.faults.push(this.world.simulator.addFault({ match, then }).id);
  }
}

/** An empty world, at the present: what an operator's commands take their times from. */
export async function beginAtPresent(world: World): Promise<void> {
  world.simulator.reset();
  world.power.on();
  await world.emptyDatabase();
  world.now = Date.now();
}

/** The sweep finds what was reopened, and the queue does it. */
export async function sweep(world: World): Promise<void> {
  world.now = Date.now() + 1_000;
  await world.boot().sweep(100);
  await world.settle();
}
