import type { Node } from '../tree/node.ts';
import { type TemplateVariable, variablesOf } from '../values/template.ts';
import type { Load } from './load-context.ts';

/** The variables that the loaded files mention, each once, by name; the first mention that says more than the name counts. */
export function mentionedVariables(load: Load): readonly TemplateVariable[] {
  const found = new Map<string, TemplateVariable>();
  for (const { root } of load.allDocuments) if (root !== undefined) collect(root, found);
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function collect(node: Node, found: Map<string, TemplateVariable>): void {
  if (node.kind === 'list') for (const item of node.items) collect(item, found);
  else if (node.kind === 'mapping') for (const { value } of node.entries.values()) collect(value, found);
  else if (node.type === 'string' && String(node.value).includes('$')) {
    for (const variable of variablesOf(String(node.value))) {
      const before = found.get(variable.name);
      if (before === undefined || saysLess(before)) found.set(variable.name, variable);
    }
  }
}

function saysLess(variable: TemplateVariable): boolean {
  return !variable.required && variable.defaultValue === undefined && variable.presenceValue === undefined;
}
