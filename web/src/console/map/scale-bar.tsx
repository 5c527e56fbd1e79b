import { toDistance } from '../../kit/format.ts';
import { scaleMeters } from './projection.ts';

/** How long a round distance is on the map. */
export function ScaleBar(props: { x: number; y: number; metersPerPixel: number }) {
  const { x, y, metersPerPixel } = props;
  const meters = scaleMeters(metersPerPixel);
  const length = meters / metersPerPixel;
  return (
    <g class="scale">
      <path d={`M${x} ${y - 4}V${y}H${x + length}V${y - 4}`} />
      <text x={x + length + 6} y={y}>
        {toDistance(meters)}
      </text>
    </g>
  );
}
