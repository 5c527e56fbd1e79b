import { z } from 'zod';
import { CommandId, Seq } from '../schemas/common.ts';
import { parse } from '../schemas/parse.ts';
import { parseShiftCommand, ShiftCommandBody, StartShift } from '../schemas/shift-schemas.ts';
import type { Services } from '../services/services.ts';
import { type Route, route } from './route.ts';

const AnyCommand = z.looseObject({ commandId: CommandId, ifSeq: Seq.optional() });

export function shiftRoutes({ shifts }: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/shifts',
      says: 'Go on duty.',
      roles: ['driver'],
      limit: 'command',
      body: StartShift.extend({ commandId: CommandId }),
      status: 201,
      run: ({ body: { commandId, ...input } }, user) => shifts.start(user, input, commandId),
    }),

    route({
      method: 'get',
      path: '/v1/shifts/current',
      says: 'Your open shift; `shift` is null when there is none.',
      roles: ['driver'],
      limit: 'read',
      run: async (_call, { userId }) => ({ shift: (await shifts.current(userId)) ?? null }),
    }),

    route({
      method: 'post',
      path: '/v1/shifts/current/commands',
      says: 'Send a command to your own shift.',
      roles: ['driver'],
      limit: 'command',
      body: ShiftCommandBody,
      raw: true,
      run({ raw }, user) {
        const { commandId, ifSeq, ...input } = parse(AnyCommand, raw);
        return shifts.commandOwn(user, parseShiftCommand(input), commandId, ifSeq);
      },
    }),

    route({
      method: 'post',
      path: '/v1/shifts/:shiftId/commands',
      says: 'Send a command to a driver’s shift. With `ifSeq` it is taken at that step or refused as moved_on.',
      roles: ['operator'],
      limit: 'command',
      body: ShiftCommandBody,
      raw: true,
      run({ params, raw }, user) {
        const { commandId, ifSeq, ...input } = parse(AnyCommand, raw);
        return shifts.command(
          user,
          params.shiftId as string,
          parseShiftCommand(input),
          commandId,
          ifSeq,
        );
      },
    }),
  ];
}
