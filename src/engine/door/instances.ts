import { fail } from '#core/errors.ts';
import { said } from '#core/messages/say.ts';
import type { InstanceSpec, ObservedInstance } from '#model/instance.ts';
import { withoutMember } from '#rollout/traffic/edits.ts';
import type { Runtime } from '#world/runtime.ts';
import { logTail } from '../evidence.ts';
import type { Context } from '../execute/context.ts';
import { WitnessedFailure } from '../failure.ts';
import { instanceSpec } from '../instance-spec.ts';
import { runtimesOf } from '../observe.ts';
import type { Scope } from './scope.ts';

/** Starts a new instance of the target release and begins to watch it. */
export async function start({ ctx, signal }: Scope, service: string, id: string): Promise<void> {
  const spec = ctx.wanted(service);
  const wanted = await specFor(ctx, service, id);
  const started = await ctx.runtime(spec).start(wanted, signal);
  ctx.parts.book.watch(started, spec);
}

/** Starts a stopped instance again, as itself. */
export async function resume({ ctx, signal }: Scope, id: string): Promise<void> {
  const { instance, runtime } = await locate(ctx, id);
  const spec = ctx.specOf(instance);
  const running = instance.state === 'running' ? instance : await runtime.restart(ctx.project, id, signal);
  if (spec !== undefined) ctx.parts.book.watch(running, spec);
}

/** Stops an instance that takes nothing any more. One that is gone already is stopped. */
export async function stop({ ctx, progress }: Scope, service: string, id: string): Promise<void> {
  const { supervisor, book, traffic } = ctx.parts;
  const found = await tryLocate(ctx, id);
  supervisor.release(ctx.project, id);
  if (found !== undefined) {
    const spec = ctx.specOf(found.instance);
    const options = { signal: spec?.stopSignal ?? 'SIGTERM', graceMs: spec?.stopGraceMs ?? 10_000 };
    const outcome = await found.runtime.stop(ctx.project, id, options);
    if (outcome.killed) progress(said('PROGRESS_KILLED', { instance: id, seconds: options.graceMs / 1000 }));
  }
  book.forget(ctx.project, id);
  await traffic.edit(ctx.project, service, (now) => (now === undefined ? undefined : withoutMember(now, id)));
}

export async function remove({ ctx }: Scope, id: string): Promise<void> {
  const found = await tryLocate(ctx, id);
  if (found !== undefined) await found.runtime.remove(ctx.project, id);
  ctx.parts.world.store.unpark(ctx.project, id);
}

/** Runs the service's release command once, to its end, in the new code. */
export async function releaseCommand({ ctx, signal }: Scope, service: string): Promise<void> {
  const spec = ctx.wanted(service);
  const wanted = spec.releaseCommand;
  if (wanted === undefined) return;
  const instance = await specFor(ctx, service, `${service}-r${ctx.plan.to}-release`);
  const result = await ctx.runtime(spec).runOnce(instance, wanted.command, wanted.timeoutMs, signal);
  if (result.code === 0 && !result.timedOut) return;
  const lines = result.output.trimEnd().split('\n');
  const facts = {
    service,
    code: result.code,
    seconds: result.timedOut ? wanted.timeoutMs / 1000 : undefined,
    output: lines.at(-1) ?? '',
  };
  throw new WitnessedFailure(said('RELEASE_COMMAND_FAILED', facts), {
    instance: instance.id,
    lastProbe: undefined,
    logs: lines.slice(-logTail),
  });
}

async function specFor(ctx: Context, service: string, id: string): Promise<InstanceSpec> {
  if (ctx.target === undefined) throw fail('ROLLOUT_INTERNAL', { detail: `no release to start ${id} of` });
  return instanceSpec(ctx.parts.world, ctx.target, service, id);
}

interface Located {
  readonly instance: ObservedInstance;
  readonly runtime: Runtime;
}

async function locate(ctx: Context, id: string): Promise<Located> {
  const found = await tryLocate(ctx, id);
  if (found === undefined) throw fail('INSTANCE_GONE', { service: id.replace(/-r\d+-\d+$/, ''), instance: id });
  return found;
}

async function tryLocate(ctx: Context, id: string): Promise<Located | undefined> {
  for (const runtime of runtimesOf(ctx.parts.world)) {
    const instance = (await runtime.observe(ctx.project)).find((one) => one.id === id);
    if (instance !== undefined) return { instance, runtime };
  }
  return undefined;
}
