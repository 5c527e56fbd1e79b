import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { TakenView } from '../../../../src/protocol/operators.ts';
import type { Flow } from '../state/flow.ts';
import { lineOf } from './chart-svg.tsx';
import { transitionOf } from './transitions.ts';

const GLOW_MS = 1_100;
const CALM = matchMedia('(prefers-reduced-motion: reduce)');

/** Lights up what is taken while it is taken; a wanderer goes along the line. */
export function useGlow(svg: RefObject<SVGSVGElement | null>, flow: Flow): void {
  useEffect(() => {
    const busyUntil = new Map<string, number>();

    function light(key: string, run: () => void): void {
      const now = performance.now();
      if ((busyUntil.get(key) ?? 0) > now) return;
      busyUntil.set(key, now + GLOW_MS / 2);
      run();
    }

    function show(taken: readonly TakenView[]): void {
      if (!svg.current || document.hidden || CALM.matches) return;
      for (const step of taken) {
        const id = transitionOf(step);
        if (id === undefined) continue;
        const text = svg.current.querySelector(`[data-transition="${id}"]`);
        if (text) light(id, () => glowText(text));
        const line = svg.current.querySelector<SVGPathElement>(`[data-line="${lineOf.get(id)}"]`);
        if (line) light(`line ${id}`, () => glowLine(line));
      }
    }
    return flow.onTaken(show);
  }, [svg, flow]);
}

const glowText = (text: Element) =>
  text.animate([{ color: 'var(--glow)' }, { color: 'var(--ink)' }], {
    ...{ duration: GLOW_MS, easing: 'ease-out' },
  });

function glowLine(line: SVGPathElement): void {
  line.animate([{ stroke: 'var(--glow)', strokeWidth: 4 }, {}], {
    ...{ duration: GLOW_MS, easing: 'ease-out' },
  });
  const wanderer = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  wanderer.setAttribute('r', '5');
  wanderer.setAttribute('class', 'wanderer');
  wanderer.style.offsetPath = `path("${line.getAttribute('d')}")`;
  line.after(wanderer);
  wanderer.animate([{ offsetDistance: '0%' }, { offsetDistance: '100%' }], {
    ...{ duration: GLOW_MS * 0.7, easing: 'ease-in-out', fill: 'forwards' },
  }).onfinish = () => wanderer.remove();
}
