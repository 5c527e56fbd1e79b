import type { WaybillClient } from '../client/waybill-client.ts';
import type { Stage } from './stage.ts';
import type { Tally } from './tally.ts';
import { act } from './trip.ts';

/** The operator on duty: sees every order of the day, and steps in for those nobody was found for. */
export interface Operator {
  watch(orderId: string): void;
  /** Orders an operator means to do something about. */
  busyWith(): number;
}

/** Wide enough to reach the next neighbourhood. */
const WIDER_METERS = 30_000;
/** Between two attempts to find someone with a free hand, unscaled ms. */
const ASK_AGAIN_MS = 15_000;

/** @param drivers whom an order may be given to */
export function createOperator(
  stage: Stage,
  client: WaybillClient,
  tally: Tally,
  drivers: readonly string[],
): Operator {
  const rescuing = new Set<string>();
  const states = new Map<string, string>();
  let nextDriver = 0;

  function see(orderId: string, state: string): void {
    states.set(orderId, state);
    if (state !== 'pending.unassigned' || rescuing.has(orderId)) return;
    if (stage.storyOf(orderId)?.rescue === 'leave') return;
    rescuing.add(orderId);
    stage.mind(rescue(orderId).finally(() => rescuing.delete(orderId)));
  }

  async function rescue(orderId: string): Promise<void> {
    const story = stage.storyOf(orderId);
    await stage.day.pass(story?.rescueAfterMs ?? 0);
    switch (story?.rescue) {
      case 'cancel':
        await act(stage, client, orderId, { type: 'order.cancel', reason: 'no driver in reach' });
        return;
      case 'searchWider':
        // Whoever is found by it has till then not been asked; once is enough.
        story.rescue = 'assign';
        await act(stage, client, orderId, {
          type: 'search.start',
          reason: 'wider',
          widenMeters: WIDER_METERS,
          clearExcluded: true,
        });
        return;
      default:
        await giveToSomeone(orderId);
    }
  }

  /** One after the other, until someone has a free hand or somebody else has dealt with it. */
  async function giveToSomeone(orderId: string): Promise<void> {
    while (!stage.day.isOver() && states.get(orderId) === 'pending.unassigned') {
      const driverId = drivers[nextDriver++ % drivers.length] as string;
      const command = { type: 'order.assign', driverId, reason: 'nobody in reach' } as const;
      if (await act(stage, client, orderId, command)) return;
      await stage.day.pass(ASK_AGAIN_MS);
    }
  }

  return {
    watch(orderId) {
      tally.expect(orderId);
      client.watchOrder(
        orderId,
        {
          onSnapshot(order) {
            tally.onSnapshot(order);
            see(orderId, order.state);
          },
          onEvent(event) {
            tally.onEvent(event);
            see(orderId, event.to);
          },
        },
        0,
      );
    },
    busyWith: () => rescuing.size,
  };
}
