/** How values are written: in the viewer's language and time zone. */

const clockTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const clockTimeExact = new Intl.DateTimeFormat(undefined, {
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
});
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
});

const sameDay = (a: number, b: number): boolean =>
  new Date(a).toDateString() === new Date(b).toDateString();

/** `14:05`, with the day where it is not today. @param at epoch ms */
export const toTime = (at: number, now: number): string =>
  (sameDay(at, now) ? clockTime : dayAndTime).format(at);

/** `14:05:09`. @param at epoch ms */
export const toExactTime = (at: number): string => clockTimeExact.format(at);

/** A number and its unit, on one line. */
const withUnit = (value: number | string, unit: string): string => `${value}\u00a0${unit}`;

/** `12 s`, `4 min`, `2 h 5 min`: never negative. @param ms a duration */
export function toDuration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1_000));
  if (total < 60) return withUnit(total, 's');
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return withUnit(minutes, 'min');
  const hours = withUnit(Math.floor(minutes / 60), 'h');
  const rest = minutes % 60;
  return rest === 0 ? hours : `${hours} ${withUnit(rest, 'min')}`;
}

/** `0:09`, `12:40`: for a countdown. @param ms a duration */
export function toCountdown(ms: number): string {
  const total = Math.max(0, Math.ceil(ms / 1_000));
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`;
}

/** @param cents of the currency's unit */
export const toMoney = (cents: number, currency: string): string =>
  new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(cents / 100);

/** `850 m`, `2.4 km`. */
export const toDistance = (meters: number): string =>
  meters < 995
    ? withUnit(Math.round(meters / 10) * 10, 'm')
    : withUnit((meters / 1_000).toFixed(1), 'km');

/** `1 order`, `3 orders`. @param many where the plural is not made by an s */
export const toCount = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** The end of an id, which is what tells one from another: `…4f2a9c`. */
export const toShortId = (id: string): string => id.slice(-6);
