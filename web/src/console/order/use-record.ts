import { useEffect, useState } from 'preact/hooks';
import { type CallError, isCallError } from '../../../../src/client/call-error.ts';
import type { OrderRecord } from '../../../../src/protocol/operators.ts';
import { useConsole } from '../console-context.tsx';

/** The order's record, read again whenever `seq` has moved past it; the last one stays meanwhile. */
export function useRecord(
  orderId: string,
  seq: number | undefined,
): { record?: OrderRecord; problem?: CallError; retry(): void } {
  const { client, names } = useConsole();
  const [record, setRecord] = useState<OrderRecord>();
  const [problem, setProblem] = useState<CallError>();
  const [tries, setTries] = useState(0);
  const known = record?.steps.at(-1)?.seq ?? 0;
  useEffect(() => {
    if (known > 0 && (seq === undefined || seq <= known)) return;
    let isOver = false;
    client.http<OrderRecord>('GET', `/v1/ops/orders/${encodeURIComponent(orderId)}/record`).then(
      (found) => {
        if (isOver) return;
        names.learn(found.names);
        setRecord(found);
        setProblem(undefined);
      },
      (error: unknown) => {
        if (!isCallError(error)) throw error;
        if (!isOver) setProblem(error);
      },
    );
    return () => {
      isOver = true;
    };
  }, [orderId, seq, tries]);
  return {
    ...(record && { record }),
    ...(problem && { problem }),
    retry: () => setTries(tries + 1),
  };
}
