import { renderDuration } from '#core/duration.ts';
import type { WireMakeLine } from '#daemon/contract.ts';
import type { MakeRequest } from '#engine/api.ts';
import { projectRequest } from './client/project-request.ts';
import type { Context } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { renderSentence } from './render/said.ts';

interface Wanted extends Omit<MakeRequest, 'request'> {
  readonly progress: 'told' | 'quiet';
}

/** Asks the daemon to pull or build and shows the lines as they come. Returns the exit code. */
export async function showMake(context: Context, { progress, ...wanted }: Wanted): Promise<number> {
  const { daemon, terminal, json } = context;
  const body: MakeRequest = { request: projectRequest(context, undefined), ...wanted };
  const begun = Date.now();
  let code: number = exitCodes.done;
  for await (const line of daemon.stream<WireMakeLine>({
    method: 'POST',
    path: '/makes',
    body,
    base: body.request.cwd,
  })) {
    if (json) terminal.out(`${JSON.stringify(line)}\n`);
    else if ('error' in line) terminal.err(renderSentence(line.error, terminal, 'red'));
    else if (line.done) terminal.out(`${terminal.paint('green', line.service)}  ${line.line}\n`);
    else if (progress === 'told') terminal.err(`${terminal.paint('dim', line.service)}  ${line.line}\n`);
    if ('error' in line) code = exitCodes.failed;
  }
  if (!json && code === exitCodes.done) terminal.err(`${renderDuration(Date.now() - begun)}\n`);
  return code;
}
