import { spawnSync } from 'node:child_process';
import { Channel } from '#core/channel.ts';
import type { WireGesture, WireRunLine } from '#daemon/contract.ts';
import type { InnerResult } from '#engine/api.ts';
import type { TerminalSize } from '#world/attendant.ts';
import { ConnectionLost, DaemonRefusal } from './client/http.ts';

/** The terminal's own size, for a command that shall have a terminal too. */
export function terminalSize(): TerminalSize {
  return { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 };
}

const sentOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Sits at a command that the daemon runs: this process's input, terminal and signals are the command's, and its output
 * is this process's. `run` opens the conversation.
 */
export async function attend(
  run: (gestures: AsyncIterable<WireGesture>) => AsyncIterable<WireRunLine>,
): Promise<InnerResult> {
  const gestures = new Channel<WireGesture>();
  const letGo = [passSignals(gestures)];
  try {
    for await (const line of run(gestures)) {
      if ('joined' in line) {
        if (line.joined === 'terminal') letGo.push(lendTerminal(gestures));
        letGo.push(readInput(gestures));
      } else if ('stdout' in line) await write(process.stdout, line.stdout);
      else if ('stderr' in line) await write(process.stderr, line.stderr);
      else if ('failure' in line) throw new DaemonRefusal(line.failure.status, line.failure.body, undefined);
      else return line.result;
    }
    throw new ConnectionLost('run');
  } finally {
    for (const act of letGo) act();
    gestures.end();
  }
}

type LetGo = () => void;

function readInput(gestures: Channel<WireGesture>): LetGo {
  const { stdin } = process;
  const give = (bytes: Buffer): void => {
    // One piece after the other: a large file must not pile up here.
    stdin.pause();
    void gestures.put({ input: bytes.toString('base64') }).then(() => stdin.resume());
  };
  const end = (): void => void gestures.put({ inputEnded: true });
  stdin.on('data', give).once('end', end).once('error', end);
  return () => {
    stdin.off('data', give).off('end', end).off('error', end);
    // Waiting for input would keep this process alive.
    stdin.destroy();
  };
}

/** The first of each is the command's to act on; who insists leaves. */
function passSignals(gestures: Channel<WireGesture>): LetGo {
  const handlers = sentOn.map((signal) => [signal, () => void gestures.put({ signal })] as const);
  for (const [signal, handler] of handlers) process.once(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/** Every key goes to the command, Ctrl-C too: it has a terminal of its own, as large as this one. */
function lendTerminal(gestures: Channel<WireGesture>): LetGo {
  const { stdin, stdout } = process;
  const resize = (): void => void gestures.put({ resize: terminalSize() });
  stdin.setRawMode(true);
  // Node leaves the terminal to add a carriage return to each new line, and the command's terminal has added one.
  spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
  stdout.on('resize', resize);
  return () => {
    stdout.off('resize', resize);
    stdin.setRawMode(false);
  };
}

function write(stream: NodeJS.WriteStream, base64: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(Buffer.from(base64, 'base64'), () => resolve());
  });
}
