import type { RefObject } from 'preact';
import { useConsole } from '../console-context.tsx';
import { stateWord } from '../words.ts';
import type { BoardFilter } from './board-filter.ts';
import { LANES } from './board-lanes.tsx';
import type { BoardList } from './board-list.ts';
import { HEALTH_WORDS } from './board-row.tsx';

/** What the board is narrowed to, and how it is shown. */
export function BoardToolbar(props: {
  filter: BoardFilter;
  view: 'table' | 'lanes';
  list: BoardList;
  search: RefObject<HTMLInputElement | null>;
  onFilter(change: Partial<BoardFilter>): void;
  onView(view: 'table' | 'lanes'): void;
  onClear(): void;
}) {
  const { filter, view, list, onFilter } = props;
  const { live, names } = useConsole();
  live.version.value;
  const zones = [...new Set([...live.orders.values()].map(({ zone }) => zone))].sort();
  const isNarrowed = Object.values(filter).some((value) => value !== '');
  return (
    <search class="toolbar">
      <input
        ref={props.search}
        class="input compact"
        type="search"
        aria-label="Search"
        placeholder="Order, store, customer…  ( / )"
        value={filter.text}
        onInput={(event) => onFilter({ text: event.currentTarget.value })}
      />
      <Choice
        label="Zone"
        value={filter.zone}
        options={zones.map((zone) => [zone, names.zone(zone)])}
        onChange={(zone) => onFilter({ zone })}
      />
      <Choice
        label="State"
        value={filter.state}
        options={LANES.map((state) => [state, stateWord(state)])}
        onChange={(state) => onFilter({ state })}
      />
      <Choice
        label="Health"
        value={filter.health}
        options={Object.entries(HEALTH_WORDS)}
        onChange={(health) => onFilter({ health })}
      />
      <Choice
        label="Age"
        value={filter.age}
        options={['5', '10', '20', '30', '60'].map((min) => [min, `over ${min} min`])}
        onChange={(age) => onFilter({ age })}
      />
      <input
        class="input compact driver"
        aria-label="Driver"
        placeholder="Driver"
        value={filter.driver}
        onInput={(event) => onFilter({ driver: event.currentTarget.value })}
      />
      <button
        type="button"
        class="button compact plain"
        disabled={!isNarrowed}
        onClick={props.onClear}
      >
        Clear
      </button>
      <span class="shown num quiet small push" role="status">
        {list.ids.length} of {list.total}
      </span>
      <fieldset class="views">
        <legend class="sr-only">View</legend>
        {(['table', 'lanes'] as const).map((each) => (
          <button
            key={each}
            type="button"
            class="button compact"
            aria-pressed={view === each}
            onClick={() => props.onView(each)}
          >
            {each === 'table' ? 'Table' : 'Lanes'}
          </button>
        ))}
      </fieldset>
    </search>
  );
}

function Choice(props: {
  label: string;
  value: string;
  options: [value: string, words: string][];
  onChange(value: string): void;
}) {
  return (
    <select
      class="input compact"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    >
      <option value="">{props.label}: all</option>
      {props.options.map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </select>
  );
}
