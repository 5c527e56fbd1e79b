import type { ComponentChildren } from 'preact';
import { NewsList } from './news-list.tsx';
import type { Desk } from './state/desk.ts';

/** What is tapped, at the bottom where the thumb is; news come above it and move nothing of it. */
export function Deck({ desk, children }: { desk: Desk; children?: ComponentChildren }) {
  return (
    <div class="deck">
      <NewsList news={desk.news} />
      {children}
    </div>
  );
}
