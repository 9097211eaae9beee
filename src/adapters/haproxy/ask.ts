import { connect } from 'node:net';
import { fail, reasonOf } from '#core/errors.ts';

/** Longer than any answer takes by far; without it a stopped proxy would hang its caller. */
const answerWithinMs = 5000;

/**
 * Sends one line to a socket of the proxy and returns its whole answer. The proxy closes the connection after it.
 *
 * @throws PROXY_NO_ANSWER
 */
export function ask(socketPath: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const chunks: Buffer[] = [];
    const refuse = (reason: string, cause?: unknown) => {
      socket.destroy();
      reject(fail('PROXY_NO_ANSWER', { command: line.slice(0, 80), reason }, { cause }));
    };
    socket.setTimeout(answerWithinMs, () => refuse(`no answer within ${answerWithinMs} ms`));
    socket.on('error', (error) => refuse(reasonOf(error), error));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    // The master waits for our end before it answers.
    socket.end(`${line}\n`);
  });
}
