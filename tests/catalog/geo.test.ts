import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distanceMeters, isInside } from '../../src/catalog/geo.ts';

const point = fc.record({
  lat: fc.double({ min: -80, max: 80, noNaN: true }),
  lng: fc.double({ min: -179, max: 179, noNaN: true }),
});

describe('geo', () => {
  it('[CAT1] measures like the map: Lisbon to Porto, and one degree of latitude', () => {
    const lisbon = { lat: 38.7223, lng: -9.1393 };
    const porto = { lat: 41.1579, lng: -8.6291 };
    expect(distanceMeters(lisbon, porto) / 1_000).toBeCloseTo(274.3, 0);
    expect(distanceMeters({ lat: 0, lng: 0 }, { lat: 1, lng: 0 })).toBeCloseTo(111_195, -1);
  });

  it('[CAT1] is a distance: symmetric, zero to itself, no shorter by a detour', () => {
    fc.assert(
      fc.property(point, point, point, (a, b, c) => {
        expect(distanceMeters(a, a)).toBe(0);
        expect(distanceMeters(a, b)).toBeCloseTo(distanceMeters(b, a), 3);
        expect(distanceMeters(a, c)).toBeLessThanOrEqual(
          distanceMeters(a, b) + distanceMeters(b, c) + 1e-3,
        );
      }),
    );
  });

  it('[CAT2] tells inside from outside, in hollows too', () => {
    const horseshoe = [
      { lat: 0, lng: 0 },
      { lat: 0, lng: 3 },
      { lat: 3, lng: 3 },
      { lat: 3, lng: 2 },
      { lat: 1, lng: 2 },
      { lat: 1, lng: 1 },
      { lat: 3, lng: 1 },
      { lat: 3, lng: 0 },
    ];
    expect(isInside({ lat: 0.5, lng: 1.5 }, horseshoe)).toBe(true);
    expect(isInside({ lat: 2, lng: 0.5 }, horseshoe)).toBe(true);
    expect(isInside({ lat: 2, lng: 1.5 }, horseshoe)).toBe(false);
    expect(isInside({ lat: 4, lng: 1 }, horseshoe)).toBe(false);
    expect(isInside({ lat: 1, lng: 1 }, [])).toBe(false);
  });
});
