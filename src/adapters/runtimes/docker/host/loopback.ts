import { networkInterfaces } from 'node:os';
import { fail } from '#core/errors.ts';
import { runHost } from './command.ts';

/**
 * Puts addresses on the host's loopback interface; those that are there already stay as they are.
 *
 * @throws DOCKER_HOST_NETWORK when we may not
 */
export async function addAddresses(wanted: readonly string[]): Promise<void> {
  const present = new Set(loopbackAddresses());
  const missing = wanted.filter((address) => !present.has(address));
  if (missing.length === 0) return;
  const complaints = await batch(missing.map((address) => `addr add ${address}/32 dev lo`));
  const real = complaints.filter((line) => !/File exists/.test(line));
  if (real.length > 0) throw fail('DOCKER_HOST_NETWORK', { detail: real.join('; ') });
}

/** Takes addresses off the loopback interface; those that are gone already are no error. */
export async function removeAddresses(unwanted: readonly string[]): Promise<void> {
  if (unwanted.length > 0) await batch(unwanted.map((address) => `addr del ${address}/32 dev lo`));
}

/** Every IPv4 address of the loopback interface. */
export function loopbackAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter((one) => one.family === 'IPv4' && one.internal).map((one) => one.address);
}

/** Runs `ip` commands in one go and returns the complaints. */
async function batch(lines: readonly string[]): Promise<readonly string[]> {
  const result = await runHost({ command: 'ip', args: ['-force', '-batch', '-'], input: `${lines.join('\n')}\n` });
  if (result.code === undefined) throw fail('DOCKER_NEEDS_IPROUTE', {});
  return result.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Command failed'));
}
