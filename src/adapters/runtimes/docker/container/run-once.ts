import { join } from 'node:path';
import type { CommandResult, InstanceSpec } from '#model/instance.ts';
import type { Attendant } from '#world/attendant.ts';
import { pathOf } from '../engine/call.ts';
import { wasRefused } from '../engine/refusal.ts';
import { composeLabel, label } from '../labels.ts';
import { containerLog } from '../logs/container-log.ts';
import { TailBuffer } from '../logs/tail-buffer.ts';
import { containerName } from '../names.ts';
import type { Parts } from '../parts.ts';
import type { ContainerInspected } from './api.ts';
import { type Attended, attend, attendedBody } from './attended.ts';
import { removeGrantedFiles } from './granted-files.ts';
import { inspectContainer } from './lookup.ts';
import { signalOf } from './observed.ts';
import { removeContainer } from './remove.ts';
import { createAndStart, type Variant } from './start.ts';

const outputLimit = 64 * 1024;
const outputLines = 2000;

export interface RunOnce {
  readonly instance: InstanceSpec;
  /** Empty: what the service itself runs. */
  readonly command: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly attendant?: Attendant | undefined;
}

/**
 * Runs a container of the instance's image, environment, files and networks to its end, under no name of the service.
 * It leaves nothing behind, whether it ends, is late, is called off or the daemon dies: the next daemon, or the next run
 * of the same instance, removes what is left of the last.
 */
export async function runOnce(parts: Parts, asked: RunOnce): Promise<CommandResult> {
  const { instance, command, timeoutMs, signal, attendant } = asked;
  const name = `${containerName(instance.project, instance.id)}-run`;
  parts.runs.add(name);
  const leftover = await inspectContainer(parts.engine, name);
  if (leftover !== undefined) await removeContainer(parts, leftover.Id);
  const limit = AbortSignal.timeout(timeoutMs);
  const ending = AbortSignal.any([signal, limit]);
  let id: string | undefined;
  let attended: Attended | undefined;
  const meet = async (made: string): Promise<void> => {
    attended?.hangUp();
    attended = attendant && (await attend(parts.engine, made, attendant));
  };
  try {
    const body = attendant === undefined ? {} : attendedBody(attendant);
    id = await createAndStart(parts, instance, { ...variantOf(name, command, body), meet }, signal);
    await (attended as Attended | undefined)?.begin();
    return await resultOf(parts, { id, ending, limit, attended });
  } finally {
    (attended as Attended | undefined)?.hangUp();
    parts.runs.delete(name);
    await removeContainer(parts, id ?? name);
    await removeGrantedFiles(join(parts.home.files, instance.project, name));
    signal.throwIfAborted();
  }
}

function variantOf(name: string, command: readonly string[], body: Variant['body']): Variant {
  return {
    presence: 'one-off',
    name,
    labels: { [label.oneOff]: 'true', [composeLabel.oneOff]: 'True' },
    body: { ...body, ...(command.length === 0 ? {} : { Cmd: command }), Healthcheck: { Test: ['NONE'] } },
  };
}

interface Running {
  readonly id: string;
  /** Aborts when the run is called off or late. */
  readonly ending: AbortSignal;
  readonly limit: AbortSignal;
  readonly attended: Attended | undefined;
}

async function resultOf(parts: Parts, { id, ending, limit, attended }: Running): Promise<CommandResult> {
  const code = await waitForEnd(parts, id, ending);
  if (code === undefined) await killContainer(parts, id);
  await attended?.drained;
  const container = attended === undefined ? await inspectContainer(parts.engine, id) : undefined;
  const output = container === undefined ? '' : await outputOf(parts, container);
  const timedOut = code === undefined && limit.aborted;
  return { code, signal: code === undefined ? 'SIGKILL' : signalOf(code), timedOut, output };
}

/** The exit code, or undefined when the run was called off first. */
async function waitForEnd({ engine }: Parts, id: string, ending: AbortSignal): Promise<number | undefined> {
  try {
    const { StatusCode } = await engine.json<{ StatusCode: number }>({
      what: `wait for the end of ${id.slice(0, 12)}`,
      method: 'POST',
      path: pathOf('containers', id, 'wait'),
      query: { condition: 'not-running' },
      // The run's own limit comes through the signal.
      deadlineMs: 2 ** 31 - 1,
      signal: ending,
    });
    return StatusCode;
  } catch (error) {
    if (ending.aborted) return undefined;
    throw error;
  }
}

async function killContainer({ engine }: Parts, id: string): Promise<void> {
  try {
    await engine.done({ what: `kill ${id.slice(0, 12)}`, method: 'POST', path: pathOf('containers', id, 'kill') });
  } catch (error) {
    if (!wasRefused(error, 404, 409)) throw error;
  }
}

/** Read when all is written: an engine that is asked to follow may miss a last line without end. */
async function outputOf({ engine }: Parts, container: ContainerInspected): Promise<string> {
  const output = new TailBuffer(outputLimit);
  for await (const { text } of containerLog(engine, container, { tail: outputLines })) {
    output.add(Buffer.from(`${text}\n`));
  }
  return output.toString();
}
