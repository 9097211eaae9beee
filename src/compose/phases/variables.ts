import type { Node } from '../tree/node.ts';
import { type TemplateVariable, variablesOf } from '../values/template.ts';
import type { Load } from './load-context.ts';

/** The variables that the given files mention, each once, by name; an earlier mention gives default and demand. */
export function mentionedVariables(files: readonly string[], load: Load): readonly TemplateVariable[] {
  const found = new Map<string, TemplateVariable>();
  for (const file of files) {
    for (const { root } of load.documents(file)) if (root !== undefined) collect(root, found);
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function collect(node: Node, found: Map<string, TemplateVariable>): void {
  if (node.kind === 'list') for (const item of node.items) collect(item, found);
  else if (node.kind === 'mapping') for (const { value } of node.entries.values()) collect(value, found);
  else if (node.type === 'string' && String(node.value).includes('$')) {
    for (const variable of variablesOf(String(node.value))) {
      if (!found.has(variable.name)) found.set(variable.name, variable);
    }
  }
}
