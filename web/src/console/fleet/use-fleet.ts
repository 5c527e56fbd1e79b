import { useEffect, useState } from 'preact/hooks';
import type { DriverView } from '../../../../src/protocol/operators.ts';
import { serverNow } from '../../kit/clock.ts';
import { useConsole } from '../console-context.tsx';
import { poll } from '../state/poll.ts';

const EVERY_MS = 3_000;

/** Drivers on duty, asked for again every three seconds; `asOf`: when they were last told, epoch ms. */
export function useFleet(): { drivers?: DriverView[]; asOf?: number } {
  const { client, names } = useConsole();
  const [fleet, setFleet] = useState<{ drivers: DriverView[]; asOf: number }>();
  useEffect(
    () =>
      poll(async () => {
        const { drivers } = await client.http<{ drivers: DriverView[] }>(
          ...(['GET', '/v1/ops/fleet'] as const),
        );
        names.learn(Object.fromEntries(drivers.map(({ driverId, name }) => [driverId, name])));
        setFleet({ drivers, asOf: serverNow() });
      }, EVERY_MS),
    [client],
  );
  return fleet ?? {};
}
