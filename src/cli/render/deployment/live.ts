import { renderDuration } from '#core/duration.ts';
import type { Terminal } from '../../terminal.ts';
import { renderColumns, widthOf } from '../columns.ts';
import { labels } from '../labels.ts';
import { renderPlan } from '../plan.ts';
import type { Display, DisplayOptions } from './display.ts';
import { type Row, rowsOf } from './rows.ts';
import type { DeploymentView } from './view.ts';
import { renderWaiting } from './waiting.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;
/** More lines than this would scroll, and a scrolled line cannot be drawn over. */
const mostRows = 16;

/** For a terminal: one line a service, drawn over in place; the last picture stays on the screen. */
export function liveDisplay(options: DisplayOptions): Display {
  const { terminal, language, project } = options;
  let drawn = 0;
  let frame = 0;
  let latest: DeploymentView | undefined;
  let waiting: string | undefined;

  const lines = (): string[] => {
    if (waiting !== undefined) return [`${spinner(terminal, frame)} ${waiting}`];
    const rows = latest === undefined ? [] : rowsOf(latest, project);
    return renderRows(rows, { ...options, frame, now: Date.now() });
  };
  const draw = (): void => {
    const next = lines().map((line) => truncate(line, terminal.columns()));
    const up = drawn > 0 ? `\x1b[${drawn}A` : '';
    terminal.out(`${up}${next.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`);
    drawn = next.length;
  };
  const timer = setInterval(() => {
    frame++;
    draw();
  }, frameMs);
  timer.unref();

  return {
    show(event, view) {
      latest = view;
      waiting = event.event === 'waiting' ? renderWaiting(event.holder, language) : undefined;
      if (event.event === 'plan' && event.steps.length > 0 && event.changes.length > 0) {
        terminal.out(`\r\x1b[J${renderPlan({ ...event, project }, options)}\n`);
        drawn = 0;
      }
      draw();
    },
    finish() {
      clearInterval(timer);
      draw();
    },
  };
}

interface Picture extends DisplayOptions {
  readonly frame: number;
  readonly now: number;
}

/** What is under way comes first when not all services fit. */
export function renderRows(rows: readonly Row[], picture: Picture): string[] {
  const order: readonly Row['state'][] = ['failed', 'undoing', 'running', 'todo', 'done'];
  const shown =
    rows.length <= mostRows
      ? rows
      : rows.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state)).slice(0, mostRows);
  const cells = shown.map((row) => rowCells(row, picture));
  const rest = rows.length - shown.length;
  const text = renderColumns(cells).trimEnd();
  return [
    ...(text === '' ? [] : text.split('\n')),
    ...(rest > 0 ? [`  +${rest} ${labels.others[picture.language]}`] : []),
  ];
}

function rowCells(row: Row, { terminal, frame, now }: Picture): string[] {
  const mark = {
    todo: () => terminal.paint('dim', '·'),
    running: () => spinner(terminal, frame),
    undoing: () => spinner(terminal, frame),
    done: () => terminal.paint('green', '✓'),
    failed: () => terminal.paint('red', '✗'),
  }[row.state]();
  const { step } = row;
  const elapsed = step?.startedAt === undefined ? '' : ` ${renderDuration((step.endedAt ?? now) - step.startedAt)}`;
  const what = step === undefined ? '' : `${step.text}${step.progress === undefined ? '' : ` · ${step.progress}`}`;
  return [
    `${mark} ${row.service}`,
    `${row.done}/${row.total}`,
    elapsed === '' ? what : what + terminal.paint('dim', elapsed),
  ];
}

function spinner(terminal: Terminal, frame: number): string {
  return terminal.paint('cyan', frames[frame % frames.length] ?? '');
}

/** Cuts a line at the terminal's width, so that one row stays one line. Colours are given up where it must cut. */
function truncate(line: string, columns: number): string {
  if (widthOf(line) < columns) return line;
  const bare = line.replaceAll(colourSequence, '');
  return `${[...bare].slice(0, Math.max(1, columns - 2)).join('')}…`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of colours begin with one
const colourSequence = /\x1b\[[0-9;]*m/g;
