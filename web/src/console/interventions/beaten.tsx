import type { MovedOn } from '../../../../src/protocol/commands.ts';
import { toExactTime } from '../../kit/format.ts';
import { eventWord, stateWord } from '../words.ts';

/** Says who was first, and what they did. */
export function Beaten({ about, by }: { about: 'order' | 'shift'; by: MovedOn }) {
  const people = by.steps.filter((step) => step.by.role !== 'system');
  const first = people[0] ?? by.steps[0];
  const rest = by.steps.filter((step) => step !== first);
  return (
    <div class="notice warn stack" role="alert">
      <p>
        {first && (
          <>
            <strong>{nameOf(first.by)} was first</strong>: {eventWord(first.type)} at{' '}
            <time class="num" title={new Date(first.at).toISOString()}>
              {toExactTime(first.at)}
            </time>
            .{' '}
          </>
        )}
        The {about} is now {stateWord(by.state)}, at step #{by.seq}. Nothing of yours was done.
      </p>
      {rest.length > 0 && (
        <ul class="small quiet">
          {rest.map((step) => (
            <li key={step.seq}>
              #{step.seq} {eventWord(step.type)}, by {nameOf(step.by)} at {toExactTime(step.at)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const nameOf = ({ role, name }: MovedOn['steps'][number]['by']): string =>
  role === 'system' ? 'Waybill itself' : (name ?? `A ${role}`);
