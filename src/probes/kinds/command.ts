import { localUrls } from '#core/local-urls.ts';
import { said } from '#core/messages/say.ts';
import type { CommandResult } from '#model/instance.ts';
import type { Ask } from '../kind.ts';
import { askHttp } from './http.ts';

/**
 * The Compose healthcheck: exit code 0 is healthy. One that asks its own service with a program that the image lacks is
 * asked from outside instead: an image from scratch has neither curl nor a shell.
 */
export const askCommand: Ask<'command'> = async (asked) => {
  const { probe, timeoutMs, door } = asked;
  const result = await door.exec(probe.command, timeoutMs);
  const [url] = lacksItsProgram(result) ? localUrls(probe.command.join(' ')) : [];
  if (url !== undefined) return askHttp({ ...asked, probe: { kind: 'http', headers: {}, status: [], ...url } });
  const facts = {
    command: probe.command.join(' '),
    code: result.code,
    output: result.output.trim().slice(-300),
    timedOut: result.timedOut,
  };
  return { ok: result.code === 0 && !result.timedOut, said: said('PROBE_COMMAND', facts) };
};

/** The engine's words for it (126, 127), or a shell's, also where the healthcheck ends with `|| exit 1`. */
function lacksItsProgram({ code, output }: CommandResult): boolean {
  return (
    code !== 0 &&
    /executable file not found|no such file or directory|\b(curl|wget)\S*: (command )?not found/i.test(output)
  );
}
