import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fail } from '#core/errors.ts';

/** The folder of one Timonel: its state, its socket, its log. Several live side by side on one machine. */
export interface Home {
  readonly path: string;
  readonly socket: string;
  /** Holds the daemon's process id and nothing else, for scripts. */
  readonly pid: string;
  /** Held by the living daemon; the kernel lets go of it when the daemon dies in whatever way. */
  readonly lock: string;
  readonly log: string;
  /** What the daemon remembers of its environment: ports and addresses of the edge. */
  readonly settings: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where this Timonel lives: `TIMONEL_HOME`, else /var/lib/timonel for root, else the XDG state folder. */
export function homeOf(env: Environment, uid: number | undefined = process.getuid?.()): Home {
  const path = resolve(env.TIMONEL_HOME || defaultHome(env, uid));
  return {
    path,
    socket: join(path, 'timonel.sock'),
    pid: join(path, 'daemon.pid'),
    lock: join(path, 'daemon.lock'),
    log: join(path, 'daemon.log'),
    settings: join(path, 'settings.json'),
  };
}

function defaultHome(env: Environment, uid: number | undefined): string {
  if (uid === 0) return '/var/lib/timonel';
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local/state'), 'timonel');
}

const longestSocketPath = 107;

/** Throws DAEMON_SOCKET_TOO_LONG for a home whose socket the system would not open (sun_path of unix(7)). */
export function requireSocketPath({ socket }: Pick<Home, 'socket'>): void {
  if (Buffer.byteLength(socket) > longestSocketPath) throw fail('DAEMON_SOCKET_TOO_LONG', { socket });
}
