/** Columns and rows of a terminal. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What somebody who sits at a command does. */
export type Gesture =
  | { readonly kind: 'input'; readonly bytes: Uint8Array }
  /** No more input will come; the command sees its end. */
  | { readonly kind: 'end-of-input' }
  | { readonly kind: 'resize'; readonly size: TerminalSize }
  | { readonly kind: 'signal'; readonly signal: string };

/** Somebody who sits at a command: gets its output as it comes and gives it input. */
export interface Attendant {
  /** Of a terminal, which the command then has too, where the runtime has terminals; undefined: it has none. */
  readonly terminal: TerminalSize | undefined;
  readonly gestures: AsyncIterable<Gesture>;
  /** Called once the command is theirs, with what it has been given. */
  joined(has: 'terminal' | 'streams'): void;
  /** Resolves when it can take more. */
  take(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>;
}
