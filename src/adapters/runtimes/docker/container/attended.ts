import type { Socket } from 'node:net';
import type { Attendant, Gesture, TerminalSize } from '#world/attendant.ts';
import { pathOf } from '../engine/call.ts';
import type { Engine } from '../engine/client.ts';
import { wasRefused } from '../engine/refusal.ts';
import { framesOf } from '../logs/frames.ts';

/** What a container needs that somebody sits at: its input open until its end, and a terminal where they have one. */
export function attendedBody({ terminal }: Attendant): Readonly<Record<string, unknown>> {
  const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
  return { ...streams, OpenStdin: true, StdinOnce: true, Tty: terminal !== undefined };
}

/** A container's streams on their way to and from its attendant. */
export interface Attended {
  /** The container has started. */
  begin(): Promise<void>;
  /** Resolves when everything that the container wrote was taken. */
  readonly drained: Promise<void>;
  hangUp(): void;
}

/** Joins a container that was created and is not started yet, so that its first output is not missed. */
export async function attend(engine: Engine, container: string, attendant: Attendant): Promise<Attended> {
  const { terminal } = attendant;
  const socket = await engine.hijack({
    what: `attach to ${container.slice(0, 12)}`,
    method: 'POST',
    path: pathOf('containers', container, 'attach'),
    query: { stream: true, stdin: true, stdout: true, stderr: true },
    deadlineMs: engine.deadlines.change,
  });
  const drained = (async () => {
    for await (const { stream, bytes } of framesOf(socket, terminal === undefined ? 'streams' : 'terminal'))
      await attendant.take(stream, bytes);
  })();
  // Its failure is told when it is waited for.
  drained.catch(() => undefined);
  return {
    begin: async () => {
      if (terminal !== undefined) await resize(engine, container, terminal);
      attendant.joined(terminal === undefined ? 'streams' : 'terminal');
      void follow({ engine, container, socket }, attendant.gestures).catch(() => undefined);
    },
    drained,
    hangUp: () => socket.destroy(),
  };
}

interface Line {
  readonly engine: Engine;
  readonly container: string;
  readonly socket: Socket;
}

async function follow(line: Line, gestures: AsyncIterable<Gesture>): Promise<void> {
  for await (const gesture of gestures) {
    if (gesture.kind === 'input') await send(line.socket, gesture.bytes);
    else if (gesture.kind === 'end-of-input') line.socket.end();
    else if (gesture.kind === 'resize') await resize(line.engine, line.container, gesture.size);
    else await signal(line, gesture.signal);
  }
}

function send(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    socket.write(bytes, () => resolve());
  });
}

function resize(engine: Engine, container: string, { rows, columns }: TerminalSize): Promise<void> {
  return unlessEnded(
    engine.done({
      what: `resize ${container.slice(0, 12)}`,
      method: 'POST',
      path: pathOf('containers', container, 'resize'),
      query: { h: rows, w: columns },
    }),
  );
}

function signal({ engine, container }: Line, name: string): Promise<void> {
  return unlessEnded(
    engine.done({
      what: `signal ${container.slice(0, 12)}`,
      method: 'POST',
      path: pathOf('containers', container, 'kill'),
      query: { signal: name },
    }),
  );
}

async function unlessEnded(act: Promise<void>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!wasRefused(error, 404, 409, 500)) throw error;
  }
}
