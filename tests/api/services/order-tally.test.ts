import { describe, expect, it } from '@jest/globals';
import { createTally, type OrderStory } from '../../../src/api/services/order-tally.ts';
import {
  buildJourney,
  driver,
  type Journey,
  journeyTo,
  operator,
  system,
} from '../../machines/journey.ts';
import { commitsOf } from '../presenters/commits.ts';

const tallyOf = (...stories: OrderStory[]) => {
  const tally = createTally();
  for (const story of stories) tally.add(story);
  return tally.done();
};

/** A journey as its order is stored. */
const storyOf = (journey: Journey, promisedAt: number): OrderStory =>
  ({
    columns: { promisedAt },
    history: commitsOf(journey).map(({ entry }) => entry),
  }) as unknown as OrderStory;

/** Searched for at 0, given to a driver `waitMs` later. */
const waited = (waitMs: number): OrderStory => ({
  columns: { promisedAt: 0 },
  history: [
    { at: 0, to: 'pending.searching', event: { type: 'order.place' } },
    { at: waitMs, to: 'preparing.toStore', event: { type: 'order.assign' } },
  ],
});

describe('what became of orders', () => {
  it('[NUM1] counts offers, ends and promises from the steps of real orders', () => {
    const atDoor = journeyTo('atDoor').send(driver('d1'), { type: 'order.deliver', pin: '4711' });
    const { at } = atDoor.steps.at(-1)?.event ?? { at: 0 };
    const rejected = journeyTo('offered')
      .send(driver('d1'), { type: 'offer.reject', offerId: 'f-d1', reason: 'busy' })
      .send(operator, { type: 'order.cancel', reason: 'closed' });
    expect(
      tallyOf(storyOf(atDoor, at), storyOf(atDoor, at - 1), storyOf(rejected, at)),
    ).toMatchObject({
      ...{ placed: 3, assigned: 2, delivered: 2, onTime: 1, cancelled: 1, searchFailures: 0 },
      offers: { accepted: 2, rejected: 1, expired: 0, withdrawn: 0, undelivered: 0 },
    });
  });

  it('[NUM1] counts every search that failed, and the first assignment alone', () => {
    const journey = buildJourney();
    const failed = journey.send(system, { type: 'search.fail' }, 10 * 60_000);
    const story = storyOf(failed, 0);
    expect(tallyOf(story, story)).toMatchObject({ searchFailures: 2, assigned: 0 });
    const { history, columns } = waited(100);
    const again = { at: 900, to: 'preparing.toStore', event: { type: 'order.assign' as const } };
    expect(tallyOf({ columns, history: [...history, again] })).toMatchObject({
      ...{ assigned: 1, assignP50Ms: 100 },
    });
  });

  it('[NUM2] tells the wait that half, and 95 of 100, do not exceed', () => {
    const waits = Array.from({ length: 100 }, (_, index) => waited((index + 1) * 10));
    expect(tallyOf(...waits.reverse())).toMatchObject({ assignP50Ms: 500, assignP95Ms: 950 });
    expect(tallyOf(waited(7))).toMatchObject({ assignP50Ms: 7, assignP95Ms: 7 });
    expect(tallyOf().assignP50Ms).toBeUndefined();
  });
});
