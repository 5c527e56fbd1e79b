import { useConsole } from './console-context.tsx';

/** A store by its name; the id on hover. */
export function StoreName({ id }: { id: string }) {
  const { names } = useConsole();
  return <span title={id}>{names.store(id)}</span>;
}

/** A zone by its name; the id on hover. */
export function ZoneName({ id }: { id: string }) {
  const { names } = useConsole();
  return <span title={id}>{names.zone(id)}</span>;
}
