/*
 * A process that works a process runtime and can be killed: it reads one JSON act a line from standard input, does it
 * and answers with one JSON line. Run with a home as its argument.
 */
import { createInterface } from 'node:readline';
import { systemClock } from '#adapters/clock.ts';
import { createProcessRuntime } from '#adapters/runtimes/process/index.ts';
import type { InstanceSpec } from '#model/instance.ts';

export type HostAct =
  | { readonly act: 'start'; readonly instance: InstanceSpec }
  | { readonly act: 'stop'; readonly project: string; readonly id: string; readonly graceMs: number }
  | { readonly act: 'run-once'; readonly instance: InstanceSpec; readonly command: readonly string[] };

if (import.meta.main) {
  const runtime = createProcessRuntime({ home: process.argv[2] ?? '', clock: systemClock });
  const { signal } = new AbortController();
  await runtime.ready();
  console.log('"ready"');
  for await (const line of createInterface({ input: process.stdin })) {
    const act = JSON.parse(line) as HostAct;
    console.log(JSON.stringify(await perform(act)));
  }

  function perform(act: HostAct): Promise<unknown> {
    if (act.act === 'start') return runtime.start(act.instance, signal);
    if (act.act === 'run-once') return runtime.runOnce(act.instance, act.command, 60_000, signal);
    return runtime.stop(act.project, act.id, { signal: 'SIGTERM', graceMs: act.graceMs });
  }
}
