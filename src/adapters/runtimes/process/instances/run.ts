import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { fail } from '#core/errors.ts';
import type { Exit } from '#model/instance.ts';
import type { Clock } from '#world/clock.ts';
import type { StopOptions, StopOutcome } from '#world/runtime.ts';
import { ranOutOfMemory, removeGroup } from '../cgroups/group.ts';
import { isAlive } from '../identity.ts';
import type { Tap } from '../logs/hub.ts';
import { type Belonging, killMembers, membersOf, sendSignal, sessionOf, signalGroup } from '../members.ts';
import { signalNumber } from '../signals.ts';

interface RunInput extends Belonging {
  readonly clock: Clock;
  readonly tap: Tap;
  /** Known when this process started it; the end of others is noticed by asking. */
  readonly child?: ChildProcess;
}

type How = Pick<Exit, 'code' | 'signal'>;

/** How long a SIGKILL may take: a process in the middle of a disk operation ends only after it. */
const killDeadlineMs = 15_000;
const shortestPauseMs = 10;
const longestPauseMs = 100;

/** One life of an instance's process, with everything it started, until the last of it is gone. */
export class Run {
  /** Resolves once nothing of it runs and its output is stored. */
  readonly ended: Promise<Exit>;
  readonly #input: RunInput;
  readonly #settle: (exit: Exit) => void;
  #stopping = false;
  #concluding = false;
  #closed = false;

  constructor(input: RunInput) {
    this.#input = input;
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.ended = promise;
    this.#settle = resolve;
    const { child } = input;
    if (child === undefined) return;
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      void this.#conclude({ code: code ?? undefined, signal: signal ?? undefined });
    };
    if (child.exitCode !== null || child.signalCode !== null) end(child.exitCode, child.signalCode);
    else child.once('exit', end);
  }

  get isAdopted(): boolean {
    return this.#input.child === undefined;
  }

  /** Notices the end of a process that is not our child. */
  checkAlive(): void {
    if (this.isAdopted && !isAlive(this.#input.identity)) void this.#conclude({ code: undefined, signal: undefined });
  }

  /**
   * Signals the process group, gives all of it the grace, then kills what is left.
   *
   * @throws RUNTIME_UNKILLABLE when even that did not end it
   */
  async stop({ signal, graceMs }: StopOptions): Promise<StopOutcome> {
    const { clock, identity } = this.#input;
    const began = clock.now();
    this.#stopping = true;
    signalGroup(identity, signalNumber(signal) ?? constants.signals.SIGTERM);
    const inTime = await this.#endsWithin(graceMs);
    if (!inTime) await this.kill();
    return { killed: !inTime, tookMs: clock.now() - began };
  }

  /** A signal as from a terminal: to its process group, which may act on it or not. */
  signal(name: string): void {
    const number = signalNumber(name);
    if (number !== undefined) signalGroup(this.#input.identity, number);
  }

  /** Kills all of it now. */
  async kill(): Promise<void> {
    const { identity } = this.#input;
    this.#stopping = true;
    if (isAlive(identity)) sendSignal(-identity.pid, 'SIGKILL');
    killMembers(this.#input);
    if (await this.#endsWithin(killDeadlineMs, () => killMembers(this.#input))) return;
    throw fail('RUNTIME_UNKILLABLE', { pid: identity.pid, left: membersOf(this.#input).join(', ') });
  }

  /** Lets go of it; the process runs on and nothing more is noticed. */
  close(): void {
    this.#closed = true;
    this.#input.tap.close();
  }

  async #endsWithin(ms: number, meanwhile: () => void = () => undefined): Promise<boolean> {
    let over = false;
    void this.ended.then(() => {
      over = true;
    });
    const { clock } = this.#input;
    const deadline = clock.now() + ms;
    for (let pause = shortestPauseMs; !over; pause = Math.min(pause * 2, longestPauseMs)) {
      const left = deadline - clock.now();
      if (left <= 0) return false;
      this.checkAlive();
      await Promise.race([this.ended, clock.wait(Math.min(pause, left))]);
      meanwhile();
    }
    return true;
  }

  /**
   * The leader is gone. What it left behind goes too, as in a container. While it is stopped, those that got the signal
   * with it keep their grace; what had left its session never heard of it and is not waited for.
   */
  async #conclude(how: How): Promise<void> {
    if (this.#concluding || this.#closed) return;
    this.#concluding = true;
    const { clock, group, tap } = this.#input;
    const at = clock.now();
    const outOfMemory = ranOutOfMemory(group);
    await this.#untilEmpty();
    if (this.#closed) return;
    storeRest(tap);
    removeGroup(group);
    this.#settle({ ...how, at, outOfMemory });
  }

  async #untilEmpty(): Promise<void> {
    const { clock } = this.#input;
    const deadline = clock.now() + killDeadlineMs;
    for (let pause = shortestPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
      if (membersOf(this.#input).length === 0 || this.#closed) return;
      if (!this.#stopping || sessionOf(this.#input).length === 0) {
        killMembers(this.#input);
        // Not to be killed: said when somebody stops it, and no reason to believe that the instance runs.
        if (clock.now() > deadline) return;
      }
      await clock.wait(pause);
    }
  }
}

/** On a full disk the last lines are lost rather than the end of the instance unnoticed. */
function storeRest(tap: Tap): void {
  try {
    tap.finish();
  } catch {
    // See above.
  }
  tap.close();
}
