import { useEffect, useRef, useState } from 'preact/hooks';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { Pushes } from '../../../../src/protocol/messages.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { useConsole } from '../console-context.tsx';

export interface FollowedOrder {
  order?: OrderView;
  /** Where its driver was last heard to be. */
  driverAt?: Pushes['driver:position'];
  /** What is shown may be behind. */
  isStale: boolean;
  /** It cannot be followed, and why. */
  lost?: string;
}

/** One order as it moves, as a watch tells it: read again after each step. */
export function useOrder(orderId: string): FollowedOrder {
  const { client } = useConsole();
  const [order, setOrder] = useState<OrderView>();
  const [driverAt, setDriverAt] = useState<Pushes['driver:position']>();
  const [isStale, setIsStale] = useState(true);
  const [lost, setLost] = useState<string>();

  useEffect(() => {
    let isOver = false;
    const newer = (seen: OrderView) =>
      setOrder((known) => (known && known.seq > seen.seq ? known : seen));
    async function read(): Promise<void> {
      try {
        const seen = await client.http<OrderView>(
          'GET',
          `/v1/orders/${encodeURIComponent(orderId)}`,
        );
        if (!isOver) newer(seen);
      } catch (error) {
        // Out of reach: the watch says so, and reads again by itself.
        if (!isCallError(error)) throw error;
      }
    }
    const stops = [
      client.watchOrder(orderId, {
        onSnapshot: newer,
        onEvent: () => void read(),
        onStale: setIsStale,
        onLost: (error) =>
          setLost(isCallError(error) ? error.message : 'it cannot be shown any longer'),
      }),
      client.on('driver:position', (at) => {
        if (at.orderId === orderId) setDriverAt(at);
      }),
    ];
    return () => {
      isOver = true;
      for (const stop of stops) stop();
    };
  }, [client, orderId]);

  // Where the one before was says nothing of who has it now.
  const carrier = order?.driverId;
  const before = useRef(carrier);
  useEffect(() => {
    if (before.current !== undefined && before.current !== carrier) setDriverAt(undefined);
    before.current = carrier;
  }, [carrier]);

  return {
    ...(order && { order }),
    ...(driverAt && { driverAt }),
    isStale,
    ...(lost !== undefined && { lost }),
  };
}
