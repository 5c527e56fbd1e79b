import { STEPS, type Telling } from './order-story.ts';

/** The calm line from placed to delivered, and in words what happens now: read out when it changes. */
export function Progress({ telling }: { telling: Telling }) {
  const { step, headline, detail, tone } = telling;
  return (
    <div class={`progress ${tone}`}>
      <div aria-live="polite" aria-atomic="true">
        <h1>{headline}</h1>
        {detail && <p class="quiet">{detail}</p>}
      </div>
      {step !== undefined && (
        <ol class="steps" aria-label="Progress">
          {STEPS.map((name, index) => (
            <li
              key={name}
              class={index < step ? 'done' : index === step ? 'now' : ''}
              {...(index === step && { 'aria-current': 'step' as const })}
            >
              <span class="dot" aria-hidden="true" />
              {name}
              <span class="sr-only">{index < step ? ', done' : ''}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
