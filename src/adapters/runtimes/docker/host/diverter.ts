import { fail } from '#core/errors.ts';
import { Lock } from '../state/lock.ts';
import type { DiversionState, ProjectStates } from '../state/project-state.ts';
import { runHost } from './command.ts';

interface Options {
  readonly homeId: string;
  readonly states: ProjectStates;
}

/**
 * Leads new connections to published ports that Docker holds to the proxy instead, in the host's packet filter: ahead
 * of Docker's own rules, and only new ones, because NAT is decided once for each connection. So nothing that is open
 * notices, and taking a diversion away breaks nothing either. Why and what was measured: docs/decisions/0070-adoption.md.
 */
export class Diverter {
  readonly #options: Options;
  readonly #applying = new Lock();

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Makes exactly these diversions of the project stand; those of other projects stay.
   *
   * @throws DOCKER_FIREWALL with what iptables said
   */
  async set(project: string, diversions: readonly DiversionState[]): Promise<void> {
    await this.#options.states.change(project, (state) =>
      state.diversions.length + diversions.length === 0 ? state : { ...state, diversions },
    );
    await this.#applying.run(() => this.#apply('changed'));
  }

  /** Puts back what a reboot or somebody's flush took away. */
  async restore(): Promise<void> {
    await this.#applying.run(() => this.#apply('as before'));
  }

  async #apply(why: 'changed' | 'as before'): Promise<void> {
    const states = [...(await this.#options.states.all()).values()];
    const diversions = states.flatMap((state) => state.diversions);
    const chain = `TIMONEL-D-${this.#options.homeId}`;
    if (diversions.length > 0) await raise(chain, diversions);
    else if (why === 'changed') await lower(chain);
  }
}

/** As `iptables-restore` reads it: replaces the chain's content in one go. */
export function renderDiversions(chain: string, diversions: readonly DiversionState[]): string {
  return table('nat', chain, diversions.map(divertRule));
}

/** Lets in what was diverted, whatever the host refuses by default, and nobody who asks for the proxy's port itself. */
export function renderAdmissions(chain: string, diversions: readonly DiversionState[]): string {
  const rules = diversions.flatMap(({ via }) => [
    `-p tcp -m tcp --dport ${via} -m conntrack --ctstate DNAT -j ACCEPT`,
    `! -i lo -p tcp -m tcp --dport ${via} -j DROP`,
  ]);
  return table('filter', chain, rules);
}

/** Names of all addresses of the host. The rules are of IPv4: IPv6 connections stay with who holds the port. */
const everywhere = new Set(['0.0.0.0', '::', '*']);

function divertRule({ address, port, via }: DiversionState): string {
  return everywhere.has(address)
    ? `-p tcp -m tcp --dport ${port} -m addrtype --dst-type LOCAL -j REDIRECT --to-ports ${via}`
    : `-d ${address}/32 -p tcp -m tcp --dport ${port} -j DNAT --to-destination ${address}:${via}`;
}

function table(name: string, chain: string, rules: readonly string[]): string {
  return [`*${name}`, `:${chain} - [0:0]`, ...rules.map((rule) => `-A ${chain} ${rule}`), 'COMMIT', ''].join('\n');
}

/** Where the chain must be jumped to from, ahead of everybody else. */
const jumps: readonly (readonly [table: string, from: string])[] = [
  ['filter', 'INPUT'],
  ['nat', 'PREROUTING'],
  ['nat', 'OUTPUT'],
];

async function raise(chain: string, diversions: readonly DiversionState[]): Promise<void> {
  for (const text of [renderAdmissions(chain, diversions), renderDiversions(chain, diversions)])
    await must('iptables-restore', ['--noflush', '-w', '5'], text);
  for (const [name, from] of jumps) {
    const listing = await must('iptables', ['-w', '5', '-t', name, '-S', from]);
    if (!listing.includes(`-A ${from} -j ${chain}`))
      await must('iptables', ['-w', '5', '-t', name, '-I', from, '1', '-j', chain]);
  }
}

/** What is not there needs no removal, so what iptables says of it does not matter. */
async function lower(chain: string): Promise<void> {
  for (const [name, from] of jumps.toReversed()) {
    await runHost({ command: 'iptables', args: ['-w', '5', '-t', name, '-D', from, '-j', chain] });
  }
  for (const name of ['nat', 'filter']) {
    await runHost({ command: 'iptables', args: ['-w', '5', '-t', name, '-F', chain] });
    await runHost({ command: 'iptables', args: ['-w', '5', '-t', name, '-X', chain] });
  }
}

async function must(command: string, args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await runHost({ command, args, ...(input === undefined ? {} : { input }) });
  if (code !== 0) throw fail('DOCKER_FIREWALL', { detail: stderr.trim() || `${command}: ${code ?? 'not found'}` });
  return stdout;
}
