import { Channel } from '#core/channel.ts';
import { TimonelError } from '#core/errors.ts';
import type { Language } from '#core/messages/message.ts';
import type { InnerResult } from '#engine/api.ts';
import type { Attendant, Gesture, TerminalSize } from '#world/attendant.ts';
import type { WireRunLine } from '../contract.ts';
import { readGesture } from './errand-bodies.ts';
import { failureOf } from './failure.ts';

interface Client {
  /** What the client says while the command runs. */
  readonly more: AsyncIterable<unknown>;
  readonly language: Language;
  readonly terminal: TerminalSize | undefined;
}

/** Runs a command for a client that sits at it: its output as lines as it comes, and last how it ended. */
export async function* attendedRun(
  run: (attendant: Attendant) => Promise<InnerResult>,
  { more, language, terminal }: Client,
): AsyncGenerator<WireRunLine> {
  const channel = new Channel<WireRunLine>();
  const attendant: Attendant = {
    terminal,
    gestures: gesturesOf(more),
    joined: (has) => void channel.put({ joined: has }),
    take: (stream, bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      return channel.put(stream === 'stdout' ? { stdout: text } : { stderr: text });
    },
  };
  const end = run(attendant)
    .then(
      (result): WireRunLine => ({ result }),
      (error: unknown): WireRunLine => {
        if (!(error instanceof TimonelError)) throw error;
        const { status, body } = failureOf(error, language, '');
        return { failure: { status, body } };
      },
    )
    .finally(() => channel.end());
  // It is waited for below, after the output.
  end.catch(() => undefined);
  yield* channel;
  yield await end;
}

async function* gesturesOf(lines: AsyncIterable<unknown>): AsyncGenerator<Gesture> {
  for await (const line of lines) yield readGesture(line);
}
