import { useEffect, useState } from 'preact/hooks';
import type { OpenOffer } from '../../../../src/client/offers.ts';

const EVERY_MS = 100;

/** What is left of the offer's time by the server's clock, ms, renewed until it is over. */
export function useLeft(offer: OpenOffer): number {
  const [leftMs, setLeft] = useState(offer.leftMs);
  useEffect(() => {
    const timer = setInterval(() => {
      const left = offer.leftMs();
      setLeft(left);
      if (left === 0) clearInterval(timer);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [offer]);
  return leftMs;
}
