import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';

/**
 * What is inside may meet something it was not made for, a payload of a newer server for instance:
 * then it says so instead of leaving an empty screen, and a press draws it anew.
 */
export function Safe({ title, children }: { title: string; children: ComponentChildren }) {
  const [error, reset] = useErrorBoundary(reportError);
  if (error === undefined) return <>{children}</>;
  return (
    <main class="empty" aria-live="assertive">
      <h1>{title}</h1>
      <p>
        This page met something it does not understand: there may be a newer one. Nothing that you
        sent is lost.
      </p>
      <p class="row">
        <button type="button" class="button" onClick={reset}>
          Try again
        </button>
        <button type="button" class="button primary" onClick={() => location.reload()}>
          Reload the page
        </button>
      </p>
    </main>
  );
}
