import type { StopOptions, StopOutcome } from '#world/runtime.ts';
import { pathOf } from '../engine/call.ts';
import { wasRefused } from '../engine/refusal.ts';
import type { Parts } from '../parts.ts';
import type { ContainerInspected } from './api.ts';
import { runHooks } from './hooks.ts';

/** How long a container may take to be gone after SIGKILL. */
const killMs = 10_000;

/**
 * Sends the signal, waits for the grace, then kills. A container that is gone or has ended is stopped already.
 */
export async function stopContainer(parts: Parts, name: string, options: StopOptions): Promise<StopOutcome> {
  const startedAt = parts.clock.now();
  const container = await parts.containers.inspect(name);
  if (container?.State.Running !== true) return { killed: false, tookMs: 0 };
  await runHooks(parts, container, 'pre_stop');
  // A paused process receives no signal.
  if (container.State.Paused) await unpause(parts, container);
  const remaining = Math.max(0, options.graceMs - (parts.clock.now() - startedAt));
  await sendSignal(parts, container, options.signal);
  let killed = false;
  if (!(await hasEnded(parts, container, remaining))) {
    killed = true;
    await sendSignal(parts, container, 'SIGKILL');
    await waitForEnd(parts, container, killMs);
  }
  return { killed, tookMs: parts.clock.now() - startedAt };
}

async function sendSignal({ engine }: Parts, container: ContainerInspected, signal: string): Promise<void> {
  try {
    await engine.done({
      what: `send ${signal} to ${container.Name.slice(1)}`,
      method: 'POST',
      path: pathOf('containers', container.Id, 'kill'),
      query: { signal },
    });
  } catch (error) {
    // 409: it ended in the meantime; 404: it is gone.
    if (!wasRefused(error, 404, 409)) throw error;
  }
}

async function hasEnded(parts: Parts, container: ContainerInspected, withinMs: number): Promise<boolean> {
  const ended = new AbortController();
  const waiting = waitForEnd(parts, container, withinMs + parts.engine.deadlines.read, ended.signal).then(() => true);
  const late = parts.clock.wait(withinMs, ended.signal).then(() => false);
  // Whichever loses is called off; its rejection is that and nothing else.
  waiting.catch(() => undefined);
  late.catch(() => undefined);
  try {
    return await Promise.race([waiting, late]);
  } finally {
    ended.abort();
  }
}

async function waitForEnd(
  { engine }: Parts,
  container: ContainerInspected,
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await engine.json({
      what: `wait for the end of ${container.Name.slice(1)}`,
      method: 'POST',
      path: pathOf('containers', container.Id, 'wait'),
      query: { condition: 'not-running' },
      deadlineMs,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (!wasRefused(error, 404)) throw error;
  }
}

async function unpause({ engine }: Parts, container: ContainerInspected): Promise<void> {
  try {
    await engine.done({
      what: `unpause ${container.Name.slice(1)}`,
      method: 'POST',
      path: pathOf('containers', container.Id, 'unpause'),
    });
  } catch (error) {
    if (!wasRefused(error, 404, 409, 500)) throw error;
  }
}
