import { describe, expect, it } from '@jest/globals';
import { ownerOf } from '../../src/engine/share.ts';

const ids = Array.from({ length: 3_000 }, (_, index) => `order-${index}`);

describe('share', () => {
  it('[ENG12] gives every id one owner among the live nodes, in nearly equal shares', () => {
    const nodes = ['n1', 'n2', 'n3'];
    for (const node of nodes) {
      const share = ids.filter((id) => ownerOf(id, nodes) === node).length;
      expect(share).toBeGreaterThan(850);
      expect(share).toBeLessThan(1_150);
    }
  });

  it('[ENG12] moves only the share of a node that leaves', () => {
    const moved = ids.filter((id) => ownerOf(id, ['n1', 'n2', 'n3']) !== ownerOf(id, ['n1', 'n3']));
    expect(moved.every((id) => ownerOf(id, ['n1', 'n2', 'n3']) === 'n2')).toBe(true);
  });
});
