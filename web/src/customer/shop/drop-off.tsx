import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { StoreView, ZoneView } from '../../../../src/protocol/catalog.ts';
import { toDistance } from '../../kit/format.ts';
import { useCustomer } from '../customer-context.tsx';
import { bearing, type Place, projectAround } from '../map/projection.ts';
import { Mark, Sketch } from '../map/sketch.tsx';

const STEP_METERS = 50;
const BIG_STEP_METERS = 500;

const ARROWS: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/**
 * Where the order goes: a sketch of the area with a pin that is put by a tap, dragged, moved by arrow
 * keys, or set to where the device is. That a place is outside is said at once; the server decides.
 */
export function DropOff({ store, zone }: { store: StoreView; zone: ZoneView }) {
  const { placing } = useCustomer();
  const { dropoff } = placing.draft.value;
  const [problem, setProblem] = useState('');
  const [isOutside, setIsOutside] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const area = useRef<SVGPolygonElement>(null);
  const projection = useMemo(
    () =>
      projectAround([...zone.polygon, store], {
        ...{ aspect: 4 / 3, marginMeters: 400, leastMeters: 1_000 },
      }),
    [zone, store],
  );

  function put(place: Place): void {
    setProblem('');
    placing.change({ dropoff: { lat: round(place.lat), lng: round(place.lng) } });
  }

  function putAt(event: { clientX: number; clientY: number }): void {
    const box = frame.current?.getBoundingClientRect();
    if (!box) return;
    const share = (value: number) => Math.min(1, Math.max(0, value)) * 2 - 1;
    put(
      projection.toPlace({
        x: share((event.clientX - box.left) / box.width) * projection.half.x,
        y: share((event.clientY - box.top) / box.height) * projection.half.y,
      }),
    );
  }

  function move(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { x, y } = projection.toXY(dropoff ?? store);
    const step = event.shiftKey ? BIG_STEP_METERS : STEP_METERS;
    put(projection.toPlace({ x: x + arrow.x * step, y: y + arrow.y * step }));
  }

  function locate(): void {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => put({ lat: coords.latitude, lng: coords.longitude }),
      () => setProblem(NO_POSITION),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  }

  const corners = zone.polygon.map(projection.toXY);
  const xy = dropoff && projection.toXY(dropoff);
  useLayoutEffect(() => {
    setIsOutside(xy !== undefined && area.current?.isPointInFill(xy) === false);
  }, [xy?.x, xy?.y]);
  const share = dropoff && projection.toShare(dropoff);
  const isOffMap = share !== undefined && !(inUnit(share.x) && inUnit(share.y));
  const way = dropoff && bearing(store, dropoff);
  return (
    <div class="stack">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a tap puts the pin there; the pin itself is the control */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the pin takes the arrow keys */}
      <div
        ref={frame}
        class="map-frame pick"
        onClick={(event) => {
          // From the keyboard a click has no place.
          if (event.detail > 0) putAt(event);
        }}
      >
        <Sketch projection={projection} label={`Map of ${zone.name} with ${store.name}`}>
          <polygon
            ref={area}
            class="area"
            points={corners.map(({ x, y }) => `${x},${y}`).join(' ')}
          />
        </Sketch>
        <Mark at={projection.toShare(store)} class="store">
          {store.name}
        </Mark>
        <Pin share={share && !isOffMap ? share : undefined} onDrag={putAt} onKey={move} />
      </div>
      <div class="row">
        <p class="small" aria-live="polite">
          {way
            ? `${toDistance(way.meters)} ${way.wind} of ${store.name}.`
            : 'Tap the map, drag the pin, or move it with the arrow keys.'}
        </p>
        <button type="button" class="button compact push" onClick={locate}>
          Use my position
        </button>
      </div>
      {(isOutside || isOffMap) && (
        <p class="notice warn" role="status">
          We do not deliver there yet: {store.name} brings to the marked area, {zone.name}.
        </p>
      )}
      {problem && (
        <p class="notice" role="status">
          {problem}
        </p>
      )}
    </div>
  );
}

const NO_POSITION = 'Your device does not tell where it is. Put the pin by hand.';

const inUnit = (value: number) => value >= 0 && value <= 1;
/** A metre or so; more says nothing. */
const round = (degrees: number) => Number(degrees.toFixed(5));

/** The handle of the drop-off. Where none is chosen yet it waits in the corner. */
function Pin(props: {
  share: { x: number; y: number } | undefined;
  onDrag(event: PointerEvent): void;
  onKey(event: KeyboardEvent): void;
}) {
  const { share, onDrag, onKey } = props;
  const at = share ?? { x: 0.07, y: 0.92 };
  return (
    <button
      type="button"
      class={`pin-handle ${share ? '' : 'unset'}`}
      style={{ left: `${at.x * 100}%`, top: `${at.y * 100}%` }}
      aria-label="Drop-off: move with the arrow keys, further with Shift"
      onKeyDown={onKey}
      onClick={(event) => event.stopPropagation()}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) onDrag(event);
      }}
    >
      <svg viewBox="0 0 24 32" aria-hidden="true">
        <path d="M12 31C5 21 1 17 1 11a11 11 0 0 1 22 0c0 6-4 10-11 20Z" />
        <circle cx="12" cy="11" r="4" />
      </svg>
    </button>
  );
}
