import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename } from 'node:path';
import type { Home } from './home.ts';

export interface HomeWatch {
  /** The home was deleted or replaced: nobody can reach this daemon any more, and another may be in its place. */
  readonly onLost: () => void;
  /** Only the socket was deleted. */
  readonly onSocketGone: () => void;
}

/**
 * Notices, without asking again and again, that somebody deleted the home or its socket under a living daemon. The lock
 * file tells a home that came back under the same name from ours.
 */
export function watchHome(home: Home, { onLost, onSocketGone }: HomeWatch): Disposable {
  const lock = fileNumber(home.lock);
  const look = (): void => {
    if (fileNumber(home.lock) !== lock) onLost();
    else if (fileNumber(home.socket) === undefined) onSocketGone();
  };
  const concerns = new Set([basename(home.lock), basename(home.socket), basename(home.path)]);
  const watcher: FSWatcher = watch(home.path, { persistent: false }, (_event, name) => {
    // The records are written beside; their changes are of no interest here.
    if (name === null || concerns.has(name)) look();
  });
  watcher.on('error', onLost);
  return { [Symbol.dispose]: () => watcher.close() };
}

function fileNumber(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
