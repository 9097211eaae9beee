import type { Clock } from '#world/clock.ts';
import type { EngineMessage } from './messages.ts';

interface Layer {
  readonly total: number;
  readonly current: number;
  readonly isDone: boolean;
}

/** Between two lines of progress, milliseconds. */
const quietMs = 1000;

const finished = new Set(['Pull complete', 'Already exists']);

/** Turns the engine's messages of each layer into a line now and then that people can read. */
export class PullProgress {
  readonly #image: string;
  readonly #clock: Clock;
  readonly #tell: (line: string) => void;
  readonly #layers = new Map<string, Layer>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #told = '';

  constructor(image: string, clock: Clock, tell: (line: string) => void) {
    this.#image = image;
    this.#clock = clock;
    this.#tell = tell;
  }

  add({ id, status = '', progressDetail }: EngineMessage): void {
    if (id !== undefined && status !== '' && !status.startsWith('Pulling from')) {
      const before = this.#layers.get(id) ?? { total: 0, current: 0, isDone: false };
      const isDownload = status === 'Downloading';
      this.#layers.set(id, {
        total: isDownload ? (progressDetail?.total ?? before.total) : before.total,
        current: isDownload ? (progressDetail?.current ?? before.current) : before.current,
        isDone: before.isDone || finished.has(status),
      });
    }
    const isDue = this.#clock.now() - this.#toldAt >= quietMs;
    const line = this.#line();
    if (isDue && line !== this.#told) {
      this.#tell(line);
      this.#told = line;
      this.#toldAt = this.#clock.now();
    }
  }

  #line(): string {
    const layers = [...this.#layers.values()];
    const done = layers.filter((layer) => layer.isDone).length;
    const total = layers.reduce((sum, layer) => sum + layer.total, 0);
    const current = layers.reduce((sum, layer) => sum + (layer.isDone ? layer.total : layer.current), 0);
    const bytes = total === 0 ? '' : `, ${megabytes(current)} / ${megabytes(total)} MB`;
    return `${this.#image}: ${done}/${layers.length}${bytes}`;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
