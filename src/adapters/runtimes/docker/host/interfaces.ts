import { networkInterfaces } from 'node:os';
import { fail } from '#core/errors.ts';
import { runHost } from './command.ts';

/** An address on one of the host's interfaces. */
export interface HostAddress {
  readonly address: string;
  readonly device: string;
}

/**
 * Puts the addresses on their interfaces; those that are there already stay as they are.
 *
 * @throws DOCKER_HOST_NETWORK when an interface is gone or we may not
 */
export async function addAddresses(wanted: readonly HostAddress[]): Promise<void> {
  const missing = wanted.filter((one) => !isPresent(one));
  if (missing.length === 0) return;
  const failures = await batch(missing.map(({ address, device }) => `addr add ${address}/32 dev ${device}`));
  const real = failures.filter((line) => !/File exists/.test(line));
  if (real.length > 0) throw fail('DOCKER_HOST_NETWORK', { detail: real.join('; ') });
}

/** Takes the addresses away; those that are gone already are no error. */
export async function removeAddresses(unwanted: readonly HostAddress[]): Promise<void> {
  if (unwanted.length === 0) return;
  await batch(unwanted.map(({ address, device }) => `addr del ${address}/32 dev ${device}`));
}

/** Every IPv4 address of the loopback interface. */
export function loopbackAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter((one) => one.family === 'IPv4' && one.internal).map((one) => one.address);
}

/** Bridges without a running container do not show here, so only the loopback's answer is final. */
function isPresent({ address, device }: HostAddress): boolean {
  return device === 'lo' && loopbackAddresses().includes(address);
}

/** Runs `ip` commands in one go and returns the complaints. */
async function batch(lines: readonly string[]): Promise<readonly string[]> {
  const result = await runHost({ command: 'ip', args: ['-force', '-batch', '-'], input: `${lines.join('\n')}\n` });
  if (result.code === undefined) throw fail('DOCKER_NEEDS_IPROUTE', {});
  return result.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Command failed'));
}
