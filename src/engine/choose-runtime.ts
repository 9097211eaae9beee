import { type Finding, finding } from '#core/finding.ts';
import type { Service } from '#model/project.ts';
import type { ProcessOptions, RuntimeKind } from '#model/spec.ts';
import type { Runtime } from '#world/runtime.ts';

type Runtimes = Readonly<Partial<Record<RuntimeKind, Runtime>>>;

interface Candidate {
  readonly name: string;
  readonly service: Service;
  readonly process: ProcessOptions;
}

/**
 * Where a project runs of which nobody has said it, and which has never run: without Docker, unless a service cannot
 * do without its image and an engine answers.
 */
export async function chooseRuntime(
  { process, docker }: Runtimes,
  candidates: readonly Candidate[],
): Promise<{ readonly kind: RuntimeKind; readonly findings: readonly Finding[] }> {
  for (const { name, service, process: options } of candidates) {
    if ((await process?.canRun?.(service, options)) !== false) continue;
    if ((await docker?.answers?.()) !== true) break;
    return { kind: 'docker', findings: [finding('info', 'SETTINGS_RUNTIME_CHOSEN', { service: name })] };
  }
  return { kind: 'process', findings: [] };
}
