import { Time } from '../kit/elements.tsx';
import type { News } from './state/news.ts';

/** What became of things, the latest first, until it is put away. */
export function NewsList({ news }: { news: News }) {
  const items = news.items.value;
  if (items.length === 0) return null;
  return (
    <ol class="news" aria-label="News">
      {items.map(({ id, at, tone, text }) => (
        <li key={id} class={`news-item ${tone}`}>
          <p>
            <span class="small quiet">
              <Time at={at} />
            </span>{' '}
            {text}
          </p>
          <button
            type="button"
            class="news-close"
            aria-label="Put away"
            onClick={() => news.putAway(id)}
          >
            <span aria-hidden="true">✕</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** Reads news out to those who do not see them; stays whatever screen is shown. */
export const NewsVoice = ({ news }: { news: News }) => (
  <div class="sr-only" role="status">
    {news.items.value.slice(0, 1).map(({ id, text }) => (
      <p key={id}>{text}</p>
    ))}
  </div>
);
