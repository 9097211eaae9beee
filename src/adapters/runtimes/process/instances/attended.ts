import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { fail } from '#core/errors.ts';
import type { Attendant, Gesture } from '#world/attendant.ts';

/** The three streams of a command that somebody sits at. */
export interface Pipes {
  /** What the command gets: input, output, errors. Open here until the command has them. */
  readonly theirs: readonly [number, number, number];
  readonly input: Socket;
  readonly outputs: readonly (readonly ['stdout' | 'stderr', Socket])[];
}

/** How long output may still come when the command and all it started are gone: something may hold the pipe open. */
const outputGraceMs = 500;

/**
 * Named pipes below `folder`. What Node itself makes are sockets, and a command can open no socket by the name
 * `/dev/stdin` or `/dev/stderr`.
 */
export function openPipes(folder: string, mkfifo: string): Pipes {
  const paths = ['input', 'output', 'errors'].map((name) => join(folder, name)) as [string, string, string];
  // The owner of the command opens them again by those names; the folder keeps everybody else out.
  const made = spawnSync(mkfifo, ['--mode=666', ...paths], { encoding: 'utf8' });
  if (made.status !== 0)
    throw fail('RUNTIME_LAUNCH_FAILED', { instance: folder, act: 'mkfifo', detail: made.stderr ?? '' });
  const [input, stdout, stderr] = paths;
  // An end opens at once only when the other one is open already, so ours come first.
  const ours = [
    openSync(input, constants.O_RDWR | constants.O_NONBLOCK),
    openSync(stdout, constants.O_RDONLY | constants.O_NONBLOCK),
    openSync(stderr, constants.O_RDONLY | constants.O_NONBLOCK),
  ] as const;
  return {
    theirs: [openSync(input, 'r'), openSync(stdout, 'w'), openSync(stderr, 'w')],
    input: new Socket({ fd: ours[0], readable: false, writable: true }),
    outputs: [
      ['stdout', new Socket({ fd: ours[1], readable: true, writable: false })],
      ['stderr', new Socket({ fd: ours[2], readable: true, writable: false })],
    ],
  };
}

/** Once the command has its ends, only it keeps them open. */
export function letGo({ theirs }: Pipes): void {
  for (const file of theirs) closeSync(file);
}

/** Closes our ends: nothing was started. */
export function hangUp({ input, outputs }: Pipes): void {
  input.destroy();
  for (const [, stream] of outputs) stream.destroy();
}

/**
 * Hands everything that the command writes to its attendant, and the attendant's gestures to the command, until it has
 * ended and its output was taken.
 */
export async function serve(
  pipes: Pipes,
  attendant: Attendant,
  command: { readonly ended: Promise<unknown>; readonly signal: (name: string) => void },
): Promise<void> {
  const { input, outputs } = pipes;
  input.on('error', () => undefined);
  attendant.joined('streams');
  void follow(attendant.gestures, input, command.signal).catch(() => undefined);
  const over = command.ended.then(() => {
    input.destroy();
    setTimeout(() => hangUp(pipes), outputGraceMs).unref();
  });
  await Promise.all(outputs.map(([name, stream]) => pump(name, stream, { attendant, over })));
  await over;
}

/** Never ahead of the attendant, but for the little that is left when the command has ended. */
async function pump(
  name: 'stdout' | 'stderr',
  stream: Socket,
  { attendant, over }: { readonly attendant: Attendant; readonly over: Promise<unknown> },
): Promise<void> {
  let last = Promise.resolve();
  try {
    for await (const bytes of stream) {
      last = attendant.take(name, bytes as Buffer);
      await Promise.race([last, over]);
    }
  } catch {
    // It was cut off after the end.
  }
  await last;
}

async function follow(gestures: AsyncIterable<Gesture>, input: Socket, signal: (name: string) => void): Promise<void> {
  for await (const gesture of gestures) {
    if (gesture.kind === 'input') await new Promise<void>((resolve) => input.write(gesture.bytes, () => resolve()));
    // Written first: an end that is destroyed drops what it has not sent.
    else if (gesture.kind === 'end-of-input') input.destroy();
    else if (gesture.kind === 'signal') signal(gesture.signal);
  }
}
