import type { Step } from './next-step.ts';

const LEGS: Step['leg'][] = ['toStore', 'atStore', 'toDoor', 'atDoor'];

/** How far it is, in four steps; nothing for what goes back. */
export function Progress({ step }: { step: Step }) {
  const now = LEGS.indexOf(step.leg);
  if (now < 0) return null;
  return (
    <p class="progress">
      <span class="sr-only">
        Step {now + 1} of {LEGS.length}
      </span>
      {LEGS.map((leg, index) => (
        <span
          key={leg}
          aria-hidden="true"
          class={index < now ? 'done' : index === now ? 'now' : 'ahead'}
        />
      ))}
    </p>
  );
}
