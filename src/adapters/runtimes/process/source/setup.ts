import { fail } from '#core/errors.ts';
import { runCommand } from '../command.ts';
import { instancePath } from '../tools.ts';
import type { SnapshotInput } from './snapshot.ts';

const setupTimeoutMs = 30 * 60_000;

/** Variables of the daemon that installers need: who they are, how to reach a registry, the language. */
const inherited =
  /^(HOME|USER|LOGNAME|LANG|LC_.*|TZ|TMPDIR|(https?|no|all|ftp)_proxy|npm_config_.*|PIP_.*|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS)$/i;

/**
 * Runs the setup commands of a service one after the other in `folder`, by `sh -c`. Their output goes to `progress`.
 *
 * @throws RUNTIME_SETUP_FAILED with the command, how it ended and its last lines
 */
export async function runSetup(input: SnapshotInput & { readonly folder: string }): Promise<void> {
  const { spec, source, folder, progress, signal } = input;
  for (const command of spec.process.setup) {
    const result = await runCommand('/bin/sh', ['-c', command], {
      cwd: folder,
      env: setupEnvironment(source.context, spec.process.env),
      timeoutMs: setupTimeoutMs,
      signal,
      onLine: progress,
    });
    if (result.code === 0 && !result.timedOut) continue;
    throw fail('RUNTIME_SETUP_FAILED', {
      service: spec.name,
      command,
      end: result.timedOut ? 'timeout' : String(result.code ?? result.signal),
      output: lastLines(result.output, 15),
    });
  }
}

/** PATH as an instance has it; TIMONEL_CONTEXT is the original folder, for what is too large to copy. */
function setupEnvironment(context: string, own: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && inherited.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), PATH: instancePath(), ...own, TIMONEL_CONTEXT: context };
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
