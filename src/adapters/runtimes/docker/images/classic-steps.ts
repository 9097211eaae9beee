import type { EngineMessage } from './messages.ts';

/**
 * Collects the images that the classic builder makes on its way. They carry no label of ours, so this record is how we
 * know them again when their release is gone. The image of a FROM line is not the builder's and is never noted.
 */
export class ClassicSteps {
  readonly #images = new Set<string>();
  #instruction = '';

  add({ stream = '' }: EngineMessage): void {
    const instruction = /^Step \d+\/\d+ : (\w+)/.exec(stream)?.[1];
    if (instruction !== undefined) this.#instruction = instruction.toUpperCase();
    const image = /^ ---> ([0-9a-f]{12})\s*$/.exec(stream)?.[1];
    if (image !== undefined && this.#instruction !== 'FROM') this.#images.add(image);
  }

  /** In the order of the steps. */
  get images(): readonly string[] {
    return [...this.#images];
  }
}
