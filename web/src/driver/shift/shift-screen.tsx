import type { ShiftView } from '../../../../src/protocol/shifts.ts';
import type { Desk } from '../state/desk.ts';
import { OffDuty } from './off-duty.tsx';
import { OnBreak, Paused, Waiting } from './on-duty.tsx';

/** What a driver sees who carries nothing. */
export function ShiftScreen({ desk, shift }: { desk: Desk; shift: ShiftView | null }) {
  switch (shift?.state) {
    case undefined:
      return <OffDuty desk={desk} />;
    case 'onDuty.onBreak':
      return <OnBreak desk={desk} shift={shift as ShiftView} />;
    case 'onDuty.paused':
      return <Paused desk={desk} shift={shift as ShiftView} />;
    default:
      return <Waiting desk={desk} shift={shift as ShiftView} />;
  }
}
