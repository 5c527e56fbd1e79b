import type { WaybillClient } from '../../../../src/client/waybill-client.ts';

/**
 * Believes the phone about its own network: a connection that is gone is noticed at once instead of
 * after the silence of two heartbeats, and is made anew as soon as there is one. Returns a stop.
 */
export function followNetwork(client: WaybillClient): () => void {
  addEventListener('offline', client.disconnect);
  addEventListener('online', client.reconnect);
  return () => {
    removeEventListener('offline', client.disconnect);
    removeEventListener('online', client.reconnect);
  };
}
