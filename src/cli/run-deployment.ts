import { hostname, userInfo } from 'node:os';
import { fail } from '#core/errors.ts';
import type { DeploymentAccepted, DeploymentOrder, WireEvent } from '#daemon/contract.ts';
import { follow } from './client/follow.ts';
import type { Context } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import type { Display, DisplayOptions } from './render/deployment/display.ts';
import { renderEnding } from './render/deployment/ending.ts';
import { liveDisplay } from './render/deployment/live.ts';
import { plainDisplay } from './render/deployment/plain.ts';
import { DeploymentView, type EndEvent } from './render/deployment/view.ts';
import { renderFinding } from './render/finding.ts';
import { durationOf } from './times.ts';

/** Each kind of order without what `runDeployment` adds. */
export type Order = DeploymentOrder extends infer O
  ? O extends DeploymentOrder
    ? Omit<O, 'waitMs' | 'by'>
    : never
  : never;

/**
 * Orders a deployment and shows it to its end. Returns the exit code that its `end` event carries. Ctrl-C leaves it
 * running and says how to follow and how to undo it.
 *
 * @param base folder that file names in findings start from
 */
export async function runDeployment(context: Context, order: Order, base?: string): Promise<number> {
  const accepted = await context.daemon.call<DeploymentAccepted>({
    method: 'POST',
    path: '/deployments',
    body: { ...order, waitMs: durationOf(context, 'wait') ?? 0, by: whoAsks() },
    ...(base === undefined ? {} : { base }),
  });
  tellFindings(context, accepted, base ?? context.cwd);
  using _watch = leaveOnInterrupt(context, accepted);
  const events = follow(context.daemon, accepted.id, context.notice);
  const end = await showDeployment({ context, kind: order.kind, accepted, events });
  return end.code;
}

/** Warnings about the file come before the work; notes are left to `plan`. JSON gets all, one a line. */
function tellFindings(context: Context, { findings }: DeploymentAccepted, base: string): void {
  const { terminal } = context;
  const time = new Date().toISOString();
  for (const one of findings) {
    if (context.json) terminal.out(`${JSON.stringify({ time, event: 'finding', ...one })}\n`);
    else if (one.severity === 'warning') terminal.err(renderFinding(one, { ...context, base }));
  }
}

interface Shown {
  readonly context: Context;
  readonly kind: Order['kind'];
  readonly accepted: DeploymentAccepted;
  readonly events: AsyncIterable<WireEvent>;
}

/** Shows a deployment that is under way to its end, as JSON or for people. */
export function showDeployment(shown: Shown): Promise<EndEvent> {
  return shown.context.json ? printEvents(shown) : drawEvents(shown);
}

async function printEvents({ context, accepted, events }: Shown): Promise<EndEvent> {
  for await (const event of events) {
    context.terminal.out(`${JSON.stringify(event)}\n`);
    if (event.event === 'end') return event;
  }
  throw fail('CLI_DAEMON_KEEPS_DYING', { id: accepted.id, log: context.daemon.home.log });
}

async function drawEvents({ context, kind, accepted, events }: Shown): Promise<EndEvent> {
  const { terminal, language, daemon } = context;
  const { id, project } = accepted;
  const view = new DeploymentView();
  const display = displayFor({ terminal, language, project });
  const begun = Date.now();
  try {
    for await (const event of events) {
      view.apply(event);
      display.show(event, view);
    }
  } finally {
    display.finish();
  }
  const { end } = view;
  if (end === undefined) throw fail('CLI_DAEMON_KEEPS_DYING', { id, log: daemon.home.log });
  terminal.out(renderEnding({ terminal, language, project, kind, view, end, elapsedMs: Date.now() - begun }));
  return end;
}

function displayFor(options: DisplayOptions): Display {
  return options.terminal.live ? liveDisplay(options) : plainDisplay(options);
}

/** For the lock's message to others. */
export function whoAsks(): string {
  return `${userName()}@${hostname()} pid ${process.pid}`.slice(0, 200);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '?');
  }
}

function leaveOnInterrupt(context: Context, { id, project }: DeploymentAccepted): Disposable {
  const leave = (): void => {
    context.notice('CLI_DETACHED', { id, project });
    process.exit(exitCodes.interrupted);
  };
  process.once('SIGINT', leave);
  return { [Symbol.dispose]: () => process.removeListener('SIGINT', leave) };
}
