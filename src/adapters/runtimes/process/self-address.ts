interface Self {
  readonly address: string;
  /** Ports on which the instance is told to listen. */
  readonly ports: readonly number[];
  /** `network_mode: host`: its localhost is the machine's. */
  readonly sharesMachine: boolean;
}

/**
 * In a container, `localhost` and 127.0.0.1 are the container itself, and healthchecks are written so. Here every
 * instance has an address of its own, and the machine's 127.0.0.1 may well be the proxy in front of all of them, which
 * would make a dead instance look healthy. /etc/hosts covers programs that look `localhost` up; this covers those that
 * do not (curl) and the literal addresses, in the two forms where the meaning is beyond doubt:
 *
 * - followed by one of the service's own ports: `http://127.0.0.1:5000/up`, `localhost:5000`
 * - a word of its own in a command that also has such a port as a word: `nc -z 127.0.0.1 5000`
 *
 * @returns the command with these replaced by the instance's address
 */
export function aimAtSelf(command: readonly string[], { address, ports, sharesMachine }: Self): readonly string[] {
  if (sharesMachine || ports.length === 0) return command;
  const port = `(?:${ports.join('|')})`;
  const withPort = new RegExp(
    `(?<![\\w.-])(?:localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1?\\]):(?=${port}(?!\\d))`,
    'g',
  );
  const portWord = new RegExp(`(?<![^\\s=])${port}(?![^\\s;|&)"'])`);
  const hostWord = /(?<![^\s=])(?:127\.0\.0\.1|::1)(?![^\s;|&)"'])/g;
  const namesPort = portWord.test(command.join(' '));
  return command.map((word) => {
    const aimed = word.replace(withPort, `${address}:`);
    return namesPort ? aimed.replace(hostWord, address) : aimed;
  });
}
