import { runHost } from './command.ts';

/**
 * The ports, of these, that the host's packet filter seems to refuse to programs of the host: INPUT drops by default,
 * and no rule anywhere accepts the port. A guess, for a warning: rules by interface or address are not weighed.
 *
 * @param listing what `iptables -S` prints of the filter table
 */
export function refusedPorts(listing: string, ports: readonly number[]): readonly number[] {
  const lines = listing.split('\n');
  const isClosed = lines.some((line) => /^-P INPUT (DROP|REJECT)$/.test(line)) || lines.some(isCatchAll);
  if (!isClosed) return [];
  const opened = lines.filter((line) => / -j ACCEPT$/.test(line)).flatMap(portsOf);
  return ports.filter((port) => !opened.some(({ first, last }) => port >= first && port <= last));
}

/** As `refusedPorts`, of this host. A host without iptables refuses nothing that we could know of. */
export async function portsRefusedHere(ports: readonly number[]): Promise<readonly number[]> {
  const { code, stdout } = await runHost({ command: 'iptables', args: ['-w', '5', '-S'] });
  return code === 0 ? refusedPorts(stdout, ports) : [];
}

/** The last rule of many hand-made filters, in place of a policy. */
function isCatchAll(line: string): boolean {
  return /^-A INPUT -j (DROP|REJECT)( |$)/.test(line);
}

interface Ports {
  readonly first: number;
  readonly last: number;
}

function portsOf(line: string): readonly Ports[] {
  const single = / --dport (\d+)(?::(\d+))?/.exec(line);
  const many = / --dports (\S+)/.exec(line)?.[1]?.split(',') ?? [];
  const ranges = [...(single === null ? [] : [`${single[1]}:${single[2] ?? single[1]}`]), ...many];
  return ranges.map((range) => {
    const [first = '', last = first] = range.split(':');
    return { first: Number(first), last: Number(last) };
  });
}
