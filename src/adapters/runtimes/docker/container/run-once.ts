import { join } from 'node:path';
import type { CommandResult, InstanceSpec } from '#model/instance.ts';
import { pathOf } from '../engine/call.ts';
import { composeLabel, label } from '../labels.ts';
import { containerLog } from '../logs/container-log.ts';
import { TailBuffer } from '../logs/tail-buffer.ts';
import { containerName } from '../names.ts';
import type { Parts } from '../parts.ts';
import { removeGrantedFiles } from './granted-files.ts';
import { inspectContainer } from './lookup.ts';
import { exitOf } from './observed.ts';
import { createAndStart, removeContainer } from './start.ts';

const outputLimit = 64 * 1024;

export interface RunOnce {
  readonly instance: InstanceSpec;
  /** Empty: what the service itself runs. */
  readonly command: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a container of the instance's image, environment, files and networks to its end, under no name of the service.
 * It leaves nothing behind, whether it ends, is late, is called off or the daemon dies: the next run of the same
 * instance removes what is left of the last.
 */
export async function runOnce(parts: Parts, { instance, command, timeoutMs, signal }: RunOnce): Promise<CommandResult> {
  const name = `${containerName(instance.project, instance.id)}-run`;
  const leftover = await inspectContainer(parts.engine, name);
  if (leftover !== undefined) await removeContainer(parts, leftover.Id);
  const limit = AbortSignal.timeout(timeoutMs);
  const ending = AbortSignal.any([signal, limit]);
  let id: string | undefined;
  try {
    id = await createAndStart(parts, instance, variantOf(name, command), signal);
    return await resultOf(parts, id, ending, limit);
  } finally {
    await removeContainer(parts, id ?? name);
    await removeGrantedFiles(join(parts.home.files, instance.project, name));
    signal.throwIfAborted();
  }
}

function variantOf(name: string, command: readonly string[]) {
  return {
    presence: 'one-off',
    name,
    labels: { [label.oneOff]: 'true', [composeLabel.oneOff]: 'True' },
    body: { ...(command.length === 0 ? {} : { Cmd: command }), Healthcheck: { Test: ['NONE'] } },
  } as const;
}

async function resultOf(parts: Parts, id: string, ending: AbortSignal, limit: AbortSignal): Promise<CommandResult> {
  const output = new TailBuffer(outputLimit);
  const container = await inspectContainer(parts.engine, id);
  if (container !== undefined) {
    for await (const line of containerLog(parts.engine, container, { follow: true, signal: ending })) {
      output.add(Buffer.from(`${line.text}\n`));
    }
  }
  const timedOut = limit.aborted;
  if (ending.aborted) return { code: undefined, signal: 'SIGKILL', timedOut, output: output.toString() };
  // The log closes a moment before the engine has written down how it ended.
  const { StatusCode } = await parts.engine.json<{ StatusCode: number }>({
    what: `wait for the end of ${id.slice(0, 12)}`,
    method: 'POST',
    path: pathOf('containers', id, 'wait'),
    query: { condition: 'not-running' },
    deadlineMs: parts.engine.deadlines.make,
    signal: ending,
  });
  const ended = await inspectContainer(parts.engine, id);
  const exit = ended === undefined ? undefined : exitOf(ended);
  return { code: StatusCode, signal: exit?.signal, timedOut: false, output: output.toString() };
}
