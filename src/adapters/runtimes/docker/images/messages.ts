import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { renderDuration } from '#core/duration.ts';
import { fail } from '#core/errors.ts';

/** One line of what the engine tells while it pulls or builds. */
export interface EngineMessage {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly aux?: unknown;
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
}

/**
 * The engine's messages as they come. A stream that is silent for too long is a hung engine or registry.
 *
 * @throws DOCKER_TIMEOUT
 */
export async function* messagesOf(source: Readable, what: string, silenceMs: number): AsyncGenerator<EngineMessage> {
  let isSilent = false;
  const hangUp = () => {
    isSilent = true;
    source.destroy();
  };
  let timer = setTimeout(hangUp, silenceMs);
  try {
    for await (const line of linesOf(source)) {
      clearTimeout(timer);
      yield JSON.parse(line) as EngineMessage;
      timer = setTimeout(hangUp, silenceMs);
    }
  } catch (error) {
    if (!isSilent) throw error;
  } finally {
    clearTimeout(timer);
    source.destroy();
  }
  if (isSilent) throw fail('DOCKER_TIMEOUT', { what, after: renderDuration(silenceMs) });
}

async function* linesOf(source: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of source) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
  if (rest.trim() !== '') yield rest;
}
