import type { Door } from './door.ts';
import type { Home } from './home.ts';
import { type Server, serve } from './http/server.ts';
import type { Log } from './log.ts';
import { allRoutes } from './routes/index.ts';
import { watchHome } from './watch-home.ts';

export interface SocketParts {
  readonly home: Home;
  readonly log: Log;
  readonly door: Door;
}

/**
 * Opens the home's socket, and opens it again when somebody deletes it. When the whole home is deleted or replaced the
 * process ends at once: it can no longer be reached, and must not touch what may be another daemon's by now.
 */
export async function openSocket({ home, log, door }: SocketParts): Promise<Server> {
  const open = (): Promise<Server> => serve({ routes: allRoutes(door), socket: home.socket, log, logFile: home.log });
  let server = open();
  await server;
  // Closing deletes the socket as well, so it must not be taken for a loss.
  let isOurDoing = false;
  const watch = watchHome(home, {
    onLost: () => {
      log.error('the home was deleted or replaced; the daemon ends, what it started goes on');
      process.exit(1);
    },
    onSocketGone: () => {
      if (isOurDoing) return;
      isOurDoing = true;
      log.error('the socket was deleted; opening it again');
      server = server
        .then((old) => old.close())
        .then(open)
        .finally(() => {
          isOurDoing = false;
        });
    },
  });
  return {
    close: async () => {
      watch[Symbol.dispose]();
      await (await server).close();
    },
  };
}
