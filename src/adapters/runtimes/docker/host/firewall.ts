import { fail } from '#core/errors.ts';
import { runHost } from './command.ts';

/** Who may reach a service's address. */
export interface Admission {
  readonly address: string;
  /** Subnets of the networks that the service is on. */
  readonly from: readonly string[];
}

export interface FirewallPlan {
  readonly chain: string;
  /** Blocks and single addresses that the chain guards. */
  readonly guarded: readonly string[];
  readonly admissions: readonly Admission[];
}

export function chainName(homeId: string): string {
  return `TIMONEL-${homeId}`;
}

/**
 * The chain's rules, as `iptables-restore` reads them: neighbours on a shared network and the host itself get through
 * (also where the host's firewall refuses by default), nobody else does. So a service's address is no hole in the
 * separation that networks give.
 */
export function renderChain({ chain, admissions }: FirewallPlan): string {
  const rules = admissions.flatMap(({ address, from }) =>
    from.map((subnet) => `-A ${chain} -s ${subnet} -d ${address}/32 -j ACCEPT`),
  );
  return [
    '*filter',
    `:${chain} - [0:0]`,
    `-A ${chain} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `-A ${chain} -i lo -j ACCEPT`,
    ...rules,
    `-A ${chain} -j DROP`,
    'COMMIT',
    '',
  ].join('\n');
}

/** From what `iptables -S INPUT` prints: the jumps to insert and to delete, so that exactly the guarded blocks jump. */
export function renderJumps(plan: FirewallPlan, listing: string): readonly (readonly string[])[] {
  const wanted = plan.guarded.map((block) => `-d ${block} -j ${plan.chain}`);
  const present = listing
    .split('\n')
    .filter((line) => line.endsWith(`-j ${plan.chain}`))
    .map((line) => line.replace(/^-A INPUT /, ''));
  const insert = wanted.filter((rule) => !present.includes(rule)).map((rule) => ['-I', 'INPUT', ...rule.split(' ')]);
  const remove = present.filter((rule) => !wanted.includes(rule)).map((rule) => ['-D', 'INPUT', ...rule.split(' ')]);
  return [...insert, ...remove];
}

/**
 * Makes the host's packet filter equal the plan. Does nothing on hosts without iptables, where the engine itself runs
 * without any.
 *
 * @throws DOCKER_FIREWALL with what iptables said
 */
export async function applyFirewall(plan: FirewallPlan): Promise<void> {
  const listing = await iptables(['-S', 'INPUT']);
  if (listing === undefined) return;
  await must(runHost({ command: 'iptables-restore', args: ['--noflush', '-w', '5'], input: renderChain(plan) }));
  for (const jump of renderJumps(plan, listing)) await iptables(jump);
}

/** Removes the chain and its jumps. */
export async function removeFirewall(chain: string): Promise<void> {
  const listing = await iptables(['-S', 'INPUT']);
  if (listing === undefined) return;
  for (const jump of renderJumps({ chain, guarded: [], admissions: [] }, listing)) await iptables(jump);
  await runHost({ command: 'iptables', args: ['-w', '5', '-F', chain] });
  await runHost({ command: 'iptables', args: ['-w', '5', '-X', chain] });
}

async function iptables(args: readonly string[]): Promise<string | undefined> {
  return must(runHost({ command: 'iptables', args: ['-w', '5', ...args] }));
}

async function must(running: ReturnType<typeof runHost>): Promise<string | undefined> {
  const { code, stdout, stderr } = await running;
  if (code === undefined) return undefined;
  if (code !== 0) throw fail('DOCKER_FIREWALL', { detail: stderr.trim() });
  return stdout;
}
