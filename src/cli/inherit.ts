import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a program in this command's place: its terminal, its input, its signals.
 *
 * @returns its exit code, or undefined when there is no such program
 */
export function runInherited(program: string, args: readonly string[]): Promise<number | undefined> {
  const child = spawn(program, args, { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; it is the program's to act on.
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  return new Promise<number | undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', (code, signal) => resolve(code ?? codeOfSignal(signal ?? '')));
  }).finally(() => process.off('SIGINT', ignore));
}

/** As shells say that a signal ended a program. */
export function codeOfSignal(name: string): number {
  return 128 + (constants.signals[name as NodeJS.Signals] ?? 0);
}
