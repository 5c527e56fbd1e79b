/** What the texts of a chart are drawn with: layouts leave exactly this much room. Pixels. */
export const CHART_TEXT = {
  /** Size of a state's name, and the width of one of its letters. */
  statePx: 13,
  stateEm: 8.8,
  /** … of an event, in a monospaced font. */
  eventPx: 11,
  eventEm: 6.7,
  /** From one line to the next. */
  linePx: 17,
} as const;

/** How a transition is written on the chart. */
export const chartText = ({ event, guard }: { event: string; guard?: string }): string =>
  guard ? `${event} [${guard}]` : event;

export const chartTextWidth = (transition: { event: string; guard?: string }): number =>
  Math.ceil(chartText(transition).length * CHART_TEXT.eventEm) + 6;
