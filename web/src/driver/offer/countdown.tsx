const RADIUS = 54;
const LENGTH = 2 * Math.PI * RADIUS;
const URGENT_MS = 5_000;

/** The time that is left, readable at arm's length: as a number and as a ring that empties. */
export function Countdown({ leftMs, wholeMs }: { leftMs: number; wholeMs: number }) {
  const share = Math.min(1, leftMs / Math.max(1, wholeMs));
  const left = Math.ceil(leftMs / 1_000);
  return (
    <div class={leftMs <= URGENT_MS ? 'countdown urgent' : 'countdown'} role="timer">
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle class="whole" cx="60" cy="60" r={RADIUS} />
        <circle
          class="left"
          cx="60"
          cy="60"
          r={RADIUS}
          stroke-dasharray={LENGTH}
          stroke-dashoffset={LENGTH * (1 - share)}
          transform="rotate(-90 60 60)"
        />
      </svg>
      <span class="num">
        {left}
        <span class="sr-only"> seconds left</span>
      </span>
    </div>
  );
}
