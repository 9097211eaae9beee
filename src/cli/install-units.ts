import { execFile } from 'node:child_process';
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { fail, reasonOf } from '#core/errors.ts';
import { said } from '#core/messages/say.ts';
import { daemonProgram } from '#daemon/program.ts';
import type { Context } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { renderSaid } from './render/said.ts';
import { renderUnit, unitPlace } from './systemd-unit.ts';

/**
 * Writes the daemon's systemd unit, takes over from a daemon that was started by hand, and has systemd start it. Where
 * systemd does not run the machine it changes nothing and says so.
 */
export async function installUnits(context: Context): Promise<number> {
  const { env, daemon, terminal, json } = context;
  const isRoot = process.getuid?.() === 0;
  const { file, systemctl } = unitPlace({ isRoot, env });
  if (!hasSystemd()) throw fail('CLI_NO_SYSTEMD', { unit: file });
  const running = await daemon.find();
  writeUnit(
    file,
    renderUnit({
      node: process.execPath,
      flags: daemonProgram.flags,
      entry: daemonProgram.entry,
      env: {
        TIMONEL_HOME: daemon.home.path,
        ...(env.PATH === undefined ? {} : { PATH: env.PATH }),
        ...daemonProgram.env,
      },
      wantedBy: isRoot ? 'multi-user.target' : 'default.target',
    }),
  );
  if (running !== undefined) await daemon.stop(running);
  await runSystemctl([...systemctl, 'daemon-reload']);
  await runSystemctl([...systemctl, 'enable', '--now', 'timonel.service']);
  const what = said('CLI_INSTALLED_UNIT', { unit: file, home: daemon.home.path });
  terminal.out(json ? `${JSON.stringify({ unit: file, home: daemon.home.path })}\n` : renderSaid(what, context));
  return exitCodes.done;
}

/** systemd's own way to ask whether it runs the machine (sd_booted(3)). */
function hasSystemd(): boolean {
  return statSync('/run/systemd/system', { throwIfNoEntry: false })?.isDirectory() === true;
}

function writeUnit(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text, { mode: 0o644, flush: true });
  renameSync(`${file}.new`, file);
}

async function runSystemctl([program = 'systemctl', ...args]: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(program, args, { timeout: 60_000 });
  } catch (error) {
    throw fail(
      'CLI_SYSTEMD_FAILED',
      { command: [program, ...args].join(' '), output: reasonOf(error) },
      { cause: error },
    );
  }
}
