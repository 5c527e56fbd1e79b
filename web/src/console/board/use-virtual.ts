import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Of many rows of one height, those that are in sight. */
export interface Virtual {
  scroll: RefObject<HTMLDivElement | null>;
  /** By index, with how far down it is, pixels. */
  items: { index: number; start: number }[];
  totalPx: number;
  /** Scrolls as little as it takes. */
  show(index: number): void;
}

/** @param headPx height of what stays on top of them */
export function useVirtual(count: number, rowPx: number, headPx = 0): Virtual {
  const scroll = useRef<HTMLDivElement>(null);
  const [, redraw] = useState(0);
  const made = useRef<Virtualizer<HTMLDivElement, Element>>(undefined);
  const options = {
    count,
    ...{ overscan: 6, estimateSize: () => rowPx, getScrollElement: () => scroll.current },
    ...{ observeElementRect, observeElementOffset, scrollToFn: elementScroll },
    ...{ scrollMargin: headPx, scrollPaddingStart: headPx },
    onChange: () => redraw((times) => times + 1),
  };
  made.current ??= new Virtualizer(options);
  const virtual = made.current;
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => virtual._willUpdate());
  return {
    scroll,
    items: virtual.getVirtualItems().map(({ index, start }) => ({ index, start: start - headPx })),
    totalPx: virtual.getTotalSize(),
    show: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
  };
}
